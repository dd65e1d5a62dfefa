import type { Redis } from 'ioredis';
import type { Appended, Loaded, RequestStore } from '../../app/ports.ts';
import { sha256 } from '../../domain/canonical.ts';
import { begin, evolve, replay } from '../../domain/evolve.ts';
import { isTerminal } from '../../domain/due.ts';
import type { RequestEvent } from '../../domain/events.ts';
import { DAY_IN_MS } from '../../domain/limits.ts';
import { parseRequestId, type Instant, type RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';
import { parseEntry, parseEvent, requestWhere } from './entries.ts';
import type { Keys } from './keys.ts';
import { createRead, timeOf } from './read.ts';
import { rememberRequests } from './remembered-requests.ts';
import { seal, unseal, type RecordSeals, type SealedEvent } from './seals.ts';
import { createHistory } from './history.ts';
import { APPEND_LUA } from './scripts/append.ts';
import { createSettling } from './settling.ts';

interface Scripted extends Redis {
  kdebugAppend(...keysThenArguments: (string | number)[]): Promise<[1, string] | [0, 'conflict' | 'too_late']>;
}

export interface StoreOptions {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly keepDays: number;
  /** Absent: nothing is sealed and no seal is checked (tests, and auditors who hold no key). */
  readonly seals?: RecordSeals;
}

/** Of a request that was read before only what came since; when its last known entry is not where it was, all of it. */
const createLoad = (options: StoreOptions) => {
  const [read, remembered] = [createRead(options.redis), rememberRequests()];
  const eventsIn = (id: RequestId, lines: readonly string[], before: readonly RequestEvent[]): readonly RequestEvent[] => unseal(options.seals, id, lines.map((line, index) => {
    const where = requestWhere(id, before.length + index);
    return parseEvent<SealedEvent>(parseEntry(line, where).text, where);
  }), before);
  const load = async (id: RequestId): Promise<Loaded> => {
    const known = remembered.get(id);
    const { lines, now } = await read(options.keys.events(id), known ? known.events.length - 1 : 0);
    if (known && lines[0] !== known.lastLine) {
      remembered.forget(id);
      return load(id);
    }
    const added = eventsIn(id, known ? lines.slice(1) : lines, known?.events ?? []);
    const events = known ? [...known.events, ...added] : added;
    const request = known ? added.reduce(evolve, known.request) : replay(id, events);
    const lastLine = lines.at(-1);
    if (request && lastLine !== undefined) remembered.set(id, { request, events, lastLine });
    return { request, events, now };
  };
  return load;
};

/** Requests as lists of events in Redis; rejects within 1.5 s when Redis cannot answer, and then the append is *uncertain*. */
export const createRequestStore = (options: StoreOptions): RequestStore => {
  const { redis, keys, keepDays, seals } = options;
  redis.defineCommand('kdebugAppend', { numberOfKeys: 6, lua: APPEND_LUA });
  const scripted = redis as Scripted;

  const history = createHistory(redis, keys, keepDays * DAY_IN_MS);
  const load = createLoad(options);

  const append = async (request: Request, expectedVersion: number, events: readonly RequestEvent[], validUntil?: Instant): Promise<Appended> => {
    const { id, ask } = request;
    const answer = await scripted.kdebugAppend(
      keys.events(id), keys.ledger, keys.ledgerHead, keys.outbox, keys.open, keys.openOf(ask.requester),
      id, expectedVersion, validUntil ?? '', keepDays * DAY_IN_MS, isTerminal(request) ? '1' : '0',
      ...events.flatMap((event, index) => { const text = seal(seals, request, expectedVersion + index + 1, event); return [text, sha256(text)]; }),
    );
    if (answer[0] === 0) return { ok: false, why: answer[1] };
    return { ok: true, at: Number(answer[1]) as Instant };
  };

  return {
    load,
    version: (id) => redis.llen(keys.events(id)),
    begin: async (id, event, validUntil) => {
      const appended = await append(begin(id, event), 0, [event], validUntil);
      if (appended.ok) history.note(id, event.ask, appended.at);
      return appended;
    },
    append: (request, events, validUntil) => append(events.reduce(evolve, request), request.version, events, validUntil),
    now: () => timeOf(redis),
    unsettled: async (olderThanMs, limit) => {
      const now = await timeOf(redis);
      return toIds(await redis.zrangebyscore(keys.outbox, '-inf', now - olderThanMs, 'LIMIT', 0, limit));
    },
    settle: createSettling(redis, keys),
    open: async (skip, limit, before) => toIds(await redis.zrangebyscore(keys.open, '-inf', before ?? '+inf', 'LIMIT', skip, limit)),
    openOf: async (user) => toIds(await redis.smembers(keys.openOf(user))),
    history: async (of, limit) => toIds(await history.newest(of, limit)),
  };
};

const toIds = (members: readonly string[]): readonly RequestId[] => members.flatMap((member) => parseRequestId(member) ?? []);
