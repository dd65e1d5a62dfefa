import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueOf, isTerminal } from '../../src/domain/due.ts';
import { BrokenRecordError, evolve } from '../../src/domain/evolve.ts';
import type { Instant, RequestId, Sha256, UserId } from '../../src/domain/names.ts';
import { decide } from '../../src/domain/request.ts';
import { endsBy } from '../../src/domain/request-times.ts';
import type { Command, Request, Running } from '../../src/domain/request-states.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import { ALICE, allowed, approvedBy, at, BOB, CAROL, digest, finished, given, granted, held, hold, plan, planned, POLICY, preflight, requested, started, STATES } from '../fixtures/requests.ts';

const OPEN = { gate: 'open', rule: 'everywhere else is open to the engineers' } as const;
const HELD = { gate: 'held', rule: 'production needs one other person', hold } as const;
const everybody = (): boolean => true;
const approve = (by: UserId, isEntitled = true, shown: Sha256 = digest): Command => ({ type: 'approve', by, isEntitled, hasApproved: false, digest: shown });
const grant = (gate: typeof OPEN | typeof HELD = HELD, isEntitled: (user: UserId) => boolean = everybody, policyVersion = POLICY): Command => ({ type: 'grant', gate, policyVersion, isEntitled, sign: () => 'signed' });

const eventOf = (request: Request, command: Command, now: Instant): string => {
  const decision = decide(request, command, now);
  return decision.ok ? decision.event.type : decision.refusal.code;
};

