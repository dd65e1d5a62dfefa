/** The objects of one resource with the history of their changes. */
import { HISTORY_EVENTS_MAX } from './limits.ts';
import { keyOf, namespaceOf, type StoredObject } from './objects.ts';
import type { Change } from './store.ts';

export interface Shelf {
  get(key: string): StoredObject | undefined;
  sorted(): readonly StoredObject[];
  /** The first stored of those that are still there, once there are more than `most`. */
  surplus(most: number): StoredObject | undefined;
  apply(change: Change): void;
  since(version: number): readonly Change[] | { readonly expired: number };
  compact(version: number): void;
}

const byKey = (one: StoredObject, other: StoredObject): number => {
  const left = keyOf(namespaceOf(one), one.metadata.name);
  const right = keyOf(namespaceOf(other), other.metadata.name);
  return left < right ? -1 : Number(left > right);
};

/** @param firstVersion nothing older can be watched from */
export const createShelf = (firstVersion: number): Shelf => {
  const objects = new Map<string, StoredObject>();
  const history: Change[] = [];
  let compacted = firstVersion;
  let sorted: readonly StoredObject[] | undefined;

  const record = (change: Change): void => {
    history.push(change);
    if (history.length <= 2 * HISTORY_EVENTS_MAX) return;
    // Cut in halves: a shift per event would copy the whole history each time.
    compacted = history.splice(0, HISTORY_EVENTS_MAX).at(-1)?.version ?? compacted;
  };

  return {
    get: (key) => objects.get(key),
    sorted: () => (sorted ??= [...objects.values()].sort(byKey)),
    surplus: (most) => (objects.size > most ? objects.values().next().value : undefined),
    apply: (change) => {
      const key = keyOf(change.namespace, change.name);
      if (change.type === 'DELETED') objects.delete(key);
      else objects.set(key, change.object);
      sorted = undefined;
      record(change);
    },
    since: (version) => {
      if (version < compacted) return { expired: compacted };
      const first = history.findIndex((change) => change.version > version);
      return first === -1 ? [] : history.slice(first);
    },
    compact: (version) => {
      history.length = 0;
      compacted = version;
    },
  };
};
