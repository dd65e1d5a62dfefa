import { Worker } from 'node:worker_threads';
import type { Output } from '../../domain/output.ts';
import type { Answered, Asked, WorkerSettings } from './messages.ts';

const START_MS_MAX = 10_000;
const HEAP_MIB_MAX = 512;

/** JavaScript after the build; from the sources by way of what was compiled before. */
const entry = (): URL => new URL(`./worker${import.meta.url.endsWith('.ts') ? '.mjs' : '.js'}`, import.meta.url);

export interface Thread {
  /** One at a time. Undefined: overrun or crash; the thread is gone then. */
  ask(asked: Asked, msMax: number): Promise<Output | undefined>;
  isAlive(): boolean;
  close(): Promise<void>;
}

/** Short-lived strings are collected early: the process stays small under endless output. */
const YOUNG_MIB_MAX = 6;

/** Neither arguments nor environment of the process: the worker needs none, and secrets stay here. */
const spawn = (settings: WorkerSettings): Worker =>
  new Worker(entry(), { workerData: settings, env: {}, execArgv: [], argv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX, maxYoungGenerationSizeMb: YOUNG_MIB_MAX } });

/** Settles with the next answer, or with undefined after `msMax`, an error or the end of the thread. */
const nextAnswer = (worker: Worker, msMax: number): Promise<Answered | undefined> => {
  const { promise, resolve } = Promise.withResolvers<Answered | undefined>();
  const timer = setTimeout(() => resolve(undefined), msMax);
  const gone = (): void => resolve(undefined);
  worker.once('message', resolve).once('error', gone).once('exit', gone);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', resolve).off('error', gone).off('exit', gone);
  });
};

/** Buffers are often views of a pool: only their own bytes are sent, and moved rather than copied twice. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const ask = async (worker: Worker, asked: Asked, msMax: number): Promise<Output | undefined> => {
  const head = own(asked.head);
  const tail = asked.tail && own(asked.tail);
  const answered = nextAnswer(worker, msMax);
  worker.postMessage({ ...asked, head, tail }, [head.buffer, ...(tail ? [tail.buffer] : [])]);
  const answer = await answered;
  return answer?.kind === 'output' ? answer.output : undefined;
};

/** Starts at once; the first question waits until the rules are compiled, which does not count as its time. */
export const startThread = (settings: WorkerSettings): Thread => {
  const worker = spawn(settings);
  let alive = true;
  const ended = (): void => { alive = false; };
  // Without a listener an error in the thread would end the process.
  worker.on('error', ended).on('exit', ended);
  worker.unref();
  const end = async (): Promise<void> => {
    alive = false;
    await worker.terminate();
  };
  const ready = nextAnswer(worker, START_MS_MAX);
  return {
    ask: async (asked, msMax) => {
      const output = (await ready) === undefined ? undefined : await ask(worker, asked, msMax);
      if (output === undefined) await end();
      return output;
    },
    isAlive: () => alive,
    close: end,
  };
};
