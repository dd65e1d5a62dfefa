import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthorityRecords, createCoolDowns } from '../../../src/adapters/redis/authority.ts';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createLedger, readStream } from '../../../src/adapters/redis/ledger.ts';
import type { AuthorityRecords } from '../../../src/app/authority/ports.ts';
import { createChain } from '../../../src/domain/ledger/chain.ts';
import type { FreezeEvent } from '../../../src/domain/freeze.ts';
import { requestIdFrom, type Instant, type RequestId } from '../../../src/domain/names.ts';
import { clusterKeyText, createRecordKeys } from '../../../src/ops/record-keys.ts';
import { BOB, CAROL, INCIDENT, T0 } from '../../fixtures/requests.ts';
import type { ClusterName } from '../../../src/domain/names.ts';
import { testRedis } from '../../redis.ts';

const newId = (): RequestId => requestIdFrom(randomBytes(8));
const frozen: FreezeEvent = { type: 'frozen', at: T0, by: BOB, reason: null, channel: INCIDENT };
const asked: FreezeEvent = { type: 'unfreeze_asked', at: T0, by: BOB, until: (T0 + 1) as Instant };
const unfrozen: FreezeEvent = { type: 'unfrozen', at: T0, by: CAROL, first: BOB };
const master = randomBytes(32);

let redis: Redis;
let keys: Keys;
let records: AuthorityRecords;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => {
  keys = keysUnder((await testRedis()).prefix);
  records = createAuthorityRecords({ redis, keys, keepDays: 90, seals: createRecordKeys(master) });
});

const stateOf = async (id: RequestId) => (await records.load('freeze', id)).state;
const frozenNow = async (): Promise<RequestId> => {
  const id = newId();
  await records.append('freeze', id, undefined, frozen);
  return id;
};

