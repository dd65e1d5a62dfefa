/** How the world stood before a recording: read from the recording itself, else from what others saw of the same pod. */
import { isPod, podIn, type PodJson, type Recording } from './recordings.ts';
import type { Control } from '../../../../src/playground/cluster/control.ts';
import type { JsonObject } from '../../../../src/playground/cluster/ports.ts';

const isDryRun = (recording: Recording): boolean => recording.request.path.includes('dryRun=All');

const withGeneration = (pod: PodJson, added: number): JsonObject => ({ ...pod.metadata, generation: Number(pod.metadata['generation']) + added });

/** The pod without the containers the patch added; an identical patch added none. */
const withoutPatched = (recording: Recording, pod: PodJson): PodJson => {
  if (!recording.request.path.includes('/ephemeralcontainers') || recording.name === 'patch-same-name-identical') return pod;
  const spec = recording.request.body?.['spec'] as { ephemeralContainers?: readonly { name: string }[] } | undefined;
  const added = (spec?.ephemeralContainers ?? []).map((container) => container.name);
  const kept = (pod.spec.ephemeralContainers ?? []).filter((container) => !added.includes(container.name));
  const { ephemeralContainers: _all, ...rest } = pod.spec;
  return { ...pod, metadata: withGeneration(pod, -1), spec: kept.length === 0 ? rest : { ...rest, ephemeralContainers: kept } } as unknown as PodJson;
};

const withoutLabels = (recording: Recording, pod: PodJson): PodJson => {
  const added = Object.keys(((recording.request.body?.['metadata'] as JsonObject | undefined)?.['labels'] as JsonObject | undefined) ?? {});
  const labels = Object.fromEntries(Object.entries((pod.metadata['labels'] as JsonObject | undefined) ?? {}).filter(([key]) => !added.includes(key)));
  return added.length === 0 ? pod : { ...pod, metadata: { ...pod.metadata, labels } };
};

export const before = (recording: Recording, pod: PodJson): PodJson => withoutLabels(recording, withoutPatched(recording, pod));

const podsIn = (recording: Recording): readonly PodJson[] => {
  const body = recording.response.body as JsonObject | undefined;
  if (isPod(body)) return [isDryRun(recording) ? before(recording, body) : body];
  if (body?.['kind'] === 'PodList') return (body['items'] as readonly PodJson[]).map((item) => ({ ...item, kind: 'Pod', apiVersion: 'v1' }));
  return [];
};

/** The newest state in which any recording shows this pod. */
const lastSeen = (all: readonly Recording[], namespace: string, name: string): PodJson | undefined =>
  all.flatMap(podsIn).filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name === name)
    .sort((one, other) => Number(other.metadata.resourceVersion) - Number(one.metadata.resourceVersion))[0];

const firstEvent = (recording: Recording): PodJson | undefined => {
  const event = recording.response.events?.[0];
  const object = typeof event === 'object' ? event['object'] : undefined;
  return isPod(object) ? object : undefined;
};

/** A watch's first event is the patch it saw: the newest container is the first in the list. */
const beforeWatch = (pod: PodJson): PodJson => {
  const [, ...kept] = pod.spec.ephemeralContainers ?? [];
  return { ...pod, metadata: withGeneration(pod, -1), spec: { ...pod.spec, ephemeralContainers: kept } } as unknown as PodJson;
};

const described = (recording: Recording): PodJson | undefined => {
  const choices = /choose one of: \[([^\]]+)\]/.exec(JSON.stringify(recording.response.body))?.[1];
  const at = podIn(recording);
  if (choices === undefined || at === undefined) return undefined;
  return { kind: 'Pod', metadata: { ...at, resourceVersion: '' }, spec: { nodeName: 'node1', containers: choices.split(' ').map((name) => ({ name, image: 'busybox:1.36' })) }, status: { phase: 'Running' } } as unknown as PodJson;
};

const podBefore = (recording: Recording, all: readonly Recording[]): PodJson | undefined => {
  const at = podIn(recording);
  const body = recording.response.body;
  const event = firstEvent(recording);
  if (isPod(body)) return before(recording, body);
  if (event !== undefined) return beforeWatch(event);
  if (at === undefined || at.name === 'nope-123') return undefined;
  return described(recording) ?? lastSeen(all, at.namespace, at.name);
};

const STORES: Readonly<Record<string, string>> = { Deployment: 'deployments.apps', Job: 'jobs.batch', Service: 'services', Namespace: 'namespaces' };

const seedListed = (control: Control, body: JsonObject): void => {
  const store = body['kind'] === 'ReplicaSetList' ? 'replicasets.apps' : 'pods';
  for (const item of body['items'] as readonly JsonObject[]) control.addObject(store, item);
  const remaining = Number((body['metadata'] as JsonObject)['remainingItemCount'] ?? 0);
  for (let index = 0; index < remaining; index += 1) control.addPod({ namespace: 'prod', name: `z-${String(index)}`, containers: [{ name: 'z', image: 'z:1' }] });
};

const seedUsers = (control: Control): void => {
  control.addToken('cluster-admin', { user: 'kubernetes-admin', groups: ['system:masters'] });
  control.addToken('alice', { user: 'alice', groups: ['developers'] });
  control.grant({ users: ['alice'], namespace: 'prod', rules: [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] }] });
  control.grant({ users: ['kdebug-test'], rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] });
};

const seedRules = (control: Control): void => {
  control.addNamespace('prod');
  control.addNamespace('locked', { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'latest' });
  control.addNamespace('based', { 'pod-security.kubernetes.io/enforce': 'baseline' });
  control.addNamespace('warned', { 'pod-security.kubernetes.io/warn': 'restricted' });
  control.addAdmissionPolicy({
    name: 'kdebug-ephemeral-guard',
    matches: ({ user }) => user.name === 'kdebug-test',
    validations: [{
      message: 'name must carry the plan digest',
      passes: ({ after }) => ((after['spec'] as JsonObject)['ephemeralContainers'] as readonly { name: string }[]).filter(({ name }) => name === 'dbg').length === 0,
    }],
  });
};

const seedBudget = (control: Control, all: readonly Recording[]): void => {
  control.addBudget({ namespace: 'prod', name: 'api', matchLabels: { app: 'api' }, minAvailable: 2 });
  control.addObject('pods', lastSeen(all, 'prod', 'api-6c9d84c9d6-2r6zw')!);
};

/** Seeds the cluster; @returns the pod the recording is about, as seeded */
export const seedBefore = (control: Control, recording: Recording, all: readonly Recording[]): PodJson | undefined => {
  seedUsers(control);
  seedRules(control);
  const body = recording.response.body as JsonObject | undefined;
  if (recording.name === 'evict-refused-by-budget') seedBudget(control, all);
  const kind = (body?.['kind'] ?? '') as string;
  if (kind.endsWith('List')) seedListed(control, body!);
  const store = STORES[kind];
  if (store !== undefined) control.addObject(store, body!);
  const pod = podBefore(recording, all);
  return pod === undefined ? undefined : (control.addObject('pods', pod) as unknown as PodJson);
};
