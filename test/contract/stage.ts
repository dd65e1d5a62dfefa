/** Where contracts run: pods to run in, and one run from its plan to its output, by the adapter's own methods. */
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'vitest';
import type { Ending, RawOutput, WatchOptions } from '../../src/app/cluster-port.ts';
import type { Image } from '../../src/domain/catalogue.ts';
import type { Target } from '../../src/domain/command/command.ts';
import type { EphemeralContainer, Profile } from '../../src/domain/container.ts';
import { requestIdFrom, type ChannelId, type ContainerName, type ImageName, type ImageRef, type Instant, type Namespace, type RequestId, type Sha256, type UserId } from '../../src/domain/names.ts';
import { containerOf, type Plan, type PlanTarget } from '../../src/domain/plan.ts';
import type { PodFacts } from '../../src/domain/pod.ts';
import type { Budget } from './budget.ts';
import { isRunning, type PodWanted } from './hands.ts';
import type { Fields } from './rest.ts';
import { until } from './until.ts';
import { NAME, type ContractWorld } from './world.ts';

export const [PROD, STAGING, LOCKED] = ['prod', 'staging', 'locked'] as readonly string[] as readonly [Namespace, Namespace, Namespace];
export const NETSHOOT: Image = { name: 'netshoot' as ImageName, ref: 'nicolaka/netshoot:v0.13' as ImageRef, isDefault: true, shell: true };
export const BUSYBOX: Image = { name: 'busybox' as ImageName, ref: 'busybox:1.36' as ImageRef, isDefault: false, shell: true };
/** Nothing listens there, on any node: a pull fails at once and asks no registry of anybody. */
export const NO_SUCH_IMAGE: Image = { ...BUSYBOX, name: 'none' as ImageName, ref: 'localhost:1/kdebug-contract/none:1' as ImageRef };

/** A pod to run in. */
export interface Site {
  /** Without a target container; `app` is the one to name. */
  readonly target: PlanTarget;
  readonly app: ContainerName;
  /** The suite made it and takes it away. */
  readonly isOwn: boolean;
  readonly facts: PodFacts;
}

export interface Wanted {
  readonly image?: Image;
  readonly profile?: Profile;
  readonly env?: readonly (readonly [string, string])[];
  readonly timeoutMs?: number;
  /** The processes of the site's app are seen. */
  readonly sharing?: true;
  /** From now to the deadline; negative: it has passed. */
  readonly withinMs?: number;
  /** The request it is marked with; else a new one. */
  readonly marker?: RequestId;
}

export interface Started {
  readonly target: PlanTarget;
  readonly container: EphemeralContainer;
  readonly watch: WatchOptions;
  /** Resolves once the node reports it as running. */
  running(): Promise<void>;
}

export interface Ran extends Started {
  readonly ending: Ending;
  readonly output: RawOutput;
  /** Head of the output; of a run without a log, nothing. */
  readonly text: string;
  /** From the PATCH to the verdict. */
  readonly ms: number;
}

export interface Stage {
  readonly world: ContractWorld;
  /** A pod that all cases of a namespace share: one of the suite's own, else those labelled app=api in turn, else the case is skipped. */
  home(context: TestContext, namespace: Namespace): Promise<Site>;
  /** A pod of this case's own, whatever happens to it; where none can be made the case is skipped. */
  fresh(context: TestContext, namespace: Namespace, more?: Pick<PodWanted, 'crashing'>): Promise<Site>;
  /** The container as a plan has it; nothing is sent. */
  planned(site: Site, argv: readonly string[], wanted?: Wanted): { readonly target: PlanTarget; readonly container: EphemeralContainer; readonly notAfter: Instant; readonly timeoutMs: number };
  /** A pod that was there before, for dry runs alone: nothing is ever added to it. */
  standing(namespace: Namespace, selector: string): Promise<Site>;
  /** One of the containers that the budget allows, or the case is skipped. */
  spend(context: TestContext, site: Pick<Site, 'isOwn'>): void;
  start(context: TestContext, site: Site, argv: readonly string[], wanted?: Wanted): Promise<Started>;
  run(context: TestContext, site: Site, argv: readonly string[], wanted?: Wanted): Promise<Ran>;
  /** Skips the case, with the right that is missing as its reason. */
  needs(context: TestContext, ...rights: readonly (readonly [verb: string, resource: string, namespace?: string])[]): Promise<void>;
  find(namespace: Namespace, target: Target): Promise<PodFacts>;
}

const NOTHING: RawOutput = { head: new Uint8Array(), bytes: 0, complete: true };
const START_WITHIN_MS = 60_000;
/** Pods that were there before take turns. */
const HOMES_MAX = 100;
const TIMEOUT_MS = 10_000;

