/** The two patches that know nothing of Kubernetes: JSON merge patch (RFC 7386) and JSON patch (RFC 6902). */
import type { Json, JsonObject } from '../ports.ts';
import { isObject, sameJson, stringOf } from '../json.ts';
import { badRequest, StatusError } from '../status.ts';

export const mergePatch = (current: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json | undefined> = isObject(current) ? { ...current } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[field];
    else merged[field] = mergePatch(merged[field], value);
  }
  return merged;
};

/** What the real server says of every operation that does not apply. */
const inapplicable = (): StatusError =>
  new StatusError({ code: 422, reason: 'Invalid', message: 'the server rejected our request due to an error in our request', details: {} });

const pointerOf = (path: string): readonly string[] => {
  if (path === '') return [];
  if (!path.startsWith('/')) throw inapplicable();
  return path.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
};

type Edit = (container: Json[] | Record<string, Json | undefined>, key: string) => void;

const mutable = (value: Json | undefined): Json[] | Record<string, Json | undefined> => {
  if (Array.isArray(value)) return value as Json[];
  if (isObject(value)) return value;
  throw inapplicable();
};

const indexOf = (list: readonly Json[], key: string): number => {
  if (!/^(?:0|[1-9][0-9]*)$/.test(key) || Number(key) >= list.length) throw inapplicable();
  return Number(key);
};

const valueIn = (container: Json[] | Record<string, Json | undefined>, key: string): Json => {
  const value = Array.isArray(container) ? container[indexOf(container, key)] : container[key];
  if (value === undefined) throw inapplicable();
  return value;
};

const valueAt = (root: Json, path: readonly string[]): Json => path.reduce<Json>((at, key) => valueIn(mutable(at), key), root);

const editAt = (root: Json, path: readonly string[], edit: Edit): void => {
  const key = path.at(-1);
  if (key === undefined) throw inapplicable();
  edit(mutable(valueAt(root, path.slice(0, -1))), key);
};

const add = (value: Json): Edit => (container, key) => {
  if (!Array.isArray(container)) container[key] = value;
  else if (key === '-' || Number(key) === container.length) container.push(value);
  else container.splice(indexOf(container, key), 0, value);
};

const remove: Edit = (container, key) => {
  valueIn(container, key);
  if (Array.isArray(container)) container.splice(indexOf(container, key), 1);
  else delete container[key];
};

const replace = (value: Json): Edit => (container, key) => {
  valueIn(container, key);
  if (Array.isArray(container)) container[indexOf(container, key)] = value;
  else container[key] = value;
};

const OPERATIONS: Readonly<Record<string, (root: Json, operation: JsonObject) => void>> = {
  add: (root, operation) => editAt(root, pointerOf(stringOf(operation['path'])), add(operation['value'] ?? null)),
  remove: (root, operation) => editAt(root, pointerOf(stringOf(operation['path'])), remove),
  replace: (root, operation) => editAt(root, pointerOf(stringOf(operation['path'])), replace(operation['value'] ?? null)),
  copy: (root, operation) => editAt(root, pointerOf(stringOf(operation['path'])), add(structuredClone(valueAt(root, pointerOf(stringOf(operation['from'])))))),
  move: (root, operation) => {
    const value = valueAt(root, pointerOf(stringOf(operation['from'])));
    editAt(root, pointerOf(stringOf(operation['from'])), remove);
    editAt(root, pointerOf(stringOf(operation['path'])), add(value));
  },
  test: (root, operation) => {
    if (!sameJson(valueAt(root, pointerOf(stringOf(operation['path']))), operation['value'])) throw inapplicable();
  },
};

/** @throws 400 for a body that is no list of operations, 422 for one that does not apply */
export const jsonPatch = (current: JsonObject, patch: Json): Json => {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp');
  const root = structuredClone(current) as Json;
  for (const operation of patch as readonly Json[]) {
    const apply = isObject(operation) ? OPERATIONS[stringOf(operation['op'])] : undefined;
    if (apply === undefined || !isObject(operation)) throw inapplicable();
    apply(root, operation);
  }
  return root;
};
