import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAuthorityOver, nextLookAt, replayAuthority } from '../../src/domain/authority.ts';
import { APPROVE_WITHIN_MS, GRANT_MS, PLAN_WITHIN_MS, RECYCLE_AGAIN_MS, RECYCLE_AGAIN_MS_MAX, RECYCLE_AGAIN_MS_MIN, RECYCLE_TRY_MS, START_WITHIN_MS } from '../../src/domain/limits.ts';
import { after, type ClusterName, type ImageName, type Instant, type Namespace, type PodName, type PodUid, type RequestId, type TeamId } from '../../src/domain/names.ts';
import { evolveRecycle } from '../../src/domain/recycle-evolve.ts';
import { askRecycle, decideRecycle } from '../../src/domain/recycle.ts';
import type { BudgetFailure, Recycle, RecycleAsk, RecycleCommand, RecycleEvent } from '../../src/domain/recycle-states.ts';
import type { RecycleGate } from '../../src/domain/policy/recycling.ts';
import { ALICE, BOB, CAROL, INCIDENT, T0 } from '../fixtures/requests.ts';

const ID = 'kd-00000001' as RequestId;
const OPEN: RecycleGate = { gate: 'open', rule: 'everywhere else' };
const HELD: RecycleGate = { gate: 'held', rule: 'production', approvers: [{ kind: 'user', id: BOB }] };
const POD = 'api-1' as PodName;
const ask = (gate: RecycleGate = HELD): RecycleAsk => ({
  by: ALICE, team: 'T0ACME' as TeamId, of: 'kd-00000009' as RequestId, channel: INCIDENT, thread: null, gate,
  target: { cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, pod: POD, uid: 'uid-1' as PodUid },
  like: { channel: INCIDENT, image: 'netshoot' as ImageName, profile: 'general', labels: {} },
});
const BUDGET: BudgetFailure = { code: 'disruption_budget', pod: POD, budget: 'api', detail: 'needs 2', afterMs: null };
const CHECK = { containers: 3, owner: 'ReplicaSet/api', budget: null } as const;
const grant = (gate: Extract<RecycleCommand, { type: 'grant' }>['gate'], isEntitled = true): RecycleCommand => ({ type: 'grant', gate, isEntitled: () => isEntitled, sign: (claim) => `signed ${claim.uid}` });

interface Told { readonly state: Recycle; readonly events: readonly RecycleEvent[]; readonly refused: readonly string[] }

/** Each command at its second; a refused one changes nothing. */
const tell = (gate: RecycleGate, ...steps: readonly (readonly [atMs: number, RecycleCommand])[]): Told => {
  const first = askRecycle(ask(gate), T0);
  let told: Told = { state: evolveRecycle(undefined, ID, first) as Recycle, events: [first], refused: [] };
  for (const [atMs, command] of steps) {
    const decision = decideRecycle(told.state, command, after(T0, atMs));
    if (!decision.ok) { told = { ...told, refused: [...told.refused, decision.refusal.code] }; continue; }
    const state = evolveRecycle(told.state, ID, decision.event);
    if (!state) throw new Error(`${decision.event.type} cannot follow ${told.state.state}`);
    told = { ...told, state, events: [...told.events, decision.event] };
  }
  return told;
};

const checked = [1_000, { type: 'report_check', check: CHECK }] as const;
const approved = [2_000, { type: 'approve', by: BOB, isEntitled: true }] as const;
const granted = [3_000, grant(HELD)] as const;
const started = (state: number): readonly [number, RecycleCommand] => [4_000, { type: 'start', worker: 'w', generation: state }];
const toEvicting = [checked, approved, granted, started(4)] as const;

