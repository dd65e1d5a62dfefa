import { decidedBy, type Conditions, type Gate } from './gate.ts';
import { matchEachKey, together, type KeyMatch, type Match, type Subject } from './match.ts';
import type { Policy, Rule } from './rule.ts';

/** One rule held against a subject, key by key. */
export interface RuleTrace {
  readonly rule: Rule;
  /** Empty: the rule has no key, and matches everything. */
  readonly keys: readonly KeyMatch[];
  readonly match: Match;
}

/** Every rule with why it matches or does not, the ones behind the deciding one too. The same predicates as `gateOf`'s. */
export const traceOf = (policy: Policy, subject: Subject): readonly RuleTrace[] =>
  policy.rules.map((rule) => {
    const keys = matchEachKey(rule.when, policy.environments, subject);
    return { rule, keys, match: together(keys) };
  });

/** Where the search stops: at the first rule that matches, or that may. */
export const stopOf = (traces: readonly RuleTrace[]): RuleTrace | undefined => traces.find(({ match }) => match !== 'no');

/** What `gateOf` answers for the same policy, subject and conditions. */
export const gateOfTrace = (traces: readonly RuleTrace[], conditions: Conditions): Gate => {
  const stop = stopOf(traces);
  if (stop === undefined) return { gate: 'closed', refusal: { code: 'no_rule' } };
  return stop.match === 'unknown' ? { gate: 'unknown' } : decidedBy(stop.rule, conditions);
};
