/** PATCH and PUT of pods: the ephemeralcontainers subresource, and labels and annotations on the main resource. */
import { admit } from '../admission.ts';
import { json, type Answer } from '../exchange.ts';
import { forbiddenField, invalidField } from '../field-error.ts';
import { objectOf, objectsOf, sameJson, stringOf } from '../json.ts';
import type { StoredObject } from '../objects.ts';
import type { JsonObject, Pod } from '../ports.ts';
import { invalid, notFound, type Cause } from '../status.ts';
import type { Call, World } from '../world.ts';
import { applyPatch, isDryRun, readPut, type Asked } from './apply.ts';
import { defaultContainer } from './defaults.ts';
import { containerDiff, specDiff } from './go-text.ts';
import { ephemeralContainerCauses } from './validate-ephemeral.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const MAIN_FIELDS = 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export const podAt = (world: World, namespace: string, name: string): StoredObject => {
  const found = world.store.get('pods', namespace, name);
  if (found === undefined) throw notFound('', 'pods', name);
  return found;
};

const isMirror = (pod: StoredObject): boolean => objectOf(pod.metadata['annotations'])[MIRROR] !== undefined;

/** The uid in a patch is a precondition; the real server finds its breach twice and says so twice in the causes. */
const uidCauses = (before: StoredObject, asked: JsonObject): readonly Cause[] => {
  const uid = objectOf(asked['metadata'])['uid'] ?? before.metadata.uid;
  if (uid === before.metadata.uid) return [];
  const cause = invalidField('metadata.uid', uid, 'field is immutable');
  return [cause, cause];
};

const containersOf = (pod: JsonObject): readonly JsonObject[] => objectsOf(objectOf(pod['spec'])['ephemeralContainers']);

const appendOnlyCauses = (before: JsonObject, after: JsonObject): readonly Cause[] =>
  containersOf(before).flatMap((old) => {
    const name = JSON.stringify(old['name']);
    const kept = containersOf(after).find((container) => container['name'] === old['name']);
    if (kept === undefined) return [forbiddenField('spec.ephemeralContainers', `existing ephemeral containers ${name} may not be removed\n`)];
    return sameJson(old, kept) ? []
      : [forbiddenField('spec.ephemeralContainers', `existing ephemeral containers ${name} may not be changed\n${containerDiff(old, kept)}`)];
  });

/** Only the ephemeral containers of what was asked: labels, annotations and the rest of the spec are dropped in silence. */
const withContainers = (before: StoredObject, asked: JsonObject): StoredObject => {
  const wanted = containersOf(asked).map(defaultContainer);
  const spec = objectOf(before['spec']);
  if (sameJson(wanted, spec['ephemeralContainers'] ?? [])) return before;
  return { ...before, spec: { ...spec, ephemeralContainers: wanted } };
};

const validate = (world: World, before: StoredObject, asked: JsonObject, after: StoredObject): void => {
  const { name } = before.metadata;
  if (isMirror(before)) throw invalid('Pod', name, [forbiddenField('[]', 'static pods do not support ephemeral containers')]);
  const causes = [...uidCauses(before, asked), ...ephemeralContainerCauses(after, world), ...appendOnlyCauses(before, after)];
  if (causes.length > 0) throw invalid('Pod', name, causes);
};

const nextGeneration = (pod: StoredObject): StoredObject => {
  const generation = pod.metadata['generation'];
  return { ...pod, metadata: { ...pod.metadata, generation: (typeof generation === 'number' ? generation : 0) + 1 } };
};

/** Stores what was asked unless it is a dry run or nothing changed: then no version is used up and nobody is told. */
const commit = (world: World, call: Call, before: StoredObject, after: StoredObject, warnings: readonly string[]): Answer => {
  if (after === before) return json(200, before, warnings);
  if (isDryRun(call.request.query)) return json(200, after, warnings);
  const stored = world.store.put('pods', after);
  const answer = json(200, stored, warnings);
  if (stringOf(objectOf(stored['spec'])['nodeName']) !== '') world.kubelet().sync(stored as unknown as Pod);
  return answer;
};

const update = (world: World, call: Call, before: StoredObject, asked: Asked): Answer => {
  const after = withContainers(before, asked.pod);
  validate(world, before, asked.pod, after);
  const review = {
    user: call.user, before, after, dryRun: isDryRun(call.request.query),
    namespace: world.store.get('namespaces', '', call.info.namespace),
  };
  const warnings = admit(world.policies.values(), review);
  return commit(world, call, before, after === before ? before : nextGeneration(after), [...asked.warnings, ...warnings]);
};

/** PATCH …/ephemeralcontainers */
export const patchEphemeralContainers = (world: World, call: Call): Answer => {
  const before = podAt(world, call.info.namespace, call.info.name);
  return update(world, call, before, applyPatch(call, before));
};

/** PUT …/ephemeralcontainers */
export const putEphemeralContainers = (world: World, call: Call): Answer => {
  const before = podAt(world, call.info.namespace, call.info.name);
  return update(world, call, before, readPut(call, before));
};

/** PATCH of the pod itself: metadata only; ephemeral containers have their subresource. */
export const patchPod = (world: World, call: Call): Answer => {
  const before = podAt(world, call.info.namespace, call.info.name);
  const asked = applyPatch(call, before);
  const spec = objectOf(asked.pod['spec']);
  const wanted = containersOf(asked.pod).map(defaultContainer);
  const wantedSpec = wanted.length === 0 ? spec : { ...spec, ephemeralContainers: wanted };
  const causes = uidCauses(before, asked.pod);
  const changed = sameJson(wantedSpec, before['spec']) ? []
    : [forbiddenField('spec', `${MAIN_FIELDS}\n${specDiff(objectOf(before['spec']), wantedSpec)}`)];
  if (causes.length + changed.length > 0) throw invalid('Pod', before.metadata.name, [...causes, ...changed]);
  const metadata = objectOf(asked.pod['metadata']);
  const marked = { ...before.metadata, labels: metadata['labels'], annotations: metadata['annotations'] };
  const after = sameJson(marked, before.metadata) ? before : { ...before, metadata: marked };
  return commit(world, call, before, after, asked.warnings);
};
