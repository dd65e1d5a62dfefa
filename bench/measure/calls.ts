import { setTimeout as delay } from 'node:timers/promises';
import { watchResults } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import { SCENES, type Scene } from '../scenarios.ts';
import type { Answers } from '../world/cluster-words.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import type { Measure } from './measure.ts';

const TIMES = 10;
const RESULT_WITHIN_MS = 30_000;
const PLANNED_WITHIN_MS = 15_000;
const POLL_MS = 20;
const COMMAND = '-- answer 0';

type Calls = Answers['calls'];

const total = (calls: Calls): number => Object.values(calls).reduce((sum, times) => sum + times, 0);
/** The Event on the pod is written after the result, and is no part of the run. */
const EVENT = /^create events/;
const untilResult = (calls: Calls): number => Object.entries(calls).reduce((sum, [call, times]) => (EVENT.test(call) ? sum : sum + times), 0);
const each = (calls: Calls): string => Object.entries(calls).map(([call, times]) => `${times / TIMES} ${call}`).join(', ');

const callsOf = async ({ cluster }: BenchWorld, act: () => Promise<void>): Promise<Calls> => {
  await cluster.ask({ about: 'forget calls' });
  await act();
  return cluster.ask({ about: 'calls' });
};

/** A plan is there when its card is. */
const planned = async (world: BenchWorld, index: number): Promise<void> => {
  const held: Scene = { ...world.scene, gate: 'held' };
  const typed = typedIn(held, index, COMMAND);
  await type(world.slack, typed);
  for (let waited = 0; waited < PLANNED_WITHIN_MS; waited += POLL_MS) {
    if (world.slack.world.messages(typed.channel).length > 0) return;
    await delay(POLL_MS);
  }
  throw new Error(`No card came for "${typed.text}" within ${PLANNED_WITHIN_MS} ms.`);
};

/** What one plan by exact name, and one run after it, ask of the API server. */
export const measureCalls: Measure = ({ profileDir }) => withWorld(SCENES.calls, profileDir, async (world) => {
  await world.start(['start']);
  const results = watchResults(world.slack);
  const ran = async (index: number): Promise<void> => {
    const typed = typedIn(world.scene, index, COMMAND);
    await Promise.all([results.next(typed.channel, RESULT_WITHIN_MS), type(world.slack, typed)]);
  };
  const times = async (first: number, act: (index: number) => Promise<void>): Promise<void> => {
    for (let index = first; index < first + TIMES; index += 1) await act(index);
  };
  try {
    await ran(0);
    const plans = await callsOf(world, () => times(1, (index) => planned(world, index)));
    const both = await callsOf(world, () => times(1 + TIMES, ran));
    return [
      { name: 'API calls of a plan by exact name', unit: 'calls', values: [total(plans) / TIMES], target: { rule: 'exactly', value: 3, holds: 'always' }, note: each(plans) },
      { name: 'API calls of a run, until its result is there', unit: 'calls', values: [(untilResult(both) - total(plans)) / TIMES], target: { rule: 'exactly', value: 3, holds: 'always' }, note: `plan and run together: ${each(both)}` },
    ];
  } finally {
    results.stop();
  }
});
