import type { Redis } from 'ioredis';
import type { Attempt, Ledger } from '../../app/ports.ts';
import { sha256 } from '../../domain/canonical.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import { REFUSALS_PER_MINUTE_MAX } from '../../domain/limits.ts';
import type { Instant } from '../../domain/names.ts';
import { parseStreamEntry, toLedgerEntry } from './entries.ts';
import type { Keys } from './keys.ts';
import { timeOf } from './read.ts';
import { RECORD_LUA } from './scripts/append.ts';

interface Scripted extends Redis {
  kdebugRecord(chain: string, ledger: string, head: string, name: string, event: string, digest: string): Promise<number>;
}

/** The chain of entries that belong to no request. */
export const ATTEMPTS_CHAIN = 'attempts';

/** The global stream of DESIGN's ledger: every event of every request and every refused attempt, in one order. */
export const createLedger = (redis: Redis, keys: Keys, now: () => Promise<Instant> = () => timeOf(redis)): Ledger => {
  redis.defineCommand('kdebugRecord', { numberOfKeys: 3, lua: RECORD_LUA });

  const write = (attempt: Attempt, count: number): Promise<number> => {
    const text = JSON.stringify({ type: 'attempt', attempt, count });
    return (redis as Scripted).kdebugRecord(keys.chain(ATTEMPTS_CHAIN), keys.ledger, keys.ledgerHead, ATTEMPTS_CHAIN, text, sha256(text));
  };

  return {
    recordAttempt: async (attempt) => {
      const [minute, person] = [minuteOf(await now()), attempt.user ?? 'nobody'];
      const count = await countInMinute(redis, keys, person, minute);
      if (count <= REFUSALS_PER_MINUTE_MAX) await write(attempt, 1);
      else await redis.hset(keys.uncounted, `${minute} ${person}`, JSON.stringify({ attempt, count: count - REFUSALS_PER_MINUTE_MAX } satisfies Counted));
    },
    settleAttempts: async () => {
      const minute = minuteOf(await now());
      for (const [field, text] of Object.entries(await redis.hgetall(keys.uncounted))) {
        if (Number.parseInt(field, 10) >= minute) continue;
        const { attempt, count } = JSON.parse(text) as Counted;
        await write(attempt, count);
        await redis.hdel(keys.uncounted, field);
      }
    },
    after: async (position, limit) => (await readStream(redis, keys, position, limit)).map(toLedgerEntry),
  };
};

/** The last of a person's attempts in a minute, and how many there were beyond those that are entries of their own. */
interface Counted {
  readonly attempt: Attempt;
  readonly count: number;
}

const MINUTE_SECONDS = 60;
const MINUTE_MS = MINUTE_SECONDS * 1_000;
const minuteOf = (now: Instant): number => Math.floor(now / MINUTE_MS);

const countInMinute = async (redis: Redis, keys: Keys, person: string, minute: number): Promise<number> => {
  // its end comes with it: what is counted once a minute must not stay
  const [, counted] = await redis.multi().set(keys.attempts(person, minute), 0, 'EX', 2 * MINUTE_SECONDS, 'NX').incr(keys.attempts(person, minute)).exec() ?? [];
  const [error, count] = counted ?? [new Error('Redis dropped the transaction'), null];
  if (error) throw error;
  return Number(count);
};

/** Entries after `position`, oldest first; one that stands between two positions is among them, and throws. */
export const readStream = async (redis: Redis, keys: Keys, position: number, limit: number): Promise<readonly ChainedEntry[]> => {
  const rows = await redis.xrange(keys.ledger, `(${position}-0`, '+', 'COUNT', limit) as [string, string[]][];
  return rows.map(([id, fields]) => parseStreamEntry(id, fields));
};
