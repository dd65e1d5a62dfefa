import type { ContainerName, Namespace, PodName, PodUid } from './names.ts';
import type { Profile } from './container.ts';
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
  readonly hostIpc?: boolean;
  /** A container of its own that has not ended for good is privileged. */
  readonly privileged?: boolean;
  readonly shareProcessNamespace: boolean;
  readonly containers: readonly PodContainer[];
  /** `kubectl.kubernetes.io/default-container`, when it names a container of the pod. */
  readonly defaultContainer?: ContainerName;
  readonly ephemeralContainers: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  /** `ReplicaSet/api-7f9c4d8b6`. */
  readonly owner?: string;
  /** A Job counts it: its end waits for the debug container. */
  readonly jobOwned?: boolean;
  /** From the first signal to the last, for every container of the pod. */
  readonly terminationGraceSeconds?: number;
  /** `status.qosClass`: `Guaranteed`, `Burstable` or `BestEffort`. */
  readonly qosClass?: string;
  /** `spec.securityContext`, which holds for a container that says nothing of its own. */
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
}

export interface PodContainer {
  readonly name: ContainerName;
  readonly kind: 'app' | 'init' | 'sidecar';
  readonly running: boolean;
  /** `512Mi`, as the pod says it. */
  readonly memoryLimit?: string;
}

/** By what a command in this pod could reach beyond it; empty: by nothing that its spec says. */
export const nodeAccessOf = (pod: PodFacts): readonly string[] => [
  ...(pod.hostPid ? ["the node's processes"] : []),
  ...(pod.hostNetwork ? ["the node's network"] : []),
  ...(pod.hostIpc ? ["the node's IPC namespace"] : []),
  ...(pod.privileged ? ['a privileged container'] : []),
];

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

/** What the card should say about the pod, and about this profile in it, that is no reason to refuse. */
export const podNotices = (pod: PodFacts, container: ContainerName | null, profile?: Profile): readonly string[] => [
  ...(pod.shareProcessNamespace ? ['all containers of this pod share one process namespace: every process is visible'] : []),
  ...(pod.hostPid ? ['this pod shares the process namespace of its node: every process of the node is visible'] : []),
  ...(pod.hostNetwork ? ['this pod shares the network of its node'] : []),
  ...(pod.hostIpc ? ['this pod shares the IPC namespace of its node'] : []),
  ...(pod.privileged ? ['a container of this pod is privileged: it can do on the node what root can'] : []),
  ...(container === null && pod.containers.some((one) => one.kind === 'app') ? ['no target: processes of the pod are not visible'] : []),
  ...(pod.jobOwned ? [jobNotice(pod.terminationGraceSeconds ?? GRACE_SECONDS_DEFAULT)] : []),
  ...(pod.qosClass === 'Guaranteed' ? [memoryNotice(pod, container)] : []),
  ...userNotices(pod, profile),
  ...(pod.ephemeralContainers >= EPHEMERAL_CONTAINERS_WARN ? [`${pod.ephemeralContainers} debug containers are in this pod already; they go only with the pod`] : []),
];

/** Kubernetes' default for a pod that says nothing. */
const GRACE_SECONDS_DEFAULT = 30;

const jobNotice = (seconds: number): string =>
  `this pod belongs to a Job: when the Job's own command ends first, the debug command is stopped with it, and the Job may end up to ${seconds} s later`;

// The kernel's choice in a pod of that class is open: the debug container is ranked like the app.
const memoryNotice = (pod: PodFacts, container: ContainerName | null): string => {
  const limit = pod.containers.find((one) => one.name === container)?.memoryLimit;
  return `this pod has guaranteed memory${limit === undefined ? '' : ` (limit of ${container}: ${limit})`}: a command that needs much of it can get the app killed`;
};

const isNonRoot = (pod: PodFacts): boolean => (pod.runAsUser === undefined ? pod.runAsNonRoot === true : pod.runAsUser !== 0);

/** kubectl's warning about profiles that add capabilities (pkg/cmd/debug, `WarnIfNonRoot`): for another uid than 0 they are not effective. */
const userNotices = (pod: PodFacts, profile: Profile | undefined): readonly string[] => {
  if (!isNonRoot(pod)) return [];
  if (profile === 'general') return ['this pod runs as a user other than root: what general adds (SYS_PTRACE) may not work'];
  return profile === 'netadmin' || profile === 'sysadmin' ? [`this pod runs as a user other than root; with ${profile} the command runs in it as root`] : [];
};
