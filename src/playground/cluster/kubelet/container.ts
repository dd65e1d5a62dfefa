/**
 * One container as the kubelet keeps it in memory.
 *
 *   waiting(reason) ─▶ running ─▶ terminated ─▶ (app containers) waiting(CrashLoopBackOff) ─▶ running …
 *        └─ a start that failed goes back to waiting with its reason and is tried again,
 *           except StartError, which the runtime remembers as an ended container
 */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../ports.ts';
import type { PulledImage } from './images.ts';
import type { StartedProcess } from './launch.ts';
import type { LogStore } from './log-store.ts';
import { numberAt, objectAt, textAt, type ContainerSpec } from './spec.ts';

export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly kind: 'running'; readonly startedAt: string }
  | { readonly kind: 'terminated'; readonly terminated: JsonObject };

/** Milliseconds of `performance.now()`; `reportedAt` is when the end stood in the status. */
export interface Timings {
  readonly syncedAt?: number;
  readonly startedAt?: number;
  readonly exitedAt?: number;
  readonly reportedAt?: number;
}

export interface Container {
  readonly spec: ContainerSpec;
  state: ContainerState;
  /** The state that watchers were last told. */
  shown: ContainerState | undefined;
  last: JsonObject | undefined;
  restartCount: number;
  containerID: string | undefined;
  image: PulledImage | undefined;
  uid: number;
  /** Fields of a status that somebody else wrote and that stay as they are. */
  inherited: JsonObject;
  process: StartedProcess | undefined;
  /** Resolves when the process is gone and its log is whole. */
  ended: Promise<void> | undefined;
  env: Readonly<Record<string, string>>;
  log: LogStore | undefined;
  previousLog: LogStore | undefined;
  timings: Timings;
  pullFailures: number;
  /** No start before this, by performance.now(). */
  startAfter: number;
  /** A fault holds the container where it is. */
  held: boolean;
  /** The next end is reported as out of memory. */
  outOfMemory: boolean;
  /** A failed start that the runtime remembers: an ended container the kubelet still calls waiting. */
  startFailed: boolean;
  logFault: string | undefined;
}

export const newContainerId = (): string => randomBytes(32).toString('hex');
export const nowSeconds = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

export const createContainer = (spec: ContainerSpec, waitingReason: string, before: JsonObject | undefined): Container => ({
  spec,
  state: before === undefined ? { kind: 'waiting', reason: waitingReason } : stateOf(before, waitingReason),
  shown: before === undefined ? undefined : stateOf(before, waitingReason),
  last: before === undefined ? undefined : lastOf(before),
  restartCount: before === undefined ? 0 : (numberAt(before, 'restartCount') ?? 0),
  containerID: before === undefined ? undefined : textAt(before, 'containerID'),
  image: undefined,
  uid: 0,
  inherited: before?.['containerID'] === undefined ? {} : before,
  process: undefined,
  ended: undefined,
  env: {},
  log: undefined,
  previousLog: undefined,
  timings: {},
  pullFailures: 0,
  startAfter: 0,
  // Seeded apps that wait or ended stay as they were seeded until a fault moves them.
  held: before !== undefined && spec.kind !== 'ephemeral' && stateOf(before, waitingReason).kind !== 'running',
  outOfMemory: false,
  startFailed: before !== undefined && textAt(objectAt(objectAt(before, 'state'), 'waiting'), 'reason') === 'RunContainerError',
  logFault: undefined,
});

const stateOf = (status: JsonObject, otherwise: string): ContainerState => {
  const state = objectAt(status, 'state');
  const startedAt = textAt(objectAt(state, 'running'), 'startedAt');
  if (startedAt !== undefined) return { kind: 'running', startedAt };
  if (state['terminated'] !== undefined) return { kind: 'terminated', terminated: objectAt(state, 'terminated') };
  const waiting = objectAt(state, 'waiting');
  const message = textAt(waiting, 'message');
  return { kind: 'waiting', reason: textAt(waiting, 'reason') ?? otherwise, ...(message === undefined ? {} : { message }) };
};

const lastOf = (status: JsonObject): JsonObject | undefined => {
  const last = objectAt(objectAt(status, 'lastState'), 'terminated');
  return Object.keys(last).length === 0 ? undefined : last;
};

/** What the runtime says of a container that ended. */
export const terminatedState = (container: Container, exitCode: number, reason: string, message?: string): JsonObject => ({
  exitCode,
  reason,
  ...(message === undefined ? {} : { message }),
  startedAt: container.state.kind === 'running' ? container.state.startedAt : '1970-01-01T00:00:00Z',
  finishedAt: nowSeconds(),
  ...(container.containerID === undefined ? {} : { containerID: container.containerID }),
});

export const isRunning = (container: Container): boolean => container.state.kind === 'running';
export const isTerminated = (container: Container): boolean => container.state.kind === 'terminated';
export const exitCodeOf = (container: Container): number | undefined =>
  container.state.kind === 'terminated' ? numberAt(container.state.terminated, 'exitCode') : undefined;
