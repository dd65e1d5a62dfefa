import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayAuthority } from '../../src/domain/authority.ts';
import type { ClusterName, Instant, Namespace, PresetName, RequestId, Sha256, TeamId, UserId } from '../../src/domain/names.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { coversPlan, decidePreApproval, evolvePreApproval, type AllowAsk, type PreApproval, type PreApprovalCommand, type PreApprovalEvent } from '../../src/domain/pre-approval.ts';
import { decide } from '../../src/domain/request.ts';
import { ALICE, at, BOB, CAROL, given as givenRequest, hold, INCIDENT, plan, planned, requested } from '../fixtures/requests.ts';

const ID = 'kd-a11ow000' as RequestId;
const DAVE = 'U0DAVE' as UserId;
const ask: AllowAsk = {
  by: DAVE, person: ALICE, team: 'T0ACME' as TeamId, channel: INCIDENT, cluster: 'main' as ClusterName, namespace: 'prod' as Namespace,
  scopes: [{ kind: 'image', name: plan.image }], durationMs: 7_200_000, policyVersion: plan.policyVersion,
  rules: [{ rule: 'production needs one other person', needed: 1, approvers: hold.approvers }],
};
const asked = (changed: Partial<AllowAsk> = {}): PreApprovalEvent => ({ type: 'allow_asked', at: at(0), ask: { ...ask, ...changed }, expiresAt: at(900) });
const approved = (by: UserId = BOB, seconds = 10): PreApprovalEvent => ({ type: 'allow_approved', at: at(seconds), by, until: at(seconds + 7_200) });
const given = (...events: readonly PreApprovalEvent[]): PreApproval => {
  const state = replayAuthority('allow', ID, events);
  if (!state) throw new Error('a pre-approval begins with an event');
  return state;
};

describe('a pre-approval', () => {
  const when = (state: PreApproval, command: PreApprovalCommand, seconds = 20) => decidePreApproval(state, command, at(seconds));
  it('is active once another entitled person approved it, until its time is over', () => {
    expect(when(given(asked()), { type: 'approve', by: BOB, isEntitled: true, hasApproved: false }, 10)).toEqual({ ok: true, event: approved(), validUntil: at(900) });
    expect(given(asked(), approved())).toMatchObject({ state: 'active', until: at(7_210), approvedBy: [BOB] });
  });
  it.each([['who asked', DAVE], ['whom it is for', ALICE]] as const)('is not approved by %s, entitled or not', (_name, by) => {
    expect(when(given(asked()), { type: 'approve', by, isEntitled: true, hasApproved: false })).toEqual({ ok: false, refusal: { code: 'own_allow' } });
  });
  it('is not approved by somebody who may not', () => {
    expect(when(given(asked()), { type: 'approve', by: BOB, isEntitled: false, hasApproved: false })).toMatchObject({ refusal: { code: 'not_an_approver' } });
  });
  it('is not approved once nobody decided in time', () => {
    expect(when(given(asked()), { type: 'approve', by: BOB, isEntitled: true, hasApproved: false }, 900)).toEqual({ ok: false, refusal: { code: 'too_late', since: at(900) } });
  });
  it('of a rule that asks for two needs two, and not the same one twice', () => {
    const two = asked({ rules: [{ rule: 'r', needed: 2, approvers: hold.approvers }] });
    expect(given(two, approved())).toMatchObject({ state: 'waiting', approvedBy: [BOB] });
    expect(when(given(two, approved()), { type: 'approve', by: BOB, isEntitled: true, hasApproved: false })).toMatchObject({ refusal: { code: 'already_approved' } });
    expect(given(two, approved(), approved(CAROL))).toMatchObject({ state: 'active' });
  });
  it('denied with a reason is over', () => {
    expect(when(given(asked()), { type: 'deny', by: BOB, isEntitled: true, reason: 'not today' })).toEqual({ ok: true, event: { type: 'allow_denied', at: at(20), by: BOB, reason: 'not today' } });
  });
  it.each([['who asked', DAVE, false], ['whom it is for', ALICE, false], ['an approver', CAROL, true]] as const)('is revoked by %s', (_name, by, isEntitled) => {
    expect(when(given(asked(), approved()), { type: 'revoke', by, isEntitled })).toMatchObject({ ok: true, event: { type: 'allow_revoked', by } });
  });
  it('is not revoked by anybody else', () => {
    expect(when(given(asked(), approved()), { type: 'revoke', by: CAROL, isEntitled: false })).toMatchObject({ refusal: { code: 'not_yours_to_revoke' } });
  });
  it('lapses: asked in vain, or over', () => {
    expect(when(given(asked()), { type: 'lapse' }, 899)).toMatchObject({ ok: false });
    expect(when(given(asked()), { type: 'lapse' }, 900)).toMatchObject({ ok: true, event: { type: 'allow_expired' } });
    expect(when(given(asked(), approved()), { type: 'lapse' }, 7_210)).toMatchObject({ ok: true, event: { type: 'allow_ended' } });
  });
});

