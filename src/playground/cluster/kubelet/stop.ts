/** Ends the processes of a pod: SIGTERM, the grace period, SIGKILL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type Container } from './container.ts';
import { emitFor, type PodState, type SimulatedNode } from './node.ts';

/** SIGKILL is answered by the kernel; a process that is still there after this is reported, not waited for. */
const KILL_MS_MAX = 10_000;

export const stopContainers = async (node: SimulatedNode, state: PodState, graceMs: number): Promise<void> => {
  const running = state.containers.filter(isRunning);
  for (const container of running) emitFor(node, state, container, { reason: 'Killing', message: `Stopping container ${container.spec.name}` });
  // Debug containers first: the end of a target kills who shares its PID namespace, and they too have a right to SIGTERM.
  await signalAll(running.filter((one) => one.spec.kind === 'ephemeral'), 'SIGTERM');
  await signalAll(running.filter((one) => one.spec.kind !== 'ephemeral'), 'SIGTERM');
  await endedWithin(running, graceMs);
  await killContainers(running.filter(isRunning));
};

export const killContainers = async (containers: readonly Container[]): Promise<void> => {
  await signalAll(containers, 'SIGKILL');
  await endedWithin(containers, KILL_MS_MAX);
};

const signalAll = async (containers: readonly Container[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  await Promise.all(containers.map((container) => container.process?.signal(signal) ?? Promise.resolve()));
};

const endedWithin = async (containers: readonly Container[], ms: number): Promise<void> => {
  const timer = new AbortController();
  const all = Promise.all(containers.map((container) => container.ended ?? Promise.resolve()));
  await Promise.race([all, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
};

export const discardPod = async (state: PodState): Promise<void> => {
  const logs = state.containers.flatMap((one) => [one.log, one.previousLog]).filter((log) => log !== undefined);
  await Promise.all(logs.map((log) => log.discard()));
  await (await state.pause?.catch(() => undefined))?.signal('SIGKILL');
  state.pause = undefined;
  (await state.sandbox?.catch(() => undefined))?.release();
  state.sandbox = undefined;
};
