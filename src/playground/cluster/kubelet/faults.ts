/** What a node can be told to do wrong. Each fault is one that a real cluster showed or its source code has. */
import { isRunning, terminatedState, type Container } from './container.ts';
import { settleFailedStarts } from './end-pod.ts';
import { isGone, type PodState, type SimulatedNode } from './node.ts';
import { containerOf, type PodWorker } from './pod-worker.ts';
import { report } from './report.ts';
import { crashLoop } from './restart.ts';
import type { PodRef } from './spec.ts';
import { killContainers } from './stop.ts';
import { tryStart } from './start-container.ts';

export interface Faults {
  /** The image cannot be pulled until it is shown again; then what waited for it starts, however late. */
  hideImage(reference: string): void;
  showImage(reference: string): void;
  /** Each pull of the image takes so long; 0 ends the fault. */
  slowPull(reference: string, ms: number): void;
  /** The app ends and stays in CrashLoopBackOff until `restartApp`. */
  stopApp(pod: PodRef, container: string): Promise<void>;
  /** The app is killed and runs again, restartCount one higher; whoever shared its PID namespace is killed with it. */
  restartApp(pod: PodRef, container: string): Promise<void>;
  /** No status any more, nothing new is seen, logs answer 500; processes go on. */
  silence(silent: boolean): void;
  /** The kubelet restarts: follow streams end without an error, failed starts are told as ended. */
  restartKubelet(): void;
  /** The runtime loses a running container: ContainerStatusUnknown, and the kubelet runs it again. */
  loseContainer(pod: PodRef, container: string): Promise<void>;
  /** The node runs an ended container once more; the status keeps the first end (kubernetes/kubernetes#124176). */
  runAgain(pod: PodRef, container: string): Promise<void>;
  outOfMemory(pod: PodRef, container: string): Promise<void>;
  /** The pod vanishes without grace: its processes are killed, the object removed. A new one may take its name. */
  vanish(pod: PodRef): Promise<void>;
  /** Node pressure: every container is killed, the pod is Failed with reason Evicted. */
  evict(pod: PodRef, why: string): Promise<void>;
  /** The log endpoint answers 200 with this text instead of the log; undefined ends the fault. */
  logText(pod: PodRef, container: string, text: string | undefined): void;
}

type FindWorker = (pod: PodRef) => PodWorker;
type Find = (pod: PodRef, name: string) => { readonly worker: PodWorker; readonly container: Container };

export const createFaults = (node: SimulatedNode, findWorker: FindWorker, workers: () => Iterable<PodWorker>, drop: (worker: PodWorker) => Promise<void>): Faults => {
  const find: Find = (pod, name) => {
    const worker = findWorker(pod);
    const container = containerOf(worker, name);
    if (container === undefined) throw new Error(`pod ${pod.namespace}/${pod.name} has no container ${name} on this node: give the fault a name of its spec`);
    return { worker, container };
  };
  return { ...imageFaults(node, workers), ...nodeFaults(node, workers), ...containerFaults(node, find), ...podFaults(node, findWorker, drop) };
};

const imageFaults = (node: SimulatedNode, workers: () => Iterable<PodWorker>): Pick<Faults, 'hideImage' | 'showImage' | 'slowPull'> => ({
  hideImage: node.images.hide,
  // A real node finds out at its next retry; so does this one.
  showImage: (reference) => {
    node.images.show(reference);
    for (const worker of workers()) worker.wake();
  },
  slowPull: node.images.slow,
});

const nodeFaults = (node: SimulatedNode, workers: () => Iterable<PodWorker>): Pick<Faults, 'silence' | 'restartKubelet'> => ({
  silence: (silent) => {
    node.silent = silent;
    for (const worker of workers()) worker.noticeEnd();
  },
  restartKubelet: () => {
    node.serving.abort();
    node.serving = new AbortController();
    for (const worker of workers()) {
      settleFailedStarts(worker.state);
      worker.noticeEnd();
    }
  },
});

const containerFaults = (node: SimulatedNode, find: Find): Pick<Faults, 'stopApp' | 'restartApp' | 'loseContainer' | 'runAgain' | 'outOfMemory' | 'logText'> => ({
  stopApp: async (pod, name) => {
    const { worker, container } = find(pod, name);
    container.held = true;
    await killContainers([container].filter(isRunning));
    crashLoop(node, worker.state, container);
    report(node, worker.state);
  },
  restartApp: async (pod, name) => {
    const { worker, container } = find(pod, name);
    await killContainers([container].filter(isRunning));
    if (container.state.kind === 'terminated') container.last = container.state.terminated;
    [container.held, container.startAfter] = [false, 0];
    worker.wake();
  },
  loseContainer: async (pod, name) => {
    const { worker, container } = find(pod, name);
    await lose(worker.state, container);
    report(node, worker.state);
    worker.wake();
  },
  runAgain: async (pod, name) => {
    const { worker, container } = find(pod, name);
    await rerunUnseen(node, worker.state, container);
  },
  outOfMemory: async (pod, name) => {
    const { container } = find(pod, name);
    container.outOfMemory = true;
    await container.process?.signal('SIGKILL');
  },
  logText: (pod, name, text) => void (find(pod, name).container.logFault = text),
});

/** The process is killed unseen; the status says what the kubelet makes of a container its runtime does not know. */
const lose = async (state: PodState, container: Container): Promise<void> => {
  const lost = { ...terminatedState(container, 137, 'ContainerStatusUnknown', 'The container could not be located when the pod was terminated'), startedAt: null, finishedAt: null };
  await killContainers([container].filter(isRunning));
  if (isGone(state)) return;
  container.last = lost;
  container.restartCount += container.spec.kind === 'ephemeral' ? 1 : 0;
  container.state = { kind: 'waiting', reason: 'ContainerCreating' };
};

const rerunUnseen = async (node: SimulatedNode, state: PodState, container: Container): Promise<void> => {
  const twin: Container = { ...container };
  await tryStart(node, state, twin, () => undefined);
  [container.log, container.previousLog, container.process, container.ended] = [twin.log, twin.previousLog, twin.process, twin.ended];
  await twin.ended;
  container.process = undefined;
};

const podFaults = (node: SimulatedNode, findWorker: FindWorker, drop: (worker: PodWorker) => Promise<void>): Pick<Faults, 'vanish' | 'evict'> => ({
  vanish: async (pod) => {
    await drop(findWorker(pod));
    node.writer.remove(pod.namespace, pod.name, pod.uid);
  },
  evict: async (pod, why) => {
    const { state } = findWorker(pod);
    for (const one of state.containers) one.held = true;
    await killContainers(state.containers.filter(isRunning));
    [state.completed, state.ended, state.firstReportAt] = [true, true, 0];
    report(node, state);
    node.writer.updateStatus(pod.namespace, pod.name, pod.uid, (status) => ({ ...status, phase: 'Failed', reason: 'Evicted', message: why }));
  },
});