describe('it covers', () => {
  const active = (changed: Partial<AllowAsk> = {}): PreApproval => given(asked(changed), approved());
  const sockets = (profile: 'general' | 'netadmin' | null): AllowAsk['scopes'] => [{ kind: 'preset', name: 'sockets' as PresetName, profile }];
  const preset = (profile: Plan['profile'] = 'general'): Plan => ({ ...plan, preset: 'sockets' as PresetName, profile });
  const rows: readonly [string, PreApproval, Plan, number, boolean][] = [
    ['a command with the image', active(), plan, 20, true],
    ['it one moment before its end', active(), plan, 7_209, true],
    ['nothing at its end', active(), plan, 7_210, false],
    ['nothing while it waits', given(asked()), plan, 20, false],
    ['nothing once it is revoked', given(asked(), approved(), { type: 'allow_revoked', at: at(15), by: ALICE }), plan, 20, false],
    ['nobody else', active(), { ...plan, requester: BOB }, 20, false],
    ['no other namespace', active({ namespace: 'staging' as Namespace }), plan, 20, false],
    ['no other cluster', active({ cluster: 'other' as ClusterName }), plan, 20, false],
    ['not when one pod of several is elsewhere', active(), { ...plan, targets: [plan.targets[0]!, { ...plan.targets[0]!, namespace: 'staging' as Namespace }] }, 20, false],
    ['no other image', active({ scopes: [{ kind: 'image', name: 'busybox' as Plan['image'] }] }), plan, 20, false],
    ['no privileged profile by an image', active(), { ...plan, profile: 'netadmin' }, 20, false],
    ['the preset', active({ scopes: sockets('general') }), preset(), 20, true],
    ['a privileged profile that the preset fixes', active({ scopes: sockets('netadmin') }), preset('netadmin'), 20, true],
    ['no privileged profile that it does not fix', active({ scopes: sockets(null) }), preset('netadmin'), 20, false],
    ['nothing by the preset without it', active({ scopes: sockets('general') }), plan, 20, false],
    ['nothing under other rules', active({ policyVersion: 'b'.repeat(64) as Sha256 }), plan, 20, false],
  ];
  it.each(rows)('%s', (_name, allow, of, seconds, covers) => {
    expect(coversPlan(allow, of, at(seconds))).toBe(covers);
  });
});

