/** Who watches what: watchers of one object by its key, the others by what they list. */
import { keyOf } from './objects.ts';
import type { Outlet } from './exchange.ts';
import type { Change } from './store.ts';

export interface Watched {
  readonly store: string;
  /** Empty for all namespaces. */
  readonly namespace: string;
  /** The only name that can match, when the field selector demands one. */
  readonly name: string | undefined;
}

export interface Registered<Asked extends Watched> {
  readonly asked: Asked;
  readonly out: Outlet;
}

export const inNamespace = (asked: Watched, namespace: string): boolean => asked.namespace === '' || asked.namespace === namespace;

/** Watchers leave by themselves when their outlet closes. */
export const createWatchRegistry = <Asked extends Watched>() => {
  const named = new Map<string, Set<Registered<Asked>>>();
  const wide = new Map<string, Set<Registered<Asked>>>();

  const placeOf = (asked: Asked): [Map<string, Set<Registered<Asked>>>, string] =>
    asked.name !== undefined && asked.namespace !== '' ? [named, `${asked.store} ${keyOf(asked.namespace, asked.name)}`] : [wide, asked.store];

  return {
    add: (watcher: Registered<Asked>): void => {
      const [shelf, key] = placeOf(watcher.asked);
      const watchers = shelf.get(key) ?? new Set();
      shelf.set(key, watchers.add(watcher));
      watcher.out.onClose(() => {
        watchers.delete(watcher);
        if (watchers.size === 0 && shelf.get(key) === watchers) shelf.delete(key);
      });
    },
    /** Everyone this change may concern; their selectors are still to be asked. */
    concerned: (change: Change): readonly Registered<Asked>[] => [
      ...(named.get(`${change.store} ${keyOf(change.namespace, change.name)}`) ?? []),
      ...[...(wide.get(change.store) ?? [])].filter(({ asked }) => inNamespace(asked, change.namespace)),
    ],
    all: (): readonly Registered<Asked>[] => [...named.values(), ...wide.values()].flatMap((watchers) => [...watchers]),
  };
};
