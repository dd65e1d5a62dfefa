/** What the rules say of recycling a pod: as they would of a plain run in it, of no preset and of no particular command. */
import type { Refusal } from '../refusal.ts';
import { matchKnown, type Known } from './reach.ts';
import type { Policy, Principal, Rule } from './rule.ts';

export type RecycleGate =
  | { readonly gate: 'open'; readonly rule: string }
  /** One other person of these. */
  | { readonly gate: 'held'; readonly rule: string; readonly approvers: readonly Principal[] };

type Answer = RecycleGate | { readonly gate: 'closed'; readonly refusal: Refusal };

const answerOf = (rule: Rule): Answer => {
  const { name } = rule;
  if (rule.decide === 'refuse') return { gate: 'closed', refusal: { code: 'rule', rule: name, ...(rule.message !== undefined && { message: rule.message }) } };
  if (rule.decide === 'allow') return { gate: 'open', rule: name };
  return rule.stepUp ? { gate: 'closed', refusal: { code: 'recycle_needs_login', rule: name } } : { gate: 'held', rule: name, approvers: rule.approvers };
};

/**
 * `known` lacks the command. A rule that depends on it opens nothing, for what is harmless to run is not therefore
 * harmless to evict; one that asks for approval, or refuses, counts.
 */
export const recycleGate = (policy: Policy, known: Known): Answer => {
  for (const rule of policy.rules) {
    const match = matchKnown(rule.when, policy, known);
    if (match === 'yes' || (match === 'unknown' && rule.decide === 'approve')) return answerOf(rule);
  }
  return { gate: 'closed', refusal: { code: 'no_rule' } };
};
