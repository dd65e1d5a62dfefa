/** Break-glass, before and after: who may, the notice that must stand before anything runs, the review that is owed. */
import { oweReview } from '../../domain/break-glass-review.ts';
import type { RunCommand } from '../../domain/command/command.ts';
import type { Profile } from '../../domain/container.ts';
import { isUnannounced } from '../../domain/exceptions.ts';
import { NOTICE_WITHIN_MS } from '../../domain/limits.ts';
import { after, type ChannelId, type Instant, type UserId } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Command, Queued, Request } from '../../domain/request-states.ts';
import type { Rights } from '../rights.ts';
import type { AuthorityChat, AuthorityRecords, BreakGlassPolicy, Posts } from './ports.ts';

export interface BreakingGlass {
  readonly authority: AuthorityRecords;
  readonly chat: AuthorityChat;
  readonly audit: ChannelId;
  /** Absent: nobody may. */
  readonly breakGlass: BreakGlassPolicy | undefined;
}

/** `profiles`: one, or at the door all that `auto` may come to. */
export const whyNotBreakGlass = (policy: BreakGlassPolicy | undefined, rights: Rights, user: UserId, profiles: readonly Profile[]): Refusal | undefined => {
  if (!policy) return { code: 'break_glass_off' };
  if (!rights.isOneOf(user, policy.who)) return { code: 'break_glass_who', who: policy.who };
  return profiles.some((profile) => policy.profiles.includes(profile)) ? undefined : { code: 'break_glass_profile', profiles: policy.profiles };
};

export const whyNoReason = ({ options: { breakGlass, reason } }: Pick<RunCommand, 'options'>): Refusal | undefined =>
  breakGlass && (reason === undefined || reason.trim() === '') ? { code: 'break_glass_reason' } : undefined;

const KEY = 'notice';
const TRY_AGAIN_MS = 1_000;

/** A command of the record, or the milliseconds after which to try again. */
type Noticed = { readonly command: Command } | { readonly afterMs: number };

/**
 * Tells the audit channel, and answers what became of it. Slack's own yes is the only one that counts: a post whose answer
 * was lost is made again, marked as a repeat; when a minute has passed without a yes nothing runs.
 */
export const announce = async (world: BreakingGlass, request: Queued, now: Instant): Promise<Noticed> => {
  const since = request.authorization.by === 'break_glass' ? request.authorization.since : now;
  if (now >= after(since, NOTICE_WITHIN_MS)) return { command: { type: 'report_notice', notice: null, why: null } };
  const ref = { kind: 'review', id: request.id } as const;
  const tries = triesOf(await world.authority.posts(ref));
  const sent = await world.chat.authority({ of: 'glass', request }, { channel: world.audit }, tries > 0);
  switch (sent.kind) {
    case 'sent': return { command: { type: 'report_notice', notice: { channel: world.audit, ts: sent.ts }, why: null } };
    case 'never': return { command: { type: 'report_notice', notice: null, why: sent.why } };
    case 'later': return { afterMs: Math.min(sent.afterMs, NOTICE_WITHIN_MS) };
    case 'uncertain':
      await world.authority.savePosts(ref, { [KEY]: tries + 1 });
      return { afterMs: TRY_AGAIN_MS };
  }
};

const triesOf = (posts: Posts): number => {
  const tries = posts[KEY];
  return typeof tries === 'number' ? tries : 0;
};

export const owesNotice = (request: Request | undefined): request is Queued => request !== undefined && isUnannounced(request);

/** Before the grant, so that no run can be without its debt; a second time it is there already. */
export const oweReviewOf = async ({ authority, breakGlass }: Pick<BreakingGlass, 'authority' | 'breakGlass'>, request: Queued, now: Instant): Promise<void> => {
  const { authorization, ask, plan } = request;
  if (authorization.by !== 'break_glass' || !breakGlass) return;
  const glass = {
    requester: ask.requester, channel: ask.place.cardIn, cluster: ask.cluster, namespace: ask.command.namespace, pods: plan.targets.map(({ pod }) => pod),
    argv: plan.argv, rule: authorization.rule, reason: authorization.reason, approvers: authorization.hold.approvers,
  };
  await authority.append('review', request.id, undefined, oweReview(glass, breakGlass.reviewWithinMs, now));
};
