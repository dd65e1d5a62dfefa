/** The kubelet's log endpoint: what it refuses, in the words of a real cluster, and what it streams. */
import type { LogAnswer, LogOptions, Pod } from '../ports.ts';
import type { Container } from './container.ts';
import { readLog } from './log-read.ts';
import type { LogStore } from './log-store.ts';
import type { SimulatedNode } from './node.ts';
import type { PodWorker } from './pod-worker.ts';
import { containerOf } from './pod-worker.ts';

const NODE_ADDRESS = '10.99.0.1:10250';

export const serveLog = (node: SimulatedNode, worker: PodWorker | undefined, pod: Pod, name: string, options: LogOptions): LogAnswer => {
  const path = `containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${name}`;
  if (node.silent) return { status: 500, message: `Get "https://${NODE_ADDRESS}/${path}": dial tcp ${NODE_ADDRESS}: i/o timeout` };
  const container = containerOf(worker, name);
  if (worker === undefined || container === undefined) return notStarted(pod, name, 'ContainerCreating');
  if (container.logFault !== undefined) return { status: 200, body: once(container.logFault) };
  return options.previous ? previousLog(node, pod, container, options) : currentLog(node, pod, container, options);
};

const currentLog = (node: SimulatedNode, pod: Pod, container: Container, options: LogOptions): LogAnswer => {
  const { shown } = container;
  if (shown === undefined) return notStarted(pod, container.spec.name, 'ContainerCreating');
  if (shown.kind === 'waiting' && container.last === undefined) return notStarted(pod, container.spec.name, waitingWords(shown.reason));
  return container.log === undefined ? { status: 200, body: once('') } : { status: 200, body: stream(node, container.log, options) };
};

const previousLog = (node: SimulatedNode, pod: Pod, container: Container, options: LogOptions): LogAnswer => {
  const log = container.state.kind === 'waiting' ? container.log : container.previousLog;
  if (log !== undefined && container.last !== undefined) return { status: 200, body: stream(node, log, options) };
  return { status: 400, message: `previous terminated container "${container.spec.name}" in pod "${pod.metadata.name}" not found` };
};

const notStarted = (pod: Pod, container: string, why: string): LogAnswer => ({
  status: 400,
  message: `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why}`,
});

const waitingWords = (reason: string): string => {
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
};

async function* once(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield await Promise.resolve(Buffer.from(text));
}

/** A pod that goes ends its logs, so a follower reads to the last byte; only the kubelet itself cuts a stream off. */
const stream = (node: SimulatedNode, store: LogStore, options: LogOptions): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => {
    // A generator that waits for output does not hear `return`: a reader that leaves needs a signal of its own.
    const left = new AbortController();
    const signal = AbortSignal.any([node.serving.signal, left.signal]);
    const records = readLog({ store, options, signal, followEndMs: node.pace.followEndMs });
    return {
      next: () => records.next(),
      return: () => {
        left.abort();
        return records.return(undefined);
      },
    };
  },
});
