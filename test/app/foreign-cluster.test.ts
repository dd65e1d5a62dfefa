/** Two clusters hold pods of one name: a job in the wrong queue, which only somebody's writing in Redis can put there, does nothing. */
import { describe, expect, it } from 'vitest';
import { decideStep } from '../../src/app/decide-step.ts';
import { planStep } from '../../src/app/plan-step.ts';
import { runStep } from '../../src/app/run-step.ts';
import type { ClusterName } from '../../src/domain/names.ts';
import { ask, grantedRequest, OPEN, refusalOf, stateOf, work } from './stories.ts';
import { createWorld, type TestWorld } from './world.ts';

const inOther = ({ ports }: TestWorld): TestWorld['ports'] => ({ ...ports, cluster: { ...ports.cluster, name: 'other' as ClusterName } });

describe('a worker of the cluster other', () => {
  it('plans nothing of main', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await planStep(inOther(world), id, 1);
    expect([stateOf(world, id), world.kubernetes.calls]).toEqual(['requested', []]);
  });

  it('cannot make main run something: a plan for another cluster than was asked is refused, whatever its own rules say', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await work(world, 'plan');
    const [first] = world.memory.lists.get(id) ?? [];
    if (first?.type !== 'requested') throw new Error('a request begins with an ask');
    world.memory.lists.get(id)![0] = { ...first, ask: { ...first.ask, cluster: 'other' as ClusterName } };
    await decideStep(world.ports, id, world.request(id)!.version);
    expect([stateOf(world, id), refusalOf(world, id)]).toEqual(['refused', { code: 'plan_not_asked' }]);
  });

  it('runs nothing of main, and tells it as a security event; main runs it afterwards', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const job = world.queue.waiting().find(({ step }) => step === 'run');
    if (!job) throw new Error('there is no job to run');
    await runStep(inOther(world), id, job.generation, new AbortController().signal);
    expect([stateOf(world, id), world.kubernetes.calls.includes('add')]).toEqual(['queued', false]);
    expect(world.attempts).toMatchObject([{ what: 'security', request: id, refusal: { message: expect.stringContaining('another cluster in the queue of other') } }]);
    await runStep(world.ports, id, job.generation, new AbortController().signal);
    expect(stateOf(world, id)).toBe('finished');
  });
});
