/** What all parts of the simulated node share: the way to the API server, images, pace, and the faults that hold now. */
import type { Pod, PodStatusWriter } from '../ports.ts';
import type { Container } from './container.ts';
import type { ImageStore } from './images.ts';
import type { StartedProcess } from './launch.ts';
import type { Pace } from './pace.ts';
import type { Sandbox } from './sandbox.ts';
import type { PodRef } from './spec.ts';

export interface IdleApp {
  /** The app listens on this TCP port of the pod; without it, it only waits for SIGTERM. */
  readonly listen?: number;
  /** The process name that `ss -p` shows for a listening app. */
  readonly title?: string;
}

export interface SimulatedNode {
  readonly writer: PodStatusWriter;
  readonly images: ImageStore;
  readonly pace: Pace;
  readonly isolated: boolean;
  readonly logDirectory: string;
  /** What stands in for an app whose image is in no table. */
  readonly idleApp: (pod: Pod, container: string) => IdleApp;
  /** A silent node: nothing is reported and nothing new is seen. */
  silent: boolean;
  /** Aborted and renewed when the kubelet restarts: follow streams end cleanly. */
  serving: AbortController;
}

export interface PodState {
  readonly ref: PodRef;
  /** As last seen; the API server's is newer. */
  pod: Pod;
  readonly containers: Container[];
  readonly abort: AbortController;
  sandbox: Promise<Sandbox> | undefined;
  pause: Promise<StartedProcess> | undefined;
  sandboxReady: boolean;
  podIP: string;
  syncedAt: number;
  lastReportAt: number;
  /** The first relist after the newest sync: nothing a start did is told before. */
  firstReportAt: number;
  /** No app container runs or will run again. */
  completed: boolean;
  ended: boolean;
  /** The pod's containers are being stopped: their ends are told together, once all have stopped. */
  stopping: boolean;
}

export const isGone = (state: PodState): boolean => state.abort.signal.aborted;

export const findContainer = (state: PodState, name: string): Container | undefined => state.containers.find((one) => one.spec.name === name);

/** An Event about one container, with the field path that `kubectl describe` shows it under. */
export const emitFor = (node: SimulatedNode, state: PodState, container: Container, event: { readonly reason: string; readonly message: string; readonly type?: 'Warning' }): void => {
  if (node.silent) return;
  const list = { init: 'initContainers', app: 'containers', ephemeral: 'ephemeralContainers' }[container.spec.kind];
  node.writer.emit(state.pod, {
    type: event.type ?? 'Normal',
    reason: event.reason,
    message: event.message,
    fieldPath: `spec.${list}{${container.spec.name}}`,
  });
};
