import { existsSync, readFileSync } from 'node:fs';
import { connectProducer } from '../adapters/redis/client.ts';
import { openEmbeddedRedis } from '../adapters/redis/embedded.ts';
import { toLedgerEntry } from '../adapters/redis/entries.ts';
import { keysUnder } from '../adapters/redis/keys.ts';
import { readStream } from '../adapters/redis/ledger.ts';
import { createRequestStore } from '../adapters/redis/store.ts';
import { verifyLedger } from '../adapters/redis/verify.ts';
import { loadSettings } from '../config/commands.ts';
import { readEnvironment, settingsFile } from '../config/environment.ts';
import { parseRequestId } from '../domain/names.ts';
import type { Redis } from 'ioredis';

type ExitCode = 0 | 1;
type Write = (text: string) => void;

const LISTED_MAX = 10_000;
const keys = keysUnder();

/** The Redis that kdebug uses with this environment; a private one is adopted, or started and left as it was found. */
const withRedis = async (use: (redis: Redis) => Promise<ExitCode>): Promise<ExitCode> => {
  const url = process.env['REDIS_URL'] ?? readIfNamed(process.env['REDIS_URL_FILE']);
  const embedded = url === undefined ? await openEmbeddedRedis({ stateDir: stateDir(), appendfsync: 'always', persistent: isDurable() }) : undefined;
  const redis = connectProducer(url ?? embedded?.url ?? '');
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
    if (embedded?.adopted === false) await embedded.stop();
  }
};

const readIfNamed = (file: string | undefined): string | undefined => (file === undefined ? undefined : readFileSync(file, 'utf8').trim());

/** The rest of the environment may be incomplete here: an auditor holds no Slack token. */
const stateDir = (): string => {
  const read = readEnvironment({ ...process.env, SLACK_BOT_TOKEN: 'xoxb-not-used', SLACK_APP_TOKEN: 'xapp-not-used' }, (path) => readFileSync(path, 'utf8'), 'start');
  if (!read.ok) throw new Error(read.problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
  return read.environment.stateDir;
};

const isDurable = (): boolean => {
  const loaded = loadSettings(settingsFile(process.env['KDEBUG_CONFIG'], existsSync));
  return !loaded.ok || loaded.settings.redis.durability === 'required';
};

/** The last `count` entries, oldest first, as JSON Lines. */
export const auditList = (count: number, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const head = Number(await redis.hget(keys.ledgerHead, 'position') ?? 0);
  const wanted = Math.min(Math.max(1, Number.isFinite(count) ? count : 1), LISTED_MAX);
  for (const entry of await readStream(redis, keys, Math.max(0, head - wanted), wanted)) write(`${JSON.stringify(toLedgerEntry(entry))}\n`);
  return 0;
});

export const auditShow = (text: string, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const id = parseRequestId(text);
  const { events } = id ? await createRequestStore({ redis, keys, keepDays: 1 }).load(id) : { events: [] };
  for (const event of events) write(`${JSON.stringify(event)}\n`);
  if (events.length === 0) write(`There is no request ${text}: a request id looks like kd-8fk20000.\n`);
  return events.length > 0 ? 0 : 1;
});

/** 0: proven; 1: a problem, and up to which entry the ledger is proven. */
export const auditVerify = (witness: string | undefined, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const verification = await verifyLedger(redis, keys, witness);
  write(verification.ok
    ? `ok: ${verification.entries} entries, proven up to entry ${verification.entries}, roll ${verification.roll}\n`
    : `broken: ${verification.problem}; proven up to entry ${verification.provenUpTo}\n`);
  return verification.ok ? 0 : 1;
});
