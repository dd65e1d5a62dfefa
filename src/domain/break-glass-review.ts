/**
 * The debt that a broken glass leaves: somebody else looks at it afterwards and says what they found. It is owed from
 * the announcement on, whether or not the command came to run, and never lapses.
 *
 *   owed ─▶ reminded (half of the time) ─▶ overdue (all of it) ─▶ reviewed
 *     └──────────────┴────────────────────────┴───────────────────▶ reviewed
 */
import type { ChannelId, ClusterName, Instant, Namespace, RequestId, UserId } from './names.ts';
import type { Principal } from './policy/rule.ts';
import type { Refusal } from './refusal.ts';

export interface Glass {
  readonly requester: UserId;
  readonly channel: ChannelId;
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
  readonly pods: readonly string[];
  readonly argv: readonly string[];
  readonly rule: string;
  readonly reason: string;
  readonly approvers: readonly Principal[];
}

export type ReviewEvent =
  | { readonly type: 'review_owed'; readonly at: Instant; readonly glass: Glass; readonly remindAt: Instant; readonly dueAt: Instant }
  | { readonly type: 'review_reminded'; readonly at: Instant; readonly isOverdue: boolean }
  | { readonly type: 'reviewed'; readonly at: Instant; readonly by: UserId; readonly comment: string };

interface Owed {
  /** Of the request whose glass was broken. */
  readonly id: RequestId;
  /** Events so far. */
  readonly version: number;
  readonly glass: Glass;
  readonly dueAt: Instant;
}

export type Review =
  | (Owed & { readonly state: 'owed' | 'reminded' | 'overdue'; readonly remindAt: Instant })
  | (Owed & { readonly state: 'reviewed'; readonly by: UserId; readonly at: Instant; readonly comment: string });

export type ReviewCommand =
  | { readonly type: 'review'; readonly by: UserId; readonly isEntitled: boolean; readonly comment: string | null }
  | { readonly type: 'remind' };

export type ReviewDecision = { readonly ok: true; readonly event: ReviewEvent } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (refusal: Refusal): ReviewDecision => ({ ok: false, refusal });

export const oweReview = (glass: Glass, reviewWithinMs: number, now: Instant): ReviewEvent =>
  ({ type: 'review_owed', at: now, glass, remindAt: (now + Math.floor(reviewWithinMs / 2)) as Instant, dueAt: (now + reviewWithinMs) as Instant });

const review = (request: Review, { by, isEntitled, comment }: Extract<ReviewCommand, { type: 'review' }>, now: Instant): ReviewDecision => {
  if (request.state === 'reviewed') return refuse({ code: 'already_decided', state: 'reviewed' });
  if (by === request.glass.requester) return refuse({ code: 'own_glass' });
  if (!isEntitled) return refuse({ code: 'not_an_approver', approvers: request.glass.approvers });
  return comment === null || comment.trim() === '' ? refuse({ code: 'comment_missing' }) : { ok: true, event: { type: 'reviewed', at: now, by, comment } };
};

export const decideReview = (request: Review, command: ReviewCommand, now: Instant): ReviewDecision => {
  if (command.type === 'review') return review(request, command, now);
  if ((request.state === 'owed' || request.state === 'reminded') && now >= request.dueAt) return { ok: true, event: { type: 'review_reminded', at: now, isOverdue: true } };
  return request.state === 'owed' && now >= request.remindAt
    ? { ok: true, event: { type: 'review_reminded', at: now, isOverdue: false } }
    : refuse({ code: 'not_due', state: request.state });
};

/** Undefined: the event cannot follow. */
export const evolveReview = (request: Review | undefined, id: RequestId, event: ReviewEvent): Review | undefined => {
  if (event.type === 'review_owed') return request === undefined ? { id, version: 1, glass: event.glass, dueAt: event.dueAt, remindAt: event.remindAt, state: 'owed' } : undefined;
  if (request === undefined || request.state === 'reviewed') return undefined;
  const version = request.version + 1;
  if (event.type === 'review_reminded') return { ...request, version, state: event.isOverdue ? 'overdue' : 'reminded' };
  const { glass, dueAt } = request;
  return { id, version, glass, dueAt, state: 'reviewed', by: event.by, at: event.at, comment: event.comment };
};