describe('what happens to a request', () => {
  const cases: readonly [string, readonly RequestEvent[], Command, number, string][] = [
    ['a plan in time is kept', [requested], { type: 'report_plan', plan, preflight }, 5, 'planned'],
    ['a plan after PLAN_WITHIN is not', [requested], { type: 'report_plan', plan, preflight }, 120, 'too_late'],
    ['a plan of another revision is not', [requested], { type: 'report_plan', plan: { ...plan, revision: 2 }, preflight }, 5, 'not_due'],
    ['a plan for another request is not', [requested], { type: 'report_plan', plan: { ...plan, request: 'kd-00000000' as RequestId }, preflight }, 5, 'not_due'],
    ['no plan ends it', [requested], { type: 'report_no_plan', revision: 1, failure: { code: 'expired_before_start' } }, 5, 'not_planned'],
    ['an open gate lets it through', [requested, planned], { type: 'pass_gate', gate: OPEN, policyVersion: POLICY }, 2, 'allowed'],
    ['a held gate waits for people', [requested, planned], { type: 'pass_gate', gate: HELD, policyVersion: POLICY }, 2, 'held'],
    ['a closed gate refuses', [requested, planned], { type: 'pass_gate', gate: { gate: 'closed', refusal: { code: 'no_rule' } }, policyVersion: POLICY }, 2, 'refused'],
    ['a gate that cannot tell refuses', [requested, planned], { type: 'pass_gate', gate: { gate: 'unknown' }, policyVersion: POLICY }, 2, 'refused'],
    ['another policy plans it again', [requested, planned], { type: 'pass_gate', gate: OPEN, policyVersion: 'b'.repeat(64) as Sha256 }, 2, 'replanned'],
    ['another entitled person approves', [requested, planned, held()], approve(BOB), 10, 'approved'],
    ['the requester does not, entitled or not', [requested, planned, held()], approve(ALICE), 10, 'own_request'],
    ['nobody else does', [requested, planned, held()], approve(BOB, false), 10, 'not_an_approver'],
    ['the same person does not twice', [requested, planned, held(2), approvedBy(BOB)], approve(BOB), 50, 'already_approved'],
    ['a second person completes two', [requested, planned, held(2), approvedBy(BOB)], approve(CAROL), 50, 'approved'],
    ['an approval of another plan does not count', [requested, planned, held()], approve(BOB, true, 'c'.repeat(64) as Sha256), 10, 'another_plan'],
    ['an approval at the expiry is late', [requested, planned, held()], approve(BOB), 902, 'too_late'],
    ['an approval after the denial changes nothing', STATES.denied, approve(CAROL), 60, 'already_decided'],
    ['an approval after the run changes nothing', STATES.finished, approve(CAROL), 60, 'already_decided'],
    ['an entitled person denies', [requested, planned, held()], { type: 'deny', by: BOB, isEntitled: true, reason: 'no' }, 10, 'denied'],
    ['nobody else denies', [requested, planned, held()], { type: 'deny', by: CAROL, isEntitled: false, reason: 'no' }, 10, 'not_an_approver'],
    ['the requester withdraws', [requested, planned, held()], { type: 'withdraw', by: ALICE }, 10, 'withdrawn'],
    ['nobody else withdraws', [requested, planned, held()], { type: 'withdraw', by: BOB }, 10, 'not_the_requester'],
    ['the requester cancels what is queued', [requested, planned, allowed], { type: 'cancel', by: ALICE, canStop: false }, 10, 'cancelled'],
    ['a running command is asked to stop where the cluster lets us', STATES.running, { type: 'cancel', by: ALICE, canStop: true }, 60, 'stop_requested'],
    ['once', [...STATES.running, { type: 'stop_requested', at: at(50), by: ALICE }], { type: 'cancel', by: ALICE, canStop: true }, 60, 'stopping'],
    ['the requester picks one of the pods', STATES.choosing, { type: 'choose', by: ALICE, pod: plan.targets[0]!.pod }, 10, 'chosen'],
    ['nobody else picks', STATES.choosing, { type: 'choose', by: BOB, pod: plan.targets[0]!.pod }, 10, 'not_the_requester'],
    ['a pod that is not on the menu is not picked', STATES.choosing, { type: 'choose', by: ALICE, pod: 'other-0' as never }, 10, 'not_due'],
    ['a choice after two minutes is late', STATES.choosing, { type: 'choose', by: ALICE, pod: plan.targets[0]!.pod }, 121, 'too_late'],
    ['a menu that nobody uses expires', STATES.choosing, { type: 'expire' }, 121, 'expired'],
    ['a running command is not cancelled by a word', STATES.running, { type: 'cancel', by: ALICE, canStop: false }, 60, 'running'],
    ['an approved plan is granted', STATES.queued, grant(), 41, 'granted'],
    ['not while a grant is good', [...STATES.queued, granted()], grant(), 60, 'not_due'],
    ['not when the approver lost the right', STATES.queued, grant(HELD, () => false), 41, 'refused'],
    ['not when more approvals are needed now', STATES.queued, grant({ ...HELD, hold: { ...hold, needed: 2 } }), 41, 'refused'],
    ['not when an allowing rule holds now', [requested, planned, allowed], grant(HELD), 10, 'refused'],
    ['not after not_after', STATES.queued, grant(), 640, 'expired'],
    ['another policy at the grant plans again', STATES.queued, grant(HELD, everybody, 'b'.repeat(64) as Sha256), 41, 'replanned'],
    ['a granted run starts', [...STATES.queued, granted()], { type: 'start', worker: 'w', generation: 5 }, 60, 'started'],
    ['not on an older generation', [...STATES.queued, granted()], { type: 'start', worker: 'w', generation: 4 }, 60, 'not_due'],
    ['not on a lapsed grant', [...STATES.queued, granted()], { type: 'start', worker: 'w', generation: 5 }, 101, 'no_grant'],
    ['not without any grant', STATES.queued, { type: 'start', worker: 'w', generation: 4 }, 41, 'no_grant'],
    ['a lapsed grant is put back', [...STATES.queued, granted()], { type: 'lapse' }, 101, 'grant_lapsed'],
    ['a run that ended is finished', STATES.running, { type: 'finish', ends: [] }, 50, 'finished'],
    ['nothing that did not start is finished', STATES.queued, { type: 'finish', ends: [] }, 50, 'not_due'],
    ['waiting for a plan ends', [requested], { type: 'expire' }, 120, 'expired'],
    ['a plan that nobody decided on in time ends', [requested, planned], { type: 'expire' }, 720, 'expired'],
    ['and not a second before', [requested, planned], { type: 'expire' }, 719, 'not_due'],
    ['waiting for approval ends', [requested, planned, held()], { type: 'expire' }, 902, 'expired'],
    ['waiting for a start ends', STATES.queued, { type: 'expire' }, 640, 'expired'],
    ['a run nobody saw ends as unknown', STATES.running, { type: 'expire' }, 640 + 60 + 15, 'finished'],
    ['and not a second before', STATES.running, { type: 'expire' }, 640 + 60 + 14, 'not_due'],
  ];
  it.each(cases)('%s', (_name, events, command, seconds, expected) => {
    expect(eventOf(given(...events), command, at(seconds))).toBe(expected);
  });
});

