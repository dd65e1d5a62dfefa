/** A kubelet with the smallest API server there can be: pods in memory, every status change kept. */
import type { ContainerStatus, JsonObject, LogOptions, Pod, PodStatusWriter } from '../../../../src/playground/cluster/ports.ts';
import { createKubelet, type KubeletOptions, type SimulatedKubelet } from '../../../../src/playground/cluster/kubelet/kubelet.ts';
import type { PodRef } from '../../../../src/playground/cluster/kubelet/spec.ts';
import { pidNamespaces } from '../../../../src/playground/cluster/kubelet/namespaces.ts';
import { findProgram } from '../../../../src/playground/cluster/kubelet/namespaces.ts';

export const NETSHOOT = 'nicolaka/netshoot:v0.13';
export const BUSYBOX = 'busybox:1.36';
export const isolated = pidNamespaces() === 'available';
export const busybox = findProgram('busybox') !== undefined;

export interface World {
  readonly kubelet: SimulatedKubelet;
  readonly events: readonly { readonly reason: string; readonly fieldPath?: string }[];
  readonly removed: readonly string[];
  readonly statuses: readonly Pod[];
  add(overrides?: PodOverrides): PodRef;
  /** A pod as somebody else stored it, spec, status and all. */
  seed(pod: Pod): PodRef;
  /** As the PATCH does it: the new container comes first, generation one higher. */
  debug(pod: PodRef, container: JsonObject): void;
  remove(pod: PodRef, graceSeconds: number): void;
  get(pod: PodRef): Pod | undefined;
  status(pod: PodRef, container: string): ContainerStatus | undefined;
  /** Each different state the container was reported in: `waiting:ErrImagePull`, `running`, `terminated:7:Error`. */
  states(pod: PodRef, container: string): readonly string[];
  until<T>(what: () => T | undefined | false, ms?: number): Promise<T>;
  /** Runs argv as a debug container and waits for its end. */
  run(pod: PodRef, argv: readonly string[], more?: JsonObject): Promise<{ readonly name: string; readonly exitCode: number; readonly reason: string; readonly log: string }>;
  log(pod: PodRef, container: string, options?: Partial<LogOptions>): Promise<string>;
  close(): Promise<void>;
}

export interface PodOverrides {
  readonly name?: string;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

const PLAIN: LogOptions = { follow: false, previous: false, timestamps: false };
export const text = async (body: AsyncIterable<Uint8Array>): Promise<string> => Buffer.concat(await Array.fromAsync(body)).toString();

const terminatedOf = (status: ContainerStatus | undefined): JsonObject | undefined => status?.state['terminated'] as JsonObject | undefined;

const stateText = (status: ContainerStatus): string => {
  const [[kind, { exitCode, reason }]] = Object.entries(status.state) as [[string, { exitCode?: number; reason?: string }]];
  return [kind, exitCode, reason].filter((part) => part !== undefined).join(':');
};

export const createWorld = (options: Partial<KubeletOptions> = {}): World => {
  const pods = new Map<string, Pod>();
  const [statuses, events, removed]: [Pod[], { reason: string; fieldPath?: string }[], string[]] = [[], [], []];
  let [version, runs] = [0, 0];
  const put = (pod: Pod): Pod => {
    const stored = { ...pod, metadata: { ...pod.metadata, resourceVersion: String((version += 1)) } };
    pods.set(pod.metadata.uid, stored);
    return stored;
  };
  const writer: PodStatusWriter = {
    current: (_namespace, _name, uid) => pods.get(uid),
    updateStatus: (_namespace, _name, uid, change) => {
      const pod = pods.get(uid);
      if (pod === undefined) return;
      statuses.push(put({ ...pod, status: change(pod.status) }));
    },
    remove: (_namespace, _name, uid) => (pods.delete(uid), void removed.push(uid)),
    emit: (_pod, event) => void events.push(event),
  };
  const kubelet = createKubelet({ pace: 'at once', ...options, writer });
  const change = (ref: PodRef, make: (pod: Pod) => Pod): void => kubelet.sync(put(make(pods.get(ref.uid)!)));
  const statusIn = (pod: Pod | undefined, container: string): ContainerStatus | undefined =>
    ['ephemeralContainerStatuses', 'containerStatuses', 'initContainerStatuses']
      .flatMap((key) => (pod?.status[key] ?? []) as unknown as ContainerStatus[])
      .find((status) => status.name === container);
  const until = async <T>(what: () => T | undefined | false, ms = 8_000): Promise<T> => {
    for (const end = performance.now() + ms; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 5))) {
      const found = what();
      if (found !== undefined && found !== false) return found;
    }
    throw new Error(`it did not happen within ${ms} ms: ${what.toString()}; last status ${JSON.stringify(statuses.at(-1)?.status)}`);
  };
  const log = async (ref: PodRef, container: string, wanted: Partial<LogOptions> = {}): Promise<string> => {
    const answer = kubelet.log(pods.get(ref.uid)!, container, { ...PLAIN, ...wanted });
    return answer.status === 200 ? text(answer.body) : `${answer.status} ${answer.message}`;
  };
  const world: World = {
    kubelet, events, removed, statuses, until, log,
    add: (overrides = {}) => {
      const name = overrides.name ?? `api-${pods.size}`;
      const ref = { namespace: 'prod', name, uid: `uid-${name}-${version}` };
      const spec = { nodeName: 'node1', restartPolicy: 'Always', containers: [{ name: 'api', image: 'demo/api:1' }], ...overrides.spec };
      const metadata = { ...ref, generation: 1, resourceVersion: '0' };
      kubelet.sync(put({ apiVersion: 'v1', kind: 'Pod', metadata, spec, status: overrides.status ?? { phase: 'Pending' } }));
      return ref;
    },
    seed: (pod) => {
      const stored = put({ ...pod, status: pods.get(pod.metadata.uid)?.status ?? pod.status });
      kubelet.sync(stored);
      return { namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid };
    },
    debug: (ref, container) => change(ref, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, generation: (pod.metadata['generation'] as number) + 1 },
      spec: { ...pod.spec, ephemeralContainers: [container, ...((pod.spec['ephemeralContainers'] ?? []) as JsonObject[])] },
    })),
    remove: (ref, graceSeconds) => change(ref, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, generation: (pod.metadata['generation'] as number) + 1, deletionTimestamp: new Date().toISOString(), deletionGracePeriodSeconds: graceSeconds },
    })),
    get: (ref) => pods.get(ref.uid),
    status: (ref, container) => statusIn(pods.get(ref.uid), container),
    states: (ref, container) => statuses
      .filter((pod) => pod.metadata.uid === ref.uid)
      .map((pod) => statusIn(pod, container))
      .filter((status) => status !== undefined)
      .map(stateText)
      .filter((state, at, all) => state !== all[at - 1]),
    run: async (ref, argv, more = {}) => {
      const name = `kdebug-${(runs += 1)}`;
      world.debug(ref, { name, image: NETSHOOT, command: argv, ...more });
      const ended = await until(() => terminatedOf(world.status(ref, name)), 15_000);
      return { name, exitCode: ended['exitCode'] as number, reason: ended['reason'] as string, log: await log(ref, name) };
    },
    close: () => kubelet.close(),
  };
  return world;
};
