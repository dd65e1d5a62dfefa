/**
 * Strategic merge patch for pods (k8s.io/apimachinery/pkg/util/strategicpatch): lists with a merge key are merged entry by
 * entry, other lists replaced, maps merged, null deletes, `$patch` directs.
 */
import type { Json, JsonObject } from '../ports.ts';
import { isObject, listOf, objectsOf, sameJson, stringOf } from '../json.ts';
import { badRequest } from '../status.ts';

/** The merge key of each list by its field's name; within a pod the names are unambiguous but for `ports` and `env`, which agree. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name', initContainers: 'name', ephemeralContainers: 'name', volumes: 'name', imagePullSecrets: 'name', env: 'name',
  schedulingGates: 'name', resourceClaims: 'name', ports: 'containerPort', volumeMounts: 'mountPath', volumeDevices: 'devicePath',
  hostAliases: 'ip', ownerReferences: 'uid', conditions: 'type', topologySpreadConstraints: 'topologyKey', podIPs: 'ip', hostIPs: 'ip',
};
/** Lists of plain values that are merged as sets. */
const MERGED_SETS = new Set(['finalizers']);

const isDirective = (key: string): boolean => key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/') || key.startsWith('$deleteFromPrimitiveList/');

const plain = (value: Json): Json => {
  if (Array.isArray(value)) return value.filter((entry) => !(isObject(entry as Json) && stringOf((entry as JsonObject)['$patch']) !== '')).map((entry) => plain(entry as Json));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, entry]) => !isDirective(key) && entry !== null).map(([key, entry]) => [key, plain(entry ?? null)]));
};

const indexIn = (order: readonly JsonObject[], entry: JsonObject, key: string): number => order.findIndex((known) => sameJson(known[key], entry[key]));

/** mergeSortedSlice of the real one: the patch's entries in their order, the server's kept in theirs, ties to the patch. */
const interleave = (kept: readonly JsonObject[], patched: readonly JsonObject[], server: readonly JsonObject[], key: string): JsonObject[] => {
  const merged: JsonObject[] = [];
  let left = [...kept];
  for (const entry of patched) {
    const place = indexIn(server, entry, key);
    const end = left.findIndex((other) => indexIn(server, other, key) >= place);
    const count = end === -1 && place >= 0 ? left.length : Math.max(0, end);
    merged.push(...left.slice(0, count), entry);
    left = left.slice(count);
  }
  return [...merged, ...left];
};

const keyed = (field: string, entries: readonly JsonObject[], key: string): readonly JsonObject[] => {
  for (const entry of entries) {
    if (entry[key] === undefined) throw badRequest(`map: ${JSON.stringify(entry)} does not contain declared merge key: ${key}`);
  }
  if (entries.length > new Set(entries.map((entry) => JSON.stringify(entry[key]))).size) {
    throw badRequest(`the patch names an entry of ${field} twice`);
  }
  return entries;
};

/** `$setElementOrder`, which kubectl sends: the entries it names come in its order, the others keep the server's. */
const inOrder = (entries: readonly JsonObject[], order: readonly JsonObject[], key: string): readonly JsonObject[] =>
  entries.toSorted((one, other) => indexIn(order, one, key) - indexIn(order, other, key));

const mergeKeyed = (field: string, current: readonly JsonObject[], patch: readonly Json[], key: string, order: readonly JsonObject[]): JsonObject[] => {
  const entries = objectsOf(patch);
  if (entries.some((entry) => entry['$patch'] === 'replace' && Object.keys(entry).length === 1)) {
    return entries.filter((entry) => entry['$patch'] === undefined).map((entry) => plain(entry) as JsonObject);
  }
  keyed(field, entries, key);
  const dropped = entries.filter((entry) => entry['$patch'] === 'delete');
  const server = current.filter((entry) => indexIn(dropped, entry, key) < 0);
  const merged = entries.filter((entry) => entry['$patch'] !== 'delete').map((entry) => {
    const known = server[indexIn(server, entry, key)];
    return known === undefined ? (plain(entry) as JsonObject) : strategicMerge(known, entry);
  });
  const untouched = server.filter((entry) => indexIn(merged, entry, key) < 0);
  const placed = untouched.filter((entry) => indexIn(order, entry, key) >= 0);
  const kept = untouched.filter((entry) => indexIn(order, entry, key) < 0);
  return interleave(kept, order.length === 0 ? merged : inOrder([...merged, ...placed], order, key), server, key);
};

const mergeField = (field: string, current: Json | undefined, patch: Json, order: readonly JsonObject[]): Json => {
  if (isObject(patch)) return isObject(current) ? strategicMerge(current, patch) : plain(patch);
  if (!Array.isArray(patch)) return patch;
  const key = MERGE_KEYS[field];
  if (key !== undefined) return mergeKeyed(field, objectsOf(current), patch as readonly Json[], key, order);
  return MERGED_SETS.has(field) ? [...new Set([...listOf(current), ...patch])] as readonly Json[] : patch;
};

const withoutPrimitives = (merged: Record<string, Json | undefined>, patch: JsonObject): void => {
  for (const [name, gone] of Object.entries(patch)) {
    if (!name.startsWith('$deleteFromPrimitiveList/')) continue;
    const field = name.slice('$deleteFromPrimitiveList/'.length);
    merged[field] = listOf(merged[field]).filter((entry) => !listOf(gone).some((other) => sameJson(entry, other)));
  }
};

export function strategicMerge(current: JsonObject, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return plain(patch) as JsonObject;
  if (patch['$patch'] === 'delete') return {};
  const merged: Record<string, Json | undefined> = { ...current };
  for (const [field, value] of Object.entries(patch)) {
    if (isDirective(field) || value === undefined) continue;
    if (value === null) delete merged[field];
    else merged[field] = mergeField(field, current[field], value, objectsOf(patch[`$setElementOrder/${field}`]));
  }
  withoutPrimitives(merged, patch);
  return merged;
}