describe('the way of a recycle', () => {
  it('held: checked, approved by another person, granted for its pod, started, evicted', () => {
    const { state, events } = tell(HELD, ...toEvicting, [5_000, { type: 'end', end: { how: 'evicted' } }]);
    expect(events.map(({ type }) => type)).toEqual(['recycle_asked', 'recycle_checked', 'recycle_approved', 'recycle_granted', 'recycle_started', 'recycle_ended']);
    expect(state).toMatchObject({ state: 'over', over: { how: 'evicted' }, authorization: { by: 'approval', approver: BOB } });
    expect(events[3]).toMatchObject({ signature: 'signed uid-1' });
    expect(replayAuthority('recycle', ID, events)).toEqual(state);
    expect(isAuthorityOver(state)).toBe(true);
  });

  it('open: nobody is asked', () => {
    const { state } = tell(OPEN, checked, [2_000, grant(OPEN)], [3_000, { type: 'start', worker: 'w', generation: 3 }]);
    expect(state).toMatchObject({ state: 'evicting', authorization: { by: 'rule' } });
  });

  it.each<readonly [string, RecycleGate, readonly (readonly [number, RecycleCommand])[], string]>([
    ['the one who asked may not approve', HELD, [checked, [2_000, { type: 'approve', by: ALICE, isEntitled: true }]], 'own_request'],
    ['somebody not entitled may not approve', HELD, [checked, [2_000, { type: 'approve', by: CAROL, isEntitled: false }]], 'not_an_approver'],
    ['nor deny', HELD, [checked, [2_000, { type: 'deny', by: CAROL, isEntitled: false, reason: null }]], 'not_an_approver'],
    ['nothing is approved before it was checked', HELD, [approved], 'already_decided'],
    ['nothing is approved too late', HELD, [checked, [1_000 + APPROVE_WITHIN_MS, { type: 'approve', by: BOB, isEntitled: true }]], 'too_late'],
    ['nothing is granted before it is approved', HELD, [checked, granted], 'not_due'],
    ['nothing is started without a grant', HELD, [checked, approved, started(3)], 'not_due'],
    ['a job of another generation starts nothing', HELD, [checked, approved, granted, started(3)], 'not_due'],
    ['a grant is good for a minute', HELD, [checked, approved, granted, [3_000 + GRANT_MS, { type: 'start', worker: 'w', generation: 4 }]], 'no_grant'],
    ['nothing is evicted that was not started', HELD, [checked, approved, granted, [4_000, { type: 'end', end: { how: 'evicted' } }]], 'not_due'],
    ['a check after the time for it counts for nothing', HELD, [[PLAN_WITHIN_MS, { type: 'report_check', check: CHECK }]], 'not_due'],
    ['only the one who asked withdraws', HELD, [checked, [2_000, { type: 'withdraw', by: BOB }]], 'not_the_requester'],
  ])('%s', (_what, gate, steps, code) => {
    expect(tell(gate, ...steps).refused.at(-1)).toBe(code);
  });

  it.each<readonly [string, readonly (readonly [number, RecycleCommand])[], object]>([
    ['closed by now', [checked, approved, [3_000, grant({ gate: 'closed', refusal: { code: 'no_rule' } })]], { how: 'refused', refusal: { code: 'no_rule' } }],
    ['its approver lost the right', [checked, approved, [3_000, grant(HELD, false)]], { how: 'refused', refusal: { code: 'approval_lost', approver: BOB } }],
    ['never granted in time', [checked, approved, [2_000 + START_WITHIN_MS, grant(HELD)]], { how: 'expired' }],
    ['never checked', [[PLAN_WITHIN_MS, { type: 'lapse' }]], { how: 'expired' }],
    ['never decided', [checked, [1_000 + APPROVE_WITHIN_MS, { type: 'lapse' }]], { how: 'expired' }],
    ['denied', [checked, [2_000, { type: 'deny', by: BOB, isEntitled: true, reason: 'not today' }]], { how: 'denied', by: BOB, reason: 'not today' }],
    ['withdrawn', [checked, [2_000, { type: 'withdraw', by: ALICE }]], { how: 'withdrawn' }],
    ['not what the cluster can do', [[1_000, { type: 'end', end: { how: 'failed', failure: { code: 'pod_gone', pod: POD } } }]], { how: 'failed' }],
    ['left by its worker', [...toEvicting, [4_000 + RECYCLE_TRY_MS + GRANT_MS, { type: 'lapse' }]], { how: 'unknown' }],
  ])('ends: %s', (_what, steps, over) => {
    expect(tell(HELD, ...steps).state).toMatchObject({ state: 'over', over });
  });

  it('an open gate that holds by now is not opened again by what was', () => {
    expect(tell(OPEN, checked, [2_000, grant(HELD)]).state).toMatchObject({ state: 'over', over: { how: 'refused', refusal: { code: 'policy_changed' } } });
  });

  it('a grant that lapsed is given again, and only then; the job before it does nothing', () => {
    const again = tell(HELD, checked, approved, granted, [4_000, grant(HELD)], [3_001 + GRANT_MS, grant(HELD)]);
    expect(again.refused).toEqual(['not_due']);
    expect(again.state).toMatchObject({ state: 'granted', generation: 5 });
    expect(decideRecycle(again.state, { type: 'start', worker: 'w', generation: 4 }, after(T0, 70_000)).ok).toBe(false);
  });
});

