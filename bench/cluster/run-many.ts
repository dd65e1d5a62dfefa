import { setTimeout as delay } from 'node:timers/promises';
import { parseRequestId, type RequestId } from '../../src/domain/names.ts';
import { inFlight } from '../load/pace.ts';
import { watchResults, type Results } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import type { Scene } from '../scenarios.ts';
import type { Answers } from '../world/cluster-words.ts';
import { residentMb } from '../world/memory.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { outcomesOf } from './outcomes.ts';

const TYPING_AT_ONCE = 6;
const WARM_UP = 20;
const RESULT_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 250;
const SECOND_MS = 1_000;

export interface Many {
  /** The scene has twice as many pods and channels: a command that is typed again goes to others. */
  readonly runs: number;
  /** From the first command until the first run ends: long enough to type them all, so that all are under way at once. */
  readonly holdMs: number;
  /** The others end within so much after it, one after the other. */
  readonly endsOverMs: number;
}

/** Longer than a run is before its log is followed, also when typing took longer than it should. */
const LASTS_MS_MIN = 3_000;
const lasts = ({ runs, holdMs, endsOverMs }: Many, index: number, sinceFirstMs: number): number =>
  Math.max(LASTS_MS_MIN, Math.round(holdMs + endsOverMs * index / runs - sinceFirstMs));

/** The highest seen: memory in MB, watches and TCP connections at the API server. */
export interface Highest {
  readonly worker: number;
  readonly serve: number;
  readonly watches: number;
  readonly open: number;
  readonly accepted: number;
}

export interface Ran {
  readonly outcomes: readonly string[];
  /** Commands that were not acknowledged in time, and typed again. */
  readonly again: number;
  readonly seconds: number;
  readonly idleMb: number;
  readonly highest: Highest;
  readonly calls: Answers['calls'];
}

/** Four times a second until `done`. */
const highestUntil = async (look: () => Promise<Highest>, done: Promise<unknown>): Promise<Highest> => {
  const state = { isDone: false };
  const ended = done.finally(() => { state.isDone = true; });
  ended.catch(() => undefined); // told below
  let highest: Highest = { worker: 0, serve: 0, watches: 0, open: 0, accepted: 0 };
  for (; !state.isDone; await delay(LOOK_EVERY_MS)) highest = higher(highest, await look());
  await ended;
  return highest;
};

const higher = (one: Highest, other: Highest): Highest => ({
  worker: Math.max(one.worker, other.worker), serve: Math.max(one.serve, other.serve), watches: Math.max(one.watches, other.watches),
  open: Math.max(one.open, other.open), accepted: Math.max(one.accepted, other.accepted),
});

interface Asked {
  readonly id: RequestId;
  readonly posted: Promise<number>;
  readonly again: number;
}

/** One person's command; its result in Slack is waited for elsewhere. */
const ask = async (world: BenchWorld, results: Results, index: number, lastsMs: number): Promise<Asked> => {
  const typed = typedIn(world.scene, index, `--timeout 3m -- answer ${lastsMs}`);
  const posted = results.next(typed.channel, RESULT_WITHIN_MS);
  posted.catch(() => undefined); // told by whoever waits for it
  const { request } = await type(world.slack, typed);
  const id = parseRequestId(request);
  if (id === undefined) throw new Error(`${request} is no request id.`);
  return { id, posted, again: 0 };
};

/** What was not acknowledged in time is typed again, in another pod: whether the first was saved nobody knows. */
const askAgain = async (world: BenchWorld, results: Results, index: number, lastsMs: number): Promise<Asked> => {
  try {
    return await ask(world, results, index, lastsMs);
  } catch {
    await delay(SECOND_MS);
    return { ...await ask(world, results, index + world.scene.pods / 2, lastsMs), again: 1 };
  }
};

/** Typed by a few at a time, as fast as they are answered; resolves when all results are in Slack. */
const runAll = async (world: BenchWorld, results: Results, runs: number, lastsMs: (index: number) => number): Promise<readonly Asked[]> => {
  const asked = await inFlight(TYPING_AT_ONCE, runs, (index) => askAgain(world, results, index, lastsMs(index)));
  await Promise.all(asked.map(({ posted }) => posted));
  return asked;
};

const measured = async (world: BenchWorld, results: Results, many: Many): Promise<Ran> => {
  const worker = await world.start(['worker', '--cluster', 'main']);
  const serve = await world.start(['serve']);
  const idleMb = residentMb(worker.pid);
  await runAll(world, results, WARM_UP, () => 0);
  await world.cluster.ask({ about: 'forget calls' });
  const start = performance.now();
  const running = runAll(world, results, many.runs, (index) => lasts(many, index, performance.now() - start));
  const highest = await highestUntil(async () => ({ worker: residentMb(worker.pid), serve: residentMb(serve.pid), ...await world.cluster.ask({ about: 'connections' }) }), running);
  const seconds = (performance.now() - start) / SECOND_MS;
  const [asked, calls] = [await running, await world.cluster.ask({ about: 'calls' })];
  return { outcomes: await outcomesOf(world, asked.map(({ id }) => id)), again: asked.filter(({ again }) => again > 0).length, seconds, idleMb, highest, calls };
};

/** Many runs at once, all of one worker process, each in a pod and a channel of its own. */
export const runMany = (scene: Scene, many: Many, profileDir?: string): Promise<Ran> => withWorld(scene, profileDir, async (world) => {
  const results = watchResults(world.slack);
  try {
    return await measured(world, results, many);
  } finally {
    results.stop();
  }
});
