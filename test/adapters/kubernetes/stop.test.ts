import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Image } from '../../../src/domain/catalogue.ts';
import type { EphemeralContainer } from '../../../src/domain/container.ts';
import { requestIdFrom, type ContainerName, type ImageName, type ImageRef, type RequestId } from '../../../src/domain/names.ts';
import type { PlanTarget } from '../../../src/domain/plan.ts';
import { pidNamespaces } from '../../../src/playground/cluster/kubelet/namespaces.ts';
import { CANCEL_RULES } from '../../../src/playground/local/rights.ts';
import { NETSHOOT } from './fixtures.ts';
import { containerFor, openSimulation, watching, type Simulation } from './simulated.ts';

const BUSYBOX: Image = { name: 'busybox' as ImageName, ref: 'busybox:1.36' as ImageRef, isDefault: false, shell: true };
const API = 'api' as ContainerName;
const fresh = (): RequestId => requestIdFrom(randomBytes(16));

describe.skipIf(pidNamespaces() !== 'available')('a run that is stopped', () => {
  let world: Simulation;
  let target: PlanTarget;
  beforeAll(async () => {
    world = await openSimulation({ rules: CANCEL_RULES });
    target = world.targetOf(await world.pod());
  });
  afterAll(() => world.close());

  const begun = async (container: EphemeralContainer) => {
    const resourceVersion = await world.start(target, container);
    const ending = world.cluster.awaitEnd(target, container, watching(resourceVersion));
    await world.running(target, container);
    // the shell has to get as far as its trap
    await sleep(300);
    return { ending, logged: async () => Buffer.from((await world.cluster.readOutput(target, container.name)).head).toString() };
  };
  const appIsAsItWas = (): unknown => (world.simulated.control.pod('prod', target.pod)?.status['containerStatuses'] as readonly { restartCount: number; state: object }[] | undefined)
    ?.map(({ restartCount, state }) => [restartCount, Object.keys(state)]);

  const POLITE = ['sh', '-c', 'trap "echo cleaned up; exit 3" TERM; echo started; while :; do sleep 0.1; done'];
  const DEAF = ['sh', '-c', 'trap "" TERM; echo started; while :; do sleep 0.2; done'];
  // its child and grandchild are asked for too
  const FAMILY = ['sh', '-c', 'sh -c "sleep 300; true" & sleep 300; true'];

  test.each<readonly [string, Image, ContainerName | null, readonly string[], readonly number[], readonly [number, number]]>([
    ['GNU, PID 1 is ours, ends on TERM', NETSHOOT, null, POLITE, [3, 124, 143], [0, 5]],
    ['GNU, PID 1 is the app, ends on TERM', NETSHOOT, API, POLITE, [3, 124, 143], [0, 5]],
    ['BusyBox, PID 1 is ours, ends on TERM', BUSYBOX, null, POLITE, [3, 124, 143], [0, 5]],
    ['BusyBox, PID 1 is the app, ends on TERM', BUSYBOX, API, POLITE, [3, 124, 143], [0, 5]],
    ['GNU, PID 1 is ours, deaf to TERM', NETSHOOT, null, DEAF, [137], [4, 12]],
    ['GNU, PID 1 is the app, deaf to TERM', NETSHOOT, API, DEAF, [137], [4, 12]],
    ['BusyBox, PID 1 is ours, deaf to TERM', BUSYBOX, null, DEAF, [137], [4, 12]],
    ['BusyBox, PID 1 is the app, deaf to TERM', BUSYBOX, API, DEAF, [137], [4, 12]],
    ['GNU, several processes', NETSHOOT, API, FAMILY, [124, 143], [0, 5]],
    ['BusyBox, several processes', BUSYBOX, API, FAMILY, [124, 143], [0, 5]],
  ])('%s', async (_what, image, container, argv, codes, [atLeast, atMost]) => {
    const marker = fresh();
    const ours = containerFor(world.cluster, argv, { image, target: container, marker, timeoutMs: 60_000 });
    const { ending, logged } = await begun(ours);
    const before = appIsAsItWas();
    const began = performance.now();
    expect(await world.cluster.stop(target, ours.name, marker)).toBeUndefined();
    const { outcome } = await ending;
    const seconds = (performance.now() - began) / 1_000;
    expect(outcome.kind).toBe('exited');
    expect(codes).toContain(outcome.kind === 'exited' && outcome.code);
    expect([seconds >= atLeast, seconds <= atMost]).toEqual([true, true]);
    if (argv === POLITE) expect(await logged()).toMatch(/^started\n(?:Terminated\n)?(?:cleaned up\n)+$/);
    expect(appIsAsItWas()).toEqual(before);
    expect(before).toEqual([[0, ['running']]]);
  }, 30_000);

  test('another run in the same namespace, with another marker, goes on', async () => {
    const [one, other] = [fresh(), fresh()];
    const first = containerFor(world.cluster, ['sleep', '300'], { target: API, marker: one });
    const second = containerFor(world.cluster, ['sh', '-c', `x='\nKDEBUG_REQUEST=${one}\n'; export x; sleep 1; echo unharmed`], { target: API, marker: other });
    const [stopped, unharmed] = [await begun(first), await begun(second)];
    expect(await world.cluster.stop(target, first.name, one)).toBeUndefined();
    expect((await stopped.ending).outcome).toMatchObject({ kind: 'exited', code: expect.not.stringMatching('^0$') });
    expect((await unharmed.ending).outcome).toMatchObject({ kind: 'exited', code: 0 });
    expect(await unharmed.logged()).toBe('unharmed\n');
  });

  test('a marker that nobody carries stops nothing, and says so', async () => {
    const ours = containerFor(world.cluster, ['sleep', '1'], { target: API, marker: fresh() });
    const { ending } = await begun(ours);
    expect(await world.cluster.stop(target, ours.name, fresh())).toStrictEqual({ code: 'unexpected_answer', detail: 'no process of this run was found in its container' });
    expect((await ending).outcome).toMatchObject({ kind: 'exited', code: 0 });
  });

  test('two people press at once', async () => {
    const marker = fresh();
    const ours = containerFor(world.cluster, ['sleep', '300'], { target: API, marker });
    const { ending } = await begun(ours);
    const both = await Promise.all([world.cluster.stop(target, ours.name, marker), world.cluster.stop(target, ours.name, marker)]);
    expect(both).toContain(undefined);
    expect((await ending).outcome).toMatchObject({ kind: 'exited' });
  });

  test('a run that has ended cannot be stopped any more', async () => {
    const ours = containerFor(world.cluster, ['true'], { marker: fresh() });
    const resourceVersion = await world.start(target, ours);
    await world.cluster.awaitEnd(target, ours, watching(resourceVersion));
    expect(await world.cluster.stop(target, ours.name, fresh())).toMatchObject({ code: 'unexpected_answer', detail: expect.stringContaining('container not found') });
  });
});

describe.skipIf(pidNamespaces() !== 'available')('a worker without the component cancel', () => {
  test('reads that it may not exec', async () => {
    const world = await openSimulation();
    const target = world.targetOf(await world.pod());
    expect(await world.cluster.stop(target, 'kdebug-0000000000000000' as ContainerName, fresh())).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('pods/exec') });
    await world.close();
  });
});
