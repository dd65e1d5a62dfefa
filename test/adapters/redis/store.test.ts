import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { createCheckpoints } from '../../../src/adapters/redis/checkpoints.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createLedgerReader } from '../../../src/adapters/redis/ledger-reader.ts';
import { createLedger } from '../../../src/adapters/redis/ledger.ts';
import { SHA256_LUA } from '../../../src/adapters/redis/scripts/sha256.ts';
import { createBudget, createLeases, createOnce, createOutputStore } from '../../../src/adapters/redis/small-stores.ts';
import { createRequestStore } from '../../../src/adapters/redis/store.ts';
import { verifyLedger as verifyWith, type Verification } from '../../../src/app/ledger/verify.ts';
import type { RequestStore } from '../../../src/app/ports.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import { requestIdFrom, type Instant, type RequestId } from '../../../src/domain/names.ts';
import type { Request } from '../../../src/domain/request-states.ts';
import { ALICE, BOB, approvedBy, held, ID, planned, requested } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

const FAR = Number.MAX_SAFE_INTEGER as Instant;
const newId = (): RequestId => requestIdFrom(crypto.getRandomValues(new Uint8Array(8)));
const begun = requested as Extract<RequestEvent, { type: 'requested' }>;

let redis: Redis;
let keys: Keys;
let store: RequestStore;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => {
  keys = keysUnder((await testRedis()).prefix);
  store = createRequestStore({ redis, keys, keepDays: 90 });
});

const loaded = async (id: RequestId): Promise<Request> => {
  const { request } = await store.load(id);
  if (!request) throw new Error(`${id} is not there`);
  return request;
};

describe('SHA-256 inside Redis', () => {
  it('is the one of FIPS 180-4, at every length around a block', async () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 150, 1_000]) {
      const text = 'ü€abcdefgh'.repeat(length).slice(0, length);
      const [left, right] = ['left', 'right'].map((side) => createHash('sha256').update(side + text).digest());
      const expected = createHash('sha256').update(left ?? '').update(right ?? '').update(text).digest('hex');
      expect(await redis.eval(`${SHA256_LUA} return hex(digest(words(ARGV[1]), words(ARGV[2]), ARGV[3]))`, 0, left?.toString('hex') ?? '', right?.toString('hex') ?? '', text), `length ${length}`).toBe(expected);
    }
  });
});

describe('compare-and-append', () => {
  it('gives back what was appended, on the clock of Redis', async () => {
    const id = newId();
    expect(await store.load(id)).toMatchObject({ request: undefined, events: [] });
    expect(await store.begin(id, begun, FAR)).toMatchObject({ ok: true });
    expect(await store.append(await loaded(id), [planned, held()])).toMatchObject({ ok: true });
    expect(await loaded(id)).toMatchObject({ id, state: 'awaiting_approval', version: 3 });
    expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(2_000);
  });

  it('lets one of fifty win, and tells the others', async () => {
    await store.begin(ID, begun, FAR);
    const request = await loaded(ID);
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.append(request, [planned])));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.why === 'conflict')).toHaveLength(49);
  });

  it('begins an id once', async () => {
    await store.begin(ID, begun, FAR);
    expect(await store.begin(ID, begun, FAR)).toEqual({ ok: false, why: 'conflict' });
  });

  it('refuses what comes too late, and changes nothing', async () => {
    expect(await store.begin(ID, begun, 1 as Instant)).toEqual({ ok: false, why: 'too_late' });
    expect((await store.load(ID)).request).toBeUndefined();
    expect(await store.unsettled(0, 10)).toEqual([]);
  });

  it('keeps ids in the outbox until the very version is settled', async () => {
    await store.begin(ID, begun, FAR);
    await store.append(await loaded(ID), [planned]);
    store.settle(ID, 1);
    await delay(50);
    expect(await store.unsettled(-1_000, 10)).toEqual([ID]);
    store.settle(ID, 2);
    await expect.poll(() => store.unsettled(-1_000, 10)).toEqual([]);
  });

  it('lists open requests, by person too, until they are over', async () => {
    await store.begin(ID, begun, FAR);
    expect(await store.openOf(ALICE)).toEqual([ID]);
    expect(await store.open(0, 10)).toEqual([ID]);
    await store.append(await loaded(ID), [planned, { type: 'refused', at: 1 as Instant, refusal: { code: 'no_rule' } }]);
    expect(await store.openOf(ALICE)).toEqual([]);
    expect(await store.open(0, 10)).toEqual([]);
  });
});

