import type { ContainerName, Namespace, PodName, PodUid } from './names.ts';
import type { Failure } from './outcome.ts';
import { EPHEMERAL_CONTAINERS_MAX, EPHEMERAL_CONTAINERS_WARN } from './limits.ts';

/** What a plan needs to know of a pod, read from the API server's answer. */
export interface PodFacts {
  readonly namespace: Namespace;
  readonly name: PodName;
  readonly uid: PodUid;
  readonly phase: string;
  readonly terminating: boolean;
  readonly node?: string;
  readonly os?: string;
  /** Run by its node from a file (`kubernetes.io/config.mirror`): no ephemeral containers. */
  readonly mirror: boolean;
  readonly hostPid: boolean;
  readonly hostNetwork: boolean;
  readonly shareProcessNamespace: boolean;
  readonly containers: readonly PodContainer[];
  /** `kubectl.kubernetes.io/default-container`, when it names a container of the pod. */
  readonly defaultContainer?: ContainerName;
  readonly ephemeralContainers: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  /** `ReplicaSet/api-7f9c4d8b6`. */
  readonly owner?: string;
}

export interface PodContainer {
  readonly name: ContainerName;
  readonly kind: 'app' | 'init' | 'sidecar';
  readonly running: boolean;
}

type PodCheck = (pod: PodFacts) => Failure | undefined;

/** In this order: the first that fails is what the person reads. The API server accepts most of these and then never starts. */
const CHECKS: readonly PodCheck[] = [
  (pod) => (pod.mirror ? { code: 'mirror_pod', pod: pod.name } : undefined),
  (pod) => (pod.phase === 'Succeeded' || pod.phase === 'Failed' ? { code: 'pod_finished', pod: pod.name, phase: pod.phase } : undefined),
  (pod) => (pod.terminating ? { code: 'pod_terminating', pod: pod.name } : undefined),
  (pod) => (pod.node === undefined ? { code: 'pod_not_scheduled', pod: pod.name } : undefined),
  (pod) => (pod.os === 'windows' ? { code: 'windows_pod', pod: pod.name } : undefined),
  (pod) => (pod.ephemeralContainers >= EPHEMERAL_CONTAINERS_MAX
    ? { code: 'too_many_containers', pod: pod.name, count: pod.ephemeralContainers } : undefined),
];

export const whyNotThisPod = (pod: PodFacts): Failure | undefined => {
  for (const check of CHECKS) {
    const failure = check(pod);
    if (failure) return failure;
  }
  return undefined;
};

/** Which container's processes the command sees: the one asked for, else kubectl's default, else the first. */
export const targetContainer = (pod: PodFacts, wanted: string | undefined): { readonly container: ContainerName | null } | { readonly failure: Failure } => {
  if (wanted === 'none') return { container: null };
  const names = pod.containers.map((container) => container.name);
  if (wanted === undefined) return targetWhenRunning(pod, pod.defaultContainer ?? pod.containers.find((one) => one.kind === 'app')?.name ?? null, false);
  const named = pod.containers.find((container) => container.name === wanted);
  if (!named) return { failure: { code: 'container_not_found', pod: pod.name, container: wanted, containers: names } };
  return targetWhenRunning(pod, named.name, true);
};

/** A target that does not run is refused when asked for, and dropped (with a notice) when it was only the default. */
const targetWhenRunning = (pod: PodFacts, container: ContainerName | null, asked: boolean) => {
  if (container === null || pod.containers.some((one) => one.name === container && one.running)) return { container };
  return asked ? { failure: { code: 'target_not_running', pod: pod.name, container } as const } : { container: null };
};

/** What the card should say about the pod that is no reason to refuse. */
export const podNotices = (pod: PodFacts, container: ContainerName | null): readonly string[] => [
  ...(pod.shareProcessNamespace ? ['all containers of this pod share one process namespace: every process is visible'] : []),
  ...(pod.hostPid ? ['this pod shares the process namespace of its node: every process of the node is visible'] : []),
  ...(pod.hostNetwork ? ['this pod shares the network of its node'] : []),
  ...(container === null && pod.containers.some((one) => one.kind === 'app') ? ['no target: processes of the pod are not visible'] : []),
  ...(pod.ephemeralContainers >= EPHEMERAL_CONTAINERS_WARN ? [`${pod.ephemeralContainers} debug containers are in this pod already; they go only with the pod`] : []),
];
