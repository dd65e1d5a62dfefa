/** Freeze, pre-approval, break-glass and quotas, as people live through them. */
import { describe, expect, it } from 'vitest';
import { clickAuthority } from '../../src/app/authority/click.ts';
import { tellAuthorities } from '../../src/app/authority/tell.ts';
import { receive } from '../../src/app/receive.ts';
import type { Answer, AuthorityClick, ClickAnswer, TypedCommand } from '../../src/app/slack-port.ts';
import type { AuthorityKind } from '../../src/domain/authority.ts';
import type { MessageTs, RequestId, TeamId, UserId } from '../../src/domain/names.ts';
import type { Policy } from '../../src/domain/policy/rule.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { approve, ask, codeOf, denyIt, elsewhere, HELD, heldRequest, newTrigger, OPEN, refusalOf, stateOf, type, typed, work, workAll } from './stories.ts';
import { AUDIT, createWorld, DAVE, ONCALL, OPS, settings, SRE, type TestWorld } from './world.ts';

const as = (user: UserId): Partial<TypedCommand> => ({ user });
const told = (world: TestWorld, of: RegExp) => world.slack.said.filter((one) => one.kind === 'authority' && of.test(one.of));
const listingOf = (answer: Answer) => { if (answer.kind !== 'lines') throw new Error(JSON.stringify(answer)); return answer.listing; };

const pressOn = async (world: TestWorld, kind: AuthorityKind, id: RequestId, user: UserId, action: AuthorityClick['action'], changed: Partial<AuthorityClick> = {}): Promise<ClickAnswer> => {
  const card = (await world.ports.authority.posts({ kind, id }))['card'];
  const where = typeof card === 'object' ? card : { channel: OPS, ts: '0.0' as MessageTs };
  return clickAuthority(world.ports, { user, team: 'T0ACME' as TeamId, appId: 'A0KDEBUG', channel: where.channel, ts: where.ts, request: id, trigger: newTrigger(), action, reason: null, ...changed });
};

