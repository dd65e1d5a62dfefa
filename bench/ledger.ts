/** How fast a ledger is verified: every hash recomputed, every request's own list compared, read from a real Redis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCheckpoints } from '../src/adapters/redis/checkpoints.ts';
import { connectProducer, type RedisClient } from '../src/adapters/redis/client.ts';
import { openEmbeddedRedis } from '../src/adapters/redis/embedded.ts';
import { keysUnder, type Keys } from '../src/adapters/redis/keys.ts';
import { createLedgerReader } from '../src/adapters/redis/ledger-reader.ts';
import { verifyLedger } from '../src/app/ledger/verify.ts';
import { BEGINNING, entryHash, nextRoll, type ChainedEntry } from '../src/domain/ledger/chain.ts';
import type { Instant } from '../src/domain/names.ts';

export const LEDGER_ENTRIES = 100_000;
export const VERIFIED_PER_SECOND_MIN = 20_000;
const EVENTS_PER_REQUEST = 8;
const EVENT_CHARS = 600;
const WRITTEN_AT_ONCE = 2_000;

/** Entries of requests of eight events, about as long as real ones. */
const entriesOf = function* (count: number): Generator<ChainedEntry> {
  let [roll, hash] = [BEGINNING.roll, BEGINNING.roll];
  for (let position = 1; position <= count; position += 1) {
    const sequence = (position - 1) % EVENTS_PER_REQUEST + 1;
    const request = `kd-${String(Math.floor((position - 1) / EVENTS_PER_REQUEST)).padStart(8, '0')}`;
    const event = { request, sequence, at: 1_760_000_000_000 + position as Instant, text: `{"type":"planned","filling":"${'x'.repeat(EVENT_CHARS)}"}` };
    hash = entryHash(event, sequence === 1 ? BEGINNING.roll : hash);
    roll = nextRoll(roll, position, hash);
    yield { position, ...event, hash, roll };
  }
};

/** As the append script leaves them, without running it: stream, counter and lists. */
const fill = async (redis: RedisClient, keys: Keys, count: number): Promise<void> => {
  let pipeline = redis.pipeline();
  for (const { position, request, sequence, at, text, hash, roll } of entriesOf(count)) {
    pipeline.xadd(keys.ledger, `${position}-0`, 'request', request, 'sequence', sequence, 'at', at, 'event', text, 'hash', hash, 'roll', roll);
    pipeline.rpush(`${keys.prefix}:request:${request}`, `${hash} ${at} ${text}`);
    if (position % WRITTEN_AT_ONCE !== 0 && position !== count) continue;
    pipeline.hset(keys.ledgerHead, 'position', position, 'roll', roll);
    await pipeline.exec();
    pipeline = redis.pipeline();
  }
};

/** Entries verified a second, once a repetition, over a private Redis that is ended again. */
export const measureVerification = async (repetitions = 3, count = LEDGER_ENTRIES): Promise<readonly number[]> => {
  const stateDir = mkdtempSync(join(tmpdir(), 'kd-bench-'));
  const server = await openEmbeddedRedis({ stateDir, appendfsync: 'no', persistent: false });
  const [redis, keys] = [connectProducer(server.url), keysUnder()];
  try {
    await fill(redis, keys, count);
    const perSecond: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition += 1) perSecond.push(await verifiedPerSecond(redis, keys, count));
    return perSecond;
  } finally {
    redis.disconnect();
    await server.stop({ evenIfUsed: true });
    rmSync(stateDir, { recursive: true, force: true });
  }
};

const verifiedPerSecond = async (redis: RedisClient, keys: Keys, count: number): Promise<number> => {
  const start = performance.now();
  const verification = await verifyLedger({ reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys) });
  if (!verification.ok || verification.entries !== count) throw new Error(`The ledger of the measurement does not verify: ${JSON.stringify(verification)}`);
  return Math.round(count / ((performance.now() - start) / 1_000));
};
