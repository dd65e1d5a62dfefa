import { setTimeout as delay } from 'node:timers/promises';
import type { LocalProcess } from '../../src/playground/local/process.ts';
import type { Figure } from '../figure.ts';
import type { PipelineOrder, PipelineReport } from '../floors/pipeline-words.ts';
import { startFloor, type Floor } from '../load/child.ts';
import { inFlight } from '../load/pace.ts';
import { watchResults, type Results } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import { SCENES, type Scene } from '../scenarios.ts';
import { residentMb } from '../world/memory.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { channelsOf, NAMESPACE_OF } from '../world/workspace.ts';
import type { Measure } from './measure.ts';

const RUNS = 600;
const WARM_UP = 200;
const AT_ONCE = 150;
const RESULT_WITHIN_MS = 60_000;
const FLOOR_WITHIN_MS = 90_000;
const SETTLED_AFTER_MS = 5_000;
const AWAKE_AFTER_MS = 1_000;
const AWAKE_WITHIN_MS = 20_000;
const POLL_MS = 50;
const SECOND_MS = 1_000;

type Pipeline = Floor<PipelineOrder, PipelineReport>;

interface Stage {
  readonly world: BenchWorld;
  readonly kdebug: LocalProcess;
  readonly pipeline: Pipeline;
  readonly results: Results;
}

/** Runs of kdebug, at most 150 under way; answers how many ended in a second. */
const kdebugRuns = async ({ world, results }: Stage, first: number, times: number): Promise<number> => {
  const start = performance.now();
  await inFlight(AT_ONCE, times, async (index) => {
    const typed = typedIn(world.scene, first + index, '-- answer 0');
    await Promise.all([results.next(typed.channel, RESULT_WITHIN_MS), type(world.slack, typed)]);
  });
  return times / ((performance.now() - start) / SECOND_MS);
};

/** The same number through the floor, while kdebug is stopped: what it still owes to Slack must not slow the floor. */
const floorRuns = async ({ world, pipeline, kdebug }: Stage, turn: number, times: number): Promise<number> => {
  const [pods, channels] = [await world.cluster.ask({ about: 'pods', namespace: NAMESPACE_OF.held }), channelsOf(world.scene)];
  const runs = Array.from({ length: times }, (_, index) => {
    const pod = pods[index % pods.length];
    return { id: `${turn}-${index}`, namespace: NAMESPACE_OF.held, pod: pod?.name ?? '', uid: pod?.uid ?? '', channel: channels[index % channels.length] ?? '' };
  });
  process.kill(kdebug.pid, 'SIGSTOP');
  try {
    const { ms } = await pipeline.run({ runs }, FLOOR_WITHIN_MS);
    return times / (ms / SECOND_MS);
  } finally {
    process.kill(kdebug.pid, 'SIGCONT');
    await awake(world);
  }
};

/** Having been stopped it may take its connection for dead and make another: nobody types until that is over. */
const awake = async ({ slack }: BenchWorld): Promise<void> => {
  await delay(AWAKE_AFTER_MS);
  for (let waited = 0; slack.socket.connections() === 0; waited += POLL_MS) {
    if (waited > AWAKE_WITHIN_MS) throw new Error(`kdebug was stopped for the floor's turn and did not connect to Slack again within ${AWAKE_WITHIN_MS} ms.`);
    await delay(POLL_MS);
  }
};

interface Rates {
  readonly kdebug: readonly number[];
  readonly floor: readonly number[];
}

const inTurn = async (stage: Stage, repetitions: number): Promise<Rates> => {
  await floorRuns(stage, 0, WARM_UP);
  await kdebugRuns(stage, 0, WARM_UP);
  const [kdebug, floor]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < repetitions; turn += 1) {
    floor.push(await floorRuns(stage, turn + 1, RUNS));
    kdebug.push(await kdebugRuns(stage, WARM_UP + turn * RUNS, RUNS));
  }
  return { kdebug, floor };
};

const withStage = (scene: Scene, profileDir: string | undefined, use: (stage: Stage) => Promise<readonly Figure[]>): Promise<readonly Figure[]> => withWorld(scene, profileDir, async (world) => {
  const kdebug = await world.start(['start']);
  const { SLACK_API_URL = '', SLACK_BOT_TOKEN = '', REDIS_URL = '', KUBECONFIG = '' } = world.env;
  const pipeline: Pipeline = await startFloor('pipeline.ts', { SLACK_API_URL, SLACK_BOT_TOKEN, REDIS_URL, KUBECONFIG });
  world.alsoEnd(() => pipeline.end());
  const results = watchResults(world.slack);
  try {
    return await use({ world, kdebug, pipeline, results });
  } finally {
    results.stop();
  }
});

const rateFigures = ({ kdebug, floor }: Rates, where: string): readonly Figure[] => [
  { name: `runs per second${where}`, unit: 'runs/s', values: kdebug, floor },
  { name: `runs per second${where}, of the floor pipeline's`, unit: '%', values: kdebug.map((rate, turn) => 100 * rate / (floor[turn] ?? Infinity)), target: { rule: 'at least', value: 40, holds: 'in the median' } },
];

/** Runs per second beside the floor pipeline, and what they leave in memory. */
export const measureRuns: Measure = ({ profileDir }) => withStage(SCENES.runs, profileDir, async (stage) => {
  await delay(SETTLED_AFTER_MS);
  const idleMb = residentMb(stage.kdebug.pid);
  const rates = await inTurn(stage, SCENES.runs.repetitions);
  await delay(SETTLED_AFTER_MS);
  return [
    ...rateFigures(rates, ''),
    { name: 'resident memory, idle', unit: 'MB', values: [idleMb], target: { rule: 'below', value: 180, holds: 'always' }, note: '`kdebug start`, 5 s after it was ready' },
    { name: `resident memory after ${(WARM_UP + SCENES.runs.repetitions * RUNS).toLocaleString('en')} runs`, unit: 'MB', values: [residentMb(stage.kdebug.pid)], note: '5 s after the last' },
  ];
});

export const measureDurable: Measure = ({ profileDir }) => withStage(SCENES.durable, profileDir, async (stage) =>
  rateFigures(await inTurn(stage, SCENES.durable.repetitions), ', appendfsync always'));
