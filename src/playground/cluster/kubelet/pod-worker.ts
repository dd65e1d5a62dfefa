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
import { isTerminated, type Container } from './container.ts';
import { findContainer, isGone, type PodState, type SimulatedNode } from './node.ts';
import { report } from './report.ts';
import { backOffEnded, countRestart, ephemeralToStart, isCompleted, othersToStart } from './restart.ts';
import { graceSecondsOf, isDeleting, isFinished, refOf, textAt } from './spec.ts';
import { tryStart } from './start-container.ts';
import { discardPod, killContainers, stopContainers } from './stop.ts';

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
  let [woken, wake] = newAlarm();
  const ring = (): void => wake();
  const later = (ms: number, act: () => void): void => void sleep(ms, undefined, { signal: state.abort.signal }).then(act, () => undefined);
  const noticeEnd = (): void => {
    if (state.stopping) return;
    const now = performance.now();
    const wait = now < state.firstReportAt ? state.firstReportAt - now : node.pace.relistMs();
    const tell = (): void => {
      if (state.stopping) return;
      report(node, state);
      ring();
    };
    if (wait <= 0) tell();
    else later(wait, tell);
  };
  /** True once the pod is over. */
  const once = async (): Promise<boolean> => {
    await sleep(node.pace.observeMs());
    if (node.silent || isGone(state)) return false;
    if (isDeleting(state.pod)) await terminate(node, state, onGone);
    else if (!isFinished(state.pod)) await syncPod(node, state, { noticeEnd, later, ring });
    return isGone(state);
  };
  const loop = async (): Promise<void> => {
    let failures = 0;
    while (failures < SYNC_FAILURES_MAX) {
      await woken;
      if (isGone(state)) return;
      [woken, wake] = newAlarm();
      try {
        if (await once()) return;
      } catch (error) {
        if (isGone(state)) return;
        failures += 1;
        complain(`could not sync pod ${state.ref.namespace}/${state.ref.name} (${failures} of ${SYNC_FAILURES_MAX} times)`, error);
        later(node.pace.retryMs(), ring);
      }
    }
  };
  const done = loop();
  const destroy = async (): Promise<void> => {
    state.abort.abort();
    ring();
    await done;
    await killContainers(state.containers.filter((one) => one.process !== undefined));
    await discardPod(state);
  };
  return { state, wake: ring, noticeEnd, destroy, sync: (newest) => ((state.pod = newest), ring()) };
};

const newAlarm = (): [Promise<void>, () => void] => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return [promise, resolve];
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

interface Clockwork {
  readonly noticeEnd: () => void;
  readonly later: (ms: number, act: () => void) => void;
  readonly ring: () => void;
}

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

const complete = async (node: SimulatedNode, state: PodState): Promise<void> => {
  state.stopping = true;
  await stopContainers(node, state, node.pace.graceMs(graceSecondsOf(state.pod)));
  [state.ended, state.firstReportAt] = [true, 0];
  report(node, state);
};

const terminate = async (node: SimulatedNode, state: PodState, onGone: () => void): Promise<void> => {
  admitContainers(state);
  settleFailedStarts(state);
  report(node, state);
  state.stopping = true;
  await stopContainers(node, state, node.pace.graceMs(graceSecondsOf(state.pod)));
  [state.completed, state.ended, state.firstReportAt] = [true, true, 0];
  report(node, state);
  if (isGone(state)) return;
  state.abort.abort();
  await discardPod(state);
  onGone();
  node.writer.remove(state.ref.namespace, state.ref.name, state.ref.uid);
};

/** The kubelet's memory of why a start failed is gone (deletion, restart): the runtime's record is told as it is. */
export const settleFailedStarts = (state: PodState): void => {
  for (const one of state.containers) {
    if (one.startFailed && one.last !== undefined && !isTerminated(one)) one.state = { kind: 'terminated', terminated: one.last };
  }
};

export const containerOf = (worker: PodWorker | undefined, name: string): Container | undefined => (worker === undefined ? undefined : findContainer(worker.state, name));
