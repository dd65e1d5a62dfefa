import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { atRate } from '../load/pace.ts';
import { watchResults, type Results } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import { SCENES, type Scene } from '../scenarios.ts';
import { percentile } from '../statistics.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { NAMESPACE_OF } from '../world/workspace.ts';
import type { Measure } from './measure.ts';

const PER_SECOND = 4;
const RUNS = 20;
const WARM_UP = 20;
const RESULT_WITHIN_MS = 30_000;
/** The kubelet notes a report after the watchers were told. */
const NOTED_AFTER_MS = 100;

interface Timed {
  readonly pod: string;
  /** From the slash that Slack sent to the result that Slack had. */
  readonly ms: number;
}

const runOnce = async (world: BenchWorld, results: Results, index: number, command: string): Promise<Timed> => {
  const typed = typedIn(world.scene, index, command);
  const posted = results.next(typed.channel, RESULT_WITHIN_MS);
  const [{ typedAt }, at] = await Promise.all([type(world.slack, typed), posted]);
  return { pod: typed.pod, ms: at - typedAt };
};

/** The time that was the node's: from its first look at the pod to its report of the end. */
const kubeletMs = async ({ cluster }: BenchWorld, pods: readonly string[]): Promise<readonly number[]> => {
  const timings = await cluster.ask({ about: 'timings', namespace: NAMESPACE_OF.open, pods });
  return timings.map((times, index) => {
    if (times?.syncedAt === undefined || times.reportedAt === undefined) throw new Error(`The simulated kubelet does not know when it ran in ${pods[index] ?? '?'}.`);
    return times.reportedAt - times.syncedAt;
  });
};

const round = async (world: BenchWorld, results: Results, first: number, command: string): Promise<readonly number[]> => {
  const timed = await atRate(PER_SECOND, RUNS, (index) => runOnce(world, results, first + index, command));
  await delay(NOTED_AFTER_MS);
  const kubelet = await kubeletMs(world, timed.map(({ pod }) => pod));
  return timed.map(({ ms }, index) => ms - (kubelet[index] ?? 0));
};

/** Kdebug's own share of a run: all that is not the simulated kubelet's. */
const roundsOf = (scene: Scene, profileDir: string | undefined, command: string): Promise<readonly (readonly number[])[]> => withWorld(scene, profileDir, async (world) => {
  await world.start(['start']);
  const results = watchResults(world.slack);
  try {
    await atRate(PER_SECOND, WARM_UP, (index) => runOnce(world, results, index, command));
    const rounds: (readonly number[])[] = [];
    for (let turn = 0; turn < scene.repetitions; turn += 1) rounds.push(await round(world, results, WARM_UP + turn * RUNS, command));
    return rounds;
  } finally {
    results.stop();
  }
});

const figures = (rounds: readonly (readonly number[])[], what: string, target: Figure['target'], note: string): readonly Figure[] => [50, 99].map((percent) => ({
  name: `${what}, p${percent}`, unit: 'ms', values: rounds.map((one) => percentile(one, percent)),
  ...(percent === 50 && { note, ...(target !== undefined && { target }) }),
}));

export const measureOverhead: Measure = async ({ profileDir }) =>
  figures(await roundsOf(SCENES.overhead, profileDir, '-- answer 1500'), 'overhead per run', { rule: 'below', value: 60, holds: 'in the median' },
    'from the slash command to the result in Slack, less the time of the simulated kubelet');

export const measureInstant: Measure = async ({ profileDir }) =>
  figures(await roundsOf(SCENES.instant, profileDir, '-- answer 0'), 'overhead of a run that ends at once', undefined,
    'card and result follow each other at once in one channel: what kdebug waits for to keep to Slack\'s limits is in it');
