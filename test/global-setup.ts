/**
 * One private Redis for the whole run of vitest, on a temporary folder, keeping nothing. Named in vitest.config.ts:
 * `globalSetup: ['test/global-setup.ts']`. On a machine without a server it is fetched first (`npm run setup redis`).
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensurePrograms } from '../scripts/setup.mjs';
import { openEmbeddedRedis } from '../src/adapters/redis/embedded.ts';
import { findServer } from '../src/adapters/redis/embedded/binary.ts';
import { shutDown } from '../src/adapters/redis/embedded/reach.ts';

const ensureServer = async (): Promise<void> => {
  if ((await findServer()) === undefined) await ensurePrograms(['redis']);
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A run that was ended by kill -9 leaves its server behind; the next run ends it. */
const endLeftovers = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^kdebug-test-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || isRunning(pid)) continue;
    await shutDown(join(tmpdir(), name, 'redis', 'redis.sock'), true);
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
};

const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  await endLeftovers();
  await ensureServer();
  const stateDir = await mkdtemp(join(tmpdir(), `kdebug-test-${process.pid}-`));
  const server = await openEmbeddedRedis({ stateDir, appendfsync: 'no', persistent: false });
  project.provide('redisUrl', server.url);
  return async () => {
    // a connection that some test left open must not keep the server alive
    await server.stop({ evenIfUsed: true });
    await rm(stateDir, { recursive: true, force: true });
    if (!server.path.startsWith(stateDir)) await rm(dirname(server.path), { recursive: true, force: true });
  };
};

export default setup;
