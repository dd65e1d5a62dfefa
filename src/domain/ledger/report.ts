/**
 * What a security team asks after a week: how much ran, who let it run and how fast, and where the glass was broken.
 * An approval that comes faster than its card can be read is no second pair of eyes, so these are counted by name.
 */
import type { AuthorityEvent } from '../authority.ts';
import type { RequestEvent } from '../events.ts';
import { median } from '../median.ts';
import type { Instant, RequestId, UserId } from '../names.ts';

/** A card takes longer to read. */
export const QUICK_APPROVAL_MS = 3_000;

type AttemptEvent = { readonly type: 'attempt'; readonly attempt: { readonly what: 'command' | 'click' | 'security' }; readonly count: number };
type Reported = RequestEvent | AuthorityEvent | AttemptEvent;

export interface ReportedEntry {
  readonly at: Instant;
  readonly request: RequestId | null;
  readonly event: Reported;
}

export interface BrokenGlass {
  readonly request: RequestId;
  readonly by: UserId;
  readonly reason: string;
  readonly isReviewed: boolean;
}

export interface ActivityReport {
  readonly from: Instant;
  /** Not part of it. */
  readonly until: Instant;
  readonly requests: number;
  readonly started: number;
  /** By a rule, or because of what the cluster said. */
  readonly refused: number;
  /** Commands and clicks that were refused before they became a request. */
  readonly attempts: number;
  /** What only somebody with his hands in Redis or the cluster can have done. */
  readonly alarms: number;
  /** Of requests, pre-approvals and evictions, as are `approvals`. */
  readonly denied: number;
  readonly approvals: number;
  /** From the question to the answer, of the middle one; null: there was none. */
  readonly medianApprovalMs: number | null;
  /** Whose approvals came within QUICK_APPROVAL_MS of the question, most first. */
  readonly quick: readonly { readonly by: UserId; readonly count: number }[];
  readonly glass: readonly BrokenGlass[];
  /** That somebody approved. */
  readonly preApprovals: number;
  readonly freezes: number;
}

export interface ReportBuilder {
  /** In the order of the ledger; what is before the period says since when something waits. */
  add(entry: ReportedEntry): void;
  report(): ActivityReport;
}

type Count = 'requests' | 'started' | 'refused' | 'denied' | 'approvals' | 'freezes';
const COUNTED: { readonly [Type in Reported['type']]?: Count } = {
  requested: 'requests', started: 'started', refused: 'refused', not_planned: 'refused', denied: 'denied', allow_denied: 'denied', recycle_denied: 'denied',
  approved: 'approvals', recycle_approved: 'approvals', allow_approved: 'approvals', frozen: 'freezes',
};
/** Since when an approver could answer. */
const QUESTIONS: readonly Reported['type'][] = ['held', 'allow_asked', 'recycle_checked'];

export const createReport = (from: Instant, until: Instant): ReportBuilder => {
  const counts: Record<Count | 'attempts' | 'alarms', number> = { requests: 0, started: 0, refused: 0, denied: 0, approvals: 0, freezes: 0, attempts: 0, alarms: 0 };
  const preApproved = new Set<RequestId>();
  const asked = new Map<RequestId, Instant>();
  const glass = new Map<RequestId, BrokenGlass>();
  const quick = new Map<UserId, number>();
  const waits: number[] = [];

  const answered = (by: UserId, waitedMs: number): void => {
    waits.push(waitedMs);
    if (waitedMs < QUICK_APPROVAL_MS) quick.set(by, (quick.get(by) ?? 0) + 1);
  };
  const count = (event: Reported): void => {
    const name = COUNTED[event.type];
    if (name) counts[name] += 1;
    if (event.type === 'attempt') counts[event.attempt.what === 'security' ? 'alarms' : 'attempts'] += event.count;
  };
  const follow = (request: RequestId, { at, event }: ReportedEntry): void => {
    if (event.type === 'glass_broken') glass.set(request, { request, by: event.by, reason: event.reason, isReviewed: false });
    if (event.type === 'allow_approved') preApproved.add(request);
    const broken = glass.get(request);
    if (event.type === 'reviewed' && broken) glass.set(request, { ...broken, isReviewed: true });
    const since = asked.get(request);
    if (COUNTED[event.type] === 'approvals' && 'by' in event && since !== undefined) answered(event.by, at - since);
  };
  return {
    add: (entry) => {
      const { at, request, event } = entry;
      if (request !== null && QUESTIONS.includes(event.type)) asked.set(request, at);
      if (at < from || at >= until) return;
      count(event);
      if (request !== null) follow(request, entry);
    },
    report: () => ({
      from, until, ...counts, medianApprovalMs: median(waits) ?? null, glass: [...glass.values()], preApprovals: preApproved.size,
      quick: [...quick].map(([by, times]) => ({ by, count: times })).toSorted((left, right) => right.count - left.count),
    }),
  };
};
