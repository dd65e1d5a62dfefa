import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayAuthority } from '../../src/domain/authority.ts';
import { decideReview, oweReview, type Glass, type Review, type ReviewEvent } from '../../src/domain/break-glass-review.ts';
import type { Ask, RequestEvent } from '../../src/domain/events.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { ChannelId, MessageTs, UserId } from '../../src/domain/names.ts';
import { decide } from '../../src/domain/request.ts';
import type { Command, Exception, Request } from '../../src/domain/request-states.ts';
import { ALICE, ask, at, BOB, CAROL, given, hold, ID, INCIDENT, plan, preflight, runCommand } from '../fixtures/requests.ts';

const AUDIT = 'C0AUDIT' as ChannelId;
const TS = '1760000000.000100' as MessageTs;
const REASON = 'INC-42 the database burns';
const GLASS_TEXT = `prod api-7f9 --image netshoot --break-glass --reason '${REASON}' -- ss -tlnp`;
const glassAsk: Ask = { ...ask, text: GLASS_TEXT, command: runCommand(GLASS_TEXT) };
const requested: RequestEvent = { type: 'requested', at: at(0), ask: glassAsk, expiresAt: at(120) };
const planned: RequestEvent = { type: 'planned', at: at(1), plan, preflight };
const gate = { gate: 'held', rule: 'production needs one other person', hold } as const;
const broken: RequestEvent = { type: 'glass_broken', at: at(2), by: ALICE, rule: gate.rule, hold, reason: REASON, notAfter: at(600) };
const announced: RequestEvent = { type: 'announced', at: at(3), channel: AUDIT, ts: TS };
const pass = (exception: Exception | undefined): Command => ({ type: 'pass_gate', gate, policyVersion: plan.policyVersion, ...(exception && { exception }) });
const grant = (changed: Partial<Extract<Command, { type: 'grant' }>> = {}): Command => ({
  type: 'grant', gate, policyVersion: plan.policyVersion, exception: { by: 'break_glass' }, isEntitled: () => false, sign: (claim) => JSON.stringify(claim.authorization), ...changed,
});

describe('a glass is broken', () => {
  it('in place of approvals, by the requester, with the reason and a start bound to the request', () => {
    expect(decide(given(requested, planned), pass({ by: 'break_glass' }), at(2))).toEqual({ ok: true, event: broken });
  });
  it('by nobody who may not, nor where nobody may', () => {
    expect(decide(given(requested, planned), pass({ by: 'break_glass', refusal: { code: 'break_glass_who', who: [] } }), at(2))).toMatchObject({ event: { type: 'refused', refusal: { code: 'break_glass_who' } } });
    expect(decide(given(requested, planned), pass(undefined), at(2))).toMatchObject({ event: { type: 'refused', refusal: { code: 'break_glass_off' } } });
  });
  it('not for a request that did not ask for it', () => {
    expect(decide(given({ ...requested, ask }, planned), pass({ by: 'break_glass' }), at(2))).toMatchObject({ event: { type: 'held' } });
  });
  it('not without a reason', () => {
    const { reason: _reason, ...options } = glassAsk.command.options;
    const silent: RequestEvent = { ...requested, ask: { ...glassAsk, command: { ...glassAsk.command, options } } };
    expect(decide(given(silent, planned), pass({ by: 'break_glass' }), at(2))).toMatchObject({ event: { type: 'refused', refusal: { code: 'break_glass_reason' } } });
  });
  it.each([['digest', { code: 'digest_required', rule: 'r', image: 'i' }], ['rule', { code: 'rule', rule: 'r' }], ['private', { code: 'private_refused', rule: 'r' }]] as const)('not where a %s closes the gate', (_name, refusal) => {
    expect(decide(given(requested, planned), { type: 'pass_gate', gate: { gate: 'closed', refusal }, policyVersion: plan.policyVersion, exception: { by: 'break_glass' } }, at(2))).toMatchObject({ event: { type: 'refused', refusal } });
  });
});

