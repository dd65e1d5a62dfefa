import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile, readlink, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerBinary } from './binary.ts';
import type { Appendfsync } from './reach.ts';

const LOG_BYTES_MAX = 1_048_576;
const LISTING_WITHIN_MS = 5_000;
const GONE_POLL_MS = 20;

export interface ServerSettings {
  readonly folder: string;
  readonly socket: string;
  readonly persistent: boolean;
  readonly appendfsync: Appendfsync;
}

const argumentsFor = ({ folder, socket, persistent, appendfsync }: ServerSettings): readonly string[] => [
  '--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--dir', folder, '--daemonize', 'no',
  '--maxmemory-policy', 'noeviction', '--save', '', '--appendonly', persistent ? 'yes' : 'no', '--appendfsync', appendfsync,
  '--loglevel', 'warning',
];

const logFile = (folder: string): string => join(folder, 'redis.log');

/** The last line of the server's log: why it did not start. */
export const lastWords = async (folder: string): Promise<string> =>
  readFile(logFile(folder), 'utf8').then((text) => text.trim().split('\n').at(-1) ?? '', () => '');

const trimLog = async (folder: string): Promise<void> => {
  const size = await stat(logFile(folder)).then((found) => found.size, () => 0);
  if (size > LOG_BYTES_MAX) await truncate(logFile(folder));
};

export interface SpawnedServer {
  readonly pid: number | undefined;
  /** True when it ended, or never began. */
  hasEnded(): boolean;
}

/**
 * Starts the server as a session of its own: neither Ctrl-C in the terminal nor kill -9 of this process ends it. It
 * gets none of our environment, which holds Slack's tokens.
 */
export const spawnServer = async (binary: ServerBinary, settings: ServerSettings): Promise<SpawnedServer> => {
  await trimLog(settings.folder);
  const log = openSync(logFile(settings.folder), 'a', 0o600);
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const child = spawn(binary.path, argumentsFor(settings), { cwd: settings.folder, detached: true, stdio: ['ignore', log, log], env });
  closeSync(log);
  let ended = false;
  child.once('error', () => { ended = true; }).once('exit', () => { ended = true; });
  child.unref();
  return { pid: child.pid, hasEnded: () => ended };
};

const isServerIn = async (pid: string, folder: string): Promise<boolean> => {
  const [cwd, name] = await Promise.all([readlink(`/proc/${pid}/cwd`), readFile(`/proc/${pid}/comm`, 'utf8')]).catch(() => []);
  return cwd === folder && name !== undefined && /^(redis|valkey)/.test(name);
};

const listedServer = async (socket: string): Promise<number | undefined> =>
  new Promise((answer) => {
    execFile('ps', ['-axo', 'pid=,command='], { timeout: LISTING_WITHIN_MS }, (_error, stdout) => {
      const line = stdout.split('\n').find((each) => /redis|valkey/.test(each) && each.includes(socket));
      answer(line === undefined ? undefined : Number.parseInt(line, 10));
    });
  });

/**
 * The pid of a server that holds this folder's files, whether or not it answers. Two servers on one append-only file
 * would destroy it, so this is asked of the kernel (its working directory), not of a pid file that may be old.
 */
export const serverHolding = async (folder: string, socket: string): Promise<number | undefined> => {
  if (process.platform !== 'linux') return listedServer(socket);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const holds = await Promise.all(pids.map(async (pid) => isServerIn(pid, folder)));
  const found = pids.find((_pid, index) => holds[index]);
  return found === undefined ? undefined : Number(found);
};

const exists = async (pid: number): Promise<boolean> => {
  // a zombie waits for a parent that never asks; it holds nothing any more
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').then((text) => /\) (\S)/.exec(text)?.[1], () => undefined);
  if (state !== undefined) return state !== 'Z';
  if (process.platform === 'linux') return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits until the process is gone; false when it is still there after `withinMs`. */
export const isGoneWithin = async (pid: number, withinMs: number): Promise<boolean> => {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(GONE_POLL_MS)) {
    if (!(await exists(pid))) return true;
  }
  return !(await exists(pid));
};