describe('the ledger', () => {
  const verifyLedger = (witness?: string): Promise<Verification> =>
    verifyWith({ reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), ...(witness !== undefined && { witness }) });

  const fill = async (): Promise<readonly RequestId[]> => {
    const ids = [newId(), newId(), newId()];
    for (const id of ids) await store.begin(id, begun, FAR);
    await createLedger(redis, keys).recordAttempt({ user: BOB, channel: null, request: null, what: 'command', text: 'x', refusal: { code: 'no_rule' } });
    for (const id of ids) await store.append(await loaded(id), [planned, held(), approvedBy(BOB)]);
    return ids;
  };

  it('holds every entry of every request and every attempt, chained, and verifies', async () => {
    await fill();
    expect(await verifyLedger()).toMatchObject({ ok: true, entries: 13 });
    const entries = await createLedger(redis, keys).after(0, 100);
    expect(entries.map((entry) => entry.position)).toEqual([...Array(13).keys()].map((index) => index + 1));
    expect(entries[3]?.event.type).toBe('attempt');
  });

  const rewrite = async (position: number, change: (fields: string[]) => string[]): Promise<void> => {
    const rows = await redis.xrange(keys.ledger, '-', '+') as [string, string[]][];
    const head = await redis.hgetall(keys.ledgerHead);
    await redis.del(keys.ledger);
    for (const [id, fields] of rows) {
      const kept = id === `${position}-0` ? change(fields) : fields;
      if (kept.length > 0) await redis.xadd(keys.ledger, id, ...kept);
    }
    await redis.hset(keys.ledgerHead, head);
  };

  const tampering: readonly [string, (ids: readonly RequestId[]) => Promise<unknown>][] = [
    ['an edited event', () => rewrite(5, (fields) => fields.map((field) => field.replace('api-7f9', 'web-111')))],
    ['an edited time', () => rewrite(5, (fields) => fields.map((field, index) => (fields[index - 1] === 'at' ? '1' : field)))],
    ['an entry given to another request', (ids) => rewrite(6, (fields) => fields.map((field, index) => (fields[index - 1] === 'request' ? ids[1]! : field)))],
    ['a dropped entry', () => rewrite(5, () => [])],
    ['a cut tail', () => redis.xtrim(keys.ledger, 'MAXLEN', 12).then(() => redis.xdel(keys.ledger, '13-0'))],
    ['a request whose own list says otherwise', (ids) => redis.lset(keys.events(ids[1]!), 0, `${'0'.repeat(64)} 1 {"type":"requested"}`)],
    ['an own list that cannot be read', (ids) => redis.lset(keys.events(ids[1]!), 0, 'nothing')],
    ['an event written to a request past the ledger', (ids) => redis.rpush(keys.events(ids[1]!), `${'0'.repeat(64)} 1 {"type":"approved"}`)],
    ['a request that the ledger knows nothing of', () => redis.rpush(keys.events(newId()), `${'0'.repeat(64)} 1 {"type":"requested"}`)],
    ['a pre-approval that the ledger knows nothing of', () => redis.rpush(keys.authority('allow.kd-00000001'), `${'0'.repeat(64)} 1 {"type":"allow_asked"}`)],
    ['an event taken from a request', (ids) => redis.rpop(keys.events(ids[1]!))],
    ['an entry put behind the last', () => redis.xadd(keys.ledger, '14-0', 'request', 'x')],
    ['an entry put between two', () => rewrite(5, (fields) => fields).then(() => redis.xadd(keys.ledger, '14-1', 'request', 'x'))],
    ['a field too many', () => rewrite(5, (fields) => [...fields, 'more', 'x'])],
    ['a number written another way', () => rewrite(5, (fields) => fields.map((field, index) => (fields[index - 1] === 'sequence' ? `0${field}` : field)))],
    ['a cut tail with a counter that was turned back and no roll', () => redis.xdel(keys.ledger, '13-0').then(() => redis.hset(keys.ledgerHead, 'position', 12))],
    ['a cut beginning', () => redis.xtrim(keys.ledger, 'MINID', '4-0')],
  ];
  it.each(tampering)('finds %s', async (_name, tamper) => {
    const ids = await fill();
    await tamper(ids);
    expect(await verifyLedger()).toMatchObject({ ok: false });
  });

  it('knows a witness of its own and no other', async () => {
    await fill();
    const roll = (await redis.xrange(keys.ledger, '7-0', '7-0') as [string, string[]][])[0]![1].at(-1)!;
    expect(await verifyLedger(roll)).toMatchObject({ ok: true });
    expect(await verifyLedger('f'.repeat(64))).toMatchObject({ ok: false });
  });

  it('counts a flood of refused attempts into one entry, made when its minute is over', async () => {
    let minutes = 29_000_000;
    const ledger = createLedger(redis, keys, async () => minutes * 60_000 as Instant);
    const attempt = (user: typeof BOB, times: number) => Promise.all(Array.from({ length: times }, () => ledger.recordAttempt({ user, channel: null, request: null, what: 'click', text: null, refusal: { code: 'wrong_card' } })));
    const counts = async () => (await ledger.after(0, 1_000)).map(({ event }) => ('attempt' in event ? [event.attempt.user, event.count] : []));
    await attempt(BOB, 26);
    await attempt(ALICE, 20);
    await ledger.settleAttempts();
    expect(await counts(), 'the minute is not over').toEqual([...Array.from({ length: 20 }, () => [BOB, 1]), ...Array.from({ length: 20 }, () => [ALICE, 1])]);
    minutes += 1;
    await attempt(BOB, 23);
    await ledger.settleAttempts();
    await ledger.settleAttempts();
    expect((await counts()).slice(40)).toEqual([...Array.from({ length: 20 }, () => [BOB, 1]), [BOB, 6]]);
    minutes += 1;
    await ledger.settleAttempts();
    expect((await counts()).slice(61)).toEqual([[BOB, 3]]);
    expect(await redis.exists(keys.uncounted)).toBe(0);
    expect(await verifyLedger()).toMatchObject({ ok: true });
  });
});

