import { setTimeout as delay } from 'node:timers/promises';
import { parseRequestId, type RequestId } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request-states.ts';
import type { LocalProcess } from '../../src/playground/local/process.ts';
import { watchProgress } from '../../src/playground/local/progress.ts';
import type { Figure } from '../figure.ts';
import { inFlight } from '../load/pace.ts';
import { watchResults, type Results } from '../load/results.ts';
import { type, typedIn } from '../load/typed.ts';
import type { Measure } from '../measure/measure.ts';
import { residentMb } from '../world/memory.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { CLUSTER_SCENES } from './scenes.ts';

const SCENE = CLUSTER_SCENES.many;
const LASTS_MS = 45_000;
const RUNS = 1_000;
/** A command that is typed again goes to a pod so many further on. */
const SPARE_AFTER = RUNS;
const TYPING_AT_ONCE = 6;
const WARM_UP = 20;
const RESULT_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 250;
const SECOND_MS = 1_000;

interface Highest {
  readonly worker: number;
  readonly serve: number;
  readonly watches: number;
  readonly open: number;
  readonly accepted: number;
}

const NOTHING: Highest = { worker: 0, serve: 0, watches: 0, open: 0, accepted: 0 };

/** The highest of each until `done`, looked at four times a second. */
const highestUntil = async (world: BenchWorld, worker: LocalProcess, serve: LocalProcess, done: Promise<unknown>): Promise<Highest> => {
  const state = { isDone: false };
  const ended = done.finally(() => { state.isDone = true; });
  ended.catch(() => undefined); // told below
  let highest = NOTHING;
  for (; !state.isDone; await delay(LOOK_EVERY_MS)) {
    if (process.env['DBG']) process.stderr.write(JSON.stringify(highest)+"\n");
    const seen = { worker: residentMb(worker.pid), serve: residentMb(serve.pid), ...await world.cluster.ask({ about: 'connections' }) };
    highest = Object.fromEntries(Object.entries(highest).map(([name, value]) => [name, Math.max(value, seen[name as keyof Highest])])) as unknown as Highest;
  }
  await ended;
  return highest;
};

interface Asked {
  readonly id: RequestId;
  readonly posted: Promise<number>;
}

/** One person's command; its result in Slack is waited for elsewhere. */
const ask = async (world: BenchWorld, results: Results, index: number, lastsMs: number): Promise<Asked> => {
  const typed = typedIn(world.scene, index, `--timeout 3m -- answer ${lastsMs}`);
  const posted = results.next(typed.channel, RESULT_WITHIN_MS);
  posted.catch(() => undefined); // told by whoever waits for it
  const { request } = await type(world.slack, typed);
  const id = parseRequestId(request);
  if (id === undefined) throw new Error(`${request} is no request id.`);
  return { id, posted };
};

/** What was not acknowledged in time is typed again, in another pod: whether the first was saved nobody knows. */
const askAgain = async (world: BenchWorld, results: Results, index: number, lastsMs: number): Promise<Asked> => {
  try {
    return await ask(world, results, index, lastsMs);
  } catch (error) {
    if (index + SPARE_AFTER >= world.scene.pods) throw error;
    await delay(SECOND_MS);
    return askAgain(world, results, index + SPARE_AFTER, lastsMs);
  }
};

/** Typed by a few at a time, as fast as they are answered; resolves when all results are in Slack. */
const runAll = async (world: BenchWorld, results: Results, times: number, lastsMs: number): Promise<readonly RequestId[]> => {
  const asked = await inFlight(TYPING_AT_ONCE, times, (index) => askAgain(world, results, index, lastsMs));
  await Promise.all(asked.map(({ posted }) => posted));
  return asked.map(({ id }) => id);
};

const isWell = (request: Request): boolean => request.state === 'finished' && request.ends.every(({ outcome, output }) => outcome.kind === 'exited' && outcome.code === 0 && output !== null);

/** How many finished as they should: exit code 0, output kept. */
const finishedWell = async (world: BenchWorld, ids: readonly RequestId[]): Promise<number> => {
  const progress = await watchProgress({ stateDir: world.env['KDEBUG_STATE_DIR'] ?? '', env: world.env });
  try {
    return (await Promise.all(ids.map((id) => progress.request(id)))).filter(isWell).length;
  } finally {
    progress.close();
  }
};

/** A thousand runs at once, all of one worker process. */
export const measureMany: Measure = ({ profileDir }) => withWorld(SCENE, profileDir, async (world): Promise<readonly Figure[]> => {
  const worker = await world.start(['worker', '--cluster', 'main']);
  const serve = await world.start(['serve']);
  const results = watchResults(world.slack);
  try {
    const idleMb = residentMb(worker.pid);
    await runAll(world, results, WARM_UP, 0);
    await world.cluster.ask({ about: 'forget calls' });
    const start = performance.now();
    const runs = runAll(world, results, RUNS, LASTS_MS);
    const highest = await highestUntil(world, worker, serve, runs);
    const seconds = (performance.now() - start) / SECOND_MS;
    const calls = await world.cluster.ask({ about: 'calls' });
    return [
      { name: 'runs that finished, exit code and output told', unit: 'runs', values: [await finishedWell(world, await runs)], target: { rule: 'exactly', value: RUNS, holds: 'always' } },
      { name: 'watches open at the same time', unit: 'runs', values: [highest.watches], note: 'runs that were followed at once: how concurrent it was' },
      { name: 'from the first command to the last result', unit: 's', values: [seconds], note: `each command runs ${LASTS_MS / SECOND_MS} s; ${TYPING_AT_ONCE} people type at a time` },
      { name: 'resident memory of the worker, highest', unit: 'MB', values: [highest.worker], target: { rule: 'below', value: 400, holds: 'always' }, note: `idle: ${idleMb.toFixed(0)} MB` },
      { name: 'resident memory of serve, highest', unit: 'MB', values: [highest.serve] },
      { name: 'TCP connections of the worker to the API server, most open at once', unit: 'connections', values: [highest.open], target: { rule: 'at most', value: 20, holds: 'always' }, note: `${highest.accepted} were made in all` },
      { name: 'API calls of a run, its plan included', unit: 'calls', values: [Object.values(calls).reduce((sum, times) => sum + times, 0) / RUNS], note: Object.entries(calls).map(([call, times]) => `${times} ${call}`).join(', ') },
    ];
  } finally {
    results.stop();
  }
});
