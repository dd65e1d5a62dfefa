import { describe, expect, it } from 'vitest';
import { replayAuthority } from '../../src/domain/authority.ts';
import type { ClusterName, Instant, Namespace, RequestId, TeamId, UserId } from '../../src/domain/names.ts';
import type { Gate } from '../../src/domain/policy/gate.ts';
import { decide } from '../../src/domain/request.ts';
import type { PreApproval } from '../../src/domain/pre-approval.ts';
import type { Command } from '../../src/domain/request-states.ts';
import { isSamePerson, whyNotConfirmed, type LoggedIn, type StepUp } from '../../src/domain/step-up.ts';
import { ALICE, approvedBy, at, BOB, CAROL, digest, given, held, hold, INCIDENT, plan, planned, POLICY, requested, STATES } from '../fixtures/requests.ts';

const bob: StepUp = { issuer: 'https://login.example.org', subject: 'bob' };
const held2 = { gate: 'held', rule: 'production needs one other person', hold: { ...hold, stepUp: true } } as const;
const heldWithLogin = (needed = 1) => ({ ...held(needed), hold: { ...hold, needed, stepUp: true } }) as ReturnType<typeof held>;
const approve = (by: UserId, stepUp?: StepUp): Command => ({ type: 'approve', by, isEntitled: true, hasApproved: false, digest, ...(stepUp && { stepUp }) });
const grant = (gate: Gate): Command => ({ type: 'grant', gate, policyVersion: POLICY, isEntitled: () => true, sign: () => 'signed' });

describe('an approval under a rule with step_up', () => {
  const waiting = given(requested, planned, heldWithLogin());
  it('is refused without a login, after everything else was found right', () => {
    expect(decide(waiting, approve(BOB), at(10))).toEqual({ ok: false, refusal: { code: 'step_up_needed', rule: 'production needs one other person' } });
    expect(decide(waiting, { type: 'approve', by: BOB, isEntitled: false, hasApproved: false, digest }, at(10))).toMatchObject({ refusal: { code: 'not_an_approver' } });
  });
  it('holds who logged in', () => {
    expect(decide(waiting, approve(BOB, bob), at(10))).toMatchObject({ ok: true, event: { type: 'approved', by: BOB, stepUp: bob } });
  });
  it('does not count twice for one login, from whatever account it comes', () => {
    const once = given(requested, planned, heldWithLogin(2), { ...approvedBy(BOB), stepUp: bob } as ReturnType<typeof approvedBy>);
    expect(decide(once, approve(CAROL, bob), at(50))).toMatchObject({ refusal: { code: 'already_approved' } });
    expect(decide(once, approve(CAROL, { ...bob, subject: 'carol' }), at(50))).toMatchObject({ ok: true });
  });
});

describe('at the grant', () => {
  const confirmed = { ...approvedBy(BOB), stepUp: bob } as ReturnType<typeof approvedBy>;
  const cases: readonly [string, ReturnType<typeof given>, Gate, string][] = [
    ['confirmed, under a rule that wants it', given(requested, planned, heldWithLogin(), confirmed), held2, 'granted'],
    ['not confirmed, under a rule that wants it', given(requested, planned, heldWithLogin(), approvedBy(BOB)), held2, 'step_up_missing'],
    ['not confirmed, and the rule wants it only now', given(...STATES.queued), held2, 'step_up_missing'],
    ['not confirmed, and the rule wanted it then', given(requested, planned, heldWithLogin(), approvedBy(BOB)), { ...held2, hold }, 'step_up_missing'],
    ['not confirmed, under a rule that wanted it and is open now', given(requested, planned, heldWithLogin(), approvedBy(BOB)), { gate: 'open', rule: 'r' }, 'step_up_missing'],
    ['not confirmed, under a rule that never wanted it', given(...STATES.queued), { ...held2, hold }, 'granted'],
  ];
  it.each(cases)('%s', (_name, request, gate, expected) => {
    const decision = decide(request, grant(gate), at(41));
    if (!decision.ok) throw new Error(decision.refusal.code);
    expect(decision.event.type === 'refused' ? decision.event.refusal.code : decision.event.type).toBe(expected);
  });
});

describe('a pre-approval, which was given in Slack alone', () => {
  const allow = replayAuthority('allow', 'kd-a11ow000' as RequestId, [
    { type: 'allow_asked', at: at(0), expiresAt: at(900), ask: { by: CAROL, person: ALICE, team: 'T0ACME' as TeamId, channel: INCIDENT, cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, scopes: [{ kind: 'image', name: plan.image }], durationMs: 7_200_000, policyVersion: POLICY, rules: [{ rule: 'r', needed: 1, approvers: hold.approvers }] } },
    { type: 'allow_approved', at: at(1), by: BOB, until: at(7_201) },
  ]) as PreApproval;
  it.each([['stands for approvals', false, 'pre_approved'], ['never stands for approvals with a login', true, 'held']] as const)('%s', (_name, stepUp, expected) => {
    const decision = decide(given(requested, planned), { type: 'pass_gate', gate: { ...held2, hold: { ...hold, stepUp } }, policyVersion: POLICY, exception: { by: 'pre_approval', allow, isEntitled: () => true } }, at(5));
    expect(decision.ok && decision.event.type).toBe(expected);
  });
});

describe('whether a login confirms', () => {
  const startedAt = 1_000_000 as Instant;
  const person: LoggedIn = { ...bob, email: 'Bob@example.org', authenticatedAtMs: 1_005_000 };
  const cases: readonly [string, Partial<LoggedIn>, string | undefined, 'email' | 'map', string | undefined][] = [
    ['the same verified address, whatever its case', {}, 'bob@example.org', 'email', undefined],
    ['another address', { email: 'bob@example.com' }, 'bob@example.org', 'email', 'another_person'],
    ['no verified address', { email: null }, 'bob@example.org', 'email', 'no_address'],
    ['no address that Slack has confirmed', {}, undefined, 'email', 'no_address'],
    ['a clock that is half a minute behind', { authenticatedAtMs: 970_000 }, 'bob@example.org', 'email', undefined],
    ['a login from before', { authenticatedAtMs: 969_999 }, 'bob@example.org', 'email', 'old_login'],
    ['the subject, mapped', { email: null }, 'bob', 'map', undefined],
    ['the subject, as an address', { email: null }, 'bob', 'email', 'no_address'],
  ];
  it.each(cases)('%s', (_name, changed, name, from, expected) => {
    expect(whyNotConfirmed({ ...person, ...changed }, { name, from, startedAt })).toBe(expected);
  });
  it('two logins are of one person by issuer and subject', () => {
    expect(isSamePerson(bob, { ...bob })).toBe(true);
    expect(isSamePerson(bob, { ...bob, issuer: 'https://other.example' })).toBe(false);
    expect(isSamePerson(undefined, undefined)).toBe(false);
  });
});
