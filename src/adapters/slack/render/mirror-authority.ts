/** Ledger entries of freezes, pre-approvals and reviews as lines. */
import type { LedgerLine } from '../../../app/ports.ts';
import type { AuthorityEvent } from '../../../domain/authority.ts';
import { duration } from '../wording/quantities.ts';
import { at, code, inChannel, listed, person, say, type Sentence } from '../wording/sentence.ts';
import { cut } from './escape.ts';

const FOREIGN_CHARS_MAX = 80;
type EventOf<Type extends AuthorityEvent['type']> = Extract<AuthorityEvent, { type: Type }>;

const because = (reason: string | null): Sentence => (reason === null ? [] : say`: ${code(cut(reason, FOREIGN_CHARS_MAX))}`);

const WORDS: { readonly [Type in AuthorityEvent['type']]: (event: EventOf<Type>) => Sentence } = {
  frozen: ({ by, reason, channel }) => say`🧊 frozen by ${person(by)} in ${inChannel(channel)}${because(reason)}`,
  unfreeze_asked: ({ by, until }) => say`🧊 ${person(by)} wants the freeze lifted: one more by ${at(until)}`,
  unfrozen: ({ by, first }) => say`☀️ freeze lifted by ${person(first)} and ${person(by)}`,
  allow_asked: ({ ask }) => say`pre-approval asked for by ${person(ask.by)}: for ${person(ask.person)} in ${code(`${ask.cluster}/${ask.namespace}`)}, ${duration(ask.durationMs)}, ${listed(ask.scopes.map(({ kind, name }) => code(`${kind}:${name}`)))}`,
  allow_approved: ({ by, until }) => say`pre-approval approved by ${person(by)}, until ${at(until)}`,
  allow_denied: ({ by, reason }) => say`pre-approval denied by ${person(by)}${because(reason)}`,
  allow_withdrawn: ({ by }) => say`pre-approval withdrawn by ${person(by)}`,
  allow_revoked: ({ by }) => say`pre-approval revoked by ${person(by)}`,
  allow_expired: () => ['pre-approval expired: nobody decided in time'],
  allow_ended: () => ['pre-approval ended'],
  review_owed: ({ glass, dueAt }) => say`🚨 a review of the broken glass of ${person(glass.requester)} is owed by ${at(dueAt)}`,
  review_reminded: ({ isOverdue }) => [isOverdue ? '⏰ the review is overdue' : '⏰ the review is still owed'],
  reviewed: ({ by, comment }) => say`broken glass reviewed by ${person(by)}${because(comment)}`,
  recycle_asked: ({ ask: { by, target, of } }) => say`♻️ recycle asked for by ${person(by)}: ${code(`${target.cluster}/${target.namespace}/${target.pod}`)} uid ${code(target.uid)}, after ${code(of)}`,
  recycle_checked: ({ check }) => say`♻️ recycle tried without effect: ${String(check.containers)} debug containers${check.budget === null ? '' : ', a disruption budget says not now'}`,
  recycle_approved: ({ by }) => say`♻️ recycle approved by ${person(by)}`,
  recycle_denied: ({ by, reason }) => say`♻️ recycle denied by ${person(by)}${because(reason)}`,
  recycle_withdrawn: ({ by }) => say`♻️ recycle withdrawn by ${person(by)}`,
  recycle_expired: () => ['♻️ recycle expired'],
  recycle_refused: ({ refusal }) => say`♻️ recycle refused: ${code(refusal.code)}`,
  recycle_granted: ({ until }) => say`♻️ recycle granted, until ${at(until)}`,
  recycle_started: ({ worker }) => say`♻️ eviction begun by worker ${code(cut(worker, FOREIGN_CHARS_MAX))}`,
  recycle_blocked: ({ failure, nextAt }) => say`♻️ eviction not now: ${code(failure.code === 'disruption_budget' && failure.budget !== null ? failure.budget : failure.code)}, again at ${at(nextAt)}`,
  recycle_ended: ({ end }) => say`♻️ recycle over: ${code(end.how === 'failed' ? end.failure.code : end.how)}`,
};

export const isOfAuthority = (event: LedgerLine['event']): event is AuthorityEvent => Object.hasOwn(WORDS, event.type);
export const authorityLine = (event: AuthorityEvent): Sentence => (WORDS[event.type] as (event: AuthorityEvent) => Sentence)(event);
