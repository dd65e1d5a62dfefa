import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { connectProducer, type RedisClient } from '../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../src/adapters/redis/keys.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
  }
}

export interface TestRedis {
  /** `unix:///…/redis.sock` of the one server that all test files of this run share. */
  readonly url: string;
  /** A prefix with its own hash tag, `{t-<uuid>}`: nobody else's keys are below it, so no test needs to flush anything. */
  readonly prefix: string;
}

/** The run's server and a fresh prefix: call it once a file, or once a test that wants an empty world. */
export const testRedis = async (): Promise<TestRedis> => {
  const url = inject('redisUrl') as string | undefined;
  if (url === undefined) throw new Error("No Redis for the tests: vitest.config.ts must name globalSetup: ['test/global-setup.ts'].");
  return { url, prefix: `{t-${randomUUID()}}` };
};

/** A connection and keys of its own for the describe block that it is called in. */
export const ownRedis = (): { readonly redis: RedisClient; readonly keys: Keys } => {
  const own = {} as { redis: RedisClient; keys: Keys };
  beforeAll(async () => {
    const { url, prefix } = await testRedis();
    Object.assign(own, { redis: connectProducer(url), keys: keysUnder(prefix) });
  });
  afterAll(() => { own.redis.disconnect(); });
  return own;
};
