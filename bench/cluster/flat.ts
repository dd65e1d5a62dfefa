import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import type { RequestId } from '../../src/domain/names.ts';
import { watchResults } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import type { Measure } from '../measure/measure.ts';
import { residentMb } from '../world/memory.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { counted, outcomesOf } from './outcomes.ts';
import { CLUSTER_SCENES } from './scenes.ts';

const SCENE = CLUSTER_SCENES.flat;
const RUNS = 10;
const ENDLESS_SECONDS = 60;
const RESULT_WITHIN_MS = 150_000;
const LOOK_EVERY_MS = 100;
const SETTLED_AFTER_MS = 2_000;
export const ENDLESS = `--image tools --timeout ${ENDLESS_SECONDS}s -- yes a line of output that never ends`;
/** 1 GiB without one line feed. */
export const ONE_LINE = `--image tools --timeout 60s -- sh -c 'head -c 1073741824 /dev/zero | tr "\\0" x'`;

/** The highest resident memory until `done`. */
const highestUntil = async (pid: number, done: Promise<unknown>): Promise<number> => {
  const state = { isDone: false };
  const ended = done.finally(() => { state.isDone = true; });
  ended.catch(() => undefined); // told below
  let highest = 0;
  for (; !state.isDone; await delay(LOOK_EVERY_MS)) highest = Math.max(highest, residentMb(pid));
  await ended;
  return highest;
};

/** The worker's memory under output that is read and cleaned to its end. */
export const measureFlat: Measure = ({ profileDir }) => withWorld(SCENE, profileDir, async (world: BenchWorld): Promise<readonly Figure[]> => {
  const worker = await world.start(['worker', '--cluster', 'main']);
  await world.start(['serve']);
  const results = watchResults(world.slack);
  const ids: RequestId[] = [];
  const run = async (index: number, command: string): Promise<void> => {
    const typed = typedIn(SCENE, index, command);
    const [{ request }] = await Promise.all([type(world.slack, typed), results.next(typed.channel, RESULT_WITHIN_MS)]);
    ids.push(request as RequestId);
  };
  try {
    await delay(SETTLED_AFTER_MS);
    const idle = residentMb(worker.pid);
    const endless = await highestUntil(worker.pid, Promise.all(Array.from({ length: RUNS }, (_, index) => run(index, ENDLESS))));
    const line = await highestUntil(worker.pid, run(RUNS, ONE_LINE));
    const target = { rule: 'below', value: 256, holds: 'always' } as const;
    const note = `idle: ${idle.toFixed(0)} MB; the runs: ${counted(await outcomesOf(world, ids))}`;
    return [
      { name: `resident memory of the worker, ${RUNS} × \`yes\` for ${ENDLESS_SECONDS} s`, unit: 'MB', values: [endless], target, note },
      { name: 'resident memory of the worker, then a line of 1 GiB', unit: 'MB', values: [line], target },
    ];
  } finally {
    results.stop();
  }
});
