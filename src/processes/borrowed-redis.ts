import { connectProducer, type RedisClient } from '../adapters/redis/client.ts';
import { openEmbeddedRedis } from '../adapters/redis/embedded.ts';
import type { CommonEnvironment } from '../config/environment.ts';

/** The Redis that kdebug uses with this environment, for a command that ends; a private one is adopted, or started and left as it was found. */
export const withBorrowedRedis = async <Result>({ redisUrl, stateDir }: Pick<CommonEnvironment, 'redisUrl' | 'stateDir'>, isDurable: boolean, use: (redis: RedisClient) => Promise<Result>): Promise<Result> => {
  const embedded = redisUrl === undefined ? await openEmbeddedRedis({ stateDir, appendfsync: 'always', persistent: isDurable }) : undefined;
  const redis = connectProducer(redisUrl ?? embedded?.url ?? '');
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
    if (embedded?.adopted === false) await embedded.stop();
  }
};
