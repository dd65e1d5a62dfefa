/**
 * Type-ahead through Redis: serve leaves a question that lives for seconds, a job names it, a worker of that cluster
 * answers beside it. The same question has the same name, so that many who ask at once, and whoever asks again, share
 * one answer. A question that nobody answered in time is taken out of its queue.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SuggestedPods } from '../../app/cluster-port.ts';
import type { Log, PodLookups, PodQuestion } from '../../app/ports.ts';
import { parseNamespace, type ClusterName } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import { breakCircuit, closeWithin, type RunningWorker } from './workers.ts';

/** Slack waits 3 s for a menu; the answer has to travel too. */
export const LOOKUP_WITHIN_MS = 1_200;
const QUESTION_LIVES_MS = 3_000;
const ANSWER_LIVES_MS = 5_000;
const POLL_MS = 20;
const WAITING_MAX = 100;
const AT_ONCE = 10;
const PREFIX_CHARS_MAX = 253;

const queueName = (cluster: ClusterName): string => `lookup-${cluster}`;

const nameOf = (cluster: ClusterName, question: PodQuestion): string =>
  createHash('sha256').update(JSON.stringify([cluster, question.namespace, question.prefix])).digest('hex').slice(0, 32);

export interface OpenLookups extends PodLookups {
  close(): Promise<void>;
}

/** Asks one cluster and waits; rejects when Redis does not answer. */
const asking = (redis: Redis, keys: Keys, queue: Queue) => {
  const answered = async (id: string): Promise<SuggestedPods | undefined> => {
    const text = await redis.get(keys.lookupAnswer(id));
    return text === null ? undefined : JSON.parse(text) as SuggestedPods;
  };
  const put = async (id: string, question: PodQuestion): Promise<boolean> => {
    if (await queue.getWaitingCount() >= WAITING_MAX) return false;
    await redis.set(keys.lookup(id), JSON.stringify(question), 'PX', QUESTION_LIVES_MS);
    await queue.add('lookup', { lookup: id }, { jobId: id });
    return true;
  };
  return async (id: string, question: PodQuestion, signal: AbortSignal): Promise<SuggestedPods | undefined> => {
    const known = await answered(id);
    if (known !== undefined || !(await put(id, question))) return known;
    while (!signal.aborted) {
      await delay(POLL_MS);
      const answer = await answered(id);
      if (answer !== undefined) return answer;
    }
    // beside the answer to the person: a worker that comes later finds nothing to do
    queue.remove(id).catch(() => undefined);
    return undefined;
  };
};

export const createLookups = (redis: Redis, keys: Keys, clusters: readonly ClusterName[], log: Log): OpenLookups => {
  const queues = new Map(clusters.map((cluster) => [cluster, openQueue(redis, keys, cluster)]));
  return {
    ask: async (cluster, question) => {
      const queue = queues.get(cluster);
      if (queue === undefined || question.prefix.length > PREFIX_CHARS_MAX) return undefined;
      const signal = AbortSignal.timeout(LOOKUP_WITHIN_MS);
      const late = delay(LOOKUP_WITHIN_MS, undefined, { ref: false });
      return Promise.race([late, asking(redis, keys, queue)(nameOf(cluster, question), question, signal)]).catch((error: unknown) => {
        log.warn({ cluster, error: error instanceof Error ? error.message : String(error) }, 'a question of type-ahead could not be asked');
        return undefined;
      });
    },
    close: async () => { await Promise.all([...queues.values()].map((queue) => queue.close())); },
  };
};

const openQueue = (connection: Redis, keys: Keys, cluster: ClusterName): Queue => {
  const queue = new Queue(queueName(cluster), { connection, prefix: keys.prefix, defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true }, streams: { events: { maxLen: 1 } } });
  queue.on('error', () => undefined); // whoever asks sees the failure
  return queue;
};

export interface LookupWorkerOptions {
  /** For jobs: waits for ever. */
  readonly redis: Redis;
  /** For questions and answers: fails fast. */
  readonly producer: Redis;
  readonly keys: Keys;
  readonly cluster: ClusterName;
  readonly answer: (question: PodQuestion) => Promise<SuggestedPods>;
  readonly log: Log;
}

/** Answers the questions of one cluster that are still waited for. */
export const startLookupWorker = ({ redis, producer, keys, cluster, answer, log }: LookupWorkerOptions): RunningWorker => {
  const worker = new Worker<{ readonly lookup: string }>(queueName(cluster), async ({ data: { lookup } }) => {
    const question = questionIn(await producer.get(keys.lookup(lookup)));
    if (question === undefined) return;
    await producer.set(keys.lookupAnswer(lookup), JSON.stringify(await answer(question)), 'PX', ANSWER_LIVES_MS);
  }, { connection: redis, prefix: keys.prefix, concurrency: AT_ONCE });
  worker.on('failed', (_job, error) => { log.warn({ cluster, error: error.message }, 'a question of type-ahead was not answered'); });
  const circuit = breakCircuit(worker, queueName(cluster), log);
  worker.on('error', circuit.onError);
  return {
    isRunning: () => circuit.isOpen() || (worker.isRunning() && !worker.isPaused()),
    close: (graceMs) => closeWithin(worker, graceMs),
  };
};

/** What Redis holds is read like anything else that comes from outside. */
const questionIn = (text: string | null): PodQuestion | undefined => {
  if (text === null) return undefined;
  const { namespace, prefix } = JSON.parse(text) as Partial<Record<keyof PodQuestion, unknown>>;
  const name = parseNamespace(namespace);
  return name === undefined || typeof prefix !== 'string' || prefix.length > PREFIX_CHARS_MAX ? undefined : { namespace: name, prefix };
};
