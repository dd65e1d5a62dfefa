import { setTimeout as delay } from 'node:timers/promises';
import { watchResults } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import { SCENES } from '../scenarios.ts';
import { residentMb } from '../world/memory.ts';
import { withWorld } from '../world/world.ts';
import type { Measure } from './measure.ts';

const SCENE = SCENES.endless;
const RUNS = 5;
const LOOK_EVERY_MS = 100;
const RESULT_WITHIN_MS = 60_000;
const COMMAND = '--image tools --timeout 6s -- yes a line of output that never ends';

/** The highest resident memory until `done`. */
const highestUntil = async (pid: number, done: Promise<unknown>): Promise<number> => {
  const state = { isDone: false };
  const ended = done.finally(() => { state.isDone = true; });
  let highest = 0;
  for (; !state.isDone; await delay(LOOK_EVERY_MS)) highest = Math.max(highest, residentMb(pid));
  await ended;
  return highest;
};

/** Resident memory while commands write as fast as the node takes it, read and cleaned to the end. */
export const measureEndless: Measure = ({ profileDir }) => withWorld(SCENE, profileDir, async (world) => {
  const kdebug = await world.start(['start']);
  const results = watchResults(world.slack);
  const runs = Array.from({ length: RUNS }, async (_, index) => {
    const typed = typedIn(SCENE, index, COMMAND);
    await Promise.all([results.next(typed.channel, RESULT_WITHIN_MS), type(world.slack, typed)]);
  });
  try {
    const highest = await highestUntil(kdebug.pid, Promise.all(runs));
    return [{ name: 'resident memory under endless output', unit: 'MB', values: [highest], target: { rule: 'below', value: 256, holds: 'always' } }];
  } finally {
    results.stop();
  }
});