describe('a budget that says not now', () => {
  const blockedAt = (afterMs: number | null, atMs = 5_000): Told => tell(HELD, ...toEvicting, [atMs, { type: 'block', failure: { ...BUDGET, afterMs } }]);

  it.each<readonly [string, number | null, number]>([
    ['no word of when', null, RECYCLE_AGAIN_MS], ['in 30 s', 30_000, 30_000], ['at once', 1, RECYCLE_AGAIN_MS_MIN], ['in an hour', 3_600_000, RECYCLE_AGAIN_MS_MAX],
  ])('%s: is asked again later', (_what, afterMs, pauseMs) => {
    expect(blockedAt(afterMs).state).toMatchObject({ state: 'evicting', tries: 2, blocked: { nextAt: T0 + 5_000 + pauseMs } });
  });

  it('to the end: is given up, with the budget\'s name', () => {
    expect(blockedAt(null, 4_000 + RECYCLE_TRY_MS - RECYCLE_AGAIN_MS).state).toMatchObject({ state: 'over', over: { how: 'failed', failure: { budget: 'api' } } });
  });
});

const PEOPLE = [ALICE, BOB, CAROL] as const;
const anyCommand: fc.Arbitrary<RecycleCommand> = fc.oneof(
  fc.constantFrom<RecycleCommand>({ type: 'report_check', check: CHECK }, { type: 'report_check', check: { ...CHECK, budget: BUDGET } }, { type: 'lapse' }, { type: 'block', failure: BUDGET },
    { type: 'end', end: { how: 'evicted' } }, { type: 'end', end: { how: 'gone', isReplaced: true } }, { type: 'end', end: { how: 'failed', failure: { code: 'pod_gone', pod: POD } } }, grant(OPEN), grant(HELD), grant(HELD, false)),
  fc.record({ type: fc.constantFrom('approve' as const), by: fc.constantFrom(...PEOPLE), isEntitled: fc.boolean() }),
  fc.record({ type: fc.constantFrom('deny' as const), by: fc.constantFrom(...PEOPLE), isEntitled: fc.boolean(), reason: fc.constant(null) }),
  fc.record({ type: fc.constantFrom('withdraw' as const), by: fc.constantFrom(...PEOPLE) }),
  fc.record({ type: fc.constantFrom('start' as const), worker: fc.constant('w'), generation: fc.integer({ min: 1, max: 8 }) }),
);
const anyStory = fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), anyCommand), { maxLength: 25 });

describe('whatever people, workers and clocks do', () => {
  it('nothing is started that another entitled person did not approve or a rule did not open, and no event follows the end', () => {
    fc.assert(fc.property(fc.constantFrom(OPEN, HELD), anyStory, (gate, story) => {
      let now = 0;
      const { events, state } = tell(gate, ...story.map(([ms, command]) => [now += ms, command] as const));
      const types = events.map(({ type }) => type);
      const approvals = events.filter((event) => event.type === 'recycle_approved');
      if (types.includes('recycle_started')) {
        expect(types.indexOf('recycle_granted')).toBeLessThan(types.indexOf('recycle_started'));
        expect(gate.gate === 'open' ? 0 : 1).toBe(approvals.length);
      }
      for (const approval of approvals) expect(approval.by).not.toBe(ALICE);
      expect(types.filter((type) => type === 'recycle_started').length).toBeLessThanOrEqual(1);
      expect(types.filter((type) => ['recycle_ended', 'recycle_denied', 'recycle_withdrawn', 'recycle_expired', 'recycle_refused'].includes(type)).length).toBe(state.state === 'over' ? 1 : 0);
      expect(types.filter((type) => type === 'recycle_blocked').length).toBeLessThanOrEqual(RECYCLE_TRY_MS / RECYCLE_AGAIN_MS_MIN);
      expect(replayAuthority('recycle', ID, events)).toEqual(state);
    }));
  });

  it('it always ends by itself: there is always a time to look at it again, and looking then ends it', () => {
    fc.assert(fc.property(fc.constantFrom(OPEN, HELD), anyStory, (gate, story) => {
      let now = 0;
      let { state } = tell(gate, ...story.map(([ms, command]) => [now += ms, command] as const));
      for (let looks = 0; state.state !== 'over' && looks < 10; looks += 1) {
        const at = Math.max(now, (nextLookAt(state) ?? Infinity) - T0 + 1, state.state === 'evicting' ? state.until - T0 + GRANT_MS : 0, state.state === 'granted' ? state.notAfter - T0 + GRANT_MS : 0);
        expect(at).not.toBe(Infinity);
        const decision = decideRecycle(state, { type: 'lapse' }, (T0 + at) as Instant);
        if (decision.ok) state = evolveRecycle(state, ID, decision.event) as Recycle;
      }
      expect(state.state).toBe('over');
    }));
  });
});