describe('what the clock guard holds', () => {
  it('an approval may not be appended after the expiry', () => {
    const decision = decide(given(requested, planned, held()), approve(BOB), at(900));
    expect(decision.ok && decision.validUntil).toBe(at(902));
  });
  it('a start may not be appended after the grant', () => {
    const decision = decide(given(...STATES.queued, granted()), { type: 'start', worker: 'w', generation: 5 }, at(60));
    expect(decision.ok && decision.validUntil).toBe(at(101));
  });
  it('a grant never outlives not_after', () => {
    const decision = decide(given(...STATES.queued), grant(), at(620));
    expect(decision.ok && decision.event.type === 'granted' && decision.event.until).toBe(at(640));
  });
  it('not_after counts from the last approval', () => {
    const request = given(requested, planned, held(2), approvedBy(BOB, 40), approvedBy(CAROL, 70));
    expect(request.state === 'queued' && request.notAfter).toBe(at(670));
  });
  it('not_after counts from the request when a rule allows it', () => {
    const decision = decide(given(requested, planned), { type: 'pass_gate', gate: OPEN, policyVersion: POLICY }, at(100));
    expect(decision.ok && decision.event.type === 'allowed' && decision.event.notAfter).toBe(at(600));
  });
});

describe('a changed policy', () => {
  it('is planned again once, then refused', () => {
    const again = given(requested, planned, { type: 'replanned', at: at(3), policyVersion: POLICY, expiresAt: at(123) }, { type: 'planned', at: at(4), plan: { ...plan, revision: 2 }, preflight });
    expect(again.revision).toBe(2);
    expect(eventOf(again, { type: 'pass_gate', gate: OPEN, policyVersion: 'b'.repeat(64) as Sha256 }, at(5))).toBe('refused');
  });
  it('makes every approval so far worthless', () => {
    const again = given(...STATES.queued, { type: 'replanned', at: at(45), policyVersion: POLICY, expiresAt: at(165) });
    expect(again.state).toBe('requested');
    expect(JSON.stringify(again)).not.toContain(BOB);
  });
});

describe('the record', () => {
  it('reaches every state', () => {
    for (const [state, events] of Object.entries(STATES)) expect(given(...events).state).toBe(state);
  });
  it('refuses a start that no grant precedes', () => {
    expect(() => given(requested, planned, held(), approvedBy(BOB), started)).toThrow(BrokenRecordError);
  });
  it('refuses a run of what waits for approval', () => {
    expect(() => given(requested, planned, held(), granted())).toThrow(BrokenRecordError);
  });
  it('refuses anything after the end', () => {
    for (const events of Object.values(STATES).filter((list) => isTerminal(given(...list)))) {
      expect(() => evolve(given(...events), finished)).toThrow(BrokenRecordError);
    }
  });
  it('counts its versions', () => {
    expect(given(...STATES.finished).version).toBe(STATES.finished.length);
  });
});

