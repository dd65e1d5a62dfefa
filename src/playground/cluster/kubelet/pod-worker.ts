/**
 * One pod on the simulated node. A worker does one thing at a time, as a real one does: a slow image pull holds up
 * everything else of its pod, deletion included.
 *
 *   sync ─▶ observe ─▶ admit + report ─▶ start what is missing (ephemeral, init, app) ─▶ report
 *             │                                             └ failed: again after a while, for ever
 *             ├ deletionTimestamp ─▶ SIGTERM, grace, SIGKILL ─▶ report ─▶ removed
 *             └ a Job's apps ended ─▶ stop the rest ─▶ Succeeded | Failed
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pod } from '../ports.ts';
import { admitContainers, ensureSandbox, waitsForVolumes } from './admit.ts';
import { complain } from './complain.ts';
import type { Container } from './container.ts';
import { complete, terminate } from './end-pod.ts';
import { findContainer, isGone, type PodState, type SimulatedNode } from './node.ts';
import { report } from './report.ts';
import { backOffEnded, countRestart, ephemeralToStart, isCompleted, othersToStart } from './restart.ts';
import { isDeleting, isFinished, refOf, textAt } from './spec.ts';
import { tryStart } from './start-container.ts';
import { discardPod, killContainers } from './stop.ts';

export interface PodWorker {
  readonly state: PodState;
  readonly sync: (pod: Pod) => void;
  readonly wake: () => void;
  /** The end of a container that nobody asked for: reported after a relist. */
  readonly noticeEnd: () => void;
  /** Kills every process, forgets logs and namespaces, reports nothing. */
  readonly destroy: () => Promise<void>;
}

/** A pod whose syncs keep failing on this machine is given up; a real kubelet would go on for ever. */
const SYNC_FAILURES_MAX = 10;

export const createPodWorker = (node: SimulatedNode, pod: Pod, podIP: string, onGone: () => void): PodWorker => {
  const state = newState(pod, podIP);
  const alarm = createAlarm();
  const clockwork = createClockwork(node, state, alarm.ring);
  const done = work(node, state, alarm.rung, clockwork, onGone);
  const killAll = (): Promise<void> => killContainers(state.containers.filter((one) => one.process !== undefined));
  const destroy = async (): Promise<void> => {
    state.abort.abort();
    alarm.ring();
    // Once so that a grace period being waited for is cut short, and once for what was being started meanwhile.
    await killAll();
    await done;
    await killAll();
    await discardPod(state);
  };
  const sync = (newest: Pod): void => {
    state.pod = newest;
    alarm.ring();
  };
  return { state, wake: alarm.ring, noticeEnd: clockwork.noticeEnd, destroy, sync };
};

/** Rung while the worker is busy, it is heard when the worker comes back: however often it rang, once. */
const createAlarm = (): { readonly ring: () => void; readonly rung: () => Promise<void> } => {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => next.resolve(),
    rung: async () => {
      await next.promise;
      next = Promise.withResolvers<void>();
    },
  };
};

interface Clockwork {
  readonly noticeEnd: () => void;
  readonly later: (ms: number, act: () => void) => void;
  readonly ring: () => void;
}

const createClockwork = (node: SimulatedNode, state: PodState, ring: () => void): Clockwork => {
  const later = (ms: number, act: () => void): void => {
    const acted = sleep(ms, undefined, { signal: state.abort.signal }).then(act);
    void acted.catch((error: unknown) => void (isGone(state) || complain('could not report', error)));
  };
  const tell = (): void => {
    if (state.stopping) return;
    report(node, state);
    ring();
  };
  const noticeEnd = (): void => {
    const now = performance.now();
    const wait = now < state.firstReportAt ? state.firstReportAt - now : node.pace.relistMs();
    if (wait <= 0) tell();
    else later(wait, tell);
  };
  return { noticeEnd, later, ring };
};

