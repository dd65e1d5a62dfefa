/**
 * The objects of the simulated cluster, their one resourceVersion counter and the history that watches resume from.
 *
 * Terminology: *version* is the resourceVersion as a number; *compacted* the highest version whose changes may be gone.
 */
import { HISTORY_EVENTS_MAX } from './limits.ts';
import { jsonTextOf, keyOf, namespaceOf, type StoredObject } from './objects.ts';
import type { JsonObject } from './ports.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  readonly store: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
}

export interface Draft {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: JsonObject & { readonly name: string; readonly uid: string };
  readonly [key: string]: JsonObject[string];
}

export interface Store {
  version(): number;
  get(store: string, namespace: string, name: string): StoredObject | undefined;
  /** Sorted by namespace and name, as etcd's keys are; `namespace` undefined means all. */
  list(store: string, namespace?: string): readonly StoredObject[];
  /** Creates or replaces; gives the object a new resourceVersion and tells subscribers. */
  put(store: string, draft: Draft): StoredObject;
  remove(store: string, namespace: string, name: string): StoredObject | undefined;
  /** Changes after `version`, or `expired` with the oldest version a watch may start from. */
  since(store: string, version: number): readonly Change[] | { readonly expired: number };
  /** Forgets all history: every resourceVersion before now answers 410. */
  compact(): void;
  subscribe(listener: (change: Change) => void): void;
}

const byKey = (one: StoredObject, other: StoredObject): number => {
  const left = keyOf(namespaceOf(one), one.metadata.name);
  const right = keyOf(namespaceOf(other), other.metadata.name);
  return left < right ? -1 : Number(left > right);
};

interface Shelf {
  readonly objects: Map<string, StoredObject>;
  readonly history: Change[];
  sorted: readonly StoredObject[] | undefined;
  compacted: number;
}

const stamped = (draft: Draft, version: number): StoredObject => {
  const { kind, apiVersion, metadata, ...rest } = draft;
  return Object.freeze({ kind, apiVersion, metadata: { ...metadata, resourceVersion: String(version) }, ...rest });
};

/** @param firstVersion the resourceVersion before the first write; anything older is "too old" from the start. */
export const createStore = (firstVersion: number): Store => {
  let version = firstVersion;
  const shelves = new Map<string, Shelf>();
  const listeners: ((change: Change) => void)[] = [];

  const shelfOf = (store: string): Shelf => {
    const known = shelves.get(store);
    if (known !== undefined) return known;
    const made: Shelf = { objects: new Map(), history: [], sorted: undefined, compacted: firstVersion };
    shelves.set(store, made);
    return made;
  };

  const record = (shelf: Shelf, change: Change): void => {
    shelf.sorted = undefined;
    shelf.history.push(change);
    // Cut in halves: a shift per event would copy the whole history each time.
    if (shelf.history.length > 2 * HISTORY_EVENTS_MAX) {
      const gone = shelf.history.splice(0, HISTORY_EVENTS_MAX);
      shelf.compacted = gone.at(-1)?.version ?? shelf.compacted;
    }
    for (const listener of listeners) listener(change);
  };

  const sortedOf = (shelf: Shelf): readonly StoredObject[] => (shelf.sorted ??= [...shelf.objects.values()].sort(byKey));

  return {
    version: () => version,
    get: (store, namespace, name) => shelfOf(store).objects.get(keyOf(namespace, name)),
    list: (store, namespace) => {
      const all = sortedOf(shelfOf(store));
      return namespace === undefined ? all : all.filter((object) => namespaceOf(object) === namespace);
    },
    put: (store, draft) => {
      const shelf = shelfOf(store);
      const object = stamped(draft, (version += 1));
      const namespace = namespaceOf(object);
      const previous = shelf.objects.get(keyOf(namespace, object.metadata.name));
      shelf.objects.set(keyOf(namespace, object.metadata.name), object);
      jsonTextOf(object);
      record(shelf, { type: previous === undefined ? 'ADDED' : 'MODIFIED', store, namespace, name: object.metadata.name, version, object, previous });
      return object;
    },
    remove: (store, namespace, name) => {
      const shelf = shelfOf(store);
      const previous = shelf.objects.get(keyOf(namespace, name));
      if (previous === undefined) return undefined;
      shelf.objects.delete(keyOf(namespace, name));
      const object = stamped(previous, (version += 1));
      record(shelf, { type: 'DELETED', store, namespace, name, version, object, previous });
      return object;
    },
    since: (store, from) => {
      const shelf = shelfOf(store);
      if (from < shelf.compacted) return { expired: shelf.compacted };
      const first = shelf.history.findIndex((change) => change.version > from);
      return first === -1 ? [] : shelf.history.slice(first);
    },
    compact: () => {
      for (const shelf of shelves.values()) {
        shelf.history.length = 0;
        shelf.compacted = version;
      }
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
};
