/**
 * How long people wait for the acknowledgement while 100 of them type every second, over two serve replicas on one Socket
 * Mode app. `node bench/slack/ack-load.ts [SECONDS] [PER_SECOND]`; exit code 1 when a promise is broken.
 */
import { atRate } from '../load/pace.ts';
import { typedIn } from '../load/typed.ts';
import type { Scene } from '../scenarios.ts';
import { percentile } from '../statistics.ts';
import { withWorld } from '../world/world.ts';

export const P99_MS_MAX = 100;
export const SLOWEST_MS_MAX = 2_000;
const WARM_UP_SECONDS = 2;

export interface AckLoad {
  readonly seconds: number;
  readonly perSecond: number;
  readonly replicas: number;
}

export interface AckFigures {
  readonly acknowledged: number;
  /** What the person was told is neither that it was accepted nor that it was refused. */
  readonly failed: readonly string[];
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
}

const SCENE: Scene = {
  people: 400, channels: 400, pods: 100, gate: 'held', pendingPerPerson: 100, runsPerCluster: 20, pace: 'at once', program: 'none: nothing is planned', durability: 'keeps nothing', repetitions: 1, load: '',
};

/** No worker: what is measured is the door, and nothing beside it on the same cores. */
export const measureAcks = ({ seconds, perSecond, replicas }: AckLoad): Promise<AckFigures> => withWorld(SCENE, undefined, async (world) => {
  await Promise.all(Array.from({ length: replicas }, () => world.start(['serve'])));
  const type = async (index: number): Promise<{ readonly ackMs: number; readonly failure?: string }> => {
    const { person, channel, text } = typedIn(SCENE, index, '-- answer 0');
    const outcome = await world.slack.people.slash(person, channel, '/kdebug', text);
    const told = outcome.ok ? JSON.stringify(outcome.body) : `${outcome.error}: ${outcome.detail}`;
    return /kd-[0-9a-z]{8}/.test(told) ? { ackMs: outcome.ackMs } : { ackMs: outcome.ackMs, failure: told };
  };
  const warmUp = perSecond * WARM_UP_SECONDS;
  await atRate(perSecond, warmUp, type);
  const typed = await atRate(perSecond, perSecond * seconds, (index) => type(warmUp + index));
  const times = typed.map(({ ackMs }) => ackMs);
  const failed = typed.flatMap(({ failure }) => failure ?? []);
  return { acknowledged: typed.length - failed.length, failed, p50: percentile(times, 50), p99: percentile(times, 99), slowest: percentile(times, 100) };
});

if (import.meta.main) {
  const [seconds = 60, perSecond = 100] = process.argv.slice(2).map(Number);
  const { acknowledged, failed, p50, p99, slowest } = await measureAcks({ seconds, perSecond, replicas: 2 });
  const isKept = failed.length === 0 && p99 < P99_MS_MAX && slowest < SLOWEST_MS_MAX;
  process.stdout.write(`two serve replicas, ${perSecond} requests/s for ${seconds} s: ${acknowledged} acknowledged, ${failed.length} not; p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (below ${P99_MS_MAX}), slowest ${slowest.toFixed(1)} ms (below ${SLOWEST_MS_MAX}): ${isKept ? 'kept' : 'BROKEN'}\n`);
  for (const failure of new Set(failed.slice(0, 5))) process.stdout.write(`  ${failure.slice(0, 300)}\n`);
  process.exitCode = isKept ? 0 : 1;
}
