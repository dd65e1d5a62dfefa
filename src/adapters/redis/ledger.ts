import type { Redis } from 'ioredis';
import type { Attempt, Ledger } from '../../app/ports.ts';
import { sha256 } from '../../domain/canonical.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import { REFUSALS_PER_MINUTE_MAX } from '../../domain/limits.ts';
import { parseStreamEntry, toLedgerEntry } from './entries.ts';
import type { Keys } from './keys.ts';
import { RECORD_LUA } from './scripts/append.ts';

interface Scripted extends Redis {
  kdebugRecord(chain: string, ledger: string, head: string, name: string, event: string, digest: string): Promise<number>;
}

/** The chain of entries that belong to no request. */
export const ATTEMPTS_CHAIN = 'attempts';
const MINUTE_SECONDS = 60;

/** The global stream of DESIGN's ledger: every event of every request and every refused attempt, in one order. */
export const createLedger = (redis: Redis, keys: Keys): Ledger => {
  redis.defineCommand('kdebugRecord', { numberOfKeys: 3, lua: RECORD_LUA });

  const write = (attempt: Attempt, count: number): Promise<number> => {
    const text = JSON.stringify({ type: 'attempt', attempt, count });
    return (redis as Scripted).kdebugRecord(keys.chain(ATTEMPTS_CHAIN), keys.ledger, keys.ledgerHead, ATTEMPTS_CHAIN, text, sha256(text));
  };

  return {
    recordAttempt: async (attempt) => {
      const count = await countThisMinute(redis, keys, attempt.user ?? 'nobody');
      // within the minute each is an entry; beyond, every doubling is one entry that says how many there were
      if (count <= REFUSALS_PER_MINUTE_MAX || Number.isInteger(Math.log2(count / REFUSALS_PER_MINUTE_MAX))) await write(attempt, count <= REFUSALS_PER_MINUTE_MAX ? 1 : count);
    },
    after: async (position, limit) => (await readStream(redis, keys, position, limit)).map(toLedgerEntry),
  };
};

const countThisMinute = async (redis: Redis, keys: Keys, person: string): Promise<number> => {
  const key = keys.bucket(`attempts:${person}`);
  // its end comes with it: a count that never ended would keep this person's attempts out of the ledger for good
  const [, counted] = await redis.multi().set(key, 0, 'EX', MINUTE_SECONDS, 'NX').incr(key).exec() ?? [];
  const [error, count] = counted ?? [new Error('Redis dropped the transaction'), null];
  if (error) throw error;
  return Number(count);
};

/** Entries after `position`, oldest first; one that stands between two positions is among them, and throws. */
export const readStream = async (redis: Redis, keys: Keys, position: number, limit: number): Promise<readonly ChainedEntry[]> => {
  const rows = await redis.xrange(keys.ledger, `(${position}-0`, '+', 'COUNT', limit) as [string, string[]][];
  return rows.map(([id, fields]) => parseStreamEntry(id, fields));
};
