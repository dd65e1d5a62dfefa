import { startFakeSlack } from '../../src/playground/slack/server.ts';
import type { FakeSlack } from '../../src/playground/slack/options.ts';
import { startFloor } from '../load/child.ts';
import { atRate } from '../load/pace.ts';
import { type, typedIn } from '../load/typed.ts';
import { SCENES } from '../scenarios.ts';
import { percentile } from '../statistics.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { workspaceOf } from '../world/workspace.ts';
import type { Measure } from './measure.ts';

const SCENE = SCENES.ack;
const PER_SECOND = 50;
const SECONDS = 4;
const ALONE_SECONDS = 2;
const WARM_UP = 250;

/** A Slack of its own with the bare app on it, in this process as the other one is. */
const startBare = async (world: BenchWorld): Promise<FakeSlack> => {
  const slack = await startFakeSlack({ seed: workspaceOf(SCENE), metering: 'unmetered' });
  const floor = await startFloor('bare-bolt.ts', { SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken });
  world.alsoEnd(async () => { await floor.end(); await slack.close(); });
  return slack;
};

interface Round {
  readonly kdebug: readonly number[];
  readonly beside: readonly number[];
  readonly alone: readonly number[];
}

/** The sequence numbers go on from round to round, so that no text is typed twice. */
const round = async (kdebug: FakeSlack, bare: FakeSlack, first: number): Promise<Round> => {
  const ackOf = async (slack: FakeSlack, index: number): Promise<number> => (await type(slack, typedIn(SCENE, index, '-- answer 0'))).ackMs;
  const pairs = await atRate(2 * PER_SECOND, 2 * PER_SECOND * SECONDS, (index) => ackOf(index % 2 === 0 ? kdebug : bare, first + Math.floor(index / 2)));
  const alone = await atRate(PER_SECOND, PER_SECOND * ALONE_SECONDS, (index) => ackOf(bare, index));
  return { kdebug: pairs.filter((_ms, index) => index % 2 === 0), beside: pairs.filter((_ms, index) => index % 2 === 1), alone };
};

/** Acknowledgements at 50 requests a second while another process plans them, beside an app that does nothing else. */
export const measureAck: Measure = ({ profileDir }) => withWorld(SCENE, profileDir, async (world) => {
  const bare = await startBare(world);
  await world.start(['worker', '--cluster', 'main']);
  await world.start(['serve']);
  await atRate(PER_SECOND, WARM_UP, (index) => type(world.slack, typedIn(SCENE, index, '-- answer 0')));
  const rounds: Round[] = [];
  for (let turn = 0; turn < SCENE.repetitions; turn += 1) rounds.push(await round(world.slack, bare, WARM_UP + turn * PER_SECOND * SECONDS));
  const each = (of: keyof Round, percent: number): readonly number[] => rounds.map((one) => percentile(one[of], percent));
  const aloneNote = (percent: number): string => `the bare app alone, without kdebug's load beside it: ${each('alone', percent).map((ms) => ms.toFixed(1)).join(', ')} ms`;
  return [
    { name: 'ack at 50 requests/s, p50', unit: 'ms', values: each('kdebug', 50), floor: each('beside', 50), note: aloneNote(50) },
    { name: 'ack at 50 requests/s, p99', unit: 'ms', values: each('kdebug', 99), floor: each('beside', 99), target: { rule: 'below', value: 100, holds: 'in the median' }, note: aloneNote(99) },
    { name: 'ack at 50 requests/s, slowest', unit: 'ms', values: each('kdebug', 100), floor: each('beside', 100), target: { rule: 'below', value: 1_500, holds: 'always' } },
  ];
});