describe('small stores', () => {
  it('a lease has one holder, and only the holder renews or releases it', async () => {
    const leases = createLeases(redis, keys);
    const first = await leases.acquire('sweep', 5_000);
    expect(await leases.acquire('sweep', 5_000)).toBeUndefined();
    await first?.release();
    const second = await leases.acquire('sweep', 5_000);
    expect(await first?.renew(5_000)).toBe(false);
    await first?.release();
    expect(await second?.renew(5_000)).toBe(true);
  });

  it('a trigger is claimed once among a hundred at the same moment', async () => {
    const once = createOnce(redis, keys);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => once.claim('trigger:1', String(index), 5_000)));
    const winner = answers.findIndex((answer) => answer === undefined);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer !== undefined))).toEqual(new Set([String(winner)]));
  });

  it('a budget lets a burst through and then one at a time', async () => {
    const budget = createBudget(redis, keys);
    const take = (key: string) => budget.take([{ key, perMs: 1_000, burst: 2 }]);
    expect([await take('C1'), await take('C1')]).toEqual([undefined, undefined]);
    const wait = await take('C1');
    expect(wait?.afterMs).toBeGreaterThan(500);
    expect(wait?.afterMs).toBeLessThanOrEqual(1_000);
    expect(await take('C2')).toBeUndefined();
  });

  it('takes of several budgets all or none, and says which one must wait', async () => {
    const budget = createBudget(redis, keys);
    const [mine, all] = [{ key: 'mine', perMs: 60_000, burst: 1 }, { key: 'all', perMs: 60_000, burst: 2 }];
    expect(await budget.take([mine, all])).toBeUndefined();
    expect(await budget.take([mine, all])).toMatchObject({ use: 0 });
    // what was refused took nothing of the other
    expect(await budget.take([all])).toBeUndefined();
    expect(await budget.take([all])).toMatchObject({ use: 0 });
  });

  it('reserves a slot for whoever gives a name: he asks once more, and others wait behind him', async () => {
    const budget = createBudget(redis, keys);
    const use = (holder: string) => [{ key: 'updates', perMs: 100, burst: 1, holder }];
    expect(await budget.take(use('first'))).toBeUndefined();
    const [second, third] = [await budget.take(use('second')), await budget.take(use('third'))];
    expect(third?.afterMs).toBeGreaterThan(second?.afterMs ?? Infinity);
    await delay((second?.afterMs ?? 0) + 5);
    expect(await budget.take(use('second'))).toBeUndefined();
    expect((await budget.take(use('third')))?.afterMs).toBeGreaterThan(0);
  });

  it('reserves nothing in one budget while another one refuses', async () => {
    const budget = createBudget(redis, keys);
    const uses = (holder: string, message: string) => [{ key: 'global', perMs: 60_000, burst: 1, holder }, { key: message, perMs: 60_000, burst: 1 }];
    expect(await budget.take(uses('a', 'one'))).toBeUndefined();
    expect(await budget.take(uses('b', 'one'))).toMatchObject({ use: 1 });
    expect((await budget.take(uses('c', 'two')))?.afterMs).toBeLessThanOrEqual(60_000);
  });

  it('outputs stay within their total: the oldest go', async () => {
    const outputs = createOutputStore(redis, keys, { keepDays: 7, totalBytesMax: 5_000 });
    const output = { head: 'x'.repeat(1_500), summary: { bytes: 1_500, lines: 1, complete: true, keptBytes: 1_500, binary: false, redactions: [] } };
    const ids = Array.from({ length: 5 }, newId);
    for (const id of ids) await outputs.put(id, 0, output);
    const kept = await Promise.all(ids.map((id) => outputs.get(id, 0)));
    expect(kept.filter((one) => one !== undefined).length).toBeLessThanOrEqual(3);
    expect(kept.at(-1)).toEqual(output);
  });
});
