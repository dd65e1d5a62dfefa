import type { GroupId, UserId } from '../domain/names.ts';
import type { Policy, Principal } from '../domain/policy/rule.ts';
import type { Directory } from './chat-port.ts';

/** Memberships as they were asked for one decision; whoever could not be asked is in no group. */
export interface Rights {
  is(user: UserId, principal: Principal): boolean;
  isOneOf(user: UserId, principals: readonly Principal[]): boolean;
}

/** For a click or a grant; an approver taken out of the group loses the power within this. */
export const FRESH_MS = 30_000;
/** At the door, where everything is decided again later. */
export const RECENT_MS = 300_000;

/** All groups the policy names, and those of `others`, asked at once; each answer may be `maxAgeMs` old. */
export const askRights = async (directory: Directory, policy: Policy, maxAgeMs: number, others: readonly Principal[] = []): Promise<Rights> => {
  const groups = groupsOf(policy, others);
  const members = new Map(await Promise.all(groups.map(async (group) => [group, await directory.membersOf(group, maxAgeMs)] as const)));
  const is = (user: UserId, principal: Principal): boolean =>
    principal.kind === 'user' ? principal.id === user : members.get(principal.id)?.has(user) ?? false;
  return { is, isOneOf: (user, principals) => principals.some((principal) => is(user, principal)) };
};

const groupsOf = (policy: Policy, others: readonly Principal[]): readonly GroupId[] => [
  ...new Set([...others, ...policy.rules.flatMap((rule) => [...(rule.when.requesters ?? []), ...(rule.decide === 'approve' ? rule.approvers : [])])]
    .flatMap((principal) => (principal.kind === 'usergroup' ? [principal.id] : []))),
];
