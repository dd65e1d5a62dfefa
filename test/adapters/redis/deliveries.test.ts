/** A delivery whose worker throws again and again: nothing else would ever tell the requester. */
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectProducer, connectWorker, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createQueues } from '../../../src/adapters/redis/queues.ts';
import { startWorker } from '../../../src/adapters/redis/workers.ts';
import type { RequestId } from '../../../src/domain/names.ts';
import { testRedis } from '../../redis.ts';

const ID = 'kd-00000001' as RequestId;
const FAILURES = 10;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a delivery', () => {
  let redis: { readonly producer: RedisClient; readonly worker: RedisClient };
  let keys: Keys;
  beforeAll(async () => {
    const { url, prefix } = await testRedis();
    redis = { producer: connectProducer(url), worker: connectWorker(url) };
    keys = keysUnder(prefix);
  });
  afterAll(() => { redis.producer.disconnect(); redis.worker.disconnect(); });

  /** Works the queue, not waiting for its pauses, until the job is as it should be. */
  const worked = async (step: () => void, until: (queue: Queue) => Promise<boolean>): Promise<void> => {
    const queue = new Queue('deliver', { connection: redis.producer, prefix: keys.prefix });
    const worker = startWorker({ redis: redis.worker, keys, queue: 'deliver', concurrency: 1, log, step: async () => { step(); return { kind: 'done' }; } });
    await expect.poll(async () => {
      await Promise.all((await queue.getDelayed()).map((job) => job.promote().catch(() => undefined)));
      return until(queue);
    }, { interval: 20, timeout: 8_000 }).toBe(true);
    await worker.close(1_000);
    await queue.close();
  };

  it(`that failed ${FAILURES} times is made again, until it is made`, async () => {
    const queues = createQueues(redis.producer, keys, []);
    await queues.enqueueDelivery(ID, 5);
    let tries = 0;
    await worked(() => { tries += 1; if (tries <= FAILURES) throw new Error('Redis does not answer'); }, async (queue) => await queue.getCompletedCount() === 1);
    expect(tries).toBe(FAILURES + 1);
    await queues.close();
  });
  it('that kdebug did not write is tried once', async () => {
    const queue = new Queue('deliver', { connection: redis.producer, prefix: keys.prefix });
    await queue.add('deliver', { request: 'nobody', generation: 1 }, { attempts: 5 });
    let tries = 0;
    await worked(() => { tries += 1; }, async (one) => await one.getFailedCount() === 1);
    expect(tries).toBe(0);
    await queue.close();
  });
});
