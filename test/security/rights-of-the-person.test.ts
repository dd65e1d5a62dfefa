/** With identity on, kdebug asks the cluster whether the person may, before it does anything there with its own rights. */
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/app/identity.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import { ask, codeOf, OPEN, stateOf, type, workAll } from '../app/stories.ts';
import { createWorld, type TestWorld } from '../app/world.ts';
import { ALICE } from '../fixtures/requests.ts';

const mapped: Identity = { mode: 'review', from: 'map', review: { verb: 'debug', resource: 'pods' }, map: new Map([[ALICE, { user: 'alice@example.org', groups: ['dev'] }]]) };

const worldWhere = (review: 'allowed' | 'denied' | Failure, identity: Identity = mapped): TestWorld => {
  const world = createWorld();
  return { ...world, ports: { ...world.ports, identity, cluster: { ...world.ports.cluster, review: async () => review } } };
};

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

it('somebody whom nobody maps is refused at the door', async () => {
  const world = worldWhere('allowed', { ...mapped, map: new Map() });
  expect(codeOf(await type(world, OPEN))).toBe('no_identity');
  expect(world.memory.lists.size).toBe(0);
});
