/**
 * The objects of the simulated cluster, their one resourceVersion counter and the history that watches resume from.
 *
 * Terminology: *version* is the resourceVersion as a number; *compacted* the highest version whose changes may be gone.
 */
import { keyOf, namespaceOf, type StoredObject } from './objects.ts';
import type { JsonObject } from './ports.ts';
import { createShelf, type Shelf } from './shelf.ts';

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
  /** The oldest object of a store that holds more than `most`. */
  surplus(store: string, most: number): StoredObject | undefined;
  remove(store: string, namespace: string, name: string): StoredObject | undefined;
  /** Changes after `version`, or `expired` with the oldest version a watch may start from. */
  since(store: string, version: number): readonly Change[] | { readonly expired: number };
  /** Forgets all history: every resourceVersion before now answers 410. */
  compact(): void;
  subscribe(listener: (change: Change) => void): void;
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
    const known = shelves.get(store) ?? createShelf(firstVersion);
    shelves.set(store, known);
    return known;
  };
  const tell = (change: Change): void => {
    for (const listener of listeners) listener(change);
  };

  return {
    version: () => version,
    get: (store, namespace, name) => shelfOf(store).get(keyOf(namespace, name)),
    list: (store, namespace) => {
      const all = shelfOf(store).sorted();
      return namespace === undefined ? all : all.filter((object) => namespaceOf(object) === namespace);
    },
    put: (store, draft) => {
      const object = stamped(draft, (version += 1));
      const [namespace, { name }] = [namespaceOf(object), object.metadata];
      const previous = shelfOf(store).get(keyOf(namespace, name));
      const change: Change = { type: previous === undefined ? 'ADDED' : 'MODIFIED', store, namespace, name, version, object, previous };
      shelfOf(store).apply(change);
      tell(change);
      return object;
    },
    surplus: (store, most) => shelfOf(store).surplus(most),
    remove: (store, namespace, name) => {
      const previous = shelfOf(store).get(keyOf(namespace, name));
      if (previous === undefined) return undefined;
      const change: Change = { type: 'DELETED', store, namespace, name, version: (version += 1), object: stamped(previous, version), previous };
      shelfOf(store).apply(change);
      tell(change);
      return change.object;
    },
    since: (store, from) => shelfOf(store).since(from),
    compact: () => {
      for (const shelf of shelves.values()) shelf.compact(version);
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
};
