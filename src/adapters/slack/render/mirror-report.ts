/** What a week held, as one line of the audit channel. */
import type { FullReport } from '../../../app/ledger/report.ts';
import { QUICK_APPROVAL_MS, type BrokenGlass } from '../../../domain/ledger/report.ts';
import { countOf, duration } from '../wording/quantities.ts';
import { code, joined, person, say, type Sentence } from '../wording/sentence.ts';
import { cut } from './escape.ts';

const NAMED_MAX = 5;
const REASON_CHARS_MAX = 80;

/** `18 Nov`, in UTC. */
const dayOf = (instant: number): string => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(instant);

const some = (sentences: readonly Sentence[]): Sentence =>
  joined([...sentences.slice(0, NAMED_MAX), ...(sentences.length > NAMED_MAX ? [[`${sentences.length - NAMED_MAX} more`]] : [])], ', ');

const broken = ({ request, by, reason, isReviewed }: BrokenGlass): Sentence =>
  say`${code(request)} by ${person(by)} (${code(cut(reason, REASON_CHARS_MAX))}, ${isReviewed ? 'reviewed' : 'not reviewed yet'})`;

export const reportLine = ({ from, until, requests, started, refused, attempts, alarms, denied, approvals, medianApprovalMs, quick, glass, reviewsOwed, preApprovals, freezes }: FullReport): Sentence => {
  const pace = medianApprovalMs === null ? '' : `, half of them within ${duration(medianApprovalMs)}`;
  return joined([
    say`📋 ${dayOf(from)} to ${dayOf(until)}: ${countOf(requests, 'request')}, ${String(started)} started, ${String(refused)} refused, ${String(denied)} denied, ${countOf(attempts, 'refused attempt')}`,
    say`${countOf(approvals, 'approval')}${pace}`,
    ...(quick.length === 0 ? [] : [say`approved within ${duration(QUICK_APPROVAL_MS)} of the question: ${some(quick.map(({ by, count }) => say`${person(by)} ${countOf(count, 'time')}`))}`]),
    glass.length === 0 ? say`no glass broken` : say`🚨 glass broken ${countOf(glass.length, 'time')}: ${some(glass.map(broken))}`,
    ...(reviewsOwed === 0 ? [] : [say`🚨 ${countOf(reviewsOwed, 'review')} owed`]),
    ...(alarms === 0 ? [] : [say`🚨 ${countOf(alarms, 'security alarm')}`]),
    say`${countOf(preApprovals, 'pre-approval')}, ${countOf(freezes, 'freeze')}`,
  ], ' · ');
};
