/** Every event on every state: what may follow is a table, and all else is a broken record. */
import { describe, expect, it } from 'vitest';
import { dueOf, isTerminal } from '../../src/domain/due.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import { BrokenRecordError, evolve, replay } from '../../src/domain/evolve.ts';
import { allowed, approvedBy, at, BOB, choosing, finished, given, granted, held, ID, plan, planned, POLICY, requested, started, STATES } from '../fixtures/requests.ts';

type State = keyof typeof STATES;
const EVENTS: readonly RequestEvent[] = [
  requested, planned, { type: 'not_planned', at: at(5), failure: { code: 'policy_changed' } }, { type: 'replanned', at: at(5), policyVersion: POLICY, expiresAt: at(125) }, allowed, held(),
  { type: 'checked', at: at(5), gate: { gate: 'open', rule: 'r' } }, { type: 'refused', at: at(5), refusal: { code: 'no_rule' } }, approvedBy(BOB), { type: 'denied', at: at(5), by: BOB, reason: null }, { type: 'withdrawn', at: at(5), by: BOB }, granted(),
  { type: 'grant_lapsed', at: at(5) }, started, finished, choosing, { type: 'chosen', at: at(5), by: BOB, pod: plan.targets[0]!.pod, expiresAt: at(125) }, { type: 'stop_requested', at: at(5), by: BOB }, { type: 'cancelled', at: at(5), by: BOB }, { type: 'expired', at: at(5), waitingFor: 'plan' },
];
const WHILE_OPEN = ['refused', 'cancelled', 'expired'];
const MAY_FOLLOW: Readonly<Record<State, readonly string[]>> = {
  requested: ['choosing', 'planned', 'not_planned', ...WHILE_OPEN],
  choosing: ['chosen', ...WHILE_OPEN],
  planned: ['replanned', 'allowed', 'held', 'checked', ...WHILE_OPEN],
  awaiting_approval: ['approved', 'denied', 'withdrawn', ...WHILE_OPEN],
  queued: ['replanned', 'granted', 'grant_lapsed', ...WHILE_OPEN],
  running: ['stop_requested', 'finished'],
  finished: [], checked: [], refused: [], denied: [], withdrawn: [], cancelled: [], expired: [],
};
const follows = (events: readonly RequestEvent[], event: RequestEvent): boolean => {
  try {
    evolve(given(...events), event);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(BrokenRecordError);
    return false;
  }
};

describe.each(Object.entries(MAY_FOLLOW) as readonly (readonly [State, readonly string[]])[])('after %s', (state, allowedNext) => {
  it('these may follow, and nothing else', () => {
    const found = EVENTS.filter((event) => follows(STATES[state], event)).map((event) => event.type as string);
    expect(found.sort()).toEqual([...allowedNext].sort());
  });
});

describe('a start', () => {
  it('follows a grant only', () => {
    expect(follows([...STATES.queued, granted()], started)).toBe(true);
    expect(follows([...STATES.queued, granted(), { type: 'grant_lapsed', at: at(101) }], started)).toBe(false);
  });
  it('follows the approval of all who are needed, not of one', () => {
    expect(given(requested, planned, held(2), approvedBy(BOB)).state).toBe('awaiting_approval');
    expect(follows([requested, planned, held(2), approvedBy(BOB)], granted())).toBe(false);
  });
});

describe('a record', () => {
  it('begins with requested, or is none', () => {
    expect(replay(ID, [])).toBeUndefined();
    expect(() => replay(ID, [planned])).toThrow(BrokenRecordError);
  });
  it('is the same after a way through JSON', () => {
    for (const events of Object.values(STATES)) expect(replay(ID, JSON.parse(JSON.stringify(events)) as RequestEvent[])).toEqual(given(...events));
  });
  it('that is broken says which event of which request, and after what', () => {
    expect(() => given(requested, started)).toThrow(`Event 2 of ${ID} is "started", which cannot follow the state "requested"`);
  });
});

describe('what is due', () => {
  it('is of a new generation after each event that makes it due again', () => {
    const histories: readonly (readonly RequestEvent[])[] = [
      [requested], [requested, planned], STATES.queued, [...STATES.queued, granted()], [...STATES.queued, granted(), { type: 'grant_lapsed', at: at(101) }],
      [...STATES.queued, granted(), { type: 'replanned', at: at(102), policyVersion: POLICY, expiresAt: at(222) }],
    ];
    expect(histories.map((events) => dueOf(given(...events)))).toMatchObject([
      { step: 'plan', generation: 1 }, { step: 'decide', generation: 2 }, { step: 'decide', generation: 4 }, { step: 'run', generation: 5 }, { step: 'decide', generation: 6 }, { step: 'plan', generation: 6 },
    ]);
  });
  it('is nothing for exactly those that are over, and those that wait for people', () => {
    for (const [state, events] of Object.entries(STATES)) {
      expect([state, dueOf(given(...events)) === undefined]).toEqual([state, isTerminal(given(...events)) || ['awaiting_approval', 'choosing'].includes(state)]);
    }
  });
});
