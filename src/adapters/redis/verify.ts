import type { Redis } from 'ioredis';
import { sha256 } from '../../domain/canonical.ts';
import type { Sha256 } from '../../domain/names.ts';
import { parseEntry } from './entries.ts';
import type { StreamEntry } from './entries.ts';
import type { Keys } from './keys.ts';
import { readStream } from './ledger.ts';

export type Verification =
  | { readonly ok: true; readonly entries: number; readonly roll: string }
  | { readonly ok: false; readonly provenUpTo: number; readonly problem: string };

const PAGE = 1_000;
const NOTHING = '0'.repeat(64);

/**
 * Walks the whole stream and recomputes every hash: an edited, dropped, swapped or repeated entry breaks the chain of
 * its request, the roll, or the numbering; a cut tail disagrees with the head; and each request's own list must hold
 * the same entries. What was written again from some entry on is found only by a `witness` taken outside.
 */
export const verifyLedger = async (redis: Redis, keys: Keys, witness?: string): Promise<Verification> => {
  const chains = new Map<string, { version: number; hash: string }>();
  let [position, roll, witnessed] = [0, NOTHING, witness === undefined];
  for (;;) {
    const page = await readStream(redis, keys, position, PAGE);
    if (page.length === 0) break;
    for (const entry of page) {
      const problem = problemOf(entry, position, roll, chains);
      if (problem) return { ok: false, provenUpTo: position, problem };
      chains.set(entry.request, { version: entry.sequence, hash: entry.hash });
      [position, roll] = [entry.position, entry.roll];
      witnessed ||= roll === witness;
    }
    const problem = await listProblem(redis, keys, page);
    if (problem) return { ok: false, provenUpTo: position - page.length, problem };
  }
  return headProblem(await redis.hgetall(keys.ledgerHead), position, roll, witnessed);
};

const problemOf = (entry: StreamEntry, position: number, roll: string, chains: ReadonlyMap<string, { version: number; hash: string }>): string | undefined => {
  const chain = chains.get(entry.request) ?? { version: 0, hash: NOTHING };
  if (entry.position !== position + 1) return `entry ${position + 1} is missing`;
  if (entry.sequence !== chain.version + 1) return `entry ${entry.position} is number ${entry.sequence} of ${entry.request} and should be ${chain.version + 1}`;
  if (entry.hash !== entryHash(entry, chain.hash)) return `entry ${entry.position} was changed: its hash is not that of its text`;
  if (entry.roll !== sha256([roll, entry.position, entry.hash].join('\n'))) return `entry ${entry.position} does not follow the entry before it`;
  return undefined;
};

const entryHash = (entry: StreamEntry, previous: string): Sha256 =>
  sha256([entry.request, entry.sequence, entry.at, previous, sha256(entry.text)].join('\n'));

/** The request's own list, which decisions are made from, holds what the ledger holds. */
const listProblem = async (redis: Redis, keys: Keys, page: readonly StreamEntry[]): Promise<string | undefined> => {
  const pipeline = redis.pipeline();
  for (const entry of page) pipeline.lindex(`${keys.prefix}:request:${entry.request}`, entry.sequence - 1);
  const answers = await pipeline.exec() ?? [];
  for (const [index, entry] of page.entries()) {
    const line = answers[index]?.[1];
    if (typeof line !== 'string') continue; // requests are kept for days, the ledger for longer
    const stored = parseEntry(line, `event ${entry.sequence} of ${entry.request}`);
    if (stored.text !== entry.text || stored.hash !== entry.hash) return `event ${entry.sequence} of ${entry.request} is not what ledger entry ${entry.position} says`;
  }
  return undefined;
};

const headProblem = (head: Record<string, string>, position: number, roll: string, witnessed: boolean): Verification => {
  const known = Number(head['position'] ?? 0);
  if (known !== position) return { ok: false, provenUpTo: position, problem: `the ledger ends at entry ${position} but ${known} were written` };
  if (position > 0 && head['roll'] !== roll) return { ok: false, provenUpTo: position, problem: `the last entry is not the one that was written last` };
  if (!witnessed) return { ok: false, provenUpTo: 0, problem: 'the witness is not a hash of this ledger: it was written again from before that point' };
  return { ok: true, entries: position, roll };
};
