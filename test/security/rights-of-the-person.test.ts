/** With identity on, kdebug asks the cluster whether the person may, before it does anything there with its own rights. */
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/app/identity.ts';
import type { RequestId } from '../../src/domain/names.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import type { Finished } from '../../src/domain/request-states.ts';
import { ask, codeOf, OPEN, stateOf, type, work, workAll } from '../app/stories.ts';
import { createWorld, type TestWorld } from '../app/world.ts';
import { ALICE } from '../fixtures/requests.ts';

const mapped: Identity = { mode: 'review', from: 'map', review: { verb: 'debug', resource: 'pods' }, map: new Map([[ALICE, { user: 'alice@example.org', groups: ['dev'] }]]) };

const worldWhere = (review: 'allowed' | 'denied' | Failure, identity: Identity = mapped): TestWorld => {
  const world = createWorld();
  return { ...world, ports: { ...world.ports, identity, cluster: { ...world.ports.cluster, review: async () => review } } };
};

const outcomeOf = (world: TestWorld, id: RequestId) => (world.request(id) as Finished).ends[0]?.outcome;

describe('the cluster\'s answer about the person', () => {
  const refusals: readonly [string, 'denied' | Failure][] = [
    ['no: nothing is planned and nothing is asked of a pod', 'denied'],
    ['that does not come is no yes', { code: 'unreachable', detail: 'timed out' }],
    ['that kdebug may not ask for is no yes', { code: 'forbidden', detail: 'kdebug may not create subjectaccessreviews' }],
  ];
  it.each(refusals)('%s', async (_name, review) => {
    const world = worldWhere(review);
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('refused');
    expect(world.kubernetes.calls).toEqual([]);
  });

  it('yes: it runs', async () => {
    const world = worldWhere('allowed');
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
});

describe('a right that is taken away between plan and run', () => {
  const worldThatAnswers = (...reviews: readonly ('allowed' | 'denied' | Failure)[]): TestWorld => {
    const world = createWorld();
    let asked = 0;
    return { ...world, ports: { ...world.ports, identity: mapped, cluster: { ...world.ports.cluster, review: async () => reviews[Math.min(asked++, reviews.length - 1)]! } } };
  };

  it('is asked for again: nothing is patched, and the person reads why', async () => {
    const world = worldThatAnswers('allowed', 'denied');
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
    expect(outcomeOf(world, id)).toEqual({ kind: 'not_started', failure: { code: 'forbidden', detail: 'alice@example.org may not debug pods in staging' }, armed: false });
    expect(world.kubernetes.calls.some((call) => call.startsWith('add'))).toBe(false);
  });

  it('that is asked for until it is too late to start: nothing is patched', async () => {
    const world = createWorld();
    let asked = 0;
    const review = async (): Promise<'allowed'> => { if ((asked += 1) > 1) world.pass(3_600); return 'allowed'; };
    const slow = { ...world, ports: { ...world.ports, identity: mapped, cluster: { ...world.ports.cluster, review } } };
    const id = await ask(slow, OPEN);
    await workAll(slow);
    expect(outcomeOf(slow, id)).toEqual({ kind: 'not_started', failure: { code: 'expired_before_start' }, armed: false });
    expect(world.kubernetes.calls.some((call) => call.startsWith('add'))).toBe(false);
  });

  it('is asked for again until the cluster answers: no answer is no yes', async () => {
    const world = worldThatAnswers('allowed', { code: 'unreachable', detail: 'timed out' }, { code: 'unreachable', detail: 'timed out' }, 'denied');
    const id = await ask(world, OPEN);
    await workAll(world, 'plan', 'decide');
    for (let tried = 0; tried < 2; tried += 1) await expect(work(world, 'run')).rejects.toThrow('will be asked again');
    await workAll(world);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'not_started', failure: { code: 'forbidden' } });
    expect(world.kubernetes.calls.some((call) => call.startsWith('add'))).toBe(false);
  });
});

it('somebody whom nobody maps is refused at the door', async () => {
  const world = worldWhere('allowed', { ...mapped, map: new Map() });
  expect(codeOf(await type(world, OPEN))).toBe('no_identity');
  expect(world.memory.lists.size).toBe(0);
});
