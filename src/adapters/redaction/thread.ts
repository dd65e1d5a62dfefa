import { Worker } from 'node:worker_threads';
import type { Output } from '../../domain/output.ts';
import type { Answered, Asked, WorkerSettings } from './messages.ts';

const START_MS_MAX = 10_000;
const HEAP_MIB_MAX = 512;

/** JavaScript after the build; from the sources by way of what was compiled before. */
const entry = (): URL => new URL(`./worker${import.meta.url.endsWith('.ts') ? '.mjs' : '.js'}`, import.meta.url);

/** `overran`: this output took too long or ended the thread; `gone`: another one did, and this was not looked at. */
export type Redacted = Output | 'overran' | 'gone';

export interface Thread {
  /** Several may be asked: they are answered in turn, and the time of each begins when its turn has come. */
  ask(asked: Asked, msMax: number): Promise<Redacted>;
  isAlive(): boolean;
  close(): Promise<void>;
}

/** Short-lived strings are collected early: the process stays small under endless output. */
const YOUNG_MIB_MAX = 6;

/** Neither arguments nor environment of the process: the worker needs none, and secrets stay here. */
const spawn = (settings: WorkerSettings): Worker =>
  new Worker(entry(), { workerData: settings, env: {}, execArgv: [], argv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX, maxYoungGenerationSizeMb: YOUNG_MIB_MAX } });

/** Buffers are often views of a pool: only their own bytes are sent, and moved rather than copied twice. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const send = (worker: Worker, asked: Asked): void => {
  const head = own(asked.head);
  const tail = asked.tail && own(asked.tail);
  worker.postMessage({ ...asked, head, tail }, [head.buffer, ...(tail ? [tail.buffer] : [])]);
};

interface Waiting {
  readonly msMax: number;
  readonly resolve: (redacted: Redacted) => void;
}

/** Starts at once; the time of the first output does not begin until the rules are compiled. */
export const startThread = (settings: WorkerSettings): Thread => {
  const [worker, waiting] = [spawn(settings), [] as Waiting[]];
  const state = { isAlive: true, isReady: false };
  const end = async (): Promise<void> => {
    state.isAlive = false;
    clearTimeout(timer);
    const [first, ...others] = waiting.splice(0);
    first?.resolve('overran');
    for (const { resolve } of others) resolve('gone');
    await worker.terminate();
  };
  const endWithin = (ms: number) => setTimeout(() => { void end(); }, ms);
  let timer = endWithin(START_MS_MAX);
  const beginTurn = (): void => {
    clearTimeout(timer);
    if (waiting[0] && state.isReady) timer = endWithin(waiting[0].msMax);
  };
  worker.on('message', (answered: Answered) => {
    if (answered.kind === 'output') waiting.shift()?.resolve(answered.output);
    state.isReady = true;
    beginTurn();
  });
  // without a listener an error in the thread would end the process
  worker.on('error', () => { void end(); }).on('exit', () => { void end(); });
  worker.unref();
  return {
    ask: (asked, msMax) => new Promise((resolve) => {
      if (!state.isAlive) {
        resolve('gone');
        return;
      }
      waiting.push({ msMax, resolve });
      send(worker, asked);
      if (state.isReady && waiting.length === 1) beginTurn();
    }),
    isAlive: () => state.isAlive,
    close: end,
  };
};
