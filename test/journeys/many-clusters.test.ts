/** Two clusters with pods of the same names, one kubeconfig with a context for each: what happens in one stays there. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import type { LocalProcess } from '../../src/playground/local/process.ts';
import { freePort } from '../../src/playground/local/free-port.ts';
import { gateTo, type Gate } from './gate.ts';
import { ALICE, BOB, openStage, OPS, OVER, type Stage } from './stage.ts';

const POD = 'api-5d6f7b8c9-2r6zw';
const SEEN_WITHIN_MS = 10_000;
const POLL_MS = 50;
const TWO_CLUSTERS = exampleConfiguration().replace(/^( {2}main:.*\n(?: {4}.*\n)+)/m, '$1  other:\n    context: other\n');

interface Two {
  readonly stage: Stage;
  /** The only way to the cluster `other`; shut at the start. */
  readonly gate: Gate;
  readonly opsPort: number;
}

const openTwo = async (): Promise<Two> => {
  const gate = { current: undefined as Gate | undefined };
  const stage = await openStage({
    configuration: TWO_CLUSTERS, others: ['other'],
    reachedAt: async (cluster, url) => {
      if (cluster !== 'other') return url;
      gate.current = await gateTo(Number(new URL(url).port));
      return url.replace(new URL(url).port, String(gate.current.port));
    },
  });
  if (!gate.current) throw new Error('there is no way to the other cluster');
  return { stage, gate: gate.current, opsPort: await freePort() };
};

const readyz = async ({ opsPort }: Two): Promise<readonly [number, string]> => {
  const answer = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
  return [answer.status, await answer.text()];
};

const until = async <Value>(look: () => Promise<Value>, isIt: (value: Value) => boolean): Promise<Value> => {
  for (let waited = 0; ; waited += POLL_MS) {
    const seen = await look();
    if (isIt(seen)) return seen;
    if (waited > SEEN_WITHIN_MS) throw new Error(`It never came: ${JSON.stringify(seen)}`);
    await delay(POLL_MS);
  }
};

const containersIn = ({ stage }: Two, cluster: 'main' | 'other'): number => {
  const { control } = cluster === 'main' ? stage.world.cluster : stage.world.others.get('other')?.cluster ?? stage.world.cluster;
  return ((control.pod('staging', POD)?.spec['ephemeralContainers'] ?? []) as readonly unknown[]).length;
};

const runs = async ({ stage }: Two, user: string, where: string, words: string) =>
  stage.until(await stage.ask(user, OPS, `${where} ${POD} -- echo ${words}`), OVER);

let whole: Two;
let started: LocalProcess;
let apart: Two;
let away: Promise<LocalProcess>;
beforeAll(async () => {
  [whole, apart] = await Promise.all([openTwo(), openTwo()]);
  const ops = ({ opsPort }: Two) => ({ KDEBUG_OPS_PORT: String(opsPort) });
  // it is not ready before its gate opens
  away = apart.stage.world.start(['worker', '--cluster', 'other'], ops(apart));
  away.catch(() => undefined);
  [started] = await Promise.all([
    whole.stage.world.start(['start'], ops(whole)), apart.stage.world.start(['serve']), apart.stage.world.start(['worker', '--cluster', 'main']),
  ]);
});
afterAll(async () => {
  await Promise.allSettled([whole.stage.close(), away.then(() => apart.stage.close())]);
  await Promise.all([whole.gate.shut(), apart.gate.shut()]);
});

describe('serve, and a worker for each cluster', () => {
  let two: Two;
  beforeAll(() => { two = apart; });

  it('a worker is ready with its own cluster only, and waits for it instead of ending', async () => {
    const [ready, main] = await Promise.all([
      until(() => readyz(two).catch(() => [0, ''] as const), ([, body]) => body.includes('cluster other')), runs(two, BOB, 'staging', 'main meanwhile'),
    ]);
    expect(ready).toEqual([503, expect.stringMatching(/^cluster other: (?:unreachable|no answer)/)]);
    expect(main).toMatchObject({ state: 'finished', ask: { cluster: 'main' } });
    await two.gate.open();
    expect((await away).pid).toBeGreaterThan(0);
    expect(await runs(two, ALICE, 'other/staging', 'there it is')).toMatchObject({ state: 'finished', ask: { cluster: 'other' }, ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    expect([containersIn(two, 'main'), containersIn(two, 'other')]).toEqual([1, 1]);
  });
});

describe('kdebug start, with one of two clusters away', () => {
  let two: Two;
  beforeAll(() => { two = whole; });

  it('is ready, and says which cluster is not there; what is for the other one works, and what is for that one is told', async () => {
    const [ready, main, other] = await Promise.all([readyz(two), runs(two, BOB, 'staging', 'in main'), runs(two, ALICE, 'other/staging', 'too early')]);
    expect(ready).toEqual([200, expect.stringMatching(/^ok\ncluster other: (?:unreachable|no answer)/)]);
    expect(main).toMatchObject({ state: 'finished', ask: { cluster: 'main' }, ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    expect(other).toMatchObject({ state: 'refused', refusal: { code: 'not_planned', failure: { code: 'unreachable' } } });
    expect(two.stage.sees(OPS)).toMatch(/other/);
    expect([containersIn(two, 'main'), containersIn(two, 'other')]).toEqual([1, 0]);
  });

  it('once it is there it is used without a new start: the same pod name in both, and each run in its own', async () => {
    await two.gate.open();
    expect(await until(() => readyz(two), ([, body]) => body === 'ok\n')).toEqual([200, 'ok\n']);
    const [main, other] = await Promise.all([runs(two, BOB, 'main/staging', 'from main'), runs(two, ALICE, 'other/staging', 'from other')]);
    expect([main, other]).toMatchObject([{ state: 'finished', ask: { cluster: 'main' } }, { state: 'finished', ask: { cluster: 'other' } }]);
    if (!('plan' in main) || !('plan' in other) || !main.plan || !other.plan) throw new Error('there is no plan');
    expect(main.plan.targets[0]?.uid).not.toBe(other.plan.targets[0]?.uid);
    expect(main.plan.targets[0]?.pod).toBe(other.plan.targets[0]?.pod);
    expect([containersIn(two, 'main'), containersIn(two, 'other')]).toEqual([2, 1]);
    const seen = two.stage.sees(OPS);
    for (const words of ['from main', 'from other', 'cluster other']) expect(seen).toContain(words);
  });

  it('when it goes down later the other one does not notice, and the process goes on', async () => {
    await two.gate.shut();
    const [main, other] = await Promise.all([
      runs(two, BOB, 'staging', 'still here'), runs(two, ALICE, 'other/staging', 'gone'), until(() => readyz(two), ([, body]) => body.includes('cluster other: ')),
    ]);
    expect(main).toMatchObject({ state: 'finished', ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    expect(other).toMatchObject({ state: 'refused', refusal: { code: 'not_planned' } });
    expect((await readyz(two))[0]).toBe(200);
    expect(started.log().join('\n')).not.toMatch(/unhandled|uncaught/i);
  });

  it('a cluster that nobody knows is told with the name that is near', async () => {
    expect(await two.stage.slash(BOB, OPS, 'othr/staging api -- true')).toMatch(/othr.* is not a cluster of this kdebug\. Did you mean .?other.?\?.*main.*other/s);
  });
});
