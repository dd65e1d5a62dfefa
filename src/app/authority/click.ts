import { decideReview } from '../../domain/break-glass-review.ts';
import type { UserId } from '../../domain/names.ts';
import { allApprovers } from '../../domain/policy/holding.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import { decidePreApproval, type PreApproval, type PreApprovalCommand } from '../../domain/pre-approval.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Directory } from '../chat-port.ts';
import { isNoneOf, type Identity } from '../identity.ts';
import type { Ledger, Log, Once } from '../ports.ts';
import { decideRecycleClick, isRecycleAction } from '../recycle/click.ts';
import { askRights, FRESH_MS, type Rights } from '../rights.ts';
import type { AuthorityClick, ClickAnswer } from '../slack-port.ts';
import { pressedOnce } from '../unavailable.ts';
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
  readonly identity: Identity;
  readonly log: Log;
}

export const CARD_KEY = 'card';

/** Decided again from the record as it is now; every refusal is told and in the ledger. Never rejects. */
export const clickAuthority = (world: AuthorityClicking, input: AuthorityClick): Promise<ClickAnswer> =>
  pressedOnce(world, input, 'a click could not be saved', async () => await whyNotPressed(world, input) ?? decideClick(world, input));

/** Refused: a copy of the card elsewhere, somebody from outside. */
const whyNotPressed = async (world: AuthorityClicking, { request, channel, ts, user, team, action }: AuthorityClick): Promise<Refusal | undefined> => {
  const kind = isRecycleAction(action) ? 'recycle' : action === 'review' ? 'review' : 'allow';
  const [posts, member] = await Promise.all([world.authority.posts({ kind, id: request }), world.directory.member(user, team)]);
  const card = posts[CARD_KEY];
  if (typeof card !== 'object' || card.channel !== channel || card.ts !== ts) return { code: 'wrong_card' };
  return member === 'member' ? undefined : { code: 'not_a_member', user };
};

const decideClick = async (world: AuthorityClicking, input: AuthorityClick): Promise<Refusal | undefined> => {
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  const { action } = input;
  if (isRecycleAction(action)) return decideRecycleClick(world, { ...input, action }, rights);
  return action === 'review' ? review(world, input, rights) : decideAllow(world, input, rights);
};

const decideAllow = async (world: AuthorityClicking, input: AuthorityClick, rights: Rights): Promise<Refusal | undefined> => {
  const frozen = input.action === 'allow_approve' ? await whyFrozen(world.authority) : undefined;
  if (frozen) return frozen;
  const changed = await changeAuthority(world.authority, 'allow', input.request, { code: 'no_such_allow' }, async (state, now) => decidePreApproval(state, await commandOf(world, input, state, rights), now));
  return changed.ok ? undefined : changed.refusal;
};

const commandOf = async (world: AuthorityClicking, { action, user, reason }: AuthorityClick, { ask, approvedBy }: PreApproval, rights: Rights): Promise<PreApprovalCommand> => {
  const isEntitled = mayDecideAllow(rights, user, ask);
  if (action === 'allow_approve') {
    // another account of who asked, or of whom it is for, is nobody else
    const [isOther, isNew] = await Promise.all([isNoneOf(world, user, [ask.by, ask.person]), isNoneOf(world, user, approvedBy)]);
    return { type: 'approve', by: user, isEntitled: isEntitled && isOther, hasApproved: !isNew };
  }
  return action === 'allow_deny' ? { type: 'deny', by: user, isEntitled, reason } : { type: 'revoke', by: user, isEntitled };
};

const review = async (world: AuthorityClicking, { request, user, reason }: AuthorityClick, rights: Rights): Promise<Refusal | undefined> => {
  const changed = await changeAuthority(world.authority, 'review', request, { code: 'no_such_request' }, async (state, now) => {
    const isEntitled = mayReview(rights, world.policy, user, state.glass) && (user === state.glass.requester || await isNoneOf(world, user, [state.glass.requester]));
    return decideReview(state, { type: 'review', by: user, isEntitled, comment: reason }, now);
  });
  return changed.ok ? undefined : changed.refusal;
};

/** Of the rule as it is now; should it be gone, whoever approves under any. */
export const mayReview = (rights: Rights, policy: Policy, user: UserId, { rule }: { readonly rule: string }): boolean => {
  const now = policy.rules.find((one) => one.name === rule);
  return rights.isOneOf(user, now?.decide === 'approve' ? now.approvers : allApprovers(policy));
};