describe('the notice', () => {
  const queued = given(requested, planned, broken);
  it('comes first: without it there is no grant', () => {
    expect(decide(queued, grant(), at(3))).toEqual({ ok: false, refusal: { code: 'not_announced', why: null } });
  });
  it('that Slack took opens the way, and is part of what is signed', () => {
    expect(decide(queued, { type: 'report_notice', notice: { channel: AUDIT, ts: TS }, why: null }, at(3))).toEqual({ ok: true, event: announced });
    const decision = decide(given(requested, planned, broken, announced), grant(), at(4));
    expect(decision).toMatchObject({ ok: true, event: { type: 'granted' } });
    expect(decision.ok && decision.event.type === 'granted' && JSON.parse(decision.event.signature)).toMatchObject({ by: 'break_glass', reason: REASON, notice: { channel: AUDIT, ts: TS } });
  });
  it('that Slack does not take ends it, and says why', () => {
    expect(decide(queued, { type: 'report_notice', notice: null, why: 'that channel is archived' }, at(3))).toMatchObject({ event: { type: 'refused', refusal: { code: 'not_announced', why: 'that channel is archived' } } });
  });
  it('is asked once more at the grant whether the person may', () => {
    const announcedRequest = given(requested, planned, broken, announced);
    expect(decide(announcedRequest, grant({ exception: { by: 'break_glass', refusal: { code: 'break_glass_who', who: [] } } }), at(4))).toMatchObject({ event: { type: 'refused', refusal: { code: 'break_glass_who' } } });
    expect(decide(announcedRequest, grant({ gate: { gate: 'closed', refusal: { code: 'no_rule' } } }), at(4))).toMatchObject({ event: { type: 'refused', refusal: { code: 'no_rule' } } });
  });

  it('whatever happens in whatever order: no grant of a broken glass without an accepted notice', () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.constant(pass({ by: 'break_glass' })), fc.constant(pass(undefined)), fc.constant(grant()), fc.constant(grant({ gate: { gate: 'open', rule: 'r' } })),
      fc.record({ type: fc.constant('report_notice' as const), notice: fc.constantFrom(null, { channel: AUDIT, ts: TS }), why: fc.constant(null) }),
      fc.record({ type: fc.constant('approve' as const), by: fc.constantFrom(ALICE, BOB), isEntitled: fc.boolean(), hasApproved: fc.boolean(), digest: fc.constant('a'.repeat(64) as never) }),
      fc.constant({ type: 'lapse' as const }), fc.constant({ type: 'expire' as const }), fc.record({ type: fc.constant('cancel' as const), by: fc.constant(ALICE), isEntitled: fc.constant(false), canStop: fc.constant(false) }),
      fc.record({ type: fc.constant('start' as const), worker: fc.constant('w'), generation: fc.integer({ min: 1, max: 8 }) }),
    );
    fc.assert(fc.property(fc.array(fc.record({ command, after: fc.integer({ min: 0, max: 30 }) }), { maxLength: 14 }), (steps) => {
      let request: Request = given(requested, planned);
      let [seconds, isAccepted] = [1, false];
      for (const { command: wanted, after } of steps) {
        seconds += after;
        const decision = decide(request, wanted, at(seconds));
        if (!decision.ok) continue;
        if (decision.event.type === 'announced') isAccepted = true;
        request = evolve(request, decision.event);
        if (decision.event.type === 'granted' && request.state === 'queued' && request.authorization.by === 'break_glass') expect(isAccepted).toBe(true);
        if (request.state === 'running' && request.authorization.by === 'break_glass') expect(request.authorization.notice).toEqual({ channel: AUDIT, ts: TS });
      }
    }), { numRuns: 500 });
  });
});

describe('a review', () => {
  const glass: Glass = { requester: ALICE, channel: INCIDENT, cluster: ask.cluster, namespace: ask.command.namespace, pods: ['api-1'], argv: ['ss'], rule: gate.rule, reason: REASON, approvers: hold.approvers };
  const owed = oweReview(glass, 86_400_000, at(0));
  const state = (...events: readonly ReviewEvent[]): Review => {
    const found = replayAuthority('review', ID, [owed, ...events]);
    if (!found) throw new Error('unreachable');
    return found;
  };
  const review = (by: UserId, comment: string | null, isEntitled = true) => decideReview(state(), { type: 'review', by, isEntitled, comment }, at(60));
  it('is owed within the time, with reminders at half and at the end', () => {
    expect(owed).toMatchObject({ remindAt: at(43_200), dueAt: at(86_400) });
    expect(decideReview(state(), { type: 'remind' }, at(43_199))).toMatchObject({ ok: false });
    expect(decideReview(state(), { type: 'remind' }, at(43_200))).toMatchObject({ event: { type: 'review_reminded', isOverdue: false } });
    const half: ReviewEvent = { type: 'review_reminded', at: at(43_200), isOverdue: false };
    expect(decideReview(state(half), { type: 'remind' }, at(86_399))).toMatchObject({ ok: false });
    expect(decideReview(state(half), { type: 'remind' }, at(86_400))).toMatchObject({ event: { type: 'review_reminded', isOverdue: true } });
    expect(decideReview(state(half, { type: 'review_reminded', at: at(86_400), isOverdue: true }), { type: 'remind' }, at(900_000))).toMatchObject({ ok: false });
  });
  it('is made by another entitled person who says what they found', () => {
    expect(review(CAROL, 'was a real fire')).toEqual({ ok: true, event: { type: 'reviewed', at: at(60), by: CAROL, comment: 'was a real fire' } });
    expect(review(ALICE, 'all good')).toMatchObject({ refusal: { code: 'own_glass' } });
    expect(review(CAROL, 'fine', false)).toMatchObject({ refusal: { code: 'not_an_approver' } });
    expect(review(CAROL, '  ')).toMatchObject({ refusal: { code: 'comment_missing' } });
    expect(review(CAROL, null)).toMatchObject({ refusal: { code: 'comment_missing' } });
  });
  it('stays owed however late it is, and is made once', () => {
    const overdue = state({ type: 'review_reminded', at: at(86_400), isOverdue: true });
    expect(decideReview(overdue, { type: 'review', by: CAROL, isEntitled: true, comment: 'late' }, at(9_000_000))).toMatchObject({ ok: true });
    expect(decideReview(state({ type: 'reviewed', at: at(60), by: CAROL, comment: 'x' }), { type: 'review', by: BOB, isEntitled: true, comment: 'y' }, at(61))).toMatchObject({ refusal: { code: 'already_decided' } });
  });
});
