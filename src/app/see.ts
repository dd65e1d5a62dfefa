import type { UserId } from '../domain/names.ts';
import type { Policy } from '../domain/policy/rule.ts';
import type { Finished } from '../domain/request-states.ts';
import type { Directory } from './chat-port.ts';
import { askRights, FRESH_MS } from './rights.ts';

export interface Seeing {
  readonly directory: Directory;
  readonly policy: Policy;
}

/**
 * Who may see stored output: the requester, those who approved or may approve it, and the members of the channel that
 * it was posted in, as they are now. What was asked for with --private is the requester's alone.
 */
export const maySee = async ({ directory, policy }: Seeing, { ask, plan, authorization }: Finished, user: UserId): Promise<boolean> => {
  if (user === ask.requester) return true;
  if (plan.audience.kind === 'person') return false;
  if (authorization.by === 'approvals') {
    if (authorization.approvals.some((approval) => approval.by === user)) return true;
    const rights = await askRights(directory, policy, FRESH_MS);
    if (rights.isOneOf(user, authorization.hold.approvers)) return true;
  }
  return directory.isInChannel(user, plan.audience.channel);
};
