import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { requestIdFrom } from '../../src/domain/names.ts';
import { containerStatus, isRunning } from './hands.ts';
import { BUSYBOX, NETSHOOT, PROD, STAGING, type Stage } from './stage.ts';
import { until } from './until.ts';

/** What the wrapper gives a command that ignores TERM. */
const KILL_AFTER_MS = 5_000;

const EXITS: readonly (readonly [what: string, argv: readonly string[], code: number])[] = [
  ['exit code 0', ['true'], 0],
  ['exit code 3', ['sh', '-c', 'exit 3'], 3],
  ['a program that is not there is 127, by the wrapper', ['no-such-program', '--help'], 127],
];
const IGNORES_TERM = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];

export const endingContract = (stage: () => Stage): void => {
  for (const [what, argv, code] of EXITS) {
    test(what, async (context) => {
      const { ending } = await stage().run(context, await stage().home(context, PROD), argv);
      expect(ending).toMatchObject({ outcome: { kind: 'exited', code }, logged: true, imageId: expect.stringContaining('sha256:') });
    });
  }

  for (const image of [NETSHOOT, BUSYBOX]) {
    test(`${image.ref}: a command that does not end is timed out`, async (context) => {
      const { ending, ms } = await stage().run(context, await stage().home(context, PROD), ['sleep', '60'], { image, timeoutMs: 1_000 });
      expect(ending.outcome).toMatchObject({ kind: 'timed_out', afterMs: expect.any(Number) });
      expect(ms).toBeLessThan(KILL_AFTER_MS + 5_000);
    });
  }

  test('a command that ignores TERM is killed 5 s later, and that is a timeout too', async (context) => {
    const { ending, ms } = await stage().run(context, await stage().home(context, PROD), IGNORES_TERM, { timeoutMs: 1_000 });
    expect(ending.outcome).toMatchObject({ kind: 'timed_out' });
    expect(ending.outcome.kind === 'timed_out' && ending.outcome.afterMs).toBeGreaterThanOrEqual(KILL_AFTER_MS);
    expect(ms).toBeLessThan(KILL_AFTER_MS + 10_000);
  });

  test('a pod that is deleted mid-run: interrupted, and its log is gone with it', async (context) => {
    const site = await stage().fresh(context, PROD);
    const { cluster, hands } = stage().world;
    const run = await stage().start(context, site, ['sleep', '60'], { timeoutMs: 60_000 });
    const ending = cluster.awaitEnd(run.target, run.container, run.watch);
    await run.running();
    await hands.deletePod(PROD, site.target.pod);
    expect(await ending).toMatchObject({ outcome: { kind: 'interrupted', by: 'deleted' } });
    await until('the end of the pod', async () => (await hands.pod(PROD, site.target.pod)) === undefined);
    expect(await cluster.readOutput(run.target, run.container.name)).toMatchObject({ bytes: 0, complete: false, unreadable: { code: 'pod_gone' } });
    expect(await cluster.inspect(run.target, run.container)).toEqual({ kind: 'failure', failure: { code: 'pod_gone', pod: site.target.pod } });
  });

  test('stopped, where pods/exec is granted: only what carries its marker, and never the app that it shares its processes with', async (context) => {
    const { cluster, hands } = stage().world;
    await hands.grantStopping(STAGING);
    await stage().needs(context, ['create', 'pods/exec', STAGING], ['get', 'pods/exec', STAGING]);
    const site = await stage().fresh(context, STAGING);
    const [marked, other] = [requestIdFrom(randomBytes(8)), requestIdFrom(randomBytes(8))];
    const run = await stage().start(context, site, ['sleep', '60'], { sharing: true, marker: marked, timeoutMs: 60_000 });
    const ending = cluster.awaitEnd(run.target, run.container, run.watch);
    await run.running();
    expect(await cluster.stop(run.target, run.container.name, other)).toMatchObject({ code: expect.any(String) });
    expect(await cluster.stop(run.target, run.container.name, marked)).toBeUndefined();
    expect(await ending).toMatchObject({ outcome: { kind: 'exited', code: 143 } });
    const pod = await hands.pod(STAGING, site.target.pod);
    expect([isRunning(pod, 'app'), containerStatus(pod, 'app')?.['restartCount']]).toEqual([true, 0]);
  });

  test('not stopped, where pods/exec is not granted: that is told, and the run goes on to its end', async (context) => {
    const { cluster, rest, seenAfterSeconds } = stage().world;
    if (await rest.may('create', 'pods/exec', PROD)) context.skip('may create pods/exec in prod');
    const marker = requestIdFrom(randomBytes(8));
    const run = await stage().start(context, await stage().home(context, PROD), ['sleep', String(seenAfterSeconds + 1)], { marker });
    const ending = cluster.awaitEnd(run.target, run.container, run.watch);
    await run.running();
    expect(await cluster.stop(run.target, run.container.name, marker)).toMatchObject({ code: 'forbidden' });
    expect(await ending).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
  });

  test('an Event for kubectl describe: never an error, granted or not', async (context) => {
    const { target, container } = stage().planned(await stage().home(context, PROD), ['true']);
    await expect(stage().world.cluster.record(target, container.name, 'a contract of kdebug looked at this pod; nothing was run')).resolves.toBeUndefined();
  });

  test('whoever stops watching is answered at once, and the run goes on', async (context) => {
    const run = await stage().start(context, await stage().home(context, PROD), ['sh', '-c', 'sleep 1; echo went on']);
    const stopping = new AbortController();
    const left = stage().world.cluster.awaitEnd(run.target, run.container, { ...run.watch, signal: stopping.signal });
    stopping.abort();
    expect(await left).toMatchObject({ outcome: { kind: 'unknown' } });
    expect(await stage().world.cluster.awaitEnd(run.target, run.container, run.watch)).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(Buffer.from((await stage().world.cluster.readOutput(run.target, run.container.name)).head).toString()).toBe('went on\n');
  });
};
