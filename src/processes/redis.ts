import { connectProducer, connectWorker, type RedisClient } from '../adapters/redis/client.ts';
import { openEmbeddedRedis, type EmbeddedOptions, type EmbeddedRedis } from '../adapters/redis/embedded.ts';
import { keepEmbeddedRedis } from '../adapters/redis/embedded/keep.ts';
import { checkServer } from '../adapters/redis/server-check.ts';
import type { Log } from '../app/ports.ts';
import type { Settings } from '../config/settings.ts';
import { pause } from '../ops/loop.ts';

export interface RedisConnections {
  readonly url: string;
  /** Answers people: fails within 1.5 s. */
  readonly producer: RedisClient;
  /** Waits for jobs: never gives up. */
  readonly worker: RedisClient;
  close(): Promise<void>;
}

/** Redis answered, and is not one that an approval may be entrusted to. */
export class UnfitRedisError extends Error {
  constructor(sentences: readonly string[]) {
    super(`${sentences.join(' ')} Or write redis: { durability: none } in kdebug.yaml, for tests and demos only.`);
    this.name = 'UnfitRedisError';
  }
}

const RETRY_MS = 500;

/** REDIS_URL, or else a private server in the state folder; waits until it answers, and refuses one that forgets. */
export const openRedis = async (redisUrl: string | undefined, stateDir: string, durability: Settings['redis']['durability'], log: Log, signal: AbortSignal): Promise<RedisConnections> => {
  const options: EmbeddedOptions = { stateDir, appendfsync: 'always', persistent: durability === 'required' };
  const embedded = redisUrl === undefined ? await openEmbeddedRedis(options) : undefined;
  const url = redisUrl ?? (embedded as EmbeddedRedis).url;
  if (embedded) log.info({ redis: embedded.version, adopted: embedded.adopted, pid: embedded.pid }, 'using a private Redis');
  const producer = connectProducer(url);
  try {
    await refuseUnfit(producer, durability, log, signal);
  } catch (error) {
    producer.disconnect();
    throw error;
  }
  const worker = connectWorker(url);
  const keeping = new AbortController();
  const kept = embedded && keep(options, log, keeping.signal);
  return {
    url, producer, worker,
    close: async () => {
      keeping.abort();
      await kept;
      producer.disconnect();
      worker.disconnect();
      await embedded?.stop();
    },
  };
};

/** Nothing else would start it again, should it be killed. */
const keep = (options: EmbeddedOptions, log: Log, signal: AbortSignal): Promise<void> => keepEmbeddedRedis(options, {
  signal,
  onRestarted: ({ pid }) => { log.warn({ pid }, 'the private Redis had ended and was started again'); },
  onTrouble: (sentence) => { log.error({}, sentence); },
});

const refuseUnfit = async (producer: RedisClient, durability: Settings['redis']['durability'], log: Log, signal: AbortSignal): Promise<void> => {
  const check = await reachable(producer, log, signal);
  const problems = check.problems.filter(({ concerns }) => concerns === 'unfit' || durability === 'required').map(({ sentence }) => sentence);
  if (problems.length > 0) throw new UnfitRedisError(problems);
  if (check.notVerified.length > 0) log.warn({ notVerified: check.notVerified }, 'Redis does not tell how it is set up');
  if (durability === 'required') for (const advice of check.advice) log.warn({}, advice);
};

const reachable = async (producer: RedisClient, log: Log, signal: AbortSignal): ReturnType<typeof checkServer> => {
  for (;;) {
    try {
      return await checkServer(producer);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'Redis does not answer yet');
      await pause(RETRY_MS, signal);
      signal.throwIfAborted();
    }
  }
};
