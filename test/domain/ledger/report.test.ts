/** What a week held: counted by what happened in it, approvals by how long after the question they came. */
import { describe, expect, it } from 'vitest';
import { createReport, QUICK_APPROVAL_MS, type ReportedEntry } from '../../../src/domain/ledger/report.ts';
import type { Instant, RequestId, UserId } from '../../../src/domain/names.ts';
import { ALICE, BOB, CAROL } from '../../fixtures/requests.ts';

const [FROM, UNTIL] = [1_000_000, 2_000_000] as Instant[] as [Instant, Instant];
const idOf = (number: number): RequestId => `kd-0000000${number}` as RequestId;
/** Only what the report reads is in these. */
const entry = (at: number, request: number | null, type: string, more: object = {}): ReportedEntry =>
  ({ at: FROM + at as Instant, request: request === null ? null : idOf(request), event: { type, at: FROM + at, ...more } as never });
const reported = (...entries: readonly ReportedEntry[]) => {
  const builder = createReport(FROM, UNTIL);
  for (const one of entries) builder.add(one);
  return builder.report();
};
/** Asked and answered by somebody after a while. */
const answered = (request: number, by: UserId, afterMs: number): readonly ReportedEntry[] => [entry(10, request, 'held'), entry(10 + afterMs, request, 'approved', { by })];

const NOTHING = { from: FROM, until: UNTIL, requests: 0, started: 0, refused: 0, attempts: 0, alarms: 0, denied: 0, approvals: 0, medianApprovalMs: null, quick: [], glass: [], preApprovals: 0, freezes: 0 };

describe('a report', () => {
  it('of nothing says nothing', () => {
    expect(reported()).toEqual(NOTHING);
  });

  it.each<readonly [string, object, object]>([
    ['requested', {}, { requests: 1 }], ['started', {}, { started: 1 }], ['refused', {}, { refused: 1 }], ['not_planned', {}, { refused: 1 }],
    ['denied', { by: BOB }, { denied: 1 }], ['allow_denied', { by: BOB }, { denied: 1 }], ['recycle_denied', { by: BOB }, { denied: 1 }],
    ['approved', { by: BOB }, { approvals: 1 }], ['recycle_approved', { by: BOB }, { approvals: 1 }], ['allow_approved', { by: BOB }, { approvals: 1, preApprovals: 1 }], ['frozen', { by: BOB }, { freezes: 1 }],
    ['attempt', { count: 1, attempt: { what: 'click' } }, { attempts: 1 }], ['attempt', { count: 40, attempt: { what: 'command' } }, { attempts: 40 }], ['attempt', { count: 1, attempt: { what: 'security' } }, { alarms: 1 }], ['finished', {}, {}], ['withdrawn', { by: BOB }, {}],
  ])('counts %s', (type, more, counted) => {
    expect(reported(entry(5, 1, type, more))).toEqual({ ...NOTHING, ...counted });
  });

  it('counts from its first moment to before its last', () => {
    const last = UNTIL - FROM;
    expect(reported(entry(-1, 1, 'requested'), entry(0, 2, 'requested'), entry(last - 1, 3, 'requested'), entry(last, 4, 'requested')).requests).toBe(2);
    expect(reported(entry(0, null, 'attempt', { count: 1, attempt: { what: 'command' } })).attempts).toBe(1);
  });

  it('says how long the middle approval took, of an even number the shorter', () => {
    expect(reported(...answered(1, BOB, 9_000)).medianApprovalMs).toBe(9_000);
    expect(reported(...answered(1, BOB, 9_000), ...answered(2, BOB, 100_000), ...answered(3, CAROL, 20_000)).medianApprovalMs).toBe(20_000);
    expect(reported(...answered(1, BOB, 100_000), ...answered(2, BOB, 9_000)).medianApprovalMs).toBe(9_000);
  });

  it('names whose approvals come sooner than a card can be read', () => {
    const { quick, approvals } = reported(
      ...answered(1, CAROL, QUICK_APPROVAL_MS - 1), ...answered(2, BOB, 10), ...answered(3, BOB, 20), ...answered(4, ALICE, QUICK_APPROVAL_MS),
      entry(0, 5, 'allow_asked'), entry(50, 5, 'allow_approved', { by: BOB }), entry(0, 6, 'recycle_checked'), entry(50, 6, 'recycle_approved', { by: CAROL }),
    );
    expect(quick).toEqual([{ by: BOB, count: 3 }, { by: CAROL, count: 2 }]);
    expect(approvals).toBe(6);
  });

  it('counts as many attempts as there were, though beyond twenty a minute the others are one entry', () => {
    const attempt = (count: number) => entry(0, null, 'attempt', { count, attempt: { what: 'command' } });
    expect(reported(...Array.from({ length: 20 }, () => attempt(1)), attempt(60)).attempts).toBe(80);
  });

  it('counts a pre-approval once, however many approve it', () => {
    expect(reported(entry(0, 1, 'allow_approved', { by: BOB }), entry(5, 1, 'allow_approved', { by: CAROL }))).toMatchObject({ approvals: 2, preApprovals: 1 });
  });

  it('knows a question of before, and of one it does not know no time', () => {
    expect(reported(entry(-5_000, 1, 'held'), entry(1_000, 1, 'approved', { by: BOB }))).toMatchObject({ approvals: 1, medianApprovalMs: 6_000, quick: [] });
    expect(reported(entry(1_000, 1, 'approved', { by: BOB }))).toMatchObject({ approvals: 1, medianApprovalMs: null, quick: [] });
    // planned again: the question is a new one
    expect(reported(entry(0, 1, 'held'), entry(50_000, 1, 'held'), entry(51_000, 1, 'approved', { by: BOB }))).toMatchObject({ medianApprovalMs: 1_000 });
  });

  it('tells of each broken glass whether somebody looked at it', () => {
    const { glass } = reported(
      entry(0, 1, 'glass_broken', { by: ALICE, reason: 'INC-1' }), entry(5, 2, 'glass_broken', { by: BOB, reason: 'INC-2' }), entry(9, 1, 'reviewed', { by: CAROL, comment: 'fine' }),
      entry(10, 3, 'reviewed', { by: CAROL, comment: 'of another week' }),
    );
    expect(glass).toEqual([{ request: idOf(1), by: ALICE, reason: 'INC-1', isReviewed: true }, { request: idOf(2), by: BOB, reason: 'INC-2', isReviewed: false }]);
  });
});