export const createStage = (world: ContractWorld, budget: Budget): Stage => {
  const { cluster, hands } = world;
  const homes = new Map<Namespace, Promise<readonly Site[] | string>>();
  let [made, turns] = [0, 0];

  const find: Stage['find'] = async (namespace, target) => {
    const found = await cluster.find(namespace, target);
    if (found.kind === 'failure') throw new Error(`no pod of ${JSON.stringify(target)} in ${namespace}: ${JSON.stringify(found.failure)}`);
    const [pod] = found.kind === 'pods' ? found.pods : [];
    if (pod === undefined) throw new Error(`several pods are ${JSON.stringify(target)} in ${namespace}`);
    return pod;
  };
  const lacking = async (rights: Parameters<Stage['needs']>[1][]): Promise<string | undefined> =>
    (await Promise.all(rights.map(([verb, resource, namespace]) => hands.lacks(verb, resource, namespace)))).find((lack) => lack !== undefined);
  const make = async (namespace: Namespace, more: Pick<PodWanted, 'crashing'> = {}): Promise<Site> => {
    made += 1;
    const name = `contract-${world.id}-${made}-pod`;
    await hands.createPod({ namespace, name, ...more });
    await until(`the start of ${name}`, async () => isRunning(await hands.pod(namespace, name), 'app'));
    return siteOf(await find(namespace, { kind: 'name', name } as unknown as Target), true);
  };
  const homesOf = async (namespace: Namespace): Promise<readonly Site[] | string> => {
    const lack = await lacking([['create', 'pods', namespace], ['delete', 'pods', namespace]]);
    if (lack === undefined) return [await make(namespace)];
    const found = await cluster.find(namespace, { kind: 'selector', selector: 'app=api' } as Target, { wanted: 'all', max: HOMES_MAX });
    return found.kind === 'pods' ? found.pods.map((pod) => siteOf(pod, false)) : `${lack}, and no pod there is labelled app=api`;
  };
  const spend: Stage['spend'] = (context, site) => {
    const spent = budget.spend(site.isOwn);
    if (spent !== undefined) context.skip(spent);
  };
  const planned: Stage['planned'] = (site, argv, wanted = {}) => {
    const target = wanted.sharing ? { ...site.target, container: site.app } : site.target;
    const plan = planOf(world, target, argv, wanted);
    const notAfter = (Date.now() + (wanted.withinMs ?? START_WITHIN_MS)) as Instant;
    return { target, container: containerOf(plan, notAfter), notAfter, timeoutMs: plan.timeoutMs };
  };
  const start: Stage['start'] = async (context, site, argv, wanted) => {
    spend(context, site);
    const { target, container, notAfter, timeoutMs } = planned(site, argv, wanted);
    const added = await cluster.add(target, container);
    if (added.kind === 'failure') throw new Error(`the container was refused: ${JSON.stringify(added.failure)}`);
    return {
      target, container,
      watch: { resourceVersion: added.resourceVersion, notAfter, timeoutMs, bounded: true, now: () => Date.now() as Instant, signal: new AbortController().signal },
      running: async () => { await until(`the start of ${container.name}`, async () => isRunning(await hands.pod(target.namespace, target.pod), container.name)); },
    };
  };
  return {
    world, find, planned, spend, start,
    home: async (context, namespace) => {
      const found = homes.get(namespace) ?? homesOf(namespace);
      homes.set(namespace, found);
      const sites = await found;
      const site = typeof sites === 'string' ? undefined : sites[(turns += 1) % sites.length];
      return site ?? context.skip(typeof sites === 'string' ? sites : 'no pod there');
    },
    fresh: async (context, namespace, more) => {
      const lack = await lacking([['create', 'pods', namespace], ['delete', 'pods', namespace]]);
      return lack === undefined ? make(namespace, more) : context.skip(lack);
    },
    standing: async (namespace, selector) => siteOf(await find(namespace, { kind: 'selector', selector } as Target), false),
    needs: async (context, ...rights) => {
      const lack = await lacking([...rights]);
      if (lack !== undefined) context.skip(lack);
    },
    run: async (context, site, argv, wanted) => {
      const started = await start(context, site, argv, wanted);
      const began = performance.now();
      const ending = await cluster.awaitEnd(started.target, started.container, started.watch);
      const ms = performance.now() - began;
      const output = ending.logged ? await cluster.readOutput(started.target, started.container.name) : NOTHING;
      return { ...started, ending, output, ms, text: Buffer.from(output.head).toString('utf8') };
    },
  };
};

export const siteOf = (facts: PodFacts, isOwn: boolean): Site => {
  const app = facts.defaultContainer ?? facts.containers.find((one) => one.kind === 'app')?.name;
  if (app === undefined) throw new Error(`pod ${facts.name} has no app container`);
  return { target: { cluster: NAME, namespace: facts.namespace, pod: facts.name, uid: facts.uid, container: null }, app, isOwn, facts };
};

/** As planStep makes it; the request's random id gives every run a name of its own. */
const planOf = ({ cluster }: ContractWorld, target: PlanTarget, argv: readonly string[], wanted: Wanted): Plan => {
  const { image = NETSHOOT, profile = 'restricted', env = [], timeoutMs = TIMEOUT_MS } = wanted;
  const request = wanted.marker ?? requestIdFrom(randomBytes(8));
  return {
    request, revision: 1, requester: 'U0CONTRACT' as UserId, targets: [target],
    audience: { kind: 'channel', channel: 'C0CONTRACT' as ChannelId }, timeoutMs, startWithinMs: START_WITHIN_MS, policyVersion: 'a'.repeat(64) as Sha256,
    image: image.name, profile, argv, bounded: image.shell,
    container: cluster.build({ image, profile, argv, env, target: target.container, timeoutMs, marker: request }),
  };
};

/** The debug containers of a pod by that name. */
export const containersNamed = (pod: Fields | undefined, name: string): readonly Fields[] =>
  (((pod?.['spec'] ?? {}) as Fields)['ephemeralContainers'] as readonly Fields[] | undefined ?? []).filter((one) => one['name'] === name);