describe('freeze', () => {
  const frozenWorld = async (): Promise<TestWorld> => {
    const world = createWorld();
    expect(await type(world, 'freeze deploying v3', as(BOB))).toEqual({ kind: 'authority', said: { of: 'frozen' } });
    return world;
  };
  it('by somebody who approves nowhere is refused, and recorded', async () => {
    const world = createWorld();
    expect(codeOf(await type(world, 'freeze', as(DAVE)))).toBe('not_any_approver');
    expect(world.attempts).toMatchObject([{ user: DAVE, refusal: { code: 'not_any_approver' } }]);
    await ask(world, OPEN);
  });
  it('by a member of a group that approves is loud where it was typed and in the audit channel', async () => {
    const world = createWorld();
    await type(world, 'freeze', as(CAROL));
    await tellAuthorities(world.ports);
    expect(new Set(told(world, /^freeze frozen/).map(({ channel }) => channel))).toEqual(new Set([AUDIT, OPS]));
  });
  it('refuses new commands with who, when and why', async () => {
    const world = await frozenWorld();
    expect(await type(world, OPEN)).toMatchObject({ kind: 'refused', refusal: { code: 'frozen', by: BOB, since: world.clock.now, reason: 'deploying v3' } });
    expect(world.queue.waiting()).toEqual([]);
  });
  it('refuses at the gate what was accepted before', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await work(world, 'plan');
    await type(world, 'freeze', as(BOB));
    await workAll(world, 'decide');
    expect(refusalOf(world, id)).toMatchObject({ code: 'frozen', by: BOB });
  });
  it('refuses at the grant what was approved before', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, BOB);
    await type(world, 'freeze', as(CAROL));
    await workAll(world, 'decide', 'run');
    expect(refusalOf(world, id)).toMatchObject({ code: 'frozen', by: CAROL });
    expect(world.kubernetes.calls).not.toContain('add');
  });
  it('takes no approval, and the card goes on waiting', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await type(world, 'freeze', as(BOB));
    expect(codeOf(await approve(world, id, BOB))).toBe('frozen');
    expect(stateOf(world, id)).toBe('awaiting_approval');
    expect(codeOf(await denyIt(world, id, BOB))).toBe('done');
  });
  it('lets what runs go on', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await workAll(world, 'plan', 'decide');
    world.kubernetes.script.awaitEnd.push(async () => {
      await type(world, 'freeze', as(BOB));
      return { outcome: { kind: 'exited', code: 0, durationMs: 900 }, logged: true };
    });
    await workAll(world, 'run');
    expect(stateOf(world, id)).toBe('finished');
  });
  it('is one at a time', async () => {
    const world = await frozenWorld();
    expect(codeOf(await type(world, 'freeze', as(CAROL)))).toBe('frozen');
    expect(world.own.idsOf('freeze')).toHaveLength(1);
  });
  it('is shown by status', async () => {
    const world = await frozenWorld();
    expect(listingOf(await type(world, 'status'))).toMatchObject({ of: 'requests', freeze: { state: 'frozen', by: BOB, reason: 'deploying v3' } });
  });
  it('is lifted by two, and that is told in both channels', async () => {
    const world = await frozenWorld();
    await tellAuthorities(world.ports);
    expect(await type(world, 'unfreeze', as(BOB))).toMatchObject({ said: { of: 'lifting' } });
    expect(codeOf(await type(world, 'unfreeze', as(BOB)))).toBe('already_lifting');
    expect(codeOf(await type(world, 'unfreeze', as(DAVE)))).toBe('not_any_approver');
    expect(codeOf(await type(world, OPEN))).toBe('frozen');
    await tellAuthorities(world.ports);
    expect(told(world, /^lifting/)).toHaveLength(2);
    expect(await type(world, 'unfreeze', as(CAROL))).toEqual({ kind: 'authority', said: { of: 'lifted' } });
    await tellAuthorities(world.ports);
    expect(new Set(told(world, /^lifted/).map(({ channel }) => channel))).toEqual(new Set([AUDIT, OPS]));
    expect(told(world, /^freeze lifted/).every(({ ts }) => ts !== undefined), 'its cards say so too').toBe(true);
    await ask(world, OPEN);
    expect(codeOf(await type(world, 'unfreeze', as(BOB)))).toBe('not_frozen');
  });
  it('that somebody edited is passed over, once in a while and not on every turn', async () => {
    const world = await frozenWorld();
    const reads: string[] = [];
    const edited = { ...world.ports.authority, load: (kind: string) => { reads.push(kind); return Promise.reject(new Error('not sealed by kdebug')); } };
    for (let turn = 0; turn < 10; turn += 1) await tellAuthorities({ ...world.ports, authority: edited });
    expect(reads).toEqual(['freeze']);
    world.pass(5);
    await tellAuthorities({ ...world.ports, authority: edited });
    expect(reads).toEqual(['freeze', 'freeze']);
  });
  it('is told once though Slack was busy, and again and again is not', async () => {
    const world = await frozenWorld();
    world.slack.answers.push({ kind: 'later', afterMs: 5_000 });
    await tellAuthorities(world.ports);
    await tellAuthorities(world.ports);
    expect(told(world, /./)).toHaveLength(1);
    world.pass(5);
    await tellAuthorities(world.ports);
    await tellAuthorities(world.ports);
    expect(told(world, /./)).toHaveLength(3);
  });
  it('cannot be judged with Redis away: nothing is accepted', async () => {
    const world = await frozenWorld();
    world.script.away = true;
    expect((await type(world, OPEN)).kind).toBe('unavailable');
  });
});

