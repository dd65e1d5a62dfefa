/**
 * Starts one process of a container: `nsenter` (the pod's network, host name, the image's mounts, the target's PID
 * namespace) → `unshare` (a PID namespace of its own) → `sh`, which forks the container's first process and hands on its
 * exit → `unshare` (mounts, /proc, root) → `setpriv` (uid, capabilities) → the program. The shell is there because
 * `unshare --fork` of util-linux 2.38 turns a death by signal into exit code 1.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, isRootless, toolPath } from './namespaces.ts';
import { LAUNCHER, type Rootfs } from './rootfs.ts';
import type { Sandbox } from './sandbox.ts';

export interface Launch {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly bounding: string;
  readonly rootfs: Rootfs;
  readonly sandbox: Sandbox;
  /** A process (as this machine numbers it) whose PID namespace is joined instead of making a new one. */
  readonly joinPid?: number;
  readonly isolated: boolean;
  /** stdout and stderr in one pipe, in the order they were written, or apart (exec). */
  readonly output: 'one pipe' | 'two pipes';
  /** Keeps stdin open so that the process can notice the end of the kubelet. */
  readonly holdStdin?: boolean;
}

export interface ProcessExit {
  readonly exitCode: number;
  readonly signal?: number;
}

export interface StartedProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<ProcessExit>;
  /** The first process of the container as this machine numbers it; undefined once it is gone. */
  readonly firstPid: () => Promise<number | undefined>;
  readonly signal: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15 };
const FIRST_PID_MS_MAX = 5_000;
const FIRST_PID_POLL_MS = 3;
/** The exit code a shell or the kubelet gives when a program could not be started at all. */
const NOT_STARTED = 128;

const identity = (launch: Launch): readonly string[] => {
  // A user namespace of one mapped user has no other uid to become.
  const credentials = launch.uid === 0 || isRootless() ? [] : ['--reuid', `${launch.uid}`, '--regid', `${launch.uid}`, '--clear-groups'];
  return ['--pdeathsig', 'KILL', ...credentials, `--bounding-set=${launch.bounding}`, '--'];
};

/** The shell's own words about a killed child ("Killed") must not get into the log, so it has no stderr while it waits. */
const FORK = 'unset PWD; exec 3>&2 2>/dev/null; "$@"; exit $?';
const ONE_PIPE = 'unset PWD; exec "$@" 2>&1 3>&-';
const TWO_PIPES = 'unset PWD; exec "$@" 2>&3 3>&-';
const forker = (launch: Launch): readonly string[] => {
  const shell = [findProgram('sh') ?? '/bin/sh', '-c'];
  return [...shell, FORK, 'sh', ...shell, launch.output === 'one pipe' ? ONE_PIPE : TWO_PIPES, 'sh'];
};

const isolatedArgv = (launch: Launch): readonly string[] => {
  const ownPids = launch.joinPid === undefined;
  const join = ownPids ? [] : [`--pid=/proc/${launch.joinPid}/ns/pid`, '--no-fork'];
  return [
    [toolPath('setpriv'), '--pdeathsig', 'KILL', '--'],
    [toolPath('nsenter'), ...launch.rootfs.enter, ...launch.sandbox.enter, ...join, '--'],
    ownPids ? [toolPath('unshare'), '--pid', '--'] : [],
    forker(launch),
    [toolPath('unshare'), '--mount-proc=/proc', `--root=${launch.rootfs.root}`, `--wd=${launch.cwd}`, '--'],
    [LAUNCHER, ...identity(launch), ...launch.argv],
  ].flat();
};

/** Without namespaces the shell still hands on the exit; the signals go to the whole process group. */
const outerArgv = (launch: Launch): readonly string[] => (launch.isolated ? isolatedArgv(launch) : [...forker(launch), ...launch.argv]);

export const launchProcess = (launch: Launch): StartedProcess => {
  const [file, ...args] = outerArgv(launch);
  const child = spawn(file ?? '', args, {
    env: launch.env,
    stdio: [launch.holdStdin === true ? 'pipe' : 'ignore', 'pipe', launch.output === 'one pipe' ? 'ignore' : 'pipe'],
    detached: true,
  });
  child.stdin?.on('error', () => undefined);
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('error', () => resolve({ exitCode: NOT_STARTED }));
    child.once('exit', (code, signal) => resolve(exitOf(code, signal)));
  });
  const firstPid = launch.isolated ? () => firstChild(child) : () => Promise.resolve(child.pid);
  return { child, exit, firstPid, signal: (signal) => signalFirst(child, firstPid, launch.isolated, signal) };
};

const exitOf = (code: number | null, signal: NodeJS.Signals | null): ProcessExit => {
  if (signal === null) return { exitCode: code ?? NOT_STARTED };
  const number = SIGNALS[signal] ?? 0;
  return { exitCode: 128 + number, signal: number };
};

const isGone = (child: ChildProcess): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

const firstChild = async (child: ChildProcess): Promise<number | undefined> => {
  for (let waited = 0; waited < FIRST_PID_MS_MAX && !isGone(child); waited += FIRST_PID_POLL_MS) {
    const found = childrenOf(child.pid ?? 0)[0];
    if (found !== undefined) return found;
    await sleep(FIRST_PID_POLL_MS);
  }
  return undefined;
};

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((text) => text !== '').map(Number);
  } catch {
    return [];
  }
};

const signalFirst = async (
  child: ChildProcess,
  firstPid: () => Promise<number | undefined>,
  isolated: boolean,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> => {
  if (isGone(child)) return;
  const pid = isolated ? await firstPid() : -(child.pid ?? 0);
  if (pid !== undefined && pid !== 0 && !isGone(child)) killQuietly(pid, signal);
  else if (!isGone(child)) child.kill(signal);
};

/** A process that ended a moment ago is no error. */
export const killQuietly = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const SESSION_FIELD = 3;
/** Kills every process of a session: what a container in somebody else's PID namespace left behind. */
export const killSession = (session: number): void => {
  for (const name of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    if (sessionOf(name) === session) killQuietly(Number(name), 'SIGKILL');
  }
};

const sessionOf = (pid: string): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[SESSION_FIELD]);
  } catch {
    return undefined;
  }
};