describe('what is due', () => {
  const due: readonly [keyof typeof STATES, string][] = [['requested', 'plan'], ['planned', 'decide'], ['queued', 'decide'], ['running', 'run']];
  it.each(due)('%s owes %s', (state, step) => { expect(dueOf(given(...STATES[state]))?.step).toBe(step); });
  it('a granted request owes its run, and the run keeps its generation while it is adopted', () => {
    expect(dueOf(given(...STATES.queued, granted()))).toEqual({ step: 'run', cluster: 'main', generation: 5 });
    expect(dueOf(given(...STATES.running))).toEqual({ step: 'run', cluster: 'main', generation: 5 });
  });
  it('nothing is owed by what waits for people or is over', () => {
    for (const state of ['choosing', 'awaiting_approval', 'finished', 'refused', 'denied', 'withdrawn', 'cancelled', 'expired'] as const) expect(dueOf(given(...STATES[state]))).toBeUndefined();
  });
});

describe('over random commands in random order', () => {
  const people = fc.constantFrom(ALICE, BOB, CAROL);
  const gates = fc.constantFrom(OPEN, HELD, { ...HELD, hold: { ...hold, needed: 2 } }, { gate: 'closed', refusal: { code: 'no_rule' } } as const);
  const commands: fc.Arbitrary<Command> = fc.oneof(
    fc.constant<Command>({ type: 'report_plan', plan, preflight }),
    gates.map((gate): Command => ({ type: 'pass_gate', gate, policyVersion: POLICY })),
    fc.tuple(people, fc.constantFrom(true, true, false), fc.constantFrom(digest, digest, 'd'.repeat(64) as Sha256)).map(([by, isEntitled, shown]): Command => ({ type: 'approve', by, isEntitled, hasApproved: false, digest: shown })),
    people.map((by): Command => ({ type: 'deny', by, isEntitled: by !== CAROL, reason: null })),
    people.map((by): Command => ({ type: 'withdraw', by })),
    people.map((by): Command => ({ type: 'cancel', by, canStop: false })),
    fc.tuple(gates, fc.constantFrom(true, true, false)).map(([gate, entitled]): Command => ({ type: 'grant', gate, policyVersion: POLICY, isEntitled: () => entitled, sign: () => 'signed' })),
    fc.integer({ min: -1, max: 1 }).map((generation): Command => ({ type: 'start', worker: 'w', generation })),
    fc.constant<Command>({ type: 'lapse' }), fc.constant<Command>({ type: 'expire' }), fc.constant<Command>({ type: 'finish', ends: [] }),
  );

  it('nothing starts without a rule that allowed it or enough other people who approved this plan (P1)', () => {
    let starts = 0;
    fc.assert(fc.property(fc.array(fc.tuple(commands, fc.integer({ min: 0, max: 40 })), { minLength: 10, maxLength: 60 }), (steps) => {
      let [request, now] = [given(requested, planned), 1];
      for (const [command, later] of steps) {
        now += later;
        const decision = decide(request, ofThisGeneration(request, command), at(now));
        if (!decision.ok) continue;
        request = evolve(request, decision.event);
        if (decision.event.type !== 'started') continue;
        starts += 1;
        expectAuthorized(request as Running, at(now));
      }
    }), { numRuns: 8_000 });
    expect(starts, 'a search that never starts anything proves nothing').toBeGreaterThan(5);
  });

  /** A start is of the generation that is due, or of the one before or after. */
  const ofThisGeneration = (request: Request, command: Command): Command =>
    (command.type === 'start' && 'generation' in request ? { ...command, generation: request.generation + command.generation } : command);

  const expectAuthorized = (request: Running, now: Instant): void => {
    expect(now).toBeLessThan(request.notAfter);
    expect(endsBy(request)).toBeGreaterThan(request.notAfter);
    if (request.authorization.by !== 'approvals') {
      expect(request.authorization.by).toBe('rule');
      return;
    }
    const approvers = new Set(request.authorization.approvals.map((approval) => approval.by));
    expect(approvers.has(ALICE)).toBe(false);
    expect(approvers.size).toBeGreaterThanOrEqual(request.authorization.hold.needed);
    for (const approval of request.authorization.approvals) expect(approval.digest).toBe(request.digest);
  };
});