describe('pre-approval', () => {
  const allowText = (scope = 'image:netshoot', person = ALICE): string => `allow <@${person}> prod 2h ${scope}`;
  const asked = async (world: TestWorld, text = allowText(), user = DAVE): Promise<RequestId> => {
    const answer = await type(world, text, as(user));
    if (answer.kind !== 'authority' || answer.said.of !== 'allow_asked') throw new Error(JSON.stringify(answer));
    await tellAuthorities(world.ports);
    return answer.said.id;
  };
  const active = async (world: TestWorld, text?: string): Promise<RequestId> => {
    const id = await asked(world, text);
    expect(await pressOn(world, 'allow', id, BOB, 'allow_approve')).toEqual({ kind: 'done' });
    await tellAuthorities(world.ports);
    return id;
  };

  it('is asked for on a card, approved there by another entitled person, and then runs without asking', async () => {
    const world = createWorld();
    const allow = await asked(world);
    expect(told(world, /^allow waiting/)).toMatchObject([{ channel: OPS }]);
    expect(await pressOn(world, 'allow', allow, BOB, 'allow_approve')).toEqual({ kind: 'done' });
    await tellAuthorities(world.ports);
    expect(told(world, /^allow active/)).toMatchObject([{ ts: expect.any(String) }]);
    const id = await ask(world, HELD);
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'pre_approved', 'granted', 'started', 'finished']);
    expect(world.request(id)).toMatchObject({ authorization: { by: 'pre_approval', id: allow, rule: 'production needs one other person', approvedBy: [BOB] } });
  });
  it.each([['who asked', DAVE, 'own_allow'], ['whom it is for', ALICE, 'own_allow'], ['somebody who may not', 'U0ERIN' as UserId, 'not_a_member']])('is not approved by %s', async (_name, user, code) => {
    const world = createWorld();
    const id = await asked(world);
    expect(codeOf(await pressOn(world, 'allow', id, user, 'allow_approve'))).toBe(code);
    expect(world.attempts.at(-1)).toMatchObject({ what: 'click', user, refusal: { code } });
    expect(world.own.stateOf('allow', id)?.state).toBe('waiting');
  });
  it('is not approved on a copy of its card', async () => {
    const world = createWorld();
    const id = await asked(world);
    expect(codeOf(await pressOn(world, 'allow', id, BOB, 'allow_approve', { channel: elsewhere('C0ELSE') }))).toBe('wrong_card');
  });
  it('does not hold for others, other namespaces or a privileged profile: they wait', async () => {
    const world = createWorld();
    await active(world);
    const other = await heldRequest(world, HELD, as(CAROL));
    const elsewhereAsked = await heldRequest(world, 'prod-eu api-7f9 --image netshoot -- ss');
    const busybox = await heldRequest(world, 'prod api-7f9 --image busybox -- ls');
    expect([other, elsewhereAsked, busybox].map((id) => stateOf(world, id))).toEqual(['awaiting_approval', 'awaiting_approval', 'awaiting_approval']);
  });
  it('ends by itself, and is told as ended', async () => {
    const world = createWorld();
    const allow = await active(world);
    world.pass(7_200);
    const id = await heldRequest(world);
    expect(stateOf(world, id)).toBe('awaiting_approval');
    await tellAuthorities(world.ports);
    expect(world.own.eventsOf('allow', allow)).toEqual(['allow_asked', 'allow_approved', 'allow_ended']);
    expect(told(world, /^allow over/)).toHaveLength(1);
  });
  it('revoked between the gate and the start does not run', async () => {
    const world = createWorld();
    const allow = await active(world);
    const id = await ask(world, HELD);
    await workAll(world, 'plan', 'decide');
    world.pass(61); // the first grant ran out
    await type(world, `allow revoke ${allow}`);
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'pre_approved', 'granted', 'grant_lapsed', 'refused']);
    expect(refusalOf(world, id)).toEqual({ code: 'allow_over' });
    expect(world.kubernetes.calls).not.toContain('add');
  });
  it.each([['who asked', DAVE], ['whom it is for', ALICE], ['an approver', CAROL]])('is revoked by %s', async (_name, user) => {
    const world = createWorld();
    const allow = await active(world);
    expect(await type(world, `allow revoke ${allow}`, as(user))).toEqual({ kind: 'authority', said: { of: 'revoked', id: allow } });
    const id = await heldRequest(world);
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
  it('lost its approver: what would have run waits', async () => {
    const world = createWorld();
    const allow = await asked(world);
    await pressOn(world, 'allow', allow, CAROL, 'allow_approve');
    world.people.groups.set(SRE, new Set());
    const id = await heldRequest(world);
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
  it('made under other rules is worth nothing', async () => {
    const world = createWorld();
    await active(world);
    const changed: Policy = { ...settings.policy, version: 'b'.repeat(64) as Policy['version'] };
    const ports = { ...world.ports, policy: changed, policyVersion: changed.version };
    const id = await heldRequest({ ...world, ports });
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
  it('denied with a reason says so, and is over', async () => {
    const world = createWorld();
    const id = await asked(world);
    expect(await pressOn(world, 'allow', id, BOB, 'allow_deny', { reason: 'not in a freeze week' })).toEqual({ kind: 'done' });
    expect(world.own.stateOf('allow', id)).toMatchObject({ state: 'over', how: 'denied', by: BOB, reason: 'not in a freeze week' });
  });
  it('that nobody decides expires', async () => {
    const world = createWorld();
    const id = await asked(world);
    world.pass(900);
    await tellAuthorities(world.ports);
    expect(world.own.stateOf('allow', id)).toMatchObject({ state: 'over', how: 'expired' });
  });
  const senseless: readonly [string, string, string][] = [
    ['what runs anyway', allowText('preset:sockets'), 'allow_needless'], ['an image nobody knows', allowText('image:alpine'), 'not_planned'],
    ['a cluster nobody knows', `allow <@${ALICE}> nowhere/prod 2h image:netshoot`, 'cluster_unknown'], ['kdebug itself', `allow <@${ALICE}> kdebug 2h image:netshoot`, 'own_namespace'],
    ['what is refused anyway', `allow <@${ALICE}> kube-system 2h image:netshoot`, 'allow_needless'], ['a stranger', allowText('image:netshoot', 'U0ERIN' as UserId), 'not_a_member'],
  ];
  it.each(senseless)('for %s is refused', async (_name, text, code) => {
    expect(codeOf(await type(createWorld(), text, as(DAVE)))).toBe(code);
  });
  it('for what is approved with a login only is refused, by the name of the rule', async () => {
    const world = createWorld();
    const rules = settings.policy.rules.map((rule) => (rule.decide === 'approve' ? { ...rule, stepUp: true } : rule));
    expect(codeOf(await type({ ...world, ports: { ...world.ports, policy: { ...settings.policy, rules } } }, allowText('image:netshoot'), as(DAVE)))).toBe('allow_needs_login');
  });
  it('is asked for at most five times by one person', async () => {
    const world = createWorld();
    for (let count = 0; count < 5; count += 1) await asked(world);
    expect(codeOf(await type(world, allowText(), as(DAVE)))).toBe('too_many_allows');
  });
  it('is listed to those it concerns, waits in pending of its approvers, stands in whoami of whom it is for', async () => {
    const world = createWorld();
    const allow = await asked(world);
    for (const user of [ALICE, BOB, DAVE]) expect(listingOf(await type(world, 'allow list', as(user))), user).toMatchObject({ of: 'allows', allows: [{ id: allow }] });
    world.people.members.add('U0ERIN' as UserId);
    expect(listingOf(await type(world, 'allow list', as('U0ERIN' as UserId)))).toMatchObject({ allows: [] });
    expect(listingOf(await type(world, 'pending', as(BOB)))).toMatchObject({ allows: [{ id: allow }] });
    expect(listingOf(await type(world, 'pending', as(DAVE)))).toMatchObject({ allows: [] });
    expect(listingOf(await type(world, 'whoami'))).toMatchObject({ of: 'whoami', allows: [{ id: allow }] });
  });
  it('is not given while everything is frozen', async () => {
    const world = createWorld();
    const id = await asked(world);
    await type(world, 'freeze', as(BOB));
    expect(codeOf(await pressOn(world, 'allow', id, BOB, 'allow_approve'))).toBe('frozen');
    expect(codeOf(await type(world, allowText(), as(DAVE)))).toBe('frozen');
  });
});

describe('break-glass', () => {
  const GLASS = 'prod api-7f9 --image netshoot --break-glass --reason "INC-42 burns" -- ss -tlnp';
  const glass = (world: TestWorld, text = GLASS): Promise<RequestId> => ask(world, text, as(DAVE));
  const events = ['requested', 'planned', 'glass_broken', 'announced', 'granted', 'started', 'finished'];

  it('runs without approval, after Slack has taken the notice in the audit channel; a review is owed', async () => {
    const world = createWorld();
    const id = await glass(world);
    await workAll(world, 'plan', 'decide');
    expect(told(world, /^glass queued/)).toMatchObject([{ channel: AUDIT, isRepeat: false }]);
    expect(world.kubernetes.calls).not.toContain('add');
    await workAll(world);
    expect(world.events(id)).toEqual(events);
    expect(world.request(id)).toMatchObject({ authorization: { by: 'break_glass', reason: 'INC-42 burns', rule: 'production needs one other person', notice: { channel: AUDIT } } });
    await tellAuthorities(world.ports);
    expect(told(world, /^review owed/)).toMatchObject([{ channel: OPS }]);
    expect(world.own.stateOf('review', id)).toMatchObject({ glass: { requester: DAVE, reason: 'INC-42 burns', argv: ['ss', '-tlnp'] } });
  });
  it('Slack that takes no message: nothing is granted, and within a minute it is over and says why', async () => {
    const world = createWorld();
    const id = await glass(world);
    await work(world, 'plan');
    await work(world, 'decide');
    for (let seconds = 0; seconds < 60; seconds += 10) {
      world.slack.answers.push({ kind: 'later', afterMs: 10_000 });
      await work(world, 'decide');
      expect(world.events(id)).toEqual(['requested', 'planned', 'glass_broken']);
      world.pass(10);
    }
    await workAll(world);
    expect(refusalOf(world, id)).toEqual({ code: 'not_announced', why: null });
    expect(world.kubernetes.calls).not.toContain('add');
    expect(world.own.idsOf('review')).toEqual([]);
  });
  it('an audit channel that kdebug cannot write to: refused at once, with what Slack said', async () => {
    const world = createWorld();
    const id = await glass(world);
    await work(world, 'plan');
    await work(world, 'decide');
    world.slack.answers.push({ kind: 'never', why: 'that channel is archived' });
    await work(world, 'decide');
    expect(refusalOf(world, id)).toEqual({ code: 'not_announced', why: 'that channel is archived' });
  });
  it('an answer that was lost is no yes: the notice is repeated, marked', async () => {
    const world = createWorld();
    const id = await glass(world);
    await work(world, 'plan');
    await work(world, 'decide');
    world.slack.answers.push({ kind: 'uncertain' });
    await work(world, 'decide');
    expect(world.events(id).at(-1)).toBe('glass_broken');
    await workAll(world);
    expect(world.events(id)).toEqual(events);
    expect(told(world, /^glass/).map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
  });
  const atTheDoor: readonly [string, string, UserId, string][] = [
    ['without a reason', 'prod api-7f9 --break-glass -- ss', DAVE, 'break_glass_reason'],
    ['by somebody who is not on call', GLASS, ALICE, 'break_glass_who'],
    ['with too much power', 'prod api-7f9 --profile netadmin --break-glass --reason "INC-42" -- ss', DAVE, 'break_glass_profile'],
    ['where a rule refuses', 'kube-system api-7f9 --break-glass --reason "INC-42" -- ss', DAVE, 'rule'],
    ['in private where that is refused', 'prod api-7f9 --private --break-glass --reason "INC-42" -- ss', DAVE, 'private_refused'],
  ];
  it.each(atTheDoor)('%s is refused at the door', async (_name, text, user, code) => {
    expect(codeOf(await type(createWorld(), text, as(user)))).toBe(code);
  });
  it('nobody may where it is not configured', async () => {
    const world = createWorld();
    expect(codeOf(await receive({ ...world.ports, breakGlass: undefined }, typed(GLASS, as(DAVE))))).toBe('break_glass_off');
  });
  it('somebody taken off call in between does not get through', async () => {
    const world = createWorld();
    const id = await glass(world);
    await work(world, 'plan');
    world.people.groups.set(ONCALL, new Set());
    await workAll(world, 'decide');
    expect(refusalOf(world, id)).toMatchObject({ code: 'break_glass_who' });
  });
  it('needs no glass where the gate is open', async () => {
    const open: Policy = { ...settings.policy, rules: [{ name: 'all', when: {}, decide: 'allow', digestRequired: false, unbounded: false, private: 'allow', nodeAccess: 'allow' }] };
    const world = createWorld(open);
    const id = await glass(world);
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'allowed', 'granted', 'started', 'finished']);
    expect(told(world, /glass/)).toEqual([]);
  });
  it('frozen before the notice: not granted', async () => {
    const world = createWorld();
    const id = await glass(world);
    await work(world, 'plan');
    await work(world, 'decide');
    await type(world, 'freeze', as(BOB));
    await workAll(world, 'decide');
    expect(stateOf(world, id)).toBe('refused');
    expect(told(world, /glass/)).toEqual([]);
  });
  it('the review: not by who broke it nor by somebody who may not, with a comment, once', async () => {
    const world = createWorld();
    const id = await glass(world);
    await workAll(world);
    await tellAuthorities(world.ports);
    const found = { reason: 'was a real fire' };
    expect(codeOf(await pressOn(world, 'review', id, DAVE, 'review', found))).toBe('own_glass');
    expect(codeOf(await pressOn(world, 'review', id, ALICE, 'review', found))).toBe('not_an_approver');
    expect(codeOf(await pressOn(world, 'review', id, BOB, 'review'))).toBe('comment_missing');
    expect(listingOf(await type(world, 'pending', as(BOB)))).toMatchObject({ reviews: [{ id, state: 'owed' }] });
    expect(await pressOn(world, 'review', id, BOB, 'review', found)).toEqual({ kind: 'done' });
    expect(listingOf(await type(world, 'pending', as(BOB)))).toMatchObject({ reviews: [] });
    await tellAuthorities(world.ports);
    expect(told(world, /^review reviewed/)).toMatchObject([{ ts: expect.any(String) }]);
    expect(world.own.eventsOf('review', id)).toEqual(['review_owed', 'reviewed']);
  });
  it('the review is reminded of at half and at the end, in the audit channel', async () => {
    const world = createWorld();
    await glass(world);
    await workAll(world);
    await tellAuthorities(world.ports);
    world.pass(12 * 3_600);
    await tellAuthorities(world.ports);
    expect(told(world, /^reminder/)).toMatchObject([{ channel: AUDIT, of: 'reminder reminded' }]);
    world.pass(12 * 3_600);
    await tellAuthorities(world.ports);
    await tellAuthorities(world.ports);
    expect(told(world, /^reminder/).map(({ of }) => of)).toEqual(['reminder reminded', 'reminder overdue']);
  });
  it('all of it is in the ledger', async () => {
    const world = createWorld();
    await glass(world);
    await workAll(world);
    expect(world.memory.entries.map(({ event }) => event.type)).toEqual(expect.arrayContaining(['glass_broken', 'announced', 'review_owed']));
  });
});

describe('quotas', () => {
  it('a person, a channel, everybody: each has a minute\'s worth, and reads when to try again', async () => {
    const world = createWorld();
    const ports = { ...world.ports, quotas: { ...world.ports.quotas, perPersonAMinute: 10, perChannelAMinute: 30, ofAllAMinute: 300 } };
    const flood = async (user: UserId, channel: string, times: number): Promise<readonly string[]> => {
      const answers: string[] = [];
      for (let count = 0; count < times; count += 1) answers.push(codeOf(await receive(ports, typed('presets', { user, channel: elsewhere(channel) }))));
      return answers;
    };
    expect((await flood(ALICE, 'C0A', 12)).filter((code) => code === 'lines')).toHaveLength(10);
    expect(await receive(ports, typed('presets'))).toMatchObject({ refusal: { code: 'too_fast', of: 'person', afterMs: 6_000 } });
    for (let index = 0; index < 30; index += 1) world.people.members.add(`U0P${index}` as UserId);
    await flood('U0P1' as UserId, 'C0A', 10);
    await flood('U0P2' as UserId, 'C0A', 10);
    expect(await receive(ports, typed('presets', { user: 'U0P3' as UserId, channel: elsewhere('C0A') }))).toMatchObject({ refusal: { code: 'too_fast', of: 'channel', afterMs: 2_000 } });
    for (let index = 4; index < 30; index += 1) await flood(`U0P${index}` as UserId, `C0B${index}`, 10);
    const last = await flood('U0P3' as UserId, 'C0Z', 9);
    expect(last.at(-1)).toBe('lines');
    world.people.members.add('U0LAST' as UserId);
    expect((await flood('U0LAST' as UserId, 'C0Y', 10)).at(-1)).toBe('too_fast');
    world.pass(6);
    expect(codeOf(await receive(ports, typed('presets')))).toBe('lines');
  });
  it('what stops things is never too fast', async () => {
    const world = createWorld();
    const ports = { ...world.ports, quotas: { ...world.ports.quotas, perPersonAMinute: 1 } };
    await receive(ports, typed('presets', as(BOB)));
    expect(codeOf(await receive(ports, typed('presets', as(BOB))))).toBe('too_fast');
    expect(codeOf(await receive(ports, typed('freeze', as(BOB))))).toBe('authority');
  });
  it('a run counts too, and one that is too fast is not saved', async () => {
    const world = createWorld();
    const ports = { ...world.ports, quotas: { ...world.ports.quotas, perPersonAMinute: 1 } };
    expect((await receive(ports, typed(OPEN))).kind).toBe('accepted');
    expect(codeOf(await receive(ports, typed(`${OPEN} now`)))).toBe('too_fast');
    expect(world.memory.lists.size).toBe(1);
  });
  it('after a denial the same person waits half a minute for the same target, and nobody else does', async () => {
    const world = createWorld();
    await denyIt(world, await heldRequest(world), BOB, 'not now');
    expect(await type(world, 'prod api-7f9 -- ps')).toMatchObject({ refusal: { code: 'cooling_down', afterMs: 30_000 } });
    expect(await type(world, 'prod deploy/api --image netshoot -- ss -tlnp'), 'the same under another name of it').toMatchObject({ refusal: { code: 'cooling_down', afterMs: 30_000 } });
    await ask(world, HELD, as(CAROL));
    await ask(world, 'prod web -- ps');
    world.pass(30);
    await ask(world, 'prod api-7f9 -- ps');
  });
  it('a refused denial cools nothing down', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(codeOf(await denyIt(world, id, DAVE))).toBe('not_an_approver');
    await ask(world, 'prod api-7f9 -- ps');
  });
  it('a queue that is full takes nothing more', async () => {
    const world = createWorld();
    world.script.jobsWaiting = 5_000;
    expect(await type(world, OPEN)).toMatchObject({ refusal: { code: 'queue_full', cluster: 'main', waiting: 5_000 } });
    world.script.jobsWaiting = 199;
    await ask(world, OPEN);
  });
});

describe('two accounts of one person', () => {
  /** Bob's second account; the addresses say whose it is. */
  const twins = (): TestWorld => {
    const world = createWorld();
    const [emails, identity] = [new Map([[ALICE, 'alice@example.org'], [BOB, 'bob@example.org'], [CAROL, 'Bob@example.org'], [DAVE, 'dave@example.org']]), { ...settings.identity, mode: 'review', from: 'email' } as const];
    return { ...world, ports: { ...world.ports, identity, directory: { ...world.ports.directory, email: async (user) => emails.get(user) } } };
  };
  it('do not lift a freeze together', async () => {
    const world = twins();
    await type(world, 'freeze', as(BOB));
    await type(world, 'unfreeze', as(BOB));
    expect(await type(world, 'unfreeze', as(CAROL))).toMatchObject({ said: { of: 'lifting' } });
  });
  it('do not approve for each other beforehand', async () => {
    const world = twins();
    const answer = await type(world, `allow <@${ALICE}> prod 2h image:netshoot`, as(CAROL));
    const id = answer.kind === 'authority' && answer.said.of === 'allow_asked' ? answer.said.id : undefined;
    await tellAuthorities(world.ports);
    expect(id && codeOf(await pressOn(world, 'allow', id, BOB, 'allow_approve'))).toBe('not_an_approver');
  });
});
