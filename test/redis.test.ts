import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { testRedis } from './redis.ts';

test('each call has a prefix of its own on the one server of the run, which keeps nothing on disk', async () => {
  const [one, other] = await Promise.all([testRedis(), testRedis()]);
  expect(one.url).toBe(other.url);
  expect(one.prefix).toMatch(/^\{t-[0-9a-f-]{36}\}$/);
  expect(one.prefix).not.toBe(other.prefix);
  const client = new Redis(decodeURIComponent(new URL(one.url).pathname));
  expect(await client.info('persistence')).toContain('aof_enabled:0');
  client.disconnect();
});
