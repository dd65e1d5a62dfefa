/** Two clusters hold pods of one name: a job in the wrong queue, which only somebody's writing in Redis can put there, does nothing. */
import { describe, expect, it } from 'vitest';
import { planStep } from '../../src/app/plan-step.ts';
import { runStep } from '../../src/app/run-step.ts';
import type { ClusterName } from '../../src/domain/names.ts';
import { ask, grantedRequest, OPEN, stateOf } from './stories.ts';
import { createWorld, type TestWorld } from './world.ts';

const inOther = ({ ports }: TestWorld): TestWorld['ports'] => ({ ...ports, cluster: { ...ports.cluster, name: 'other' as ClusterName } });

describe('a worker of the cluster other', () => {
  it('plans nothing of main', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await planStep(inOther(world), id, 1);
    expect([stateOf(world, id), world.kubernetes.calls]).toEqual(['requested', []]);
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
