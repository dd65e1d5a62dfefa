import type { Refusal } from '../refusal.ts';
import { isHarmless } from './harmless-env.ts';
import { matches, type Subject } from './match.ts';
import type { Policy, Principal, Rule } from './rule.ts';

/** The policy's answer. `unknown` only while the pod is: the rules that could decide need what no cluster was asked yet. */
export type Gate =
  | { readonly gate: 'open'; readonly rule: string }
  | { readonly gate: 'held'; readonly rule: string; readonly hold: Hold }
  | { readonly gate: 'closed'; readonly refusal: Refusal }
  | { readonly gate: 'unknown' };

/** What an approval needs to be one. */
export interface Hold {
  readonly needed: number;
  readonly approvers: readonly Principal[];
  readonly expiresMs: number;
  readonly mention: boolean;
  /** Each approver confirms by a login outside Slack. */
  readonly stepUp: boolean;
}

/** Whether this installation can ask approvers for a login outside Slack. */
export type StepUpOffer = 'available' | 'unavailable';

/** What the conditions of the deciding rule are held against, beside what it is matched by. */
export interface Conditions {
  readonly reason: string | undefined;
  readonly isPrivate: boolean;
  /** Names of the variables that were typed with `--env`. */
  readonly env: readonly string[];
  readonly image: string;
  readonly hasShell: boolean;
  readonly pinned: boolean;
  readonly stepUp: StepUpOffer;
  /** By what the pods reach their node; `not asked` at the door; undefined when nobody looked, which is no "by nothing". */
  readonly nodeAccess: readonly string[] | 'not asked' | undefined;
}

/** The first rule that matches decides; no match means refused. A rule that may or may not match stops the search. */
export const gateOf = (policy: Policy, subject: Subject, conditions: Conditions): Gate => {
  for (const rule of policy.rules) {
    const match = matches(rule.when, policy.environments, subject);
    if (match === 'unknown') return { gate: 'unknown' };
    if (match === 'yes') return decidedBy(rule, conditions);
  }
  return { gate: 'closed', refusal: { code: 'no_rule' } };
};

/** The gate of a command of several pods: what one rule says of them all, or else nothing is let through. */
export const gateOfAll = (gates: readonly Gate[]): Gate => {
  const [first = { gate: 'closed', refusal: { code: 'no_rule' } } as const] = gates;
  const closed = gates.find(({ gate }) => gate === 'closed');
  if (closed) return closed;
  const rules = [...new Set(gates.flatMap((gate) => ('rule' in gate ? [gate.rule] : [])))];
  return rules.length > 1 ? { gate: 'closed', refusal: { code: 'pods_differ', rules } } : first;
};

/** The gate once a rule is known to be the one that decides. */
export const decidedBy = (rule: Rule, conditions: Conditions): Gate => {
  const [refusal] = unmet(rule, conditions);
  if (refusal) return { gate: 'closed', refusal };
  if (rule.decide !== 'approve') return { gate: 'open', rule: rule.name };
  const { approvals: needed, approvers, expiresMs, mention, stepUp } = rule;
  return { gate: 'held', rule: rule.name, hold: { needed, approvers, expiresMs, mention, stepUp } };
};

/** What the rule asks for and does not get, in the order in which it is told: the first one closes the gate. */
export const unmet = (rule: Rule, conditions: Conditions): readonly Refusal[] => {
  if (rule.decide === 'refuse') return [{ code: 'rule', rule: rule.name, ...(rule.message !== undefined && { message: rule.message }) }];
  const ofRule = { rule: rule.name } as const;
  const strange = conditions.env.filter((one) => !isHarmless(one));
  const ofImage = { ...ofRule, image: conditions.image } as const;
  const found: readonly (Refusal | false)[] = [
    !satisfiesReason(rule, conditions.reason) && { code: 'reason_missing', ...ofRule, ...(rule.reason?.pattern !== undefined && { pattern: rule.reason.pattern }) },
    rule.digestRequired && !conditions.pinned && { code: 'digest_required', ...ofImage },
    !conditions.hasShell && !rule.unbounded && { code: 'unbounded_image', ...ofImage },
    conditions.isPrivate && rule.private === 'refuse' && { code: 'private_refused', ...ofRule },
    rule.nodeAccess === 'refuse' && conditions.nodeAccess !== 'not asked' && conditions.nodeAccess?.length !== 0 && { code: 'node_access_refused', ...ofRule, access: conditions.nodeAccess ?? ['what nobody looked at'] },
    namesArgv(rule) && strange.length > 0 && { code: 'env_refused', ...ofRule, names: strange },
    rule.decide === 'approve' && rule.stepUp && conditions.stepUp === 'unavailable' && { code: 'step_up_unavailable', ...ofRule },
  ];
  return found.filter((one) => one !== false);
};

/** What lets a command through by its words would let through what a variable makes of it; approvers see both. */
const namesArgv = (rule: Rule): boolean => rule.decide === 'allow' && rule.when.argv !== undefined;

const satisfiesReason = (rule: Rule, reason: string | undefined): boolean => {
  if (!rule.reason) return true;
  if (reason === undefined || reason.trim() === '') return !rule.reason.required;
  return rule.reason.pattern === undefined || new RegExp(rule.reason.pattern, 'u').test(reason);
};
