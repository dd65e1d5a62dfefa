import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueLengths } from '../../app/authority/ports.ts';
import type { Queues } from '../../app/ports.ts';
import type { RecycleQueue } from '../../app/recycle/ports.ts';
import type { Due } from '../../domain/due.ts';
import type { ClusterName, RequestId } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import { COMMAND_WITHIN_MS } from './client.ts';

const DAY_SECONDS = 86_400;
const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { age: DAY_SECONDS, count: 1_000 },
  removeOnFail: { age: 7 * DAY_SECONDS, count: 5_000 },
} as const;
/** For a day. Nothing else would notice a delivery that was given up: of a request that is over no step is due any more. */
const DELIVERY_TRIES_MAX = 43_200;
const DELIVERY_AGAIN_MS = 2_000;
const DELIVERY_OPTIONS = { ...JOB_OPTIONS, attempts: DELIVERY_TRIES_MAX, backoff: { type: 'fixed', delay: DELIVERY_AGAIN_MS, jitter: 0.5 } } as const;
const EVENTS_KEPT = 1_000;

export type QueueName = `plan-${string}` | `run-${string}` | `recycle-${string}` | 'decide' | 'deliver';

export const queueOf = (due: Due): QueueName => (due.step === 'decide' ? 'decide' : `${due.step}-${due.cluster}`);

/** No colon: BullMQ keeps those for itself. The same step of the same generation has the same id, so adding twice is a no-op. */
export const jobIdOf = (id: RequestId, step: string, generation: number): string => `${id}.${step}.${generation}`;

/** What travels through Redis as a job: an id and a generation, nothing else. */
export interface JobBody {
  readonly request: RequestId;
  readonly generation: number;
}

export interface OpenQueues extends Queues, QueueLengths, RecycleQueue {
  /** Over all workers of the cluster together. */
  limitRuns(cluster: ClusterName, atOnce: number): Promise<void>;
  ready(): Promise<void>;
  close(): Promise<void>;
}

export const createQueues = (redis: Redis, keys: Keys, clusters: readonly ClusterName[]): OpenQueues => {
  const names: readonly QueueName[] = ['decide', 'deliver', ...clusters.flatMap((cluster): QueueName[] => [`plan-${cluster}`, `run-${cluster}`, `recycle-${cluster}`])];
  const queues = new Map(names.map((name) => [name, openQueue(redis, keys, name)]));
  const queue = (name: QueueName): Queue => {
    const found = queues.get(name);
    if (!found) throw new Error(`There is no queue ${name}: its cluster is not in the configuration.`);
    return found;
  };
  const add = async (name: QueueName, step: string, body: JobBody): Promise<void> => {
    await within(COMMAND_WITHIN_MS, queue(name).add(step, body, { jobId: jobIdOf(body.request, step, body.generation) }));
  };
  const isAlive = async (name: QueueName, jobId: string): Promise<boolean> => {
    const job = await queue(name).getJob(jobId);
    if (!job) return false;
    if (!(await job.isCompleted()) && !(await job.isFailed())) return true;
    await job.remove();
    return false;
  };
  return {
    enqueue: (request, due) => add(queueOf(due), due.step, { request, generation: due.generation }),
    enqueueDelivery: (request, version) => add('deliver', 'deliver', { request, generation: version }),
    enqueueProgress: (request, version) => add('deliver', 'progress', { request, generation: version }),
    enqueueReminder: (request, version) => add('deliver', 'reminder', { request, generation: version }),
    isAlive: (id, due) => isAlive(queueOf(due), jobIdOf(id, due.step, due.generation)),
    enqueueRecycle: (request, cluster, generation) => add(`recycle-${cluster}`, 'recycle', { request, generation }),
    isRecycleAlive: (id, cluster, generation) => isAlive(`recycle-${cluster}`, jobIdOf(id, 'recycle', generation)),
    waiting: async (cluster) => {
      const lengths = await within(COMMAND_WITHIN_MS, Promise.all([queue(`plan-${cluster}`).getWaitingCount(), queue(`run-${cluster}`).getWaitingCount()]));
      return lengths[0] + lengths[1];
    },
    limitRuns: async (cluster, atOnce) => { await queue(`run-${cluster}`).setGlobalConcurrency(atOnce); },
    ready: async () => { await Promise.all([...queues.values()].map((one) => one.waitUntilReady())); },
    close: async () => { await Promise.all([...queues.values()].map((one) => one.close())); },
  };
};

const openQueue = (connection: Redis, keys: Keys, name: QueueName): Queue => {
  const queue = new Queue(name, { connection, prefix: keys.prefix, defaultJobOptions: name === 'deliver' ? DELIVERY_OPTIONS : JOB_OPTIONS, streams: { events: { maxLen: EVENTS_KEPT } } });
  queue.on('error', () => undefined); // whoever adds sees the failure; without a listener it would end the process
  return queue;
};

/** `add` waits for a connection that never was; nobody who answers a person may. */
const within = async <Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => { reject(new Error(`The queue did not answer within ${milliseconds} ms.`)); }, milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
