/** Who can write to Redis can make a job and a grant, but not serve's signature: without it a worker sends nothing. */
import { describe, expect, it } from 'vitest';
import { planStep } from '../../src/app/plan-step.ts';
import { runStep } from '../../src/app/run-step.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import type { ClusterName, RequestId, Sha256 } from '../../src/domain/names.ts';
import { approve, ask, grantedRequest, heldRequest, HELD, work, workAll } from '../app/stories.ts';
import { createWorld, type TestWorld } from '../app/world.ts';
import { BOB } from '../fixtures/requests.ts';

const patches = (world: TestWorld): number => world.kubernetes.calls.filter((call) => call === 'add').length;
const generationOf = (world: TestWorld, id: RequestId): number => (world.request(id) as { readonly generation: number }).generation;

const edit = (world: TestWorld, id: RequestId, change: (event: RequestEvent) => RequestEvent): void => {
  world.memory.lists.set(id, (world.memory.lists.get(id) ?? []).map(change));
};

const granted = async (): Promise<readonly [TestWorld, RequestId]> => {
  const world = createWorld();
  const id = await heldRequest(world);
  await approve(world, id, BOB);
  await workAll(world, 'decide');
  expect(world.events(id).at(-1)).toBe('granted');
  return [world, id];
};

describe('nothing is sent to the cluster, and it is a security event,', () => {
  const OTHER = 'e'.repeat(64) as Sha256;
  const forgeries: readonly [string, (event: RequestEvent) => RequestEvent][] = [
    ['when a grant has no signature', (event) => (event.type === 'granted' ? { ...event, signature: '' } : event)],
    ['when a grant has a signature of something else', (event) => (event.type === 'granted' ? { ...event, signature: event.signature.split('').toReversed().join('') } : event)],
    ['when a grant was made to last longer', (event) => (event.type === 'granted' ? { ...event, until: event.until + 1 as typeof event.until } : event)],
    ['when an approver was put in the place of another', (event) => (event.type === 'approved' ? { ...event, by: 'U0DAVE' as typeof event.by } : event)],
    ['when an approval is of another plan', (event) => (event.type === 'approved' ? { ...event, digest: OTHER } : event)],
    ['when the latest start was put off', (event) => (event.type === 'approved' ? { ...event, notAfter: event.notAfter + 1 as typeof event.notAfter } : event)],
    ['when the command was changed after it was granted', (event) => (event.type === 'planned' ? { ...event, plan: { ...event.plan, container: { ...event.plan.container, command: ['sh', '-c', 'id'] } } } : event)],
  ];
  it.each(forgeries)('%s', async (_name, forge) => {
    const [world, id] = await granted();
    edit(world, id, forge);
    await work(world, 'run');
    expect(patches(world)).toBe(0);
    expect(world.events(id)).not.toContain('started');
    expect(world.attempts).toEqual([expect.objectContaining({ request: id, what: 'security' })]);
  });

  it('when a job of another cluster is in the queue', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const elsewhere = { ...world.ports.cluster, name: 'eu-1' as ClusterName };
    await runStep({ ...world.ports, cluster: elsewhere }, id, generationOf(world, id), new AbortController().signal);
    expect(patches(world)).toBe(0);
    expect(world.attempts).toEqual([expect.objectContaining({ request: id, what: 'security' })]);
  });
});

it('what serve signed runs: the forgeries above are refused for nothing else', async () => {
  const [world, id] = await granted();
  await work(world, 'run');
  expect(patches(world)).toBe(1);
  expect(world.attempts).toEqual([]);
  expect(world.events(id)).toContain('started');
});

it('a job made by hand, of a request that nobody granted, sends nothing', async () => {
  const world = createWorld();
  const id = await heldRequest(world);
  for (let generation = 0; generation < 5; generation += 1) await runStep(world.ports, id, generation, new AbortController().signal);
  expect(patches(world)).toBe(0);
  expect(world.events(id)).not.toContain('started');
});

it('a plan is made for no other cluster than the worker\'s own', async () => {
  const world = createWorld();
  const id = await ask(world, HELD);
  const elsewhere = { ...world.ports.cluster, name: 'eu-1' as ClusterName };
  const [job] = world.queue.waiting();
  expect(job).toMatchObject({ step: 'plan', id });
  await planStep({ ...world.ports, cluster: elsewhere }, id, job?.generation ?? -1);
  expect(world.kubernetes.calls).toEqual([]);
  expect(world.events(id)).toEqual(['requested']);
});
