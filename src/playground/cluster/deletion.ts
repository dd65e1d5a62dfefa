/** DELETE and eviction of pods: grace, preconditions, disruption budgets. */
import { json, type Answer } from './exchange.ts';
import { isObject, objectOf, objectsOf, parseJson, stringOf } from './json.ts';
import { labelsOf, namespaceOf, timeOf, type StoredObject } from './objects.ts';
import { isDryRun } from './patch/apply.ts';
import { podAt } from './patch/pods.ts';
import { nodeOf } from './pod-options.ts';
import type { JsonObject, Pod } from './ports.ts';
import { selects } from './selectors.ts';
import { badRequest, conflict, StatusError, successObject, tooManyRequests } from './status.ts';
import type { Call, World } from './world.ts';

const DEFAULT_GRACE_SECONDS = 30;

const phaseOf = (pod: StoredObject): string => stringOf(objectOf(pod['status'])['phase']);
const isFinished = (pod: StoredObject): boolean => ['Succeeded', 'Failed'].includes(phaseOf(pod));

/** A pod that no kubelet runs, or that has ended, goes at once whatever grace was asked. */
const graceOf = (pod: StoredObject, asked: number | undefined): number => {
  if (nodeOf(pod) === '' || isFinished(pod)) return 0;
  const own = objectOf(pod['spec'])['terminationGracePeriodSeconds'];
  return asked ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS);
};

const marked = (pod: StoredObject, graceSeconds: number, now: number): StoredObject => {
  const generation = pod.metadata['generation'];
  return {
    ...pod,
    metadata: {
      ...pod.metadata, generation: (typeof generation === 'number' ? generation : 0) + 1,
      deletionTimestamp: timeOf(now + graceSeconds * 1000), deletionGracePeriodSeconds: graceSeconds,
    },
  };
};

/** Marks the pod as terminating and tells its kubelet, or removes it at once without grace. */
export const deletePod = (world: Pick<World, 'store' | 'kubelet' | 'now'>, pod: StoredObject, askedSeconds: number | undefined): StoredObject => {
  const grace = graceOf(pod, askedSeconds);
  if (grace <= 0) {
    const removed = world.store.remove('pods', namespaceOf(pod), pod.metadata.name);
    world.kubelet().forget(pod as unknown as Pod);
    return removed ?? pod;
  }
  if (pod.metadata['deletionTimestamp'] !== undefined && Number(pod.metadata['deletionGracePeriodSeconds']) <= grace) return pod;
  const stored = world.store.put('pods', marked(pod, grace, world.now()));
  world.kubelet().sync(stored as unknown as Pod);
  return stored;
};

const checkPreconditions = (pod: StoredObject, options: JsonObject): void => {
  const uid = stringOf(objectOf(options['preconditions'])['uid']);
  const resourceVersion = stringOf(objectOf(options['preconditions'])['resourceVersion']);
  if (uid !== '' && uid !== pod.metadata.uid) {
    throw conflict('', 'pods', pod.metadata.name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  }
  if (resourceVersion !== '' && resourceVersion !== pod.metadata.resourceVersion) {
    throw conflict('', 'pods', pod.metadata.name, `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${pod.metadata.resourceVersion}`);
  }
};

const bodyOf = (call: Call): JsonObject => {
  if (call.body === '') return {};
  const body = parseJson(call.body);
  if (!isObject(body)) throw badRequest('the body of the request does not parse as a JSON object');
  return body;
};

const graceAsked = (options: JsonObject, query: URLSearchParams): number | undefined => {
  const value = options['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds') ?? undefined;
  return value === undefined ? undefined : Number(value);
};

const isDry = (call: Call, options: JsonObject): boolean =>
  isDryRun(call.request.query, 'DeleteOptions') || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));

/** DELETE …/pods/NAME */
export const removePod = (world: World, call: Call): Answer => {
  const pod = podAt(world, call.info.namespace, call.info.name);
  const options = bodyOf(call);
  checkPreconditions(pod, options);
  const grace = graceAsked(options, call.request.query);
  if (isDry(call, options)) return json(200, marked(pod, graceOf(pod, grace), world.now()));
  return json(200, deletePod(world, pod, grace));
};

const isReady = (pod: StoredObject): boolean =>
  objectsOf(objectOf(pod['status'])['conditions']).some((condition) => condition['type'] === 'Ready' && condition['status'] === 'True');

const rounded = (value: JsonObject[string], of: number): number =>
  typeof value === 'string' && value.endsWith('%') ? Math.ceil((Number(value.slice(0, -1)) * of) / 100) : Number(value ?? 0);

interface Disruption {
  readonly desired: number;
  readonly healthy: number;
}

const disruptionOf = (world: World, budget: StoredObject): Disruption => {
  const spec = objectOf(budget['spec']);
  const pods = world.store.list('pods', namespaceOf(budget)).filter((pod) => !isFinished(pod) && selects(objectOf(spec['selector']), labelsOf(pod)));
  const healthy = pods.filter((pod) => isReady(pod) && pod.metadata['deletionTimestamp'] === undefined).length;
  const desired = spec['minAvailable'] === undefined ? pods.length - rounded(spec['maxUnavailable'] ?? 1, pods.length) : rounded(spec['minAvailable'], pods.length);
  return { desired: Math.max(0, desired), healthy };
};

const checkBudget = (world: World, pod: StoredObject): void => {
  if (isFinished(pod) || phaseOf(pod) === 'Pending' || pod.metadata['deletionTimestamp'] !== undefined) return;
  const budgets = world.store.list('poddisruptionbudgets.policy', namespaceOf(pod)).filter((budget) => selects(objectOf(objectOf(budget['spec'])['selector']), labelsOf(pod)));
  const [budget, ...others] = budgets;
  if (budget === undefined) return;
  if (others.length > 0) {
    throw new StatusError({ code: 500, reason: 'InternalError', message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.' });
  }
  const { desired, healthy } = disruptionOf(world, budget);
  // A pod that is not ready does not count as healthy: it may go as long as the others suffice (IfHealthyBudget).
  if (healthy - (isReady(pod) ? 1 : 0) >= desired) return;
  throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", [{
    reason: 'DisruptionBudget', message: `The disruption budget ${budget.metadata.name} needs ${String(desired)} healthy pods and has ${String(healthy)} currently`,
  }]);
};

/** POST …/pods/NAME/eviction */
export const evictPod = (world: World, call: Call): Answer => {
  const body = bodyOf(call);
  const pod = podAt(world, call.info.namespace, call.info.name);
  const named = stringOf(objectOf(body['metadata'])['name']);
  if (named !== call.info.name) throw badRequest('name in URL does not match name in Eviction object');
  const options = objectOf(body['deleteOptions']);
  checkPreconditions(pod, options);
  checkBudget(world, pod);
  if (!isDry(call, options)) deletePod(world, pod, graceAsked(options, call.request.query));
  return json(201, successObject(201));
};
