/** Approve, Deny, Withdraw, Details: decided from the record as it is when the button is pressed. */
import { describe, expect, it } from 'vitest';
import { click, details } from '../../src/app/click.ts';
import type { MessageTs, RequestId, Sha256, UserId } from '../../src/domain/names.ts';
import type { Queued, WithPlan } from '../../src/domain/request-states.ts';
import { ALICE, BOB, CAROL, INCIDENT } from '../fixtures/requests.ts';
import { approve, codeOf, denyIt, heldRequest, press, stateOf, withdraw, workAll } from './stories.ts';
import { createWorld, DAVE, settings, SRE } from './world.ts';
import type { Policy } from '../../src/domain/policy/rule.ts';

const approvals = (events: readonly string[]): number => events.filter((event) => event === 'approved').length;

describe('an approval', () => {
  it('by a named person, or by a member of the group, authorizes', async () => {
    for (const by of [BOB, CAROL]) {
      const world = createWorld();
      const id = await heldRequest(world);
      expect(await approve(world, id, by)).toEqual({ kind: 'done' });
      expect((world.request(id) as Queued).authorization).toMatchObject({ by: 'approvals', rule: 'production needs one other person', approvals: [{ by }] });
    }
  });
  it('two clicks at once by one person are one approval', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const answers = await Promise.all([approve(world, id, BOB), approve(world, id, BOB)]);
    expect(answers.map(codeOf).sort()).toEqual(['already_decided', 'done']);
    expect(approvals(world.events(id))).toBe(1);
  });
  it('two clicks at once by two people are one approval too, where one is needed', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const answers = await Promise.all([approve(world, id, BOB), approve(world, id, CAROL)]);
    expect(answers.map(codeOf).sort()).toEqual(['already_decided', 'done']);
    await workAll(world);
    expect(world.kubernetes.calls.filter((call) => call === 'add')).toHaveLength(1);
  });
  it('where two are needed the same person counts once, and two make it run', async () => {
    const rules: Policy['rules'] = settings.policy.rules.map((rule) => (rule.decide === 'approve' ? { ...rule, approvals: 2 } : rule));
    const world = createWorld({ ...settings.policy, rules });
    const id = await heldRequest(world);
    const answers = await Promise.all([approve(world, id, BOB), approve(world, id, BOB)]);
    expect(answers.map(codeOf).sort()).toEqual(['already_approved', 'done']);
    expect(stateOf(world, id)).toBe('awaiting_approval');
    await Promise.all([approve(world, id, CAROL), workAll(world, 'deliver')]);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('the same delivery twice is told once, and counted once', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const once = await press(world, id, BOB);
    expect(await click(world.ports, { ...once, action: 'approve' })).toEqual({ kind: 'done' });
    expect(await click(world.ports, { ...once, action: 'approve' })).toEqual({ kind: 'done' });
    expect(approvals(world.events(id))).toBe(1);
    expect(world.attempts).toEqual([]);
  });
});

describe('a click that does not count', () => {
  const cases: readonly [string, UserId, Parameters<typeof press>[3], string][] = [
    ['by the requester', ALICE, {}, 'own_request'],
    ['by somebody who is no approver', DAVE, {}, 'not_an_approver'],
    ['by somebody who is no member', 'U0GUEST' as UserId, {}, 'not_a_member'],
    ['on a copy of the card in another channel', BOB, { channel: INCIDENT }, 'wrong_card'],
    ['on another message', BOB, { ts: '1760000000.999999' as MessageTs }, 'wrong_card'],
    ['for a request that is not there', BOB, { request: 'kd-00000009' as RequestId }, 'wrong_card'],
  ];
  it.each(cases)('%s', async (_name, user, changed, code) => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(codeOf(await approve(world, id, user, changed))).toBe(code);
    expect(stateOf(world, id)).toBe('awaiting_approval');
    expect(world.attempts).toEqual([expect.objectContaining({ what: 'click', user, refusal: expect.objectContaining({ code }) })]);
  });
  it('by an approver who was taken out of the group', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.people.groups.set(SRE, new Set());
    expect(codeOf(await approve(world, id, CAROL))).toBe('not_an_approver');
  });
  it('after the expiry', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.pass(900);
    expect(codeOf(await approve(world, id, BOB))).toBe('too_late');
  });
  it('on a card that still shows the plan before', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const record = await world.ports.records.load(id);
    await world.ports.records.save(id, { ...record, card: { ...record.card!, digest: 'e'.repeat(64) as Sha256 } });
    expect(codeOf(await approve(world, id, BOB))).toBe('another_plan');
  });
  it('on a card that shows no plan', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const record = await world.ports.records.load(id);
    await world.ports.records.save(id, { ...record, card: { ...record.card!, digest: null } });
    expect(codeOf(await approve(world, id, BOB))).toBe('not_due');
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
});

describe('deny, withdraw, details', () => {
  it('an approver denies, with a reason', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(await denyIt(world, id, BOB, 'not during the release')).toEqual({ kind: 'done' });
    expect(world.request(id)).toMatchObject({ state: 'denied', by: BOB, reason: 'not during the release' });
    expect(codeOf(await approve(world, id, CAROL))).toBe('already_decided');
  });
  it('nobody else denies', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(codeOf(await denyIt(world, id, DAVE))).toBe('not_an_approver');
    expect(codeOf(await denyIt(world, id, ALICE))).toBe('own_request');
  });
  it('the requester withdraws, nobody else', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(codeOf(await withdraw(world, id, BOB))).toBe('not_the_requester');
    expect(await withdraw(world, id, ALICE)).toEqual({ kind: 'done' });
    expect(stateOf(world, id)).toBe('withdrawn');
  });
  it('an approval and a denial at once: one of them', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const answers = await Promise.all([approve(world, id, BOB), denyIt(world, id, CAROL)]);
    expect(answers.map(codeOf).sort()).toEqual(['already_decided', 'done']);
  });
  it('details show the request to whoever pressed its card', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(await details(world.ports, await press(world, id, DAVE))).toMatchObject({ kind: 'shown', request: { id, digest: (world.request(id) as unknown as WithPlan).digest } });
    expect(await details(world.ports, await press(world, id, DAVE, { channel: INCIDENT }))).toMatchObject({ kind: 'refused', refusal: { code: 'wrong_card' } });
  });
});

describe('Redis is away', () => {
  it('a click says so, and nothing happened', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const pressed = await press(world, id, BOB);
    world.script.away = true;
    expect(await click(world.ports, { ...pressed, action: 'approve' })).toEqual({ kind: 'unavailable' });
    expect(await details(world.ports, pressed)).toEqual({ kind: 'unavailable' });
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
  it('a queue that is away does not lose the approval', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.script.queueAway = true;
    expect(await approve(world, id, BOB)).toEqual({ kind: 'done' });
    expect([...world.memory.outbox.keys()]).toEqual([id]);
  });
});
