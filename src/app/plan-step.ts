import type { Catalogue } from '../domain/catalogue.ts';
import type { Profile } from '../domain/container.ts';
import { dueOf } from '../domain/due.ts';
import type { Target } from '../domain/command/command.ts';
import { after, type Instant, type PodNamePrefix, type RequestId, type Sha256 } from '../domain/names.ts';
import type { Failure } from '../domain/outcome.ts';
import { containerOf, type Plan, type Preflight } from '../domain/plan.ts';
import { nodeAccessOf } from '../domain/pod.ts';
import { commonLabels, labelsApart, podSetOf, setNotices, type PodSet } from '../domain/pod-set.ts';
import type { Command, Requested } from '../domain/request-states.ts';
import { resolve, type Resolved } from '../domain/resolve.ts';
import { advance, change, type Advancing } from './change.ts';
import { clusterFor, whyNotInTheirName } from './acting.ts';
import type { Identity } from './identity.ts';
import type { Admission, Cluster, Replicas } from './cluster-port.ts';

export interface Planning extends Advancing {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  readonly policyVersion: Sha256;
  readonly identity: Pick<Identity, 'mode' | 'review'>;
  readonly limits: { readonly timeoutDefaultMs: number; readonly startWithinMs: number; readonly replicasMax: number };
}

/** The worker's first step: find the pod, build the container, ask the API server with a dry run, report the facts. It decides nothing. */
export const planStep = async (world: Planning, id: RequestId, generation: number): Promise<void> => {
  const { request, now } = await world.store.load(id);
  const due = request && dueOf(request);
  if (request?.state !== 'requested' || due?.generation !== generation || request.ask.cluster !== world.cluster.name) return;
  const failure = await whyNotInTheirName(world, request);
  const report: Command = failure ? { type: 'report_no_plan', revision: request.revision, failure } : await planFor({ ...world, cluster: clusterFor(world, request) }, request, now);
  const changed = await change(world.store, id, () => [report]);
  if (changed.ok) await advance(world, changed.request);
};

const planFor = async (world: Planning, request: Requested, now: Instant): Promise<Command> => {
  const noPlan = (failure: Failure): Command => ({ type: 'report_no_plan', revision: request.revision, failure });
  const resolution = resolve(request.ask.command, world.catalogue);
  if (!resolution.ok) return noPlan(resolution.failure);
  const { namespace } = request.ask.command;
  const [found, podSecurity, own] = await Promise.all([world.cluster.find(namespace, targetOf(request), replicasOf(world, request)), world.cluster.podSecurity(namespace), world.cluster.ownAccount()]);
  if (own !== null && 'code' in own) return noPlan(own);
  // whatever the rules say: a command there could use kdebug's own rights
  if (namespace === own?.namespace) return noPlan({ code: 'own_namespace', namespace });
  if (found.kind === 'failure') return noPlan(found.failure);
  if (found.kind === 'several') return { type: 'report_choice', revision: request.revision, candidates: found.candidates };
  const fit = podSetOf(found.pods, resolution.resolved.target);
  if ('failure' in fit) return noPlan(fit.failure);
  return tryProfiles(world, { request, resolved: resolution.resolved, set: fit.set, podSecurity }, now);
};

/** What the requester picked from the menu is an exact name. */
const targetOf = ({ chosen, ask }: Requested): Target => (chosen === null ? ask.command.target : { kind: 'name', name: chosen as string as PodNamePrefix });

const replicasOf = ({ limits }: Planning, { ask }: Requested): Replicas | undefined =>
  ask.command.options.replicas === undefined ? undefined : { wanted: ask.command.options.replicas, max: limits.replicasMax };

interface Site {
  readonly request: Requested;
  readonly resolved: Resolved;
  readonly set: PodSet;
  readonly podSecurity: string | null;
}

/** The first profile that the API server admits in every pod; only a refusal by Pod Security leads to the next lower one. */
const tryProfiles = async (world: Planning, site: Site, now: Instant): Promise<Command> => {
  let failure: Failure = { code: 'invalid', detail: 'there is no profile to try' };
  for (const profile of site.resolved.profiles) {
    const plan = planOf(world, site, profile);
    const container = containerOf(plan, after(now, plan.startWithinMs));
    const admissions = await Promise.all(plan.targets.map((target) => world.cluster.dryRun(target, container)));
    const refused = admissions.find((admission) => admission.kind === 'failure');
    if (!refused) return { type: 'report_plan', plan, preflight: preflightOf(site, plan, admissions) };
    ({ failure } = refused);
    if (failure.code !== 'pod_security') break;
  }
  return { type: 'report_no_plan', revision: site.request.revision, failure };
};

const planOf = (world: Planning, { request, resolved, set }: Site, profile: Profile): Plan => {
  const { ask } = request;
  const timeoutMs = ask.command.options.timeoutMs ?? world.limits.timeoutDefaultMs;
  return {
    request: request.id,
    revision: request.revision,
    requester: ask.requester,
    targets: set.pods.map((pod) => ({ cluster: ask.cluster, namespace: pod.namespace, pod: pod.name, uid: pod.uid, container: set.container, ...(pod.node !== undefined && { node: pod.node }) })),
    audience: ask.command.options.private ? { kind: 'person', user: ask.requester } : { kind: 'channel', channel: ask.place.cardIn },
    timeoutMs,
    startWithinMs: world.limits.startWithinMs,
    policyVersion: world.policyVersion,
    image: resolved.image.name,
    ...(resolved.preset !== null && { preset: resolved.preset }),
    profile,
    argv: resolved.argv,
    bounded: resolved.image.shell,
    container: world.cluster.build({ image: resolved.image, profile, argv: resolved.argv, env: resolved.env, target: set.container, timeoutMs, marker: request.id }),
  };
};

/** `--replicas 5` of a target that has three is not an error, and is said. */
const fewer = (wanted: 'all' | number | undefined, { pods }: PodSet): readonly string[] =>
  (typeof wanted === 'number' && pods.length < wanted ? [`${pods.length} of the ${wanted} pods that were asked for are there`] : []);

const preflightOf = ({ request, resolved, set, podSecurity }: Site, plan: Plan, admissions: readonly Admission[]): Preflight => {
  const [pod] = set.pods;
  const wanted = request.ask.command.options.replicas;
  const admitted = admissions.filter((admission) => admission.kind === 'admitted');
  const podLabels = labelsApart(set);
  const nodeAccess = [...new Set(set.pods.flatMap(nodeAccessOf))];
  const lowered = plan.profile === resolved.profiles[0] ? [] : [`Pod Security refused the profile ${resolved.profiles[0] ?? ''}: lowered to ${plan.profile}`];
  return {
    warnings: [...new Set(admitted.flatMap((admission) => admission.warnings))],
    notices: [...lowered, ...fewer(wanted, set), ...setNotices(set, plan.profile)],
    podSecurity,
    containersUsed: Math.max(...admitted.map((admission) => admission.ephemeralContainers)),
    labels: commonLabels(set),
    ...(podLabels && { podLabels }),
    pinned: plan.container.image.includes('@sha256:'),
    ...(pod?.serviceAccount !== undefined && { serviceAccount: pod.serviceAccount }),
    ...(pod?.owner !== undefined && { owner: pod.owner }),
    nodeAccess,
  };
};
