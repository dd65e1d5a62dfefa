import type { Catalogue } from '../domain/catalogue.ts';
import type { Profile } from '../domain/container.ts';
import { dueOf } from '../domain/due.ts';
import { after, type ContainerName, type Instant, type RequestId, type Sha256 } from '../domain/names.ts';
import type { Failure } from '../domain/outcome.ts';
import { containerOf, type Plan, type PlanTarget, type Preflight } from '../domain/plan.ts';
import { podNotices, targetContainer, whyNotThisPod, type PodFacts } from '../domain/pod.ts';
import type { Command, Requested } from '../domain/request-states.ts';
import { resolve, type Resolved } from '../domain/resolve.ts';
import { advance, change, type Advancing } from './change.ts';
import type { Cluster } from './cluster-port.ts';

export interface Planning extends Advancing {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  readonly policyVersion: Sha256;
  readonly limits: { readonly timeoutDefaultMs: number; readonly startWithinMs: number };
}

/** The worker's first step: find the pod, build the container, ask the API server with a dry run, report the facts. It decides nothing. */
export const planStep = async (world: Planning, id: RequestId, generation: number): Promise<void> => {
  const { request, now } = await world.store.load(id);
  const due = request && dueOf(request);
  if (request?.state !== 'requested' || due?.generation !== generation) return;
  const report = await planFor(world, request, now);
  const changed = await change(world.store, id, () => [report]);
  if (changed.ok) await advance(world, changed.request);
};

const planFor = async (world: Planning, request: Requested, now: Instant): Promise<Command> => {
  const noPlan = (failure: Failure): Command => ({ type: 'report_no_plan', revision: request.revision, failure });
  const resolution = resolve(request.ask.command, world.catalogue);
  if (!resolution.ok) return noPlan(resolution.failure);
  const { namespace, target } = request.ask.command;
  const [found, podSecurity] = await Promise.all([world.cluster.find(namespace, target), world.cluster.podSecurity(namespace)]);
  if (found.kind === 'failure') return noPlan(found.failure);
  const unfit = whyNotThisPod(found.pod);
  if (unfit) return noPlan(unfit);
  const chosen = targetContainer(found.pod, resolution.resolved.target);
  if ('failure' in chosen) return noPlan(chosen.failure);
  return tryProfiles(world, { request, resolved: resolution.resolved, pod: found.pod, container: chosen.container, podSecurity }, now);
};

interface Site {
  readonly request: Requested;
  readonly resolved: Resolved;
  readonly pod: PodFacts;
  readonly container: ContainerName | null;
  readonly podSecurity: string | null;
}

/** The first profile that the API server admits; only a refusal by Pod Security leads to the next lower one. */
const tryProfiles = async (world: Planning, site: Site, now: Instant): Promise<Command> => {
  let failure: Failure = { code: 'invalid', detail: 'there is no profile to try' };
  for (const profile of site.resolved.profiles) {
    const plan = planOf(world, site, profile);
    const [target] = plan.targets;
    if (!target) break;
    const admission = await world.cluster.dryRun(target, containerOf(plan, after(now, plan.startWithinMs)));
    if (admission.kind === 'admitted') {
      const lowered = profile === site.resolved.profiles[0] ? [] : [`Pod Security refused the profile ${site.resolved.profiles[0] ?? ''}: lowered to ${profile}`];
      return { type: 'report_plan', plan, preflight: preflightOf(site, plan, admission.warnings, lowered, admission.ephemeralContainers) };
    }
    ({ failure } = admission);
    if (failure.code !== 'pod_security') break;
  }
  return { type: 'report_no_plan', revision: site.request.revision, failure };
};

const planOf = (world: Planning, { request, resolved, pod, container }: Site, profile: Profile): Plan => {
  const { ask } = request;
  const timeoutMs = ask.command.options.timeoutMs ?? world.limits.timeoutDefaultMs;
  const target: PlanTarget = { cluster: ask.cluster, namespace: pod.namespace, pod: pod.name, uid: pod.uid, container, ...(pod.node !== undefined && { node: pod.node }) };
  return {
    request: request.id,
    revision: request.revision,
    requester: ask.requester,
    targets: [target],
    audience: ask.command.options.private ? { kind: 'person', user: ask.requester } : { kind: 'channel', channel: ask.place.cardIn },
    timeoutMs,
    startWithinMs: world.limits.startWithinMs,
    policyVersion: world.policyVersion,
    image: resolved.image.name,
    ...(resolved.preset !== null && { preset: resolved.preset }),
    profile,
    argv: resolved.argv,
    bounded: resolved.image.shell,
    container: world.cluster.build({ image: resolved.image, profile, argv: resolved.argv, env: resolved.env, target: container, timeoutMs }),
  };
};

const preflightOf = (site: Site, plan: Plan, warnings: readonly string[], lowered: readonly string[], containersUsed: number): Preflight => ({
  warnings,
  notices: [...lowered, ...podNotices(site.pod, site.container)],
  podSecurity: site.podSecurity,
  containersUsed,
  labels: site.pod.labels,
  pinned: plan.container.image.includes('@sha256:'),
  ...(site.pod.serviceAccount !== undefined && { serviceAccount: site.pod.serviceAccount }),
  ...(site.pod.owner !== undefined && { owner: site.pod.owner }),
});
