/** Two accounts of one person, by the cluster's names for them, are one person wherever several must agree. */
import { describe, expect, it } from 'vitest';
import { clickAuthority } from '../../src/app/authority/click.ts';
import { tellAuthorities } from '../../src/app/authority/tell.ts';
import type { AuthorityClick } from '../../src/app/slack-port.ts';
import type { UserId } from '../../src/domain/names.ts';
import type { Principal } from '../../src/domain/policy/rule.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { approve, ask, codeOf, HELD, heldRequest, newTrigger, refusalOf, stateOf, type, work, workAll } from './stories.ts';
import { createWorld, settings, type TestWorld } from './world.ts';

const people = (...ids: readonly UserId[]): readonly Principal[] => ids.map((id) => ({ kind: 'user', id }));
const APART = new Map([[ALICE, 'alice@example.org'], [BOB, 'bob@example.org'], [CAROL, 'carol@example.org']]);
const TWINS = new Map([...APART, [CAROL, 'Bob@example.org']]);

/** Every approval takes two; `addresses` may be another map later. */
const worldOf = (addresses: { current: ReadonlyMap<UserId, string> }): TestWorld => {
  const rules = settings.policy.rules.map((rule) => (rule.decide === 'approve' ? { ...rule, approvals: 2, approvers: people(BOB, CAROL) } : rule));
  const world = createWorld({ ...settings.policy, rules });
  const identity = { ...settings.identity, mode: 'review', from: 'email' } as const;
  return { ...world, ports: { ...world.ports, identity, directory: { ...world.ports.directory, email: async (user) => addresses.current.get(user) } } };
};

describe('two approvals', () => {
  it('are not given by two accounts of one person', async () => {
    const world = worldOf({ current: TWINS });
    const id = await heldRequest(world, HELD);
    expect(await approve(world, id, BOB)).toEqual({ kind: 'done' });
    expect(codeOf(await approve(world, id, CAROL))).toBe('already_approved');
    await workAll(world);
    expect([stateOf(world, id), world.kubernetes.calls.includes('add')]).toEqual(['awaiting_approval', false]);
  });
  it('are given by two people', async () => {
    const world = worldOf({ current: APART });
    const id = await heldRequest(world, HELD);
    for (const user of [BOB, CAROL]) expect(await approve(world, id, user)).toEqual({ kind: 'done' });
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('do not count at the grant when they turn out to be of one person', async () => {
    const addresses = { current: APART as ReadonlyMap<UserId, string> };
    const world = worldOf(addresses);
    const id = await heldRequest(world, HELD);
    for (const user of [BOB, CAROL]) await approve(world, id, user);
    addresses.current = TWINS;
    await work(world, 'decide');
    expect([stateOf(world, id), refusalOf(world, id)]).toEqual(['refused', { code: 'approval_lost', approver: CAROL }]);
  });
});

describe('a pre-approval that takes two', () => {
  const approvedBy = async (world: TestWorld, ...users: readonly UserId[]) => {
    const answer = await type(world, `allow <@${ALICE}> prod 2h image:netshoot`);
    if (answer.kind !== 'authority' || answer.said.of !== 'allow_asked') throw new Error(JSON.stringify(answer));
    const { id } = answer.said;
    await tellAuthorities(world.ports);
    const card = (await world.ports.authority.posts({ kind: 'allow', id }))['card'];
    if (typeof card !== 'object') throw new Error('there is no card');
    const answers = [];
    for (const user of users) answers.push(await clickAuthority(world.ports, { user, team: 'T0ACME', channel: card.channel, ts: card.ts, request: id, trigger: newTrigger(), action: 'allow_approve', reason: null } as unknown as AuthorityClick));
    return { answers, state: (await world.ports.authority.load('allow', id)).state?.state };
  };

  it('is not given by two accounts of one person', async () => {
    const { answers, state } = await approvedBy(worldOf({ current: TWINS }), BOB, CAROL);
    expect([answers.map(({ kind }) => kind), codeOf(answers[1]!), state]).toEqual([['done', 'refused'], 'already_approved', 'waiting']);
  });
  it('stands for no run once they turn out to be of one person', async () => {
    const addresses = { current: APART as ReadonlyMap<UserId, string> };
    const world = worldOf(addresses);
    expect((await approvedBy(world, BOB, CAROL)).state).toBe('active');
    addresses.current = TWINS;
    const id = await ask(world, HELD);
    await workAll(world);
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
});
