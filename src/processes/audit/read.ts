/** `kdebug audit list`, `show` and `watch`: entries as JSON Lines. */
import type { RedisClient } from '../../adapters/redis/client.ts';
import { toLedgerEntry } from '../../adapters/redis/entries.ts';
import { readStream } from '../../adapters/redis/ledger.ts';
import { createRequestStore } from '../../adapters/redis/store.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import { parseRequestId, parseUserId } from '../../domain/names.ts';
import { pause } from '../../ops/loop.ts';
import { peopleOf, sinceFrom } from './chosen.ts';
import { AuditUseError, keys, withRedis, type ExitCode, type Write } from './reach.ts';

export const LISTED_MAX = 10_000;
const PAGE_ENTRIES = 1_000;
const LOOK_EVERY_MS = 500;

/** Entries after `position`, in pages, up to the end as it is when it is reached. */
export async function* pagesAfter(redis: RedisClient, position: number): AsyncGenerator<readonly ChainedEntry[]> {
  for (let at = position; ;) {
    const page = await readStream(redis, keys, at, PAGE_ENTRIES);
    if (page.length === 0) return;
    yield page;
    at = page.at(-1)?.position ?? at;
  }
}

/** The same and then whatever is appended, until `signal` is aborted. A Redis that is away for a while is waited for. */
export async function* pagesFollowing(redis: RedisClient, position: number, signal: AbortSignal): AsyncGenerator<readonly ChainedEntry[]> {
  for (let at = position; !signal.aborted;) {
    const page = await readStream(redis, keys, at, PAGE_ENTRIES).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'BrokenLedgerError') throw error;
      return [];
    });
    if (page.length > 0) yield page;
    else await pause(LOOK_EVERY_MS, signal);
    at = page.at(-1)?.position ?? at;
  }
}

/** One entry as one line for people and programs: the event as JSON, and the roll, which is a witness of it. */
export const entryLine = (chained: ChainedEntry): string => {
  const entry = toLedgerEntry(chained);
  return JSON.stringify({ ...entry, ...(entry.request === null && { chain: chained.request }), roll: chained.roll });
};

export const headPosition = async (redis: RedisClient): Promise<number> => Number(await redis.hget(keys.ledgerHead, 'position') ?? 0);

/** Aborted by the first Ctrl-C or SIGTERM: what is at hand is finished. */
export const interrupted = (): AbortSignal => {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { stopping.abort(); });
  return stopping.signal;
};

export interface ListOptions {
  readonly last: string;
  readonly request?: string;
  readonly user?: string;
  readonly since?: string;
}

/** The last entries that fit, oldest first. */
export const auditList = (options: ListOptions, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const fits = fitting(options);
  const wanted = countFrom(options.last);
  const isNarrow = options.request !== undefined || options.user !== undefined || options.since !== undefined;
  let found: ChainedEntry[] = [];
  for await (const page of pagesAfter(redis, isNarrow ? 0 : Math.max(0, await headPosition(redis) - wanted))) {
    found = [...found, ...page.filter(fits)].slice(-wanted);
  }
  for (const entry of found) await write(`${entryLine(entry)}\n`);
  return 0;
});

const countFrom = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > LISTED_MAX) throw new AuditUseError(`--last ${text}: write a number from 1 to ${LISTED_MAX}.`);
  return count;
};

const fitting = ({ request, user, since }: ListOptions): ((entry: ChainedEntry) => boolean) => {
  const from = since === undefined ? 0 : sinceFrom(since);
  if (request !== undefined && parseRequestId(request) === undefined) throw new AuditUseError(`--request ${request}: a request id looks like kd-8fk20000.`);
  if (user !== undefined && parseUserId(user) === undefined) throw new AuditUseError(`--user ${user}: write the id of the person in Slack, such as U0ALICE.`);
  return (entry) => entry.at >= from
    && (request === undefined || entry.request === request || toLedgerEntry(entry).event.type === 'attempt' && entry.text.includes(JSON.stringify(request)))
    && (user === undefined || peopleOf(toLedgerEntry(entry).event).includes(user));
};

export const auditShow = (text: string, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const id = parseRequestId(text);
  const { events } = id ? await createRequestStore({ redis, keys, keepDays: 1 }).load(id) : { events: [] };
  for (const event of events) await write(`${JSON.stringify(event)}\n`);
  if (events.length === 0) await write(`There is no request ${text}: a request id looks like kd-8fk20000.\n`);
  return events.length > 0 ? 0 : 1;
});

/** New entries as they come, until it is interrupted. */
export const auditWatch = (write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const signal = interrupted();
  for await (const page of pagesFollowing(redis, await headPosition(redis), signal)) await write(page.map((entry) => `${entryLine(entry)}\n`).join(''));
  return 0;
});
