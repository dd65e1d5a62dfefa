/**
 * Results that become due while Slack is away: all of them arrive afterwards, in order within their threads, no faster
 * than Slack takes them, each once but for those whose answer was lost, which are marked.
 * `node bench/slack/outage.ts [RESULTS] [OUTAGE_SECONDS]`: 200 results through ten minutes by default, on a Slack whose
 * clock runs 20 times as fast; kdebug's own pace stays real, so it takes some eight minutes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { exampleConfiguration, startLocalWorld, type LocalWorld } from '../../src/playground/local/world.ts';
import type { Thread } from '../../src/playground/slack/world/model.ts';

const CHANNEL = 'C0OPS';
const PEOPLE = ['U0ALICE', 'U0BOB', 'U0CAROL'] as const;
const CLOCK_SCALE = 20;
/** So many that none comes near the number of debug containers that a pod may have. */
const PODS = 20;
/** Kdebug posts once a second and channel, three at once at most. */
const POSTS_A_SECOND = 1;
const BURST = 3;
const WINDOW_MS = 10_000;
const POLL_MS = 250;
/** Beside the time that the posts take. */
const PATIENCE_MS = 90_000;
/** One: a post whose answer is lost twice is given up, by design, and its result then stands in the channel itself. */
const LOST_ANSWERS = 1;
const POSTS_EACH = 2;
/** Four times as slow as Slack would take them; slower counts as lost. */
const SLOWEST_POST_MS = 4_000;

export interface Outage {
  readonly results: number;
  /** In Slack's time. */
  readonly outageMs: number;
}

export interface OutageFigures {
  readonly results: number;
  /** Requests whose result never came. */
  readonly missing: readonly string[];
  /** Requests with more than one result that does not say "(repeat)". */
  readonly doubled: readonly string[];
  readonly repeats: number;
  /** Threads in which a result stands before its card. */
  readonly disordered: number;
  /** The most posts to the channel within any ten seconds. */
  readonly busiest: number;
  readonly busiestMax: number;
  readonly tookMs: number;
}

const configuration = (): string => exampleConfiguration()
  .replace(/pending_per_person: \d+/, 'pending_per_person: 100').replaceAll(/(commands_(?:per_person|per_channel|total)): \d+/g, '$1: 6000').replace(/waiting_per_cluster: \d+/, 'waiting_per_cluster: 1000');

const ask = async ({ slack }: LocalWorld, index: number): Promise<string> => {
  const outcome = await slack.people.slash(PEOPLE[index % PEOPLE.length] ?? '', CHANNEL, '/kdebug', `staging worker-${index % PODS} -- echo result-${index}`);
  const told = JSON.stringify(outcome.ok ? outcome.body : outcome.detail);
  const id = /kd-[0-9a-z]{8}/.exec(told)?.[0];
  if (id === undefined) throw new Error(`Request ${index} was not accepted: ${told}`);
  return id;
};

const text = (value: unknown): string => JSON.stringify(value);
const threadsOf = ({ slack }: LocalWorld): readonly Thread[] => slack.world.messages(CHANNEL).filter(({ appId }) => appId !== undefined);
const cardOf = (threads: readonly Thread[], id: string): readonly Thread[] => threads.filter(({ blocks }) => text(blocks).includes(`"${id}`));
const resultsIn = ({ replies }: Thread) => replies.filter(({ appId, blocks }) => appId !== undefined && text(blocks).includes('Exit code'));

const isWhole = (threads: readonly Thread[], id: string): boolean => cardOf(threads, id).some((card) => resultsIn(card).length > 0 && text(card.blocks).includes('Finished'));

const busiest = (threads: readonly Thread[]): number => {
  const times = threads.flatMap((thread) => [thread, ...thread.replies]).filter(({ appId }) => appId !== undefined).map(({ ts }) => Number(ts) * 1_000).toSorted((one, other) => one - other);
  return Math.max(0, ...times.map((from, index) => times.slice(index).filter((at) => at < from + WINDOW_MS).length));
};

const figures = (threads: readonly Thread[], ids: readonly string[], tookMs: number): OutageFigures => {
  const cards = ids.map((id) => ({ id, cards: cardOf(threads, id) }));
  const results = cards.map((one) => ({ ...one, results: one.cards.flatMap(resultsIn) }));
  const marked = (message: { readonly blocks: unknown }): boolean => text(message.blocks).includes('(repeat)');
  return {
    results: ids.length, tookMs,
    missing: results.filter((one) => one.results.length === 0).map(({ id }) => id),
    doubled: results.filter((one) => one.results.filter((result) => !marked(result)).length > 1).map(({ id }) => id),
    repeats: results.reduce((sum, one) => sum + one.results.filter(marked).length, 0),
    disordered: threads.filter((card) => resultsIn(card).some(({ ts }) => Number(ts) <= Number(card.ts))).length,
    busiest: busiest(threads), busiestMax: WINDOW_MS / 1_000 * POSTS_A_SECOND + BURST,
  };
};

export const measureOutage = async ({ results, outageMs }: Outage): Promise<OutageFigures> => {
  const world = await startLocalWorld({ pace: 'at once', configuration: configuration(), slack: { clockScale: CLOCK_SCALE } });
  try {
    for (let index = 0; index < PODS; index += 1) {
      world.cluster.control.addPod({ namespace: 'staging', name: `worker-${index}`, labels: { app: 'worker' }, containers: [{ name: 'worker', image: 'registry.example.org/shop/worker:2.41.0' }] });
    }
    await world.start(['start']);
    const ids: string[] = [];
    for (let index = 0; index < results; index += 1) ids.push(await ask(world, index));
    // some are there and nobody can know it
    world.slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'cut', when: 'after' }, times: LOST_ANSWERS });
    await delay(1_000);
    await world.slack.faults.down();
    await delay(outageMs / CLOCK_SCALE);
    const back = performance.now();
    await world.slack.faults.up();
    const patienceMs = PATIENCE_MS + results * POSTS_EACH * SLOWEST_POST_MS;
    while (performance.now() - back < patienceMs && !ids.every((id) => isWhole(threadsOf(world), id))) await delay(POLL_MS);
    return figures(threadsOf(world), ids, performance.now() - back);
  } finally {
    await world.close();
  }
};

export const isKept = ({ missing, doubled, disordered, busiest: most, busiestMax, repeats }: OutageFigures): boolean =>
  missing.length === 0 && doubled.length === 0 && disordered === 0 && most <= busiestMax && repeats <= LOST_ANSWERS;

if (import.meta.main) {
  const [results = 200, outageSeconds = 600] = process.argv.slice(2).map(Number);
  const measured = await measureOutage({ results, outageMs: outageSeconds * 1_000 });
  process.stdout.write(`${results} results to one channel through ${outageSeconds} s without Slack: ${measured.missing.length} missing, ${measured.doubled.length} doubled, ${measured.repeats} marked as repeats, ${measured.disordered} out of order; at most ${measured.busiest} posts in 10 s (at most ${measured.busiestMax}); all there ${Math.round(measured.tookMs / 1_000)} s after Slack came back: ${isKept(measured) ? 'kept' : 'BROKEN'}\n`);
  process.exitCode = isKept(measured) ? 0 : 1;
}
