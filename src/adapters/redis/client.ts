import type { Socket } from 'node:net';
import { Redis } from 'ioredis';

/** A command that Redis did not answer within this fails; it may have been carried out all the same. */
export const COMMAND_WITHIN_MS = 1_500;
const RECONNECT_STEP_MS = 200;
const RECONNECT_MAX_MS = 2_000;

const reconnect = (attempt: number): number => Math.min(RECONNECT_STEP_MS * attempt, RECONNECT_MAX_MS);

/** For whoever holds a connection without speaking Redis. */
export type RedisClient = Redis;

interface ClientOptions {
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeout?: number;
  readonly connectTimeout?: number;
  readonly retryStrategy: (attempt: number) => number;
}

/** `unix:///path/redis.sock` beside what ioredis reads itself (redis:, rediss:). */
const connect = (url: string, options: ClientOptions): Redis => {
  const client = new Redis(url.startsWith('unix:') ? decodeURIComponent(new URL(url).pathname) : url, options);
  // without a listener ioredis prints to the console; the state is read by /readyz and by whoever's command fails
  client.on('error', () => undefined);
  client.on('connect', () => { writeTogether(client.stream); });
  return client;
};

/**
 * ioredis writes each command by a system call of its own, a tenth of all that kdebug does under load. What is said within
 * one turn of the event loop goes out together, when that turn ends. (Its own automatic pipelines wait for the one before.)
 */
const writeTogether = (stream: Socket): void => {
  const write = stream.write.bind(stream) as (...of: unknown[]) => boolean;
  stream.write = (...of: unknown[]): boolean => {
    if (stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => { stream.uncork(); });
    }
    return write(...of);
  };
};

/**
 * For everything that answers a person: fails within 1.5 s in every kind of outage (refused, frozen, never there),
 * and recovers. With the defaults a command waits for ever.
 */
export const connectProducer = (url: string): Redis =>
  connect(url, { maxRetriesPerRequest: 1, commandTimeout: COMMAND_WITHIN_MS, connectTimeout: COMMAND_WITHIN_MS, retryStrategy: reconnect });

/** For BullMQ's workers: blocking calls never time out and never give up. */
export const connectWorker = (url: string): Redis =>
  connect(url, { maxRetriesPerRequest: null, retryStrategy: reconnect });
