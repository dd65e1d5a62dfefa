import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createRequestStore } from '../../../src/adapters/redis/store.ts';
import type { RequestStore } from '../../../src/app/ports.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { Instant, RequestId } from '../../../src/domain/names.ts';
import { createRecordKeys } from '../../../src/ops/record-keys.ts';
import { approvedBy, BOB, CAROL, held, ID, planned, requested } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

const FAR = Number.MAX_SAFE_INTEGER as Instant;
const begun = requested as Extract<RequestEvent, { type: 'requested' }>;

let redis: Redis;
let keys: Keys;
let store: RequestStore;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => {
  keys = keysUnder((await testRedis()).prefix);
  store = createRequestStore({ redis, keys, keepDays: 90, seals: createRecordKeys(randomBytes(32)) });
  await store.begin(ID, begun, FAR);
  const { request } = await store.load(ID);
  await store.append(request!, [planned, held(), approvedBy(BOB)]);
});

const edit = async (index: number, change: (line: string) => string): Promise<void> => {
  await redis.lset(keys.events(ID), index, change(await redis.lindex(keys.events(ID), index) ?? ''));
};

it('sealed records are read as they were written', async () => {
  expect((await store.load(ID)).events).toEqual([requested, planned, held(), approvedBy(BOB)]);
});

const forgeries: readonly [string, () => Promise<unknown>][] = [
  ['an approver put in the place of another', () => edit(3, (line) => line.replace(BOB, CAROL))],
  ['a command changed before it is approved', () => edit(1, (line) => line.replace('-tlnp', '-K'))],
  ['a seal taken away', () => edit(3, (line) => line.replace(/,"mac":"[^"]*"/, ''))],
  ['two events in each other\'s place', async () => {
    const [first, second] = await redis.lrange(keys.events(ID), 1, 2);
    await redis.lset(keys.events(ID), 1, second!);
    await redis.lset(keys.events(ID), 2, first!);
  }],
  ['an event of our own making, appended', () => redis.rpush(keys.events(ID), `${'0'.repeat(64)} 1 ${JSON.stringify({ type: 'granted', at: 1, until: 9e15, signature: '' })}`)],
  ['a whole list copied to another request', async () => {
    const lines = await redis.lrange(keys.events(ID), 0, -1);
    await redis.del(keys.events(ID));
    await redis.rpush(keys.events('kd-00000000' as RequestId), ...lines);
  }],
];
it.each(forgeries)('%s is refused', async (_name, forge) => {
  await forge();
  const id = await redis.exists(keys.events(ID)) ? ID : 'kd-00000000' as RequestId;
  await expect(store.load(id)).rejects.toThrow('not sealed by kdebug');
});
