import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createWorld, NETSHOOT, type World } from './world.ts';

const RUNS = 1_000;
const PODS = 50;
const processes = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;

/** Spreads the runs over the pods and waits until each stands in the state. */
const spread = async (world: World, argv: readonly string[], state: 'running' | 'terminated') => {
  const pods = Array.from({ length: PODS }, (_, number) => world.add({ name: `pod-${number}` }));
  await world.until(() => pods.every((pod) => world.status(pod, 'api')?.ready), 20_000);
  const runs = Array.from({ length: RUNS }, (_, number) => ({ pod: pods[number % PODS]!, name: `kdebug-${number}` }));
  for (const { pod, name } of runs) world.debug(pod, { name, image: NETSHOOT, command: argv });
  await world.until(() => runs.every(({ pod, name }) => world.status(pod, name)?.state[state] !== undefined), 40_000);
  return runs;
};

it('1,000 runs as real processes are alive at once, and all gone after close', async () => {
  const world = createWorld();
  const before = processes();
  await spread(world, ['sleep', '60'], 'running');
  expect(processes() - before).toBeGreaterThanOrEqual(RUNS);
  await world.close();
  expect(processes()).toBeLessThan(before + RUNS / 10);
}, 90_000);

it('1,000 runs of a builtin (benches only) end without a process each', async () => {
  const world = createWorld({ images: { [NETSHOOT]: { programs: [], shell: 'none', builtin: (argv) => ({ exitCode: 0, output: `${argv.join(' ')}\n`, afterMs: 5 }) } } });
  const [{ pod, name } = { pod: world.add(), name: '' }] = await spread(world, ['ss', '-tlnp'], 'terminated');
  expect(await world.log(pod, name)).toBe('ss -tlnp\n');
  await world.close();
}, 90_000);
