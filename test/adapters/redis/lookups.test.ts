import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectProducer, connectWorker } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createLookups, LOOKUP_WITHIN_MS, startLookupWorker } from '../../../src/adapters/redis/lookups.ts';
import type { PodQuestion } from '../../../src/app/ports.ts';
import type { ClusterName, Namespace, PodName } from '../../../src/domain/names.ts';
import { testRedis } from '../../redis.ts';

const main = 'main' as ClusterName;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const question = (prefix: string): PodQuestion => ({ namespace: 'prod' as Namespace, prefix });

describe('type-ahead through Redis', () => {
  let producer: Redis;
  let waiting: Redis;
  let keys: Keys;
  beforeAll(async () => {
    const { url, prefix } = await testRedis();
    [keys, producer, waiting] = [keysUnder(prefix), connectProducer(url), connectWorker(url)];
  });
  afterAll(() => { producer.disconnect(); waiting.disconnect(); });

  const answering = (seen: PodQuestion[], log = LOG) => startLookupWorker({
    redis: waiting, producer, keys, cluster: main, log,
    answer: async (asked) => { seen.push(asked); return { kind: 'pods', pods: [{ pod: `${asked.prefix}-0` as PodName, ready: '1/1', status: 'Running', labels: {} }] }; },
  });

  it('a question is answered by a worker of its cluster; the same one again costs no second', async () => {
    const seen: PodQuestion[] = [];
    const worker = answering(seen);
    const lookups = createLookups(producer, keys, [main], LOG);
    const asked = await Promise.all([lookups.ask(main, question('api')), lookups.ask(main, question('api')), lookups.ask(main, question('web'))]);
    expect(asked.map((one) => one?.kind === 'pods' && one.pods[0]?.pod)).toEqual(['api-0', 'api-0', 'web-0']);
    expect(await lookups.ask(main, question('api'))).toEqual(asked[0]);
    expect(seen.map(({ prefix }) => prefix).toSorted()).toEqual(['api', 'web']);
    await Promise.all([worker.close(1_000), lookups.close()]);
  });

  it('without a worker nobody answers in time, and nothing is left for one that comes later', async () => {
    const lookups = createLookups(producer, keys, [main], LOG);
    const started = performance.now();
    expect(await lookups.ask(main, question('late'))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(LOOKUP_WITHIN_MS + 500);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    const seen: PodQuestion[] = [];
    const worker = answering(seen);
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    expect(seen).toEqual([]);
    await Promise.all([worker.close(1_000), lookups.close()]);
  });

  it('everything about it ends by itself within seconds', async () => {
    const lookups = createLookups(producer, keys, [main], LOG);
    await lookups.ask(main, question('ends'));
    const left = (await producer.keys(`${keys.prefix}:lookup:*`)).filter((key) => !key.endsWith(':answer'));
    for (const key of left) expect(await producer.pttl(key)).toBeGreaterThan(0);
    await lookups.close();
  });

  it('a cluster that nobody knows, and a prefix that is too long, are not asked', async () => {
    const lookups = createLookups(producer, keys, [main], LOG);
    expect(await lookups.ask('moon' as ClusterName, question('api'))).toBeUndefined();
    expect(await lookups.ask(main, question('a'.repeat(300)))).toBeUndefined();
    await lookups.close();
  });

  it('with Redis away nobody waits longer than for an answer', async () => {
    const away = connectProducer('redis://127.0.0.1:1');
    const lookups = createLookups(away, keys, [main], LOG);
    const started = performance.now();
    expect(await lookups.ask(main, question('away'))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(LOOKUP_WITHIN_MS + 500);
    away.disconnect();
    await lookups.close().catch(() => undefined);
  });
});
