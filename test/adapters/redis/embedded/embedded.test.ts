import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectProducer } from '../../../../src/adapters/redis/client.ts';
import type { EmbeddedOptions, EmbeddedRedis } from '../../../../src/adapters/redis/embedded.ts';
import { openEmbeddedRedis } from '../../../../src/adapters/redis/embedded.ts';
import { reach } from '../../../../src/adapters/redis/embedded/reach.ts';
import { keepEmbeddedRedis } from '../../../../src/adapters/redis/embedded/keep.ts';

const APP = join(import.meta.dirname, 'app.ts');
const DEAD_PID = 4_194_305; // above Linux' largest pid

let stateDir = '';
const servers: EmbeddedRedis[] = [];
const apps: ChildProcess[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'kd-'));
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const kill = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await expect.poll(async () => readFile(`/proc/${pid}/stat`, 'utf8').then((text) => text.includes(') Z'), () => true)).toBe(true);
};

afterEach(async () => {
  for (const app of apps.splice(0)) app.kill('SIGKILL');
  for (const { pid, path } of servers.splice(0)) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    if (!path.startsWith(stateDir)) await rm(dirname(path), { recursive: true, force: true });
  }
  await rm(stateDir, { recursive: true, force: true });
});

const open = async (options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedRedis> => {
  const server = await openEmbeddedRedis({ stateDir, appendfsync: 'always', persistent: false, ...options });
  servers.push(server);
  return server;
};

const ask = async <Answer>(server: EmbeddedRedis, question: (client: Redis) => Promise<Answer>): Promise<Answer> => {
  const client = new Redis(server.path, { replyMapping: 'legacy' });
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
};

const config = async (server: EmbeddedRedis, name: string): Promise<string | undefined> =>
  ask(server, async (client) => (await client.config('GET', name))[1]);

interface Said {
  readonly pid: number;
  readonly adopted: boolean;
  readonly path: string;
}

const startApp = async (...args: string[]): Promise<{ readonly app: ChildProcess; readonly said: Said }> => {
  const app = spawn(process.execPath, [APP, stateDir, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  apps.push(app);
  const [line] = (await once(createInterface({ input: app.stdout }), 'line')) as [string];
  const said = JSON.parse(line) as Said;
  servers.push({ ...said, url: '', version: '', stop: async () => undefined });
  return { app, said };
};

describe('a machine without a running Redis', () => {
  test('gets a private one: no TCP port, no eviction, a folder that nobody else can enter', async () => {
    const server = await open();
    expect(server).toMatchObject({ adopted: false, path: join(stateDir, 'redis', 'redis.sock'), url: `unix://${stateDir}/redis/redis.sock` });
    expect(await config(server, 'port')).toBe('0');
    expect(await config(server, 'maxmemory-policy')).toBe('noeviction');
    expect((await stat(join(stateDir, 'redis'))).mode & 0o777).toBe(0o700);
  });

  test('kdebug\'s own client reads the url', async () => {
    const client = connectProducer((await open()).url);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  test('without persistence nothing is written; with it every write is on disk before it is acknowledged', async () => {
    const forgetful = await open();
    expect([await config(forgetful, 'appendonly'), await config(forgetful, 'save')]).toEqual(['no', '']);
    await forgetful.stop();
    const durable = await open({ persistent: true });
    expect([await config(durable, 'appendonly'), await config(durable, 'appendfsync')]).toEqual(['yes', 'always']);
  });

  test('the server is started without our environment, which holds Slack\'s tokens', async () => {
    await writeFile(join(stateDir, 'redis-server'), '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.0.15" && exit 0\nenv > environment\nexit 1\n');
    await chmod(join(stateDir, 'redis-server'), 0o755);
    process.env['SLACK_BOT_TOKEN'] = 'not for redis';
    await expect(open({ binDirs: [stateDir] })).rejects.toThrow('did not start');
    delete process.env['SLACK_BOT_TOKEN'];
    const seen = await readFile(join(stateDir, 'redis', 'environment'), 'utf8');
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain('SLACK');
  });

  test('the server leads a session of its own, which Ctrl-C in our terminal does not reach', async () => {
    const { pid } = await open();
    const [, , , session] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    expect(Number(session)).toBe(pid);
  });
});

describe('several processes', () => {
  test('six at once end with one server that five adopt', async () => {
    const said = (await Promise.all(Array.from({ length: 6 }, async () => startApp()))).map((each) => each.said);
    expect(new Set(said.map(({ pid }) => pid)).size).toBe(1);
    expect(said.filter(({ adopted }) => !adopted)).toHaveLength(1);
  });

  test('a lock whose holder was killed is taken over, by one of six', async () => {
    await mkdir(join(stateDir, 'redis'), { mode: 0o700 });
    await writeFile(join(stateDir, 'redis', 'lock'), JSON.stringify({ id: 'gone', pid: DEAD_PID, host: hostname() }));
    const said = (await Promise.all(Array.from({ length: 6 }, async () => startApp()))).map((each) => each.said);
    expect(new Set(said.map(({ pid }) => pid)).size).toBe(1);
    expect((await readdir(join(stateDir, 'redis'))).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  test('adopting raises durability and never lowers it', async () => {
    const first = await open();
    expect(await open({ persistent: true, appendfsync: 'everysec' })).toMatchObject({ adopted: true, pid: first.pid });
    await open({ persistent: false, appendfsync: 'no' });
    expect([await config(first, 'appendonly'), await config(first, 'appendfsync')]).toEqual(['yes', 'always']);
  });

  test('stop leaves the server to a client that is still connected, and ends it when there is none', async () => {
    const server = await open();
    await ask(server, async () => server.stop());
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
    expect(await open()).toMatchObject({ adopted: false });
  });
});

describe('kill -9', () => {
  test('of the app: the server lives on with its keys and is adopted', async () => {
    const { app, said } = await startApp();
    const server = await open();
    await ask(server, async (client) => client.set('key', 'kept'));
    app.kill('SIGKILL');
    await once(app, 'exit');
    const again = await open();
    expect(again).toMatchObject({ adopted: true, pid: said.pid });
    expect(await ask(again, async (client) => client.get('key'))).toBe('kept');
  });

  test('of the server: the next one has every acknowledged write', async () => {
    const first = await open({ persistent: true });
    await ask(first, async (client) => {
      for (let n = 0; n < 200; n += 1) await client.rpush('list', n);
    });
    await kill(first.pid);
    const second = await open({ persistent: true });
    expect(second.adopted).toBe(false);
    expect(await ask(second, async (client) => client.llen('list'))).toBe(200);
  });

  test('of the server under a running kdebug: it is started again and a connected client goes on', async () => {
    const ending = new AbortController();
    const restarted: EmbeddedRedis[] = [];
    const first = await open({ persistent: true });
    const client = connectProducer(first.url);
    await client.set('key', 'kept');
    const options = { stateDir, appendfsync: 'always', persistent: true } as const;
    const keeping = keepEmbeddedRedis(options, { signal: ending.signal, onRestarted: (server) => { restarted.push(server); servers.push(server); }, onTrouble: () => undefined });
    await kill(first.pid);
    await expect.poll(async () => client.get('key').catch(() => 'down'), { timeout: 10_000 }).toBe('kept');
    ending.abort();
    await keeping;
    client.disconnect();
    expect(restarted.map(({ path }) => path)).toEqual([first.path]);
  });

  test('of the app while the server is stopped (SIGSTOP): no second server joins its files; it is adopted once it answers', async () => {
    const { said } = await startApp('persistent');
    process.kill(said.pid, 'SIGSTOP');
    const opening = open({ persistent: true });
    setTimeout(() => process.kill(said.pid, 'SIGCONT'), 4_000);
    expect(await opening).toMatchObject({ adopted: true, pid: said.pid });
  });
});

test('a frozen server (SIGSTOP), which takes connections and answers nothing, is given up after a second', async () => {
  const { pid, path } = await open();
  process.kill(pid, 'SIGSTOP');
  const answer = await Promise.race([reach(path), delay(2_500, 'still waiting')]);
  process.kill(pid, 'SIGCONT');
  expect(answer).toBeUndefined();
});

describe('what stands in the way is said in one sentence', () => {
  test('no server on the machine', async () => {
    await expect(open({ binDirs: [stateDir] })).rejects.toThrow('no redis-server or valkey-server 6.2 or newer on PATH: run `npm run setup`, or set REDIS_URL');
  });

  test('a server that is too old counts as none', async () => {
    await writeFile(join(stateDir, 'redis-server'), '#!/bin/sh\necho "Redis server v=6.0.16 sha=0 bits=64"\n');
    await chmod(join(stateDir, 'redis-server'), 0o755);
    await expect(open({ binDirs: [stateDir] })).rejects.toThrow('6.2 or newer');
  });

  test('a server that ends at once: its own last words', async () => {
    await writeFile(join(stateDir, 'redis-server'), '#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.0.15" && exit 0\necho "cannot read the manifest"\nexit 1\n');
    await chmod(join(stateDir, 'redis-server'), 0o755);
    await expect(open({ binDirs: [stateDir] })).rejects.toThrow(/did not start in .*: cannot read the manifest$/);
  });

  test.skipIf(process.getuid?.() !== 0)('a state folder that belongs to somebody else', async () => {
    await mkdir(join(stateDir, 'redis'));
    await chown(join(stateDir, 'redis'), 65_534, 65_534);
    await expect(open()).rejects.toThrow(/redis must belong to the user who runs kdebug, with mode 0700/);
  });
});

test('a state folder too deep for a socket path gets a short one, which all find', async () => {
  const deep = join(stateDir, 'd'.repeat(60), 'e'.repeat(60));
  const first = await open({ stateDir: deep });
  expect(Buffer.byteLength(first.path)).toBeLessThanOrEqual(100);
  expect(await readlink(join(deep, 'redis', 'socket'))).toBe(dirname(first.path));
  expect((await stat(dirname(first.path))).mode & 0o777).toBe(0o700);
  expect(await open({ stateDir: deep })).toMatchObject({ adopted: true, pid: first.pid, path: first.path });
});
