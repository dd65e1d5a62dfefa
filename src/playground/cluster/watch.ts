/**
 * Watches. Watchers of one object are indexed by it, so that a thousand of them cost nothing for other objects' events; each
 * event is turned into bytes once, however many watch it.
 */
import { WATCH_PENDING_BYTES_MAX } from './limits.ts';
import { jsonTextOf, keyOf, type StoredObject } from './objects.ts';
import type { Outlet } from './exchange.ts';
import type { Change, Store } from './store.ts';
import type { Match } from './selectors.ts';
import { expired, statusObject } from './status.ts';

export interface WatchRequest {
  readonly store: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  /** The only name that can match, when the field selector demands one. */
  readonly name: string | undefined;
  readonly matches: Match;
  /** How this API group shows the object (events have two forms). */
  readonly shown: (object: StoredObject) => StoredObject;
  readonly bookmarks: boolean;
}

interface Watcher {
  readonly asked: WatchRequest;
  readonly out: Outlet;
}

const line = (type: string, text: string): string => `{"type":"${type}","object":${text}}\n`;

const LINES = new WeakMap<Change, Map<string, Buffer>>();

/** The bytes of a change, made once per form it is sent in. */
const bytesOf = (change: Change, type: string, shown: StoredObject): Buffer => {
  const form = `${type} ${shown.apiVersion}`;
  const known = LINES.get(change) ?? new Map<string, Buffer>();
  LINES.set(change, known);
  const bytes = known.get(form) ?? Buffer.from(line(type, jsonTextOf(shown)));
  known.set(form, bytes);
  return bytes;
};

/** How a change looks to a watcher with a selector: an object that begins or ceases to match is added or deleted. */
const seenAs = (change: Change, matches: Match): string | undefined => {
  const now = matches(change.object);
  if (change.type !== 'MODIFIED') return now ? change.type : undefined;
  const before = change.previous !== undefined && matches(change.previous);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
};

const deliver = (watcher: Watcher, change: Change): void => {
  const type = seenAs(change, watcher.asked.matches);
  if (type === undefined) return;
  watcher.out.write(bytesOf(change, type, watcher.asked.shown(change.object)));
  if (watcher.out.pendingBytes() > WATCH_PENDING_BYTES_MAX) watcher.out.end();
};

const bookmark = (asked: WatchRequest, version: number): string =>
  line('BOOKMARK', JSON.stringify({
    kind: asked.kind, apiVersion: asked.apiVersion, metadata: { resourceVersion: String(version), creationTimestamp: null },
    ...(asked.kind === 'Pod' ? { spec: { containers: null }, status: {} } : {}),
  }));

const inNamespace = (asked: WatchRequest, namespace: string): boolean => asked.namespace === '' || asked.namespace === namespace;

export const createWatchHub = (store: Store, bookmarkIntervalMs: number) => {
  const named = new Map<string, Set<Watcher>>();
  const wide = new Map<string, Set<Watcher>>();

  const shelfOf = (asked: WatchRequest): [Map<string, Set<Watcher>>, string] =>
    asked.name !== undefined && asked.namespace !== ''
      ? [named, `${asked.store} ${keyOf(asked.namespace, asked.name)}`]
      : [wide, asked.store];

  const add = (watcher: Watcher): void => {
    const [shelf, key] = shelfOf(watcher.asked);
    const watchers = shelf.get(key) ?? new Set();
    shelf.set(key, watchers.add(watcher));
    watcher.out.onClose(() => {
      watchers.delete(watcher);
      if (watchers.size === 0 && shelf.get(key) === watchers) shelf.delete(key);
    });
  };

  const everyone = (): readonly Watcher[] => [...named.values(), ...wide.values()].flatMap((watchers) => [...watchers]);

  store.subscribe((change) => {
    for (const watcher of named.get(`${change.store} ${keyOf(change.namespace, change.name)}`) ?? []) deliver(watcher, change);
    for (const watcher of wide.get(change.store) ?? []) if (inNamespace(watcher.asked, change.namespace)) deliver(watcher, change);
  });

  const timer = setInterval(() => {
    for (const watcher of everyone()) if (watcher.asked.bookmarks) watcher.out.write(bookmark(watcher.asked, store.version()));
  }, bookmarkIntervalMs);
  timer.unref();

  /** What the watcher is told first: everything there is, or everything since its version, or that it is too late. */
  const begin = (watcher: Watcher, from: number): boolean => {
    const { asked, out } = watcher;
    if (from === 0) {
      for (const object of store.list(asked.store, asked.namespace === '' ? undefined : asked.namespace)) {
        if (asked.matches(object)) out.write(line('ADDED', jsonTextOf(asked.shown(object))));
      }
      return true;
    }
    const missed = store.since(asked.store, from);
    if ('expired' in missed) {
      const failure = expired(`too old resource version: ${String(from)} (${String(missed.expired)})`);
      out.write(line('ERROR', JSON.stringify(statusObject(failure))));
      return false;
    }
    for (const change of missed) if (inNamespace(asked, change.namespace)) deliver(watcher, change);
    return true;
  };

  return {
    /** Starts a watch; `from` 0 begins with ADDED events of what exists. A version that is gone gives one ERROR event, then the end. */
    open: (asked: WatchRequest, from: number, initialEventsEnd: boolean, out: Outlet): void => {
      const watcher = { asked, out };
      if (!begin(watcher, from)) {
        out.end();
        return;
      }
      if (initialEventsEnd) out.write(bookmark(asked, store.version()).replace('"creationTimestamp":null', '"creationTimestamp":null,"annotations":{"k8s.io/initial-events-end":"true"}'));
      add(watcher);
    },
    count: (): number => everyone().length,
    /** Ends every watch cleanly, as a server does that restarts or balances load. */
    closeAll: (): void => {
      for (const watcher of everyone()) watcher.out.end();
    },
    stop: (): void => clearInterval(timer),
  };
};

export type WatchHub = ReturnType<typeof createWatchHub>;
