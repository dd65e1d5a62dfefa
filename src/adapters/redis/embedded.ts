/**
 * Redis on a machine that has none running: a private server of our own, adopted when it is there and started when it is
 * not. It listens on a Unix socket in a folder that only this user can enter, on no TCP port, and outlives this process,
 * so that a crash of kdebug is never a crash of its queue.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { findServer } from './embedded/binary.ts';
import { makeSocketPath, prepareFolder, socketIn } from './embedded/folder.ts';
import type { Lock } from './embedded/lock.ts';
import { tryLock } from './embedded/lock.ts';
import { isGoneWithin, lastWords, serverHolding, spawnServer } from './embedded/process.ts';
import type { Appendfsync, ReachedServer } from './embedded/reach.ts';
import { reach, shutDown, strengthen } from './embedded/reach.ts';

/** Includes reading an append-only file back: about 100 MB a second. */
const OPEN_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
const POLL_MS = 20;

export interface EmbeddedOptions {
  readonly stateDir: string;
  /** Folders to search for the server instead of PATH and the usual ones. */
  readonly binDirs?: readonly string[];
  readonly appendfsync: Appendfsync;
  /** False keeps nothing on disk: tests and demos. */
  readonly persistent: boolean;
}

export interface EmbeddedRedis {
  /** `unix:///…/redis.sock`; ioredis itself takes `path`. */
  readonly url: string;
  readonly path: string;
  readonly pid: number;
  /** True when the server was running already. */
  readonly adopted: boolean;
  readonly version: string;
  /** Ends the server, or leaves it to the other clients that are still connected, unless `evenIfUsed`. At most 10 s. */
  stop(options?: { readonly evenIfUsed?: boolean }): Promise<void>;
}

const opened = (path: string, { pid, version }: ReachedServer, adopted: boolean): EmbeddedRedis => ({
  url: pathToFileURL(path).href.replace(/^file:/, 'unix:'),
  path, pid, version, adopted,
  stop: async ({ evenIfUsed = false } = {}) => {
    if (!(await shutDown(path, evenIfUsed)) || (await isGoneWithin(pid, STOP_WITHIN_MS))) return;
    throw new Error(`The Redis server on ${path} (pid ${pid}) did not end within ${STOP_WITHIN_MS / 1_000} s: end it with kill ${pid}.`);
  },
});

const adopt = async (folder: string, options: EmbeddedOptions): Promise<EmbeddedRedis | undefined> => {
  const path = await socketIn(folder);
  const server = path === undefined ? undefined : await reach(path);
  if (path === undefined || server === undefined) return undefined;
  if (options.persistent) await strengthen(path, options.appendfsync);
  return opened(path, server, true);
};

const spawn = async (folder: string, socket: string, lock: Lock, options: EmbeddedOptions, deadline: number): Promise<EmbeddedRedis> => {
  const binary = await findServer(options.binDirs);
  if (binary === undefined) throw new Error('no redis-server or valkey-server 6.2 or newer on PATH: run `npm run setup`, or set REDIS_URL');
  if (!(await lock.isHeld())) throw new Error(`Another process took over the lock in ${folder} while this one was stopped: start again.`);
  const child = await spawnServer(binary, { ...options, folder, socket });
  for (; Date.now() < deadline && !child.hasEnded(); await delay(POLL_MS)) {
    const server = await reach(socket);
    if (server !== undefined) return opened(socket, server, false);
  }
  throw new Error(`${binary.path} did not start in ${folder}: ${(await lastWords(folder)) || 'it wrote no reason'}`);
};

/** Holds the lock. A server that holds the files but does not answer (yet) is waited for, never joined by a second one. */
const adoptOrSpawn = async (folder: string, lock: Lock, options: EmbeddedOptions, deadline: number): Promise<EmbeddedRedis> => {
  const socket = await makeSocketPath(folder);
  for (; ; await delay(POLL_MS)) {
    const adopted = await adopt(folder, options);
    if (adopted !== undefined) return adopted;
    const pid = await serverHolding(folder, socket);
    if (pid === undefined) return spawn(folder, socket, lock, options, deadline);
    if (Date.now() >= deadline) throw new Error(`The Redis server with pid ${pid} holds ${folder} but does not answer on ${socket}: end it with kill ${pid}, then start again.`);
  }
};

/**
 * Adopts or starts the server of `stateDir`, within 30 s. Any number of processes may call this at once: one starts it,
 * the others adopt it. Throws a sentence when there is no server to start, or it does not answer.
 */
export const openEmbeddedRedis = async (options: EmbeddedOptions): Promise<EmbeddedRedis> => {
  const deadline = Date.now() + OPEN_WITHIN_MS;
  const folder = await prepareFolder(options.stateDir);
  for (; Date.now() < deadline; await delay(POLL_MS)) {
    const adopted = await adopt(folder, options);
    if (adopted !== undefined) return adopted;
    const lock = await tryLock(folder);
    if (lock === undefined) continue;
    try {
      return await adoptOrSpawn(folder, lock, options, deadline);
    } finally {
      await lock.release();
    }
  }
  throw new Error(`Another process has been starting the Redis server in ${folder} for ${OPEN_WITHIN_MS / 1_000} s: look at ${folder}/redis.log, or remove ${folder}/lock when no kdebug runs.`);
};
