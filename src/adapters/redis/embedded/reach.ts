import { Redis } from 'ioredis';

const ANSWER_WITHIN_MS = 1_000;
/** A frozen server never closes its side; ioredis would wait 2 s for that. */
const CLOSE_WITHIN_MS = 50;

export type Appendfsync = 'always' | 'everysec' | 'no';

export interface ReachedServer {
  readonly pid: number;
  readonly version: string;
}

/** One connection that tries once, waits a second at most and is gone afterwards; undefined when nothing answered. */
export const withConnection = async <Answer>(path: string, ask: (client: Redis) => Promise<Answer>): Promise<Answer | undefined> => {
  const client = new Redis({
    path, lazyConnect: true, enableReadyCheck: false, maxRetriesPerRequest: 0, disableClientInfo: true,
    disconnectTimeout: CLOSE_WITHIN_MS, retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  // ioredis' own timeouts leave out its greeting, which a frozen server accepts and never answers
  const deadline = setTimeout(() => client.disconnect(), ANSWER_WITHIN_MS);
  try {
    await client.connect();
    return await ask(client);
  } catch {
    return undefined;
  } finally {
    clearTimeout(deadline);
    client.disconnect();
  }
};

/** `key:value` lines of INFO. */
export const infoFields = (info: string): ReadonlyMap<string, string> =>
  new Map([...info.matchAll(/^([a-z0-9_]+):(.*?)\r?$/gm)].map(([, key = '', value = '']) => [key, value]));

/** The server's own version: a Valkey names Redis' 7.2.4 in `redis_version` and itself in `valkey_version`. */
export const versionIn = (fields: ReadonlyMap<string, string>): string | undefined =>
  fields.get('valkey_version') ?? fields.get('redis_version');

/** The server behind the socket, once it has loaded its data; undefined while there is none or it is still loading. */
export const reach = async (path: string): Promise<ReachedServer | undefined> =>
  withConnection(path, async (client) => {
    const fields = infoFields(await client.info());
    const pid = Number(fields.get('process_id'));
    return fields.get('loading') === '0' && pid > 0 ? { pid, version: versionIn(fields) ?? 'unknown' } : undefined;
  });

const STRENGTH: Readonly<Record<string, number>> = { no: 0, everysec: 1, always: 2 };

/**
 * An adopted server may have been started by somebody who needed less: durability is raised to what is wanted here,
 * never lowered.
 */
export const strengthen = async (path: string, appendfsync: Appendfsync): Promise<void> => {
  const done = await withConnection(path, async (client) => {
    const [, sync = 'no'] = await client.config('GET', 'appendfsync');
    const [, append] = await client.config('GET', 'appendonly');
    if ((STRENGTH[sync] ?? 0) < (STRENGTH[appendfsync] ?? 0)) await client.config('SET', 'appendfsync', appendfsync);
    if (append !== 'yes') await client.config('SET', 'appendonly', 'yes');
    return true;
  });
  if (done === undefined) throw new Error(`The Redis server on ${path} refused to keep an append-only file: end it, or set REDIS_URL.`);
};

/** Ends the server, unless other clients are connected to it. True when it was asked to end. */
export const shutDown = async (path: string, evenIfUsed: boolean): Promise<boolean> => {
  const clients = await withConnection(path, async (client) => infoFields(await client.info('clients')).get('connected_clients'));
  if (clients === undefined || (Number(clients) > 1 && !evenIfUsed)) return false;
  // it closes the connection instead of an answer
  await withConnection(path, async (client) => client.shutdown('NOSAVE'));
  return true;
};
