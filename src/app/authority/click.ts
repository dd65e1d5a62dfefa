import { decideReview } from '../../domain/break-glass-review.ts';
import { REPLAY_MEMORY_MS } from '../../domain/limits.ts';
import type { UserId } from '../../domain/names.ts';
import { allApprovers } from '../../domain/policy/holding.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import { decidePreApproval, type PreApproval, type PreApprovalCommand } from '../../domain/pre-approval.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Directory } from '../chat-port.ts';
import type { Ledger, Log, Once } from '../ports.ts';
import { askRights, FRESH_MS, type Rights } from '../rights.ts';
import type { AuthorityClick, ClickAnswer } from '../slack-port.ts';
import { changeAuthority } from './change.ts';
import { whyFrozen } from './frozen.ts';
import type { AuthorityRecords } from './ports.ts';
import { mayDecideAllow } from './pre-approvals.ts';

export interface AuthorityClicking {
  readonly authority: AuthorityRecords;
  readonly once: Once;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly policy: Policy;
  readonly log: Log;
}

export const CARD_KEY = 'card';

/** Decided again from the record as it is now; every refusal is told and in the ledger. Never rejects. */
export const clickAuthority = async (world: AuthorityClicking, input: AuthorityClick): Promise<ClickAnswer> => {
  try {
    if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'done' };
    const refusal = await whyNotPressed(world, input) ?? await decideClick(world, input);
    if (!refusal) return { kind: 'done' };
    await world.ledger.recordAttempt({ user: input.user, channel: input.channel, request: input.request, what: 'click', text: null, refusal });
    return { kind: 'refused', refusal };
  } catch (error) {
    world.log.error({ request: input.request, user: input.user, error: error instanceof Error ? error.message : String(error) }, 'a click could not be saved');
    return { kind: 'unavailable' };
  }
};

/** Refused: a copy of the card elsewhere, somebody from outside. */
const whyNotPressed = async (world: AuthorityClicking, { request, channel, ts, user, team, action }: AuthorityClick): Promise<Refusal | undefined> => {
  const kind = action === 'review' ? 'review' : 'allow';
  const [posts, member] = await Promise.all([world.authority.posts({ kind, id: request }), world.directory.member(user, team)]);
  const card = posts[CARD_KEY];
  if (typeof card !== 'object' || card.channel !== channel || card.ts !== ts) return { code: 'wrong_card' };
  return member === 'member' ? undefined : { code: 'not_a_member', user };
};

const decideClick = async (world: AuthorityClicking, input: AuthorityClick): Promise<Refusal | undefined> => {
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  return input.action === 'review' ? review(world, input, rights) : decideAllow(world, input, rights);
};

const decideAllow = async (world: AuthorityClicking, input: AuthorityClick, rights: Rights): Promise<Refusal | undefined> => {
  const frozen = input.action === 'allow_approve' ? await whyFrozen(world.authority) : undefined;
  if (frozen) return frozen;
  const changed = await changeAuthority(world.authority, 'allow', input.request, { code: 'no_such_allow' }, (state, now) => decidePreApproval(state, commandOf(input, state, rights), now));
  return changed.ok ? undefined : changed.refusal;
};

const commandOf = ({ action, user, reason }: AuthorityClick, { ask }: PreApproval, rights: Rights): PreApprovalCommand => {
  const isEntitled = mayDecideAllow(rights, user, ask);
  if (action === 'allow_approve') return { type: 'approve', by: user, isEntitled };
  return action === 'allow_deny' ? { type: 'deny', by: user, isEntitled, reason } : { type: 'revoke', by: user, isEntitled };
};

const review = async (world: AuthorityClicking, { request, user, reason }: AuthorityClick, rights: Rights): Promise<Refusal | undefined> => {
  const changed = await changeAuthority(world.authority, 'review', request, { code: 'no_such_request' }, (state, now) =>
    decideReview(state, { type: 'review', by: user, isEntitled: mayReview(rights, world.policy, user, state.glass), comment: reason }, now));
  return changed.ok ? undefined : changed.refusal;
};

/** Of the rule as it is now; should it be gone, whoever approves under any. */
export const mayReview = (rights: Rights, policy: Policy, user: UserId, { rule }: { readonly rule: string }): boolean => {
  const now = policy.rules.find((one) => one.name === rule);
  return rights.isOneOf(user, now?.decide === 'approve' ? now.approvers : allApprovers(policy));
};