const work = async (node: SimulatedNode, state: PodState, rung: () => Promise<void>, clockwork: Clockwork, onGone: () => void): Promise<void> => {
  for (let failures = 0; failures < SYNC_FAILURES_MAX; failures += 1) {
    try {
      await workUntilGone(node, state, rung, clockwork, onGone);
      return;
    } catch (error) {
      if (isGone(state)) return;
      complain(`could not sync pod ${state.ref.namespace}/${state.ref.name} (try ${failures + 1} of ${SYNC_FAILURES_MAX})`, error);
      clockwork.later(node.pace.retryMs(), clockwork.ring);
    }
  }
};

const workUntilGone = async (node: SimulatedNode, state: PodState, rung: () => Promise<void>, clockwork: Clockwork, onGone: () => void): Promise<void> => {
  while (!isGone(state)) {
    await rung();
    await sleep(node.pace.observeMs(), undefined, { signal: state.abort.signal });
    if (node.silent) continue;
    if (isDeleting(state.pod)) await terminate(node, state, onGone);
    else if (!isFinished(state.pod)) await syncPod(node, state, clockwork);
  }
};

const newState = (pod: Pod, podIP: string): PodState => ({
  ref: refOf(pod),
  pod,
  containers: [],
  abort: new AbortController(),
  sandbox: undefined,
  pause: undefined,
  sandboxReady: false,
  podIP: textAt(pod.status, 'podIP') ?? podIP,
  syncedAt: performance.now(),
  lastReportAt: Number.NEGATIVE_INFINITY,
  firstReportAt: 0,
  completed: false,
  ended: false,
  stopping: false,
});

const syncPod = async (node: SimulatedNode, state: PodState, clockwork: Clockwork): Promise<void> => {
  const adopted = admitContainers(state);
  await ensureSandbox(node, state);
  for (const container of adopted.toSorted(appsFirst)) await adopt(node, state, container, clockwork);
  state.completed = isCompleted(state);
  const waits = state.completed ? [] : backOffEnded(node, state);
  for (const wait of waits) clockwork.later(wait, clockwork.ring);
  const starts = state.completed || waitsForVolumes(state) ? [] : [...ephemeralToStart(state), ...othersToStart(state)];
  if (starts.some((one) => one.timings.syncedAt === undefined)) noteSync(node, state);
  for (const one of starts) one.timings = { syncedAt: state.syncedAt, ...one.timings };
  report(node, state);
  if (state.completed) return complete(node, state);
  await startAll(node, state, starts, clockwork);
};

const appsFirst = (one: Container, other: Container): number => Number(one.spec.kind === 'ephemeral') - Number(other.spec.kind === 'ephemeral');

const noteSync = (node: SimulatedNode, state: PodState): void => {
  state.syncedAt = performance.now();
  state.firstReportAt = state.syncedAt + node.pace.firstReportMs(state.syncedAt - state.lastReportAt);
};

const startAll = async (node: SimulatedNode, state: PodState, starts: readonly Container[], clockwork: Clockwork): Promise<void> => {
  let again = false;
  for (const container of starts) {
    await sleep(node.pace.startMs(), undefined, { signal: state.abort.signal });
    countRestart(container);
    again = !(await tryStart(node, state, container, clockwork.noticeEnd)) || again;
    if (isGone(state)) return;
  }
  if (starts.length > 0) clockwork.noticeEnd();
  if (again) clockwork.later(node.pace.retryMs(), clockwork.ring);
};

/** A seed said that it runs: give it a process, and keep the identity and times the seed gave it. */
const adopt = async (node: SimulatedNode, state: PodState, container: Container, clockwork: Clockwork): Promise<void> => {
  const [known, containerID] = [container.state, container.containerID];
  const started = await tryStart(node, state, container, clockwork.noticeEnd);
  if (!started || container.state.kind !== 'running') return;
  container.containerID = containerID ?? container.containerID;
  container.state = known;
  container.shown = known;
};

export const containerOf = (worker: PodWorker | undefined, name: string): Container | undefined => (worker === undefined ? undefined : findContainer(worker.state, name));
