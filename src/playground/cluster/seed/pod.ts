/** A whole Pod from a compact description, as it would stand after its kubelet reported. */
import { defaultPullPolicy } from '../patch/defaults.ts';
import type { Json, JsonObject } from '../ports.ts';
import { timeOf } from '../objects.ts';
import { withoutAbsent } from '../json.ts';
import type { Draft } from '../store.ts';

export interface ContainerDescription {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext?: JsonObject;
  readonly ports?: readonly JsonObject[];
  readonly volumeMounts?: readonly JsonObject[];
  /** The state to seed, when it is not what the phase implies: `{ waiting: { reason: 'CrashLoopBackOff' } }`. */
  readonly state?: JsonObject;
  readonly lastState?: JsonObject;
  readonly restartCount?: number;
  readonly ready?: boolean;
}

export interface OwnerDescription {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodDescription {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly ContainerDescription[];
  readonly initContainers?: readonly ContainerDescription[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: OwnerDescription;
  /** `null` for a pod that is not scheduled yet. */
  readonly node?: string | null;
  readonly phase?: 'Running' | 'Pending' | 'Succeeded' | 'Failed';
  /** A static pod's mirror: its kubelet's file is the truth, ephemeral containers are refused. */
  readonly mirror?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly hostPID?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostIPC?: boolean;
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: JsonObject;
  readonly volumes?: readonly JsonObject[];
  readonly serviceAccount?: string;
  readonly os?: 'linux' | 'windows';
  readonly uid?: string;
}

const MIRROR_HASH = '6a6b738cf8cc5ab723756335db41274f';

const specContainer = (container: ContainerDescription): JsonObject => withoutAbsent({
  name: container.name, image: container.image, command: container.command, args: container.args, ports: container.ports, env: container.env,
  resources: {}, volumeMounts: container.volumeMounts, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File',
  imagePullPolicy: defaultPullPolicy(container.image), securityContext: container.securityContext,
});

const impliedState = (phase: string, at: string): JsonObject => {
  if (phase === 'Pending') return { waiting: { reason: 'ContainerCreating' } };
  if (phase === 'Running') return { running: { startedAt: at } };
  const failed = phase === 'Failed';
  return { terminated: { exitCode: failed ? 1 : 0, reason: failed ? 'Error' : 'Completed', startedAt: at, finishedAt: at } };
};

const statusOf = (container: ContainerDescription, state: JsonObject, id: string): JsonObject => {
  const isRunning = state['running'] !== undefined;
  const created = isRunning || state['terminated'] !== undefined;
  return withoutAbsent({
    name: container.name, state: container.state ?? state, lastState: container.lastState ?? {}, ready: container.ready ?? (isRunning && container.state === undefined),
    restartCount: container.restartCount ?? 0, image: container.image, imageID: created ? `sha256:${id.padEnd(64, '0')}` : '',
    containerID: created ? `containerd://${id.padEnd(64, '0')}` : undefined, started: isRunning,
  });
};

const condition = (type: string, holds: boolean, at: string): JsonObject => ({ type, status: holds ? 'True' : 'False', lastProbeTime: null, lastTransitionTime: at });

const podStatus = (description: PodDescription, phase: string, at: string, id: string): JsonObject => {
  const scheduled = description.node !== null;
  const state = impliedState(phase, at);
  const finished = impliedState('Succeeded', at);
  const containers = description.containers.map((container, index) => statusOf(container, state, `${id}${String(index)}`));
  const ready = phase === 'Running' && containers.every((status) => status['ready'] === true);
  if (!scheduled) return { phase: 'Pending', conditions: [condition('PodScheduled', false, at)], qosClass: 'BestEffort' };
  return withoutAbsent({
    phase, hostIP: '10.99.0.1', hostIPs: [{ ip: '10.99.0.1' }], podIP: '10.88.0.97', podIPs: [{ ip: '10.88.0.97' }], startTime: at, qosClass: 'BestEffort',
    observedGeneration: 1,
    conditions: [
      condition('PodReadyToStartContainers', phase === 'Running', at), condition('Initialized', phase !== 'Pending', at), condition('Ready', ready, at),
      condition('ContainersReady', ready, at), condition('PodScheduled', true, at),
    ],
    initContainerStatuses: description.initContainers?.map((container, index) => statusOf(container, phase === 'Pending' ? state : finished, `${id}i${String(index)}`)),
    containerStatuses: containers,
  });
};

const ownersOf = (description: PodDescription): readonly Json[] | undefined => {
  if (description.mirror === true) return [{ apiVersion: 'v1', kind: 'Node', name: description.node ?? 'node1', uid: 'fe47324d-e4b8-4b83-9b97-e365d6f65c6b', controller: true }];
  return description.owner === undefined ? undefined : [{ ...description.owner, controller: true, blockOwnerDeletion: true }];
};

const annotationsOf = (description: PodDescription): JsonObject | undefined => {
  if (description.mirror !== true) return description.annotations;
  return { 'kubernetes.io/config.hash': MIRROR_HASH, 'kubernetes.io/config.mirror': MIRROR_HASH, 'kubernetes.io/config.source': 'file', ...description.annotations };
};

/** @param uid a new one for every pod, @param now milliseconds since 1970 */
export const podFrom = (description: PodDescription, uid: string, now: number): Draft => {
  const at = timeOf(now);
  const phase = description.phase ?? (description.node === null ? 'Pending' : 'Running');
  return {
    kind: 'Pod', apiVersion: 'v1',
    metadata: withoutAbsent({
      name: description.name, namespace: description.namespace, uid, generation: 1, creationTimestamp: at, labels: description.labels,
      annotations: annotationsOf(description), ownerReferences: ownersOf(description),
    }) as Draft['metadata'],
    spec: withoutAbsent({
      volumes: description.volumes, initContainers: description.initContainers?.map(specContainer), containers: description.containers.map(specContainer),
      restartPolicy: description.restartPolicy ?? 'Always', terminationGracePeriodSeconds: description.terminationGracePeriodSeconds ?? 30,
      dnsPolicy: 'ClusterFirst', serviceAccountName: description.serviceAccount ?? 'default', serviceAccount: description.serviceAccount ?? 'default',
      nodeName: description.node === null ? undefined : (description.node ?? 'node1'), hostNetwork: description.hostNetwork, hostPID: description.hostPID,
      hostIPC: description.hostIPC, shareProcessNamespace: description.shareProcessNamespace, securityContext: description.securityContext ?? {},
      schedulerName: 'default-scheduler', priority: 0, enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority',
      os: description.os === undefined ? undefined : { name: description.os },
    }),
    status: podStatus(description, phase, at, uid.replaceAll('-', '').slice(0, 32)),
  };
};
