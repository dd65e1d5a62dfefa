/** Following a run in the simulated cluster: rotation, a kubelet that restarts, a connection that breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawOutput } from '../../../src/app/cluster-port.ts';
import type { EphemeralContainer } from '../../../src/domain/container.ts';
import type { PlanTarget } from '../../../src/domain/plan.ts';
import { pidNamespaces } from '../../../src/playground/cluster/kubelet/namespaces.ts';
import { containerFor, openSimulation, watching, type Simulation } from './simulated.ts';

describe.skipIf(pidNamespaces() !== 'available')('a long run', () => {
  let world: Simulation;
  let target: PlanTarget;
  beforeAll(async () => {
    world = await openSimulation();
    target = world.targetOf(await world.pod());
  });
  afterAll(() => world.close());

  const followed = async (container: EphemeralContainer, meanwhile: (progress: () => { bytes: number; lines: number }) => Promise<void> = async () => undefined): Promise<RawOutput> => {
    const resourceVersion = await world.start(target, container);
    let runningTimes = 0;
    const ending = world.cluster.awaitEnd(target, container, watching(resourceVersion, { onRunning: () => { runningTimes += 1; } }));
    await world.running(target, container);
    const follower = world.cluster.follow(target, container.name, new AbortController().signal);
    await meanwhile(() => follower.progress());
    expect((await ending).outcome).toMatchObject({ kind: 'exited', code: 0 });
    expect(runningTimes).toBe(1);
    return follower.finish();
  };
  const textOf = (output: RawOutput): string => Buffer.from(output.head).toString() + Buffer.from(output.tail ?? []).toString();
  const COUNT = ['sh', '-c', 'i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i"; sleep 0.05; done; printf end'];
  const COUNTED = `${Array.from({ length: 40 }, (_, index) => `line ${index + 1}\n`).join('')}end`;

  test('tells how far it is, and all of it at its end', async () => {
    const seen: number[] = [];
    const output = await followed(containerFor(world.cluster, COUNT), async (progress) => {
      for (let look = 0; look < 8; look += 1) {
        await sleep(150);
        seen.push(progress().lines);
      }
    });
    expect(textOf(output)).toBe(COUNTED);
    expect(output).toMatchObject({ bytes: COUNTED.length, complete: true });
    expect(new Set(seen).size).toBeGreaterThan(3);
    expect(seen).toStrictEqual(seen.toSorted((left, right) => left - right));
  });

  test('is not read twice when the kubelet restarts in between, and when the connection breaks', async () => {
    const output = await followed(containerFor(world.cluster, COUNT), async (progress) => {
      while (progress().lines < 5) await sleep(20);
      world.kubelet.faults.restartKubelet();
      while (progress().lines < 25) await sleep(20);
      world.simulated.control.cutConnections();
    });
    expect(textOf(output)).toBe(COUNTED);
    expect(output.complete).toBe(true);
  });

  test('a line longer than the runtime stores in one piece is one line', async () => {
    const output = await followed(containerFor(world.cluster, ['sh', '-c', 'head -c 200000 /dev/zero | tr "\\0" x; echo; sleep 1; echo after']));
    expect(textOf(output)).toBe(`${'x'.repeat(200_000)}\nafter\n`);
    expect(output.complete).toBe(true);
  });

  test('keeps its head though the log is rotated before its end', async () => {
    // the simulated node rotates at 20 MiB at the latest
    const container = containerFor(world.cluster, ['sh', '-c', 'sleep 1; echo the head; head -c 26000000 /dev/zero | tr "\\0" x; echo; echo the tail']);
    const output = await followed(container);
    expect(Buffer.from(output.head).toString().slice(0, 9)).toBe('the head\n');
    expect(Buffer.from(output.tail!).toString()).toMatch(/the tail\n$/);
    const afterwards = await world.cluster.readOutput(target, container.name);
    expect(Buffer.from(afterwards.head).toString().slice(0, 8)).not.toBe('the head');
  }, 60_000);

  test('one that is followed only after its end is read all the same', async () => {
    const container = containerFor(world.cluster, ['echo', 'short']);
    const resourceVersion = await world.start(target, container);
    await world.cluster.awaitEnd(target, container, watching(resourceVersion));
    const output = await world.cluster.follow(target, container.name, new AbortController().signal).finish();
    expect([textOf(output), output.complete]).toStrictEqual(['short\n', true]);
  });
});
