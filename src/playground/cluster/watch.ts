/**
 * Watches. Watchers of one object are indexed by it, so that a thousand of them cost nothing for other objects' events; each
 * event is turned into bytes once, however many watch it.
 */
import { WATCH_PENDING_BYTES_MAX } from './limits.ts';
import { jsonTextOf, type StoredObject } from './objects.ts';
import type { Outlet } from './exchange.ts';
import type { Change, Store } from './store.ts';
import type { Match } from './selectors.ts';
import { expired, statusObject } from './status.ts';
import { createWatchRegistry, inNamespace, type Registered, type Watched } from './watch-registry.ts';

export interface WatchRequest extends Watched {
  readonly kind: string;
  readonly apiVersion: string;
  readonly matches: Match;
  /** How this API group shows the object (events have two forms). */
  readonly shown: (object: StoredObject) => StoredObject;
  readonly bookmarks: boolean;
}

type Watcher = Registered<WatchRequest>;

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

const INITIAL_END = '"annotations":{"k8s.io/initial-events-end":"true"}';

/** Everything that exists, as ADDED events. */
const sendExisting = (store: Store, { asked, out }: Watcher): void => {
  for (const object of store.list(asked.store, asked.namespace === '' ? undefined : asked.namespace)) {
    if (asked.matches(object)) out.write(line('ADDED', jsonTextOf(asked.shown(object))));
  }
};

/** Everything since the watcher's version, or one ERROR event that it is too late: then false. */
const sendMissed = (store: Store, watcher: Watcher, from: number): boolean => {
  const missed = store.since(watcher.asked.store, from);
  if ('expired' in missed) {
    const failure = expired(`too old resource version: ${String(from)} (${String(missed.expired)})`);
    watcher.out.write(line('ERROR', JSON.stringify(statusObject(failure))));
    return false;
  }
  for (const change of missed) if (inNamespace(watcher.asked, change.namespace)) deliver(watcher, change);
  return true;
};

export const createWatchHub = (store: Store, bookmarkIntervalMs: number) => {
  const registry = createWatchRegistry<WatchRequest>();

  store.subscribe((change) => {
    for (const watcher of registry.concerned(change)) deliver(watcher, change);
  });

  const timer = setInterval(() => {
    for (const { asked, out } of registry.all()) if (asked.bookmarks) out.write(bookmark(asked, store.version()));
  }, bookmarkIntervalMs);
  timer.unref();

  return {
    /** Starts a watch; `from` 0 begins with ADDED events of what exists. A version that is gone gives one ERROR event, then the end. */
    open: (asked: WatchRequest, from: number, initialEventsEnd: boolean, out: Outlet): void => {
      const watcher = { asked, out };
      if (from === 0) sendExisting(store, watcher);
      else if (!sendMissed(store, watcher, from)) {
        out.end();
        return;
      }
      if (initialEventsEnd) out.write(bookmark(asked, store.version()).replace('"creationTimestamp":null', `"creationTimestamp":null,${INITIAL_END}`));
      registry.add(watcher);
    },
    count: (): number => registry.all().length,
    /** Ends every watch cleanly, as a server does that restarts or balances load. */
    closeAll: (): void => {
      for (const { out } of registry.all()) out.end();
    },
    stop: (): void => clearInterval(timer),
  };
};

export type WatchHub = ReturnType<typeof createWatchHub>;
