import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../../app/ports.ts';
import { parseRequestId, type RequestId } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import type { JobBody, QueueName } from './queues.ts';

/** What a step says of its job: done, or to be asked again later without counting as an attempt. */
export type StepResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };
export type Step = (id: RequestId, generation: number, signal: AbortSignal) => Promise<StepResult>;

export interface WorkerOptions {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queue: QueueName;
  readonly concurrency: number;
  readonly step: Step;
  readonly log: Log;
}

export interface RunningWorker {
  /** A pause while Redis refuses every command counts: nobody mends that by ending this process. */
  isRunning(): boolean;
  /** Takes no new job, waits for those in hand at most `graceMs`, then leaves them to be adopted. */
  close(graceMs: number): Promise<void>;
}

// a worker that was killed is noticed after 12-15 s with these; BullMQ's defaults need 50-70 s
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;
const STALLED_MAX = 3;
/** Redis answers these to every command: without a pause a worker asks thousands of times a second. */
const STANDING_ERROR = /^(?:OOM|NOPERM|READONLY|MISCONF|NOAUTH|LOADING|CLUSTERDOWN)/;
/** For steps that were told to leave; whoever does not is left behind. */
const LEAVING_MS = 2_000;
const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 30_000;
/** After so long without such an error the next outage begins with the shortest pause again. */
const FORGOTTEN_AFTER_MS = 60_000;

export const startWorker = ({ redis, keys, queue, concurrency, step, log }: WorkerOptions): RunningWorker => {
  const worker = new Worker<JobBody>(
    queue,
    // exactly three parameters: BullMQ makes the AbortSignal only for a function that declares it
    async (job, token, signal) => { await perform(job, token, step, signal ?? new AbortController().signal); },
    { connection: redis, prefix: keys.prefix, concurrency, lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS, maxStalledCount: STALLED_MAX },
  );
  worker.on('failed', (job, error) => { log.warn({ queue, job: job?.id, error: error.message }, 'step failed'); });
  worker.on('lockRenewalFailed', (jobs) => { for (const job of jobs) worker.cancelJob(job); });
  const circuit = breakCircuit(worker, queue, log);
  worker.on('error', circuit.onError);
  return {
    isRunning: () => circuit.isOpen() || (worker.isRunning() && !worker.isPaused()),
    close: (graceMs) => closeWithin(worker, graceMs),
  };
};

/** BullMQ's own force is no help: a second `close` only waits for the first. */
export const closeWithin = async (worker: Worker, graceMs: number): Promise<void> => {
  const closing = worker.close();
  if (await isDoneWithin(closing, graceMs)) return;
  worker.cancelAllJobs('shutdown');
  await isDoneWithin(closing, LEAVING_MS);
};

const isDoneWithin = async (closing: Promise<void>, milliseconds: number): Promise<boolean> => {
  const waiting = new AbortController();
  const isDone = await Promise.race([closing.then(() => true), sleep(milliseconds, false, { signal: waiting.signal })]);
  waiting.abort();
  return isDone;
};

const perform = async (job: Job<JobBody>, token: string | undefined, step: Step, signal: AbortSignal): Promise<void> => {
  const id = parseRequestId(job.data.request);
  if (!id || !Number.isSafeInteger(job.data.generation)) throw new UnrecoverableError(`Job ${job.id ?? '?'} carries no request id and generation: kdebug did not write it.`);
  const result = await step(id, job.data.generation, signal);
  if (result.kind === 'done') return;
  await job.moveToDelayed(Date.now() + result.afterMs, token);
  throw new DelayedError();
};

/** For whatever listens to a queue: a pause while Redis refuses every command. */
export const breakCircuit = (worker: Pick<Worker, 'pause' | 'resume'>, queue: string, log: Log) => {
  let [pauseMs, isOpen, closedAt] = [PAUSE_FIRST_MS, false, 0];
  const onError = (error: Error): void => {
    if (isOpen || !STANDING_ERROR.test(error.message)) return;
    if (Date.now() - closedAt > FORGOTTEN_AFTER_MS) pauseMs = PAUSE_FIRST_MS;
    isOpen = true;
    log.error({ queue, error: error.message, pauseMs }, 'Redis refuses every command: pausing this queue');
    void worker.pause(true);
    setTimeout(() => {
      [isOpen, closedAt] = [false, Date.now()];
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
      void worker.resume();
    }, pauseMs).unref();
  };
  return { onError, isOpen: () => isOpen };
};
