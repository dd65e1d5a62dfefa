import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { findServer } from '../../../src/adapters/redis/embedded/binary.ts';
import type { ServerCheck } from '../../../src/adapters/redis/server-check.ts';
import { checkServer } from '../../../src/adapters/redis/server-check.ts';

const running: { readonly child: ChildProcess; readonly folder: string }[] = [];

afterEach(async () => {
  for (const { child, folder } of running.splice(0)) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

const check = async (args: readonly string[], user?: { readonly username: string; readonly password: string }): Promise<ServerCheck> => {
  const folder = await mkdtemp(join(tmpdir(), 'kd-'));
  const path = join(folder, 's');
  const binary = await findServer();
  const child = spawn(binary!.path, ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '', ...args], { stdio: 'ignore' });
  running.push({ child, folder });
  const client = new Redis({ path, retryStrategy: () => 20, maxRetriesPerRequest: 200, ...user });
  client.on('error', () => undefined);
  try {
    return await checkServer(client);
  } finally {
    client.disconnect();
  }
};

const sentences = ({ problems }: ServerCheck): readonly string[] => problems.map(({ concerns, sentence }) => `${concerns}: ${sentence}`);

describe('a server started with', () => {
  test('append-only file, fsync always, no eviction: nothing to say', async () => {
    const found = await check(['--appendonly', 'yes', '--appendfsync', 'always']);
    expect(found).toMatchObject({ problems: [], advice: [], notVerified: [] });
    expect(found.facts).toMatchObject({ role: 'master', maxmemoryPolicy: 'noeviction', appendonly: true, appendfsync: 'always' });
    expect(found.facts.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('fsync every second: advice, not a problem', async () => {
    const found = await check(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    expect(found.problems).toEqual([]);
    expect(found.advice).toEqual([expect.stringContaining('appendfsync is everysec')]);
  });

  test('no append-only file: a problem of durability', async () => {
    expect(sentences(await check(['--appendonly', 'no']))).toEqual([expect.stringMatching(/^durability: appendonly is off.*set appendonly yes\.$/)]);
  });

  test('an evicting policy: a problem of durability', async () => {
    const found = await check(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
    expect(sentences(found)).toEqual([expect.stringMatching(/^durability: maxmemory-policy is allkeys-lru.*noeviction\.$/)]);
  });

  test('a primary of its own (a replica): unfit whatever the configuration says', async () => {
    const found = await check(['--appendonly', 'yes', '--replicaof', '127.0.0.1 1']);
    expect(sentences(found)).toEqual([expect.stringMatching(/^unfit: REDIS_URL points at a replica/)]);
  });

  test('CONFIG forbidden to us: what INFO tells still counts, fsync is not verified', async () => {
    const found = await check(['--appendonly', 'no', ...'--user kdebug on >pw ~* &* +@all -config'.split(' ')], { username: 'kdebug', password: 'pw' });
    expect(found.notVerified).toEqual(['appendfsync']);
    expect(sentences(found)).toHaveLength(1);
  });

  test('INFO forbidden as well: nothing is verified and nothing is claimed', async () => {
    const found = await check('--user kdebug on >pw ~* &* +@all -config -info'.split(' '), { username: 'kdebug', password: 'pw' });
    expect(found.notVerified).toEqual(['version', 'maxmemory-policy', 'appendonly', 'appendfsync']);
    expect(found.problems).toEqual([]);
  });
});
