/** What is said to Redis within one turn of the event loop goes out together, in its order, and nothing waits for more. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { openEmbeddedRedis, type EmbeddedRedis } from '../../../src/adapters/redis/embedded.ts';

const COMMANDS = 200;
let stateDir: string;
let server: EmbeddedRedis;
let redis: Redis;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'kd-together-'));
  server = await openEmbeddedRedis({ stateDir, appendfsync: 'no', persistent: false });
  redis = connectProducer(server.url);
  await redis.ping();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop({ evenIfUsed: true });
  await rm(stateDir, { recursive: true, force: true });
});

/** How often the socket is written to while this goes on: one system call each. */
const writesDuring = async (say: () => Promise<unknown>): Promise<number> => {
  const { stream } = redis;
  const [write, writev] = [stream._write.bind(stream), stream._writev?.bind(stream)];
  let writes = 0;
  stream._write = (...of) => { writes += 1; write(...of); };
  stream._writev = (...of) => { writes += 1; writev?.(...of); };
  await say();
  Object.assign(stream, { _write: write, _writev: writev });
  return writes;
};

it('many commands of one turn are one write, answered in their order', async () => {
  let answers: readonly number[] = [];
  expect(await writesDuring(async () => { answers = await Promise.all(Array.from({ length: COMMANDS }, (_, index) => redis.incrby('sum', index))); })).toBe(1);
  expect(answers).toEqual(Array.from({ length: COMMANDS }, (_, index) => (index * (index + 1)) / 2));
});

it('one alone is sent at once, again and again', async () => {
  expect(await writesDuring(async () => { for (let turn = 0; turn < 20; turn += 1) expect(await redis.echo(String(turn))).toBe(String(turn)); })).toBe(20);
});

it('a new connection says it together too', async () => {
  redis.disconnect(true);
  await redis.ping();
  expect(await writesDuring(() => Promise.all(Array.from({ length: COMMANDS }, () => redis.ping())))).toBe(1);
});
