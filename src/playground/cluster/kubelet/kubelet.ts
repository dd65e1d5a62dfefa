/**
 * A small kubelet for the playground and the tests. It runs commands as real local processes: exit codes, signals,
 * endless output and missing programs are the kernel's own. The statuses, reasons, messages and their order are those
 * that a real kubelet 1.36 with containerd gave.
 *
 * Not in it: volumes, probes, resource limits, attach, hostPID (such a pod's containers see only themselves). `/tmp` is shared by the containers of one image.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Kubelet, Pod, PodStatusWriter } from '../ports.ts';
import { complain } from './complain.ts';
import type { Timings } from './container.ts';
import { execIn } from './exec.ts';
import { createFaults, type Faults } from './faults.ts';
import { DEFAULT_IMAGES, type ImageTable } from './image-table.ts';
import { createImageStore } from './images.ts';
import { pidNamespaces, type Availability } from './namespaces.ts';
import type { IdleApp, SimulatedNode } from './node.ts';
import { paceOf, type PaceChoice } from './pace.ts';
import { containerOf, createPodWorker, type PodWorker } from './pod-worker.ts';
import { serveLog } from './serve-log.ts';
import { isMirror, isScheduled, type PodRef } from './spec.ts';

export interface KubeletOptions {
  readonly writer: PodStatusWriter;
  readonly images?: ImageTable;
  readonly pace?: PaceChoice;
  /** Multiplies every wait of the pace; 1 unless given. */
  readonly scale?: number;
  readonly random?: () => number;
  /** Searched before PATH for the images' programs, `busybox` above all. */
  readonly programDirectories?: readonly string[];
  /** `never`: plain processes even where the kernel offers namespaces. */
  readonly namespaces?: 'when available' | 'never';
  /** Stands in for an app whose image is in no table. */
  readonly idleApp?: (pod: Pod, container: string) => IdleApp;
}

export interface SimulatedKubelet extends Kubelet {
  readonly faults: Faults;
  /** Where the logs and images of this node lie; gone after `close`. */
  readonly directory: string;
  /** Whether this kubelet's containers have namespaces of their own. */
  readonly isolation: Availability;
  /** When a container was synced, started, ended and reported, so that a bench can take the node's share away. */
  readonly timings: (pod: PodRef, container: string) => Timings | undefined;
}

export const PODS_MAX = 5_000;

export const createKubelet = (options: KubeletOptions): SimulatedKubelet => {
  const directory = mkdtempSync(`${tmpdir()}/kdebug-kubelet-`);
  const isolation = options.namespaces === 'never' ? ('unavailable: switched off' as const) : pidNamespaces();
  const node = createNode(options, directory, isolation === 'available');
  const workers = new Map<string, PodWorker>();
  const dropped = new Set<Promise<void>>();
  const drop = async (worker: PodWorker): Promise<void> => {
    workers.delete(worker.state.ref.uid);
    const gone = worker.destroy();
    dropped.add(gone);
    await gone.finally(() => dropped.delete(gone));
  };
  const find = (pod: PodRef): PodWorker => {
    const worker = workers.get(pod.uid);
    if (worker === undefined) throw new Error(`pod ${pod.namespace}/${pod.name} is not on this node: sync it first`);
    return worker;
  };
  const workerOf = (pod: Pod): PodWorker | undefined => workers.get(pod.metadata.uid);
  let [closed, addresses] = [false, 0];
  const sync = (pod: Pod): void => {
    if (closed || !isScheduled(pod) || isMirror(pod)) return;
    const { uid } = pod.metadata;
    if (!workers.has(uid) && workers.size >= PODS_MAX) throw new Error(`the simulated node holds ${PODS_MAX} pods: delete some before adding ${pod.metadata.name}`);
    const worker = workers.get(uid) ?? createPodWorker(node, pod, addressOf((addresses += 1)), () => workers.delete(uid));
    workers.set(uid, worker);
    worker.sync(pod);
  };
  const close = async (): Promise<void> => {
    closed = true;
    node.serving.abort();
    await Promise.all([...workers.values()].map(drop));
    await Promise.all(dropped);
    await node.images.close();
    await rm(directory, { recursive: true, force: true });
  };
  return {
    isolation,
    directory,
    sync,
    close,
    forget: (pod) => {
      const worker = workerOf(pod);
      if (worker !== undefined) void drop(worker).catch((error: unknown) => complain(`could not clear away pod ${pod.metadata.name}`, error));
    },
    log: (pod, container, wanted) => serveLog(node, workerOf(pod), pod, container, wanted),
    exec: (pod, container, argv) => execIn(node, workerOf(pod), pod, container, argv),
    timings: (pod, container) => containerOf(workers.get(pod.uid), container)?.timings,
    faults: createFaults(node, find, () => workers.values(), drop),
  };
};

const addressOf = (number: number): string => `10.88.${Math.floor(number / 250) % 250}.${(number % 250) + 2}`;

const createNode = (options: KubeletOptions, directory: string, isolated: boolean): SimulatedNode => {
  const logDirectory = `${directory}/logs`;
  const imageDirectory = `${directory}/images`;
  for (const path of [logDirectory, imageDirectory]) mkdirSync(path, { recursive: true });
  return {
    writer: options.writer,
    pace: paceOf(options.pace ?? 'kubelet', options.scale, options.random),
    images: createImageStore({ table: options.images ?? DEFAULT_IMAGES, directory: imageDirectory, isolated, searchDirectories: options.programDirectories ?? [] }),
    isolated,
    logDirectory,
    idleApp: options.idleApp ?? (() => ({})),
    silent: false,
    serving: new AbortController(),
  };
};
