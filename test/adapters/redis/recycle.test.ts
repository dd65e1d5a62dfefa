/** Records of recycles on a real Redis: sealed for the worker of their cluster, and for no other. */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAuthorityRecords } from '../../../src/adapters/redis/authority.ts';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createQueues } from '../../../src/adapters/redis/queues.ts';
import type { AuthorityRecords } from '../../../src/app/authority/ports.ts';
import { PLAN_WITHIN_MS } from '../../../src/domain/limits.ts';
import { after, requestIdFrom, type ClusterName, type ImageName, type Namespace, type PodName, type PodUid, type RequestId, type TeamId } from '../../../src/domain/names.ts';
import { askRecycle } from '../../../src/domain/recycle.ts';
import { clusterKeyText, createRecordKeys } from '../../../src/ops/record-keys.ts';
import { ALICE, INCIDENT, T0 } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

const [MAIN, OTHER] = ['main' as ClusterName, 'other' as ClusterName];
const master = randomBytes(32);
const CHECKED = { type: 'recycle_checked', at: T0, check: { containers: 1, owner: null, budget: null }, until: after(T0, PLAN_WITHIN_MS) } as const;

let redis: Redis;
let keys: Keys;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => { keys = keysUnder((await testRedis()).prefix); });

const recordsOf = (key: Uint8Array): AuthorityRecords => createAuthorityRecords({ redis, keys, keepDays: 90, seals: createRecordKeys(key) });
const workerOf = (cluster: ClusterName): AuthorityRecords => recordsOf(Buffer.from(clusterKeyText(master, cluster), 'hex'));
const asked = async (cluster: ClusterName): Promise<RequestId> => {
  const id = requestIdFrom(randomBytes(8));
  const target = { cluster, namespace: 'prod' as Namespace, pod: 'api-1' as PodName, uid: 'uid-1' as PodUid };
  const like = { channel: INCIDENT, image: 'netshoot' as ImageName, profile: 'general', labels: {} } as const;
  await recordsOf(master).append('recycle', id, undefined, askRecycle({ by: ALICE, team: 'T0ACME' as TeamId, of: 'kd-00000001' as RequestId, channel: INCIDENT, thread: null, target, like, gate: { gate: 'open', rule: 'r' } }, T0));
  return id;
};

it('what serve writes the worker of that cluster reads and goes on with, and serve reads that', async () => {
  const id = await asked(MAIN);
  const worker = workerOf(MAIN);
  const { state } = await worker.load('recycle', id);
  expect(await worker.append('recycle', id, state, CHECKED)).toMatchObject({ ok: true });
  expect((await recordsOf(master).load('recycle', id)).state).toMatchObject({ state: 'authorized', version: 2 });
  expect(await recordsOf(master).due(10)).toContainEqual({ kind: 'recycle', id });
  expect(await recordsOf(master).open('recycle', 10)).toEqual([id]);
});

it('the worker of another cluster can neither read nor go on with it', async () => {
  const id = await asked(MAIN);
  await expect(workerOf(OTHER).load('recycle', id)).rejects.toThrow(/not of the cluster main/);
  const { state } = await recordsOf(master).load('recycle', id);
  await expect(workerOf(OTHER).append('recycle', id, state, CHECKED)).rejects.toThrow(/not of the cluster main/);
});

it('an event that was edited counts for nothing', async () => {
  const id = await asked(MAIN);
  const [line = ''] = await redis.lrange(keys.authority(`recycle.${id}`), 0, -1);
  await redis.lset(keys.authority(`recycle.${id}`), 0, line.replace('api-1', 'api-2'));
  await expect(recordsOf(master).load('recycle', id)).rejects.toThrow(/is not sealed by kdebug/);
});

it('each cluster has its own queue, and a job is in it once', async () => {
  const queues = createQueues(redis, keys, [MAIN, OTHER]);
  const id = requestIdFrom(randomBytes(8));
  expect(await queues.isRecycleAlive(id, OTHER, 1)).toBe(false);
  await queues.enqueueRecycle(id, OTHER, 1);
  await queues.enqueueRecycle(id, OTHER, 1);
  expect(await queues.isRecycleAlive(id, OTHER, 1)).toBe(true);
  expect(await queues.isRecycleAlive(id, MAIN, 1)).toBe(false);
  expect(await redis.llen(`${keys.prefix}:recycle-other:wait`)).toBe(1);
  await queues.close();
});
