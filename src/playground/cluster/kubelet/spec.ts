/** What the kubelet reads of a pod's JSON: a narrow, typed view of the fields it acts on. */
import type { Json, JsonObject, Pod } from '../ports.ts';

export type ContainerKind = 'init' | 'app' | 'ephemeral';

export interface ContainerSpec {
  readonly kind: ContainerKind;
  readonly name: string;
  readonly image: string;
  readonly pullPolicy: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly workingDir?: string;
  readonly target?: string;
  readonly securityContext: JsonObject;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectAt = (object: JsonObject, key: string): JsonObject => {
  const value = object[key];
  return isObject(value) ? value : {};
};
export const objectsAt = (object: JsonObject, key: string): readonly JsonObject[] => {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
};
export const textAt = (object: JsonObject, key: string): string | undefined => {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
};
export const numberAt = (object: JsonObject, key: string): number | undefined => {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
};
const textsAt = (object: JsonObject, key: string): readonly string[] => {
  const value = object[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
};

const containerSpec = (kind: ContainerKind, json: JsonObject): ContainerSpec => {
  const workingDir = textAt(json, 'workingDir');
  const target = textAt(json, 'targetContainerName');
  return {
    kind,
    name: textAt(json, 'name') ?? '',
    image: textAt(json, 'image') ?? '',
    pullPolicy: textAt(json, 'imagePullPolicy') ?? 'IfNotPresent',
    command: textsAt(json, 'command'),
    args: textsAt(json, 'args'),
    env: objectsAt(json, 'env').map((entry) => ({ name: textAt(entry, 'name') ?? '', value: textAt(entry, 'value') ?? '' })),
    securityContext: objectAt(json, 'securityContext'),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(target === undefined || target === '' ? {} : { target }),
  };
};

export const LISTS = [
  { kind: 'init', spec: 'initContainers', status: 'initContainerStatuses' },
  { kind: 'app', spec: 'containers', status: 'containerStatuses' },
  { kind: 'ephemeral', spec: 'ephemeralContainers', status: 'ephemeralContainerStatuses' },
] as const;

/** All containers of the pod: init, app and ephemeral ones, each list in the order of the spec. */
export const containersOf = (pod: Pod): readonly ContainerSpec[] =>
  LISTS.flatMap((list) => objectsAt(pod.spec, list.spec).map((json) => containerSpec(list.kind, json)));

/** The status the pod came with, for a container that somebody else (a seed, an earlier kubelet) reported. */
export const statusBefore = (pod: Pod, kind: ContainerKind, name: string): JsonObject | undefined => {
  const list = LISTS.find((candidate) => candidate.kind === kind);
  return list && objectsAt(pod.status, list.status).find((status) => status['name'] === name);
};

export const generationOf = (pod: Pod): number => numberAt(pod.metadata, 'generation') ?? 1;
export const isDeleting = (pod: Pod): boolean => textAt(pod.metadata, 'deletionTimestamp') !== undefined;
export const isScheduled = (pod: Pod): boolean => (textAt(pod.spec, 'nodeName') ?? '') !== '';
export const isMirror = (pod: Pod): boolean =>
  textAt(objectAt(pod.metadata, 'annotations'), 'kubernetes.io/config.mirror') !== undefined;
export const isFinished = (pod: Pod): boolean => ['Succeeded', 'Failed'].includes(textAt(pod.status, 'phase') ?? '');
export const restartPolicyOf = (pod: Pod): string => textAt(pod.spec, 'restartPolicy') ?? 'Always';

const GRACE_DEFAULT_S = 30;
/** Seconds between SIGTERM and SIGKILL: what the deletion asks for, else the pod's own. */
export const graceSecondsOf = (pod: Pod): number =>
  numberAt(pod.metadata, 'deletionGracePeriodSeconds') ?? numberAt(pod.spec, 'terminationGracePeriodSeconds') ?? GRACE_DEFAULT_S;

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}
export const refOf = (pod: Pod): PodRef => ({ namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid });
