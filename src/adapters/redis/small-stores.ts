import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Cursors, DeliveryRecord, DeliveryRecords, Leases, Once, OutputStore, Progress, ProgressBoard } from '../../app/ports.ts';
import type { Budget } from '../../app/budget-port.ts';
import type { Output } from '../../domain/output.ts';
import { DAY_IN_MS } from '../../domain/limits.ts';
import type { Keys } from './keys.ts';
import { sealingOfServe } from './sealing.ts';
import type { RecordSeals } from './seals.ts';
import { PUT_OUTPUT_LUA, RELEASE_LUA, RENEW_LUA, TAKE_LUA } from './scripts/small.ts';

interface Scripted extends Redis {
  kdebugRenew(key: string, token: string, forMs: number): Promise<number>;
  kdebugRelease(key: string, token: string): Promise<number>;
  kdebugTake(keyCount: number, ...keysThenUses: (string | number)[]): Promise<[number, number]>;
  kdebugPutOutput(output: string, index: string, sizes: string, total: string, member: string, text: string, size: number, keepMs: number, totalMax: number, prefix: string): Promise<number>;
}

const scripted = (redis: Redis): Scripted => {
  redis.defineCommand('kdebugRenew', { numberOfKeys: 1, lua: RENEW_LUA });
  redis.defineCommand('kdebugRelease', { numberOfKeys: 1, lua: RELEASE_LUA });
  redis.defineCommand('kdebugTake', { lua: TAKE_LUA });
  redis.defineCommand('kdebugPutOutput', { numberOfKeys: 4, lua: PUT_OUTPUT_LUA });
  return redis as Scripted;
};

export const createLeases = (client: Redis, keys: Keys): Leases => {
  const redis = scripted(client);
  return {
    acquire: async (name, forMs) => {
      const [key, token] = [keys.lease(name), randomUUID()];
      if (await redis.set(key, token, 'PX', forMs, 'NX') !== 'OK') return undefined;
      return {
        renew: async (ms) => await redis.kdebugRenew(key, token, ms) === 1,
        release: async () => { await redis.kdebugRelease(key, token); },
      };
    },
  };
};

export const createOnce = (redis: Redis, keys: Keys): Once => ({
  claim: async (name, value, forMs) => {
    return await redis.set(keys.once(name), value, 'PX', forMs, 'NX', 'GET') ?? undefined;
  },
  release: async (name) => { await redis.del(keys.once(name)); },
});

export interface OutputStoreOptions {
  readonly keepDays: number;
  readonly totalBytesMax: number;
}

/** Sanitised output, a few days, within a total: the oldest go first. */
export const createOutputStore = (client: Redis, keys: Keys, { keepDays, totalBytesMax }: OutputStoreOptions): OutputStore => {
  const redis = scripted(client);
  return {
    put: async (id, index, output) => {
      const [member, text] = [`${id}:${index}`, JSON.stringify(output)];
      await redis.kdebugPutOutput(`${keys.outputs}${member}`, keys.outputIndex, keys.outputSizes, keys.outputTotal, member, text, Buffer.byteLength(text), keepDays * DAY_IN_MS, totalBytesMax, keys.outputs);
    },
    get: async (id, index) => {
      const text = await redis.get(`${keys.outputs}${id}:${index}`);
      return text === null ? undefined : JSON.parse(text) as Output;
    },
  };
};

const NOTHING_DELIVERED: DeliveryRecord = { results: {}, trailed: 0, delivered: 0 };

/** A click approves the digest that its card shows, as this says: whoever can write to Redis must not say another. */
export const createDeliveryRecords = (redis: Redis, keys: Keys, keepDays: number, seals: RecordSeals): DeliveryRecords => {
  const sealing = sealingOfServe(seals);
  return {
    load: async (id) => sealing.opened(keys.delivery(id), await redis.get(keys.delivery(id))) as DeliveryRecord | undefined ?? NOTHING_DELIVERED,
    save: async (id, record) => { await redis.set(keys.delivery(id), sealing.sealed(keys.delivery(id), record), 'PX', keepDays * DAY_IN_MS); },
  };
};

/** Counted for all replicas together. */
export const createBudget = (client: Redis, keys: Keys): Budget => {
  const redis = scripted(client);
  return {
    take: async (uses) => {
      const [afterMs, use] = await redis.kdebugTake(
        2 * uses.length, ...uses.flatMap(({ key }) => [keys.bucket(key), keys.bucket(`${key}:slots`)]), ...uses.flatMap(({ perMs, burst, holder = '' }) => [perMs, burst, holder]),
      );
      return afterMs > 0 ? { afterMs, use: use - 1 } : undefined;
    },
  };
};

const PROGRESS_KEPT_MS = 60_000;

export const createProgressBoard = (redis: Redis, keys: Keys): ProgressBoard => ({
  put: async (id, progress) => { await redis.set(keys.progress(id), JSON.stringify(progress), 'PX', PROGRESS_KEPT_MS); },
  get: async (id) => {
    const text = await redis.get(keys.progress(id));
    return text === null ? undefined : JSON.parse(text) as Progress;
  },
});

export const createCursors = (redis: Redis, keys: Keys): Cursors => ({
  get: async (name) => Number(await redis.get(keys.cursor(name)) ?? 0),
  set: async (name, position) => { await redis.set(keys.cursor(name), position); },
});
