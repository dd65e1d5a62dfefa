/** From a container's spec to a running process, and from its exit back to the container's state. */
import { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import { boundingSet } from './capabilities.ts';
import { complain } from './complain.ts';
import { newContainerId, nowSeconds, terminatedState, type Container } from './container.ts';
import { killSession, launchProcess, type ProcessExit, type StartedProcess } from './launch.ts';
import { createLogStore } from './log-store.ts';
import type { BuiltinAnswer } from './image-table.ts';
import type { PodState, SimulatedNode } from './node.ts';
import { HOST_SANDBOX, type Sandbox } from './sandbox.ts';

export interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly joinPid?: number;
  readonly holdStdin?: boolean;
}

/** Output still in the pipe when a process ends is waited for so long. */
const LOG_DRAIN_MS_MAX = 5_000;

/** Starts the process; the container is running when this resolves. `onEnd` is called once its state is terminated. */
export const startProcess = async (node: SimulatedNode, state: PodState, container: Container, start: Start, onEnd: () => void): Promise<void> => {
  const { image } = container;
  if (image === undefined) throw new Error(`container ${container.spec.name} has no image: it was started before its pull`);
  container.containerID = `containerd://${newContainerId()}`;
  const log = await freshLog(node, container);
  const builtin = image.image.builtin?.(start.argv, start.env);
  const sandbox = builtin === undefined && state.sandbox !== undefined ? await state.sandbox : HOST_SANDBOX;
  container.env = start.env;
  container.state = { kind: 'running', startedAt: nowSeconds() };
  container.timings = { syncedAt: state.syncedAt, startedAt: performance.now() };
  container.process = builtin === undefined ? launch(node, container, start, sandbox) : undefined;
  const run = container.process === undefined ? answer(builtin, log.append) : follow(container.process, log.take, start.joinPid !== undefined);
  container.ended = untilEnd(run, log.end, (exit) => {
    // A container that was started again meanwhile has another log; this end is no longer its own.
    if (container.log === log) finish(container, exit);
    onEnd();
  });
  // Told as running only once it is inside: a target that dies before that would make the shell's fork fail instead.
  if (start.joinPid !== undefined) await container.process?.firstPid();
};

/** Never rejects: a status that could not be written is told on stderr, and the worker goes on. */
const untilEnd = async (run: Promise<ProcessExit>, endLog: () => void, tell: (exit: ProcessExit) => void): Promise<void> => {
  try {
    const exit = await run;
    endLog();
    tell(exit);
  } catch (error) {
    complain('could not tell the end of a container', error);
  }
};


const freshLog = async (node: SimulatedNode, container: Container): Promise<NonNullable<Container['log']>> => {
  await container.previousLog?.discard();
  container.previousLog = container.log;
  container.log = await createLogStore(`${node.logDirectory}/${container.containerID?.slice('containerd://'.length)}.log`);
  return container.log;
};

const launch = (node: SimulatedNode, container: Container, start: Start, sandbox: Sandbox): StartedProcess => {
  const { image } = container;
  if (image === undefined) throw new Error(`container ${container.spec.name} has no image`);
  return launchProcess({
    ...start,
    cwd: container.spec.workingDir ?? '/',
    uid: container.uid,
    bounding: boundingSet(container.spec.securityContext),
    rootfs: image.rootfs,
    sandbox,
    isolated: node.isolated,
    output: 'one pipe',
  });
};

const follow = async (started: StartedProcess, take: (output: NonNullable<StartedProcess['child']['stdout']>) => Promise<void>, joined: boolean): Promise<ProcessExit> => {
  const { child } = started;
  const logged = child.stdout === null ? Promise.resolve() : take(child.stdout).catch((error: unknown) => complain('could not write a log', error));
  const exit = await started.exit;
  // In a PID namespace of its own the kernel kills what is left; in the target's, the runtime does.
  if (joined && child.pid !== undefined) killSession(child.pid);
  const drained = await Promise.race([logged.then(() => true), sleep(LOG_DRAIN_MS_MAX, false, { ref: false })]);
  if (!drained) child.stdout?.destroy();
  child.stdin?.destroy();
  return exit;
};

const answer = async (builtin: BuiltinAnswer | undefined, append: (text: string) => Promise<void>): Promise<ProcessExit> => {
  if ((builtin?.afterMs ?? 0) > 0) await sleep(builtin?.afterMs);
  await append(builtin?.output ?? '');
  return { exitCode: builtin?.exitCode ?? 0 };
};

const finish = (container: Container, exit: ProcessExit): void => {
  const killedForMemory = container.outOfMemory && exit.exitCode === 137;
  const reason = killedForMemory ? 'OOMKilled' : exit.exitCode === 0 ? 'Completed' : 'Error';
  container.state = { kind: 'terminated', terminated: terminatedState(container, exit.exitCode, reason) };
  container.outOfMemory = false;
  container.process = undefined;
  container.timings = { ...container.timings, exitedAt: performance.now() };
};

/** Bytes of argv and environment the kernel takes; containerd fails beyond it too. */
export const ARGUMENTS_BYTES_MAX = 128 * 1_024;
export const argumentsFit = (argv: readonly string[]): boolean => argv.every((argument) => Buffer.byteLength(argument) < ARGUMENTS_BYTES_MAX);