describe('at the gate and at the grant', () => {
  const gate = { gate: 'held', rule: 'production needs one other person', hold } as const;
  const isApprover = (person: UserId): boolean => person === BOB || person === CAROL;
  const pass = (allow: PreApproval, isEntitled = isApprover, needed = 1) => decide(givenRequest(requested, planned), {
    type: 'pass_gate', gate: { ...gate, hold: { ...hold, needed } }, policyVersion: plan.policyVersion, exception: { by: 'pre_approval', allow, isEntitled },
  }, at(20));

  it('it stands for the approvals, and says whose it is', () => {
    expect(pass(given(asked(), approved()))).toMatchObject({ ok: true, event: { type: 'pre_approved', id: ID, rule: gate.rule, approvedBy: [BOB], notAfter: at(600) } });
  });
  it('it must start before the pre-approval ends', () => {
    expect(pass(given(asked(), { ...approved(), until: at(60) } as PreApprovalEvent))).toMatchObject({ event: { notAfter: at(60) }, validUntil: at(60) });
  });
  it('an approver who may not approve under the rule that holds does not count: it waits', () => {
    expect(pass(given(asked(), approved()), () => false)).toMatchObject({ event: { type: 'held' } });
  });
  it('a record that says the asker or the requester approved counts for nothing', () => {
    for (const by of [ALICE, DAVE]) expect(pass(given(asked(), approved(by)), () => true)).toMatchObject({ event: { type: 'held' } });
  });
  it('one approver is not enough where the rule asks for two: it waits', () => {
    expect(pass(given(asked(), approved()), isApprover, 2)).toMatchObject({ event: { type: 'held' } });
  });

  const queued = givenRequest(requested, planned, { type: 'pre_approved', at: at(20), id: ID, rule: gate.rule, approvedBy: [BOB], notAfter: at(600) });
  const grant = (allow: PreApproval | undefined, seconds = 30, isEntitled = isApprover) => decide(queued, {
    type: 'grant', gate, policyVersion: plan.policyVersion, isEntitled, sign: (claim) => JSON.stringify(claim.authorization), ...(allow && { exception: { by: 'pre_approval', allow, isEntitled } }),
  }, at(seconds));
  it('the grant is signed over the pre-approval', () => {
    expect(grant(given(asked(), approved()))).toMatchObject({ ok: true, event: { type: 'granted', signature: JSON.stringify({ by: 'pre_approval', id: ID, rule: gate.rule, approvedBy: [BOB] }) } });
  });
  const lost: readonly [string, PreApproval | undefined, ((person: UserId) => boolean)?][] = [
    ['is gone', undefined], ['was revoked', given(asked(), approved(), { type: 'allow_revoked', at: at(25), by: ALICE })],
    ['is another one', { ...given(asked(), approved()), id: 'kd-00000000' as RequestId }], ['lost its approver', given(asked(), approved()), () => false],
  ];
  it.each(lost)('nothing is granted when it %s', (_name, allow, isEntitled) => {
    expect(grant(allow, 30, isEntitled)).toMatchObject({ ok: true, event: { type: 'refused', refusal: { code: 'allow_over' } } });
  });
  it('nothing is granted when its time is over', () => {
    expect(grant(given(asked(), { ...approved(), until: at(25) } as PreApprovalEvent))).toMatchObject({ event: { type: 'refused', refusal: { code: 'allow_over' } } });
  });

  it('whatever is done with it: nothing is granted by a pre-approval that no other entitled person approved', () => {
    const people = fc.constantFrom(ALICE, BOB, CAROL, DAVE);
    const command: fc.Arbitrary<PreApprovalCommand> = fc.oneof(
      { arbitrary: fc.record({ type: fc.constant('approve' as const), by: people }).map((one) => ({ ...one, isEntitled: isApprover(one.by), hasApproved: false })), weight: 4 },
      fc.record({ type: fc.constant('deny' as const), by: people, reason: fc.constant(null) }).map((one) => ({ ...one, isEntitled: isApprover(one.by) })),
      fc.record({ type: fc.constant('revoke' as const), by: people }).map((one) => ({ ...one, isEntitled: isApprover(one.by) })),
      fc.record({ type: fc.constant('withdraw' as const), by: people }), fc.constant({ type: 'lapse' as const }),
    );
    const step = fc.record({ command, after: fc.integer({ min: 0, max: 4_000 }) });
    fc.assert(fc.property(people, people, fc.array(step, { maxLength: 6 }), fc.constantFrom(1, 2), (by, person, steps, needed) => {
      let [state, seconds] = [given(asked({ by, person, rules: [{ rule: gate.rule, needed, approvers: hold.approvers }] })), 0];
      for (const { command: wanted, after } of steps) {
        seconds += after;
        const decision = decidePreApproval(state, wanted, at(seconds));
        if (decision.ok) state = evolvePreApproval(state, ID, decision.event) ?? state;
      }
      const now = at(Math.min(seconds, 500));
      const passed = decide(givenRequest(requested, planned), { type: 'pass_gate', gate: { ...gate, hold: { ...hold, needed } }, policyVersion: plan.policyVersion, exception: { by: 'pre_approval', allow: state, isEntitled: isApprover } }, now);
      if (!passed.ok || passed.event.type !== 'pre_approved') return;
      expect(state.state).toBe('active');
      expect(person).toBe(ALICE);
      const others = new Set(passed.event.approvedBy.filter((one) => one !== by && one !== person && isApprover(one)));
      expect(others.size).toBeGreaterThanOrEqual(needed);
      expect(now).toBeLessThan((state as { until: Instant }).until);
    }), { numRuns: 500 });
  });
});
