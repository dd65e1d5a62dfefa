import type { Redis } from 'ioredis';
import type { RequestId } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import { SETTLE_LUA } from './scripts/small.ts';

interface Scripted extends Redis {
  kdebugSettle(keyCount: number, ...keysThenArguments: (string | number)[]): Promise<number>;
}

const TOGETHER_MS = 10;

/**
 * Takes requests off the outbox, those of a moment together: nobody waits for it, and what is lost with this process is
 * put into its queue once more by the sweeper, where it is already.
 */
export const createSettling = (redis: Redis, keys: Keys): ((id: RequestId, version: number) => void) => {
  redis.defineCommand('kdebugSettle', { lua: SETTLE_LUA });
  const seenThrough = new Map<RequestId, number>();
  const flush = (): void => {
    const entries = [...seenThrough];
    seenThrough.clear();
    (redis as Scripted).kdebugSettle(1 + entries.length, keys.outbox, ...entries.map(([id]) => keys.events(id)), ...entries.flat()).catch(() => undefined);
  };
  return (id, version) => {
    if (seenThrough.size === 0) setTimeout(flush, TOGETHER_MS);
    seenThrough.set(id, version);
  };
};
