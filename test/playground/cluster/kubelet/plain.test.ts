/** Without namespaces: plain process groups, the same statuses. What needs namespaces is not promised here. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PodRef } from '../../../../src/playground/cluster/kubelet/spec.ts';
import { createWorld, NETSHOOT, text, type World } from './world.ts';

let world: World;
let pod: PodRef;
beforeAll(async () => {
  world = createWorld({ namespaces: 'never' });
  pod = world.add();
  await world.until(() => world.status(pod, 'api')?.ready);
});
afterAll(() => world.close());

it.each([
  { argv: ['sh', '-c', 'echo out; echo err >&2; exit 7'], exitCode: 7, log: 'out\nerr\n' },
  { argv: ['timeout', '0.2', 'sleep', '9'], exitCode: 124, log: '' },
  { argv: ['sh', '-c', 'kill -TERM $$$$'], exitCode: 143, log: '' },
  { argv: ['sh', '-c', 'node --version 2>/dev/null || echo only what the image has'], exitCode: 0, log: 'only what the image has\n' },
])('$argv ends with $exitCode', async ({ argv, exitCode, log }) => {
  expect(await world.run(pod, argv)).toMatchObject({ exitCode, log });
});

it.each(['tcpdump', '/bin/ls', '../../bin/ls'])('%s is not started', async (program) => {
  const name = `no-${program.replaceAll(/[^a-z]/g, '')}-${program.length}`;
  world.debug(pod, { name, image: NETSHOOT, command: [program] });
  await world.until(() => world.states(pod, name).length === 2);
  expect(world.states(pod, name)).toEqual(['waiting:ContainerCreating', 'waiting:RunContainerError']);
});

it('says why there are none, execs, and ends what was started with the pod', async () => {
  expect(world.kubelet.isolation).toBe('unavailable: switched off');
  world.debug(pod, { name: 'long', image: NETSHOOT, command: ['sh', '-c', 'sleep 60; true'] });
  await world.until(() => world.states(pod, 'long').includes('running'));
  const session = world.kubelet.exec(world.get(pod)!, 'long', ['sh', '-c', 'echo in; exit 4']);
  expect('exit' in session && [await text(session.stdout), await session.exit]).toEqual(['in\n', 4]);
  world.remove(pod, 1);
  await world.until(() => world.removed.includes(pod.uid));
  expect(world.states(pod, 'long').at(-1)).toMatch(/^terminated:1(37|43):Error$/);
});
