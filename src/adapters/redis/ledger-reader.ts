import type { Redis } from 'ioredis';
import { BrokenLedgerError, type LedgerReader, type LedgerTrimmer, type OwnEvent, type OwnList } from '../../app/ledger/ports.ts';
import { AUTHORITY_KINDS } from '../../domain/authority.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import type { Signed } from '../../domain/ledger/checkpoint.ts';
import { parseObject } from '../../domain/ledger/checkpoint.ts';
import { parseRequestId, parseSha256 } from '../../domain/names.ts';
import { parseEntry, UnreadableRecordError, type StoredEntry } from './entries.ts';
import type { Keys } from './keys.ts';
import { readStream } from './ledger.ts';

const SCANNED_AT_ONCE = 500;

/** Redis as whoever proves the ledger sees it. Every answer is bounded by what is asked for. */
export const createLedgerReader = (redis: Redis, keys: Keys): LedgerReader => ({
  end: async () => {
    const answers = await redis.multi().hgetall(keys.ledgerHead).xrevrange(keys.ledger, '+', '-', 'COUNT', 1).exec() ?? [];
    const [[headError, head], [newestError, newest]] = answers as [[Error | null, Record<string, string>], [Error | null, [string, string[]][]]];
    if (headError ?? newestError) throw headError ?? newestError ?? new Error('unreachable');
    return { position: Number(head['position'] ?? 0), roll: parseSha256(head['roll']), newest: newest[0]?.[0].replace(/-0$/, '') ?? '0' };
  },
  after: (position, limit) => readStream(redis, keys, position, limit),
  seal: async () => {
    const stored = await redis.get(keys.ledgerSeal);
    if (stored === null) return undefined;
    const { text, signature } = parseObject(stored);
    return { text: String(text), signature: String(signature) };
  },
  ownEvents: (entries) => ownEvents(redis, keys, entries),
  ownLists: () => ownLists(redis, keys),
  openIndexes: () => openIndexes(redis, keys),
});

/** Requests have their lists, and whatever else may allow or stop one (freezes, pre-approvals, reviews) has others. */
const listKey = (keys: Keys, chain: string): string => {
  const id = parseRequestId(chain);
  return id ? keys.events(id) : keys.authority(chain);
};
const listPrefixes = (keys: Keys): readonly string[] => [`${keys.prefix}:request:`, keys.authority('')];

const entryOf = (line: string, where: string): StoredEntry => {
  try {
    return parseEntry(line, where);
  } catch (error) {
    if (error instanceof UnreadableRecordError) throw new BrokenLedgerError(`${where} is not one that kdebug wrote`);
    throw error;
  }
};

const ownEvents = async (redis: Redis, keys: Keys, entries: readonly ChainedEntry[]): Promise<readonly (OwnEvent | undefined)[]> => {
  const pipeline = redis.pipeline();
  for (const entry of entries) pipeline.lindex(listKey(keys, entry.request), entry.sequence - 1);
  const answers = await pipeline.exec() ?? [];
  return entries.map((entry, index) => {
    const [error, line] = answers[index] ?? [null, null];
    if (error) throw error;
    return typeof line === 'string' ? entryOf(line, `event ${entry.sequence} of ${entry.request}`) : undefined;
  });
};

async function* ownLists(redis: Redis, keys: Keys): AsyncGenerator<readonly OwnList[]> {
  for (const prefix of listPrefixes(keys)) yield* listsUnder(redis, prefix);
}

async function* listsUnder(redis: Redis, prefix: string): AsyncGenerator<readonly OwnList[]> {
  const pattern = `${prefix.replaceAll(/[\\*?[\]^]/g, '\\$&')}*`; // a prefix may hold characters that mean something in a pattern
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCANNED_AT_ONCE, 'TYPE', 'list');
    cursor = next;
    yield await sizesOf(redis, found, prefix.length);
  } while (cursor !== '0');
}

const sizesOf = async (redis: Redis, found: readonly string[], prefixLength: number): Promise<readonly OwnList[]> => {
  const pipeline = redis.pipeline();
  for (const key of found) pipeline.llen(key).lindex(key, -1);
  const answers = await pipeline.exec() ?? [];
  return found.flatMap((key, index) => {
    const [request, events, line] = [key.slice(prefixLength), answers[2 * index]?.[1], answers[2 * index + 1]?.[1]];
    if (typeof events !== 'number' || typeof line !== 'string') return []; // it lapsed in between
    return [{ request, events, lastAt: entryOf(line, `the last event of ${request}`).at }];
  });
};

/** Redis answers a member that stands there from beginning to end of the walk, whatever changes beside it. */
async function* openIndexes(redis: Redis, keys: Keys): AsyncGenerator<readonly string[]> {
  for (const kind of AUTHORITY_KINDS) {
    let cursor = '0';
    do {
      const [next, found] = await redis.zscan(keys.authorityOpen(kind), cursor, 'COUNT', SCANNED_AT_ONCE);
      cursor = next;
      yield found.filter((_, index) => index % 2 === 0).map((id) => `${kind}.${id}`); // each is followed by its score
    } while (cursor !== '0');
  }
}

/** The seal is there before anything is gone: both in one transaction. */
export const createLedgerTrimmer = (redis: Redis, keys: Keys): LedgerTrimmer => ({
  trim: async ({ text, signature }: Signed, last) => {
    const answers = await redis.multi().set(keys.ledgerSeal, JSON.stringify({ text, signature })).xtrim(keys.ledger, 'MINID', `${last + 1}-0`).exec();
    for (const [error] of answers ?? [[new Error('Redis dropped the transaction')]]) if (error) throw error;
  },
});