describe('a freeze in Redis', () => {
  it('is there, open, and to be told', async () => {
    const id = await frozenNow();
    expect(await stateOf(id)).toMatchObject({ state: 'frozen', by: BOB, version: 1 });
    expect(await records.open('freeze', 1)).toEqual([id]);
    expect(await records.due(10)).toEqual([{ kind: 'freeze', id }]);
  });
  it('is one: a second is a conflict until it is lifted', async () => {
    const id = await frozenNow();
    expect(await records.append('freeze', newId(), undefined, frozen)).toEqual({ ok: false, why: 'conflict' });
    await records.append('freeze', id, await stateOf(id), asked);
    await records.append('freeze', id, await stateOf(id), unfrozen);
    expect(await records.open('freeze', 1)).toEqual([]);
    expect(await records.append('freeze', newId(), undefined, frozen)).toMatchObject({ ok: true });
  });
  it('never expires while it holds, and does once it is lifted', async () => {
    const id = await frozenNow();
    expect(await redis.pttl(keys.authority(`freeze.${id}`))).toBe(-1);
    await records.append('freeze', id, await stateOf(id), asked);
    await records.append('freeze', id, await stateOf(id), unfrozen);
    expect(await redis.pttl(keys.authority(`freeze.${id}`))).toBeGreaterThan(0);
  });
  it('two who decide on the same version: one wins', async () => {
    const id = await frozenNow();
    const state = await stateOf(id);
    const answers = await Promise.all([records.append('freeze', id, state, asked), records.append('freeze', id, state, asked)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });
  it('is not appended to after its time', async () => {
    const id = await frozenNow();
    expect(await records.append('freeze', id, await stateOf(id), asked, T0)).toEqual({ ok: false, why: 'too_late' });
  });
  it('is looked at again at its time, unless it changed since', async () => {
    const id = await frozenNow();
    const ref = { kind: 'freeze', id } as const;
    await records.settle(ref, 1, (Date.now() + 60_000) as Instant);
    expect(await records.due(10)).toEqual([]);
    await records.append('freeze', id, await stateOf(id), asked);
    await records.settle(ref, 1, undefined);
    expect(await records.due(10)).toEqual([ref]);
    await records.settle(ref, 2, undefined);
    expect(await records.due(10)).toEqual([]);
  });
  it('is put off whatever it holds, and comes back', async () => {
    const id = await frozenNow();
    const ref = { kind: 'freeze', id } as const;
    await records.putOff(ref, 60_000);
    expect(await records.due(10)).toEqual([]);
    await records.putOff(ref, -1);
    expect(await records.due(10)).toEqual([ref]);
    await records.settle(ref, 1, undefined);
    await records.putOff(ref, -1);
    expect(await records.due(10), 'what nobody is to look at stays so').toEqual([]);
  });
  it('keeps where it was told', async () => {
    const ref = { kind: 'freeze', id: newId() } as const;
    await records.savePosts(ref, { card: 1 });
    expect(await records.posts(ref)).toEqual({ card: 1 });
  });
});

describe('somebody with his hands in Redis', () => {
  const tampered: readonly [string, (chain: string) => Promise<unknown>][] = [
    ['edits an event', async (chain) => { const line = await redis.lindex(chain, 0) ?? ''; await redis.lset(chain, 0, line.replace(BOB, CAROL)); }],
    ['writes one of his own', async (chain) => { const line = await redis.lindex(chain, 0) ?? ''; await redis.rpush(chain, line.replace(/\{.*$/, JSON.stringify({ ...unfrozen, mac: 'x' }))); }],
    ['writes one without a seal', async (chain) => { const line = await redis.lindex(chain, 0) ?? ''; await redis.rpush(chain, line.replace(/\{.*$/, JSON.stringify(unfrozen))); }],
  ];
  it.each(tampered)('who %s is found out', async (_name, tamper) => {
    const id = await frozenNow();
    await tamper(keys.authority(`freeze.${id}`));
    await expect(records.load('freeze', id)).rejects.toThrow(/not sealed by kdebug/);
  });
  it('cannot seal with a worker\'s key', async () => {
    const derived = createRecordKeys(Buffer.from(clusterKeyText(master, 'main' as ClusterName), 'hex'));
    const forger = createAuthorityRecords({ redis, keys, keepDays: 90, seals: derived });
    await expect(forger.append('freeze', newId(), undefined, frozen)).rejects.toThrow(/derived key/);
  });
});

describe('its events', () => {
  it('stand in the one ledger, chained among the others', async () => {
    const ledger = createLedger(redis, keys);
    await ledger.recordAttempt({ user: BOB, channel: null, request: null, what: 'command', text: null, refusal: { code: 'not_frozen' } });
    const id = await frozenNow();
    await ledger.recordAttempt({ user: BOB, channel: null, request: null, what: 'command', text: null, refusal: { code: 'not_frozen' } });
    await records.append('freeze', id, await stateOf(id), asked);
    await records.append('freeze', id, await stateOf(id), unfrozen);
    const chain = createChain();
    const entries = await readStream(redis, keys, 0, 100);
    expect(entries.map((entry) => chain.add(entry))).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(entries.map(({ request }) => request)).toEqual(['attempts', `freeze.${id}`, 'attempts', `freeze.${id}`, `freeze.${id}`]);
    expect((await ledger.after(0, 10)).map(({ event }) => event.type)).toEqual(['attempt', 'frozen', 'attempt', 'unfreeze_asked', 'unfrozen']);
    expect([...chain.open().keys()]).toEqual(['attempts']);
  });
});

describe('a cool-down', () => {
  it('is over when its time is', async () => {
    const coolDowns = createCoolDowns(redis, keys);
    expect(await coolDowns.left('a')).toBe(0);
    await coolDowns.begin('a', 60_000);
    expect(await coolDowns.left('a')).toBeGreaterThan(59_000);
    expect(await coolDowns.left('b')).toBe(0);
  });
});
