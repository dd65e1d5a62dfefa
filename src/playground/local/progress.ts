import { setTimeout as delay } from 'node:timers/promises';
import { connectProducer } from '../../adapters/redis/client.ts';
import { openEmbeddedRedis } from '../../adapters/redis/embedded.ts';
import { keysUnder } from '../../adapters/redis/keys.ts';
import { createRequestStore } from '../../adapters/redis/store.ts';
import type { DeliveryRecord } from '../../app/ports.ts';
import type { RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';
import type { LocalWorld } from './world.ts';

/** A look into the Redis of a local world, beside the processes that use it. */
export interface Progress {
  request(id: RequestId): Promise<Request>;
  /** Waits until the request is in one of the states, whatever Slack knows of it yet; throws after `withinMs`. */
  reached(id: RequestId, states: readonly Request['state'][], withinMs: number): Promise<Request>;
  /** Waits until it is and Slack was told so. */
  until(id: RequestId, states: readonly Request['state'][], withinMs: number): Promise<Request>;
  close(): void;
}

const POLL_MS = 25;

export const watchProgress = async (world: Pick<LocalWorld, 'stateDir' | 'env'>): Promise<Progress> => {
  const url = world.env['REDIS_URL'] ?? (await openEmbeddedRedis({ stateDir: world.stateDir, appendfsync: 'no', persistent: false })).url;
  const redis = connectProducer(url);
  const keys = keysUnder();
  const store = createRequestStore({ redis, keys, keepDays: 1 });
  // `SEAL JSON`: whoever only looks has no key, and asks for no proof
  const delivered = async (id: RequestId): Promise<number> => {
    const text = await redis.get(keys.delivery(id)) ?? ' {}';
    return (JSON.parse(text.slice(text.indexOf(' ') + 1)) as Partial<DeliveryRecord>).delivered ?? 0;
  };
  const request = async (id: RequestId): Promise<Request> => {
    const { request: found } = await store.load(id);
    if (!found) throw new Error(`There is no request ${id}.`);
    return found;
  };
  const wait = async (id: RequestId, states: readonly Request['state'][], withinMs: number, isTold: boolean): Promise<Request> => {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const [now, told] = await Promise.all([request(id), delivered(id)]);
      if (states.includes(now.state) && (!isTold || told >= now.version)) return now;
      if (performance.now() > deadline) throw new Error(`${id} is ${now.state} (version ${now.version}, Slack was told ${told}) after ${withinMs} ms, not ${states.join(' or ')}.`);
      await delay(POLL_MS);
    }
  };
  return {
    request,
    reached: (id, states, withinMs) => wait(id, states, withinMs, false),
    until: (id, states, withinMs) => wait(id, states, withinMs, true),
    close: () => { redis.disconnect(); },
  };
};
