import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Checkpoints } from '../../app/ledger/ports.ts';
import type { Signed } from '../../domain/ledger/checkpoint.ts';
import type { Keys } from './keys.ts';

/** Older ones go: every checkpoint commits to all entries before it, so the newest says what they said. About 4 MB. */
export const CHECKPOINTS_KEPT_MAX = 10_000;

const signedFrom = (fields: readonly string[]): Signed => {
  const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
  return { text: value('checkpoint'), signature: value('signature') };
};

type Rows = readonly (readonly [string, readonly string[]])[];

/** Signed checkpoints as a stream of their own, in the order they were made. */
export const createCheckpoints = (redis: Redis, keys: Keys): Checkpoints => ({
  installation: async () => {
    const fresh = randomUUID();
    await redis.set(keys.installation, fresh, 'NX');
    return await redis.get(keys.installation) ?? fresh;
  },
  last: async () => {
    const [newest] = await redis.xrevrange(keys.checkpoints, '+', '-', 'COUNT', 1) as Rows;
    return newest && signedFrom(newest[1]);
  },
  add: async ({ text, signature }) => {
    await redis.xadd(keys.checkpoints, 'MAXLEN', '~', CHECKPOINTS_KEPT_MAX, '*', 'checkpoint', text, 'signature', signature);
  },
  all: async () => (await redis.xrange(keys.checkpoints, '-', '+') as Rows).map(([, fields]) => signedFrom(fields)),
});
