import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { createHistory } from '../../../src/adapters/redis/history.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createRequestStore } from '../../../src/adapters/redis/store.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { Instant, RequestId } from '../../../src/domain/names.ts';
import { ALICE, ask, BOB, INCIDENT, requested, T0 } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

const FAR = Number.MAX_SAFE_INTEGER as Instant;
const id = (number: number): RequestId => `kd-${String(number).padStart(8, '0')}` as RequestId;
const KEEP_MS = 86_400_000;

describe('who asked what', () => {
  let redis: Redis;
  let keys: Keys;
  beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
  afterAll(() => { redis.disconnect(); });
  beforeEach(async () => { keys = keysUnder((await testRedis()).prefix); });

  it('is noted with the request, and read newest first, by person and by channel', async () => {
    const store = createRequestStore({ redis, keys, keepDays: 1 });
    const begun = requested as Extract<RequestEvent, { type: 'requested' }>;
    for (const number of [1, 2]) await store.begin(id(number), begun, FAR);
    await store.begin(id(3), { ...begun, ask: { ...ask, requester: BOB } }, FAR);
    const sorted = async (of: Parameters<typeof store.history>[0], limit = 9) => [...await store.history(of, limit)];
    expect((await sorted({ user: ALICE })).toSorted()).toEqual([id(1), id(2)]);
    expect(await sorted({ user: BOB })).toEqual([id(3)]);
    expect((await sorted({ channel: INCIDENT })).toSorted()).toEqual([id(1), id(2), id(3)]);
  });
  it('a request that was not saved is in no list', async () => {
    const store = createRequestStore({ redis, keys, keepDays: 1 });
    const begun = requested as Extract<RequestEvent, { type: 'requested' }>;
    expect(await store.begin(id(1), begun, 1 as Instant)).toEqual({ ok: false, why: 'too_late' });
    expect(await store.history({ user: ALICE }, 9)).toEqual([]);
  });
  it('keeps 200 of a person and 500 of a channel, forgets what is too old, and expires', async () => {
    const history = createHistory(redis, keys, KEEP_MS);
    history.note(id(0), ask, (T0 - KEEP_MS - 1) as Instant);
    for (let number = 1; number <= 510; number += 1) history.note(id(number), ask, (T0 + number) as Instant);
    const [mine, here] = await Promise.all([history.newest({ user: ALICE }, 999), history.newest({ channel: INCIDENT }, 999)]);
    expect([mine.length, mine[0], mine.at(-1)]).toEqual([200, id(510), id(311)]);
    expect([here.length, here[0], here.at(-1)]).toEqual([500, id(510), id(11)]);
    expect(await redis.pttl(keys.historyOfUser(ALICE))).toBeGreaterThan(0);
    expect(await history.newest({ user: ALICE }, 3)).toEqual([id(510), id(509), id(508)]);
  });
  it('a failure of it fails nothing else', async () => {
    const gone = connectProducer((await testRedis()).url);
    gone.disconnect();
    expect(() => { createHistory(gone, keys, KEEP_MS).note(id(1), ask, T0); }).not.toThrow();
  });
});
