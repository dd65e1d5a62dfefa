/** Closing a worker whose steps are in hand, over a real Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectProducer, connectWorker, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { keysUnder } from '../../../src/adapters/redis/keys.ts';
import { createQueues, type OpenQueues } from '../../../src/adapters/redis/queues.ts';
import { startWorker, type RunningWorker, type Step } from '../../../src/adapters/redis/workers.ts';
import type { RequestId } from '../../../src/domain/names.ts';
import { testRedis } from '../../redis.ts';

const ID = 'kd-00000001' as RequestId;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a worker that is closed', () => {
  let producer: RedisClient;
  let url: string;
  beforeAll(async () => {
    ({ url } = await testRedis());
    producer = connectProducer(url);
  });
  afterAll(() => { producer.disconnect(); });

  /** A worker of a queue of its own that has one step in hand. */
  const busy = async (step: Step): Promise<{ worker: RunningWorker; queues: OpenQueues; end: () => Promise<void> }> => {
    const keys = keysUnder((await testRedis()).prefix);
    const [redis, queues, begun] = [connectWorker(url), createQueues(producer, keys, []), Promise.withResolvers<undefined>()];
    const worker = startWorker({ redis, keys, queue: 'deliver', concurrency: 1, log, step: (...args) => { begun.resolve(undefined); return step(...args); } });
    await queues.enqueueDelivery(ID, 1);
    await begun.promise;
    return { worker, queues, end: async () => { await queues.close(); redis.disconnect(); } };
  };
  const closedIn = async (worker: RunningWorker, graceMs: number): Promise<number> => {
    const began = performance.now();
    await worker.close(graceMs);
    return performance.now() - began;
  };

  it('waits for a step that ends within the grace', async () => {
    let ended = false;
    const { worker, end } = await busy(async (_id, _generation, signal) => { await sleep(300); ended = !signal.aborted; return { kind: 'done' }; });
    expect(await closedIn(worker, 5_000)).toBeLessThan(2_000);
    expect(ended).toBe(true);
    await end();
  });
  it('has a step leave that does not, and waits until it left', async () => {
    let left = false;
    const { worker, end } = await busy(async (_id, _generation, signal) => {
      await sleep(60_000, undefined, { signal }).catch(() => sleep(300));
      left = true;
      return { kind: 'done' };
    });
    expect(await closedIn(worker, 200)).toBeLessThan(2_000);
    expect(left).toBe(true);
    await end();
  });
  it('leaves a step behind that does not heed that', async () => {
    const leaving = Promise.withResolvers<undefined>();
    const { worker, end } = await busy(async () => { await leaving.promise; return { kind: 'done' }; });
    expect(await closedIn(worker, 200)).toBeLessThan(4_000);
    leaving.resolve(undefined);
    await end();
  });
});
