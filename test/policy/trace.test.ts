/** The trace that people are shown and the gate that decides cannot disagree: held for any policy and any subject. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gateOf } from '../../src/domain/policy/gate.ts';
import { matches, WHEN_KEYS, type Match } from '../../src/domain/policy/match.ts';
import { gateOfTrace, stopOf, traceOf } from '../../src/domain/policy/trace.ts';
import { conditions, policy, subject } from './generated.ts';

test('the gate of the trace is the gate, whatever the rules and whoever asks', () => {
  const seen = new Set<string>();
  fc.assert(fc.property(policy, subject, conditions, (rules, who, met) => {
    const gate = gateOf(rules, who, met);
    seen.add(gate.gate === 'closed' ? gate.refusal.code : gate.gate);
    expect(gateOfTrace(traceOf(rules, who), met)).toEqual(gate);
  }), { numRuns: 5_000 });
  expect([...seen].sort(), 'every answer came').toEqual([
    'digest_required', 'env_refused', 'held', 'no_rule', 'open', 'private_refused', 'reason_missing', 'rule', 'step_up_unavailable', 'unbounded_image', 'unknown',
  ]);
});

test('each key of the trace says what the key alone would, and every key says each of its answers', () => {
  const seen = new Set<string>();
  fc.assert(fc.property(policy, subject, (rules, who) => {
    for (const { rule, keys, match } of traceOf(rules, who)) {
      expect(keys.map(({ key }) => key)).toEqual(WHEN_KEYS.filter((key) => rule.when[key] !== undefined));
      for (const { key, match: answer } of keys) {
        expect(answer).toBe(matches({ [key]: rule.when[key] }, rules.environments, who));
        seen.add(`${key} ${answer}`);
      }
      expect(match).toBe(matches(rule.when, rules.environments, who));
    }
  }), { numRuns: 3_000 });
  const unknowable: readonly string[] = ['labels', 'profiles'];
  const answers = (key: string): readonly Match[] => (unknowable.includes(key) ? ['yes', 'no', 'unknown'] : ['yes', 'no']);
  expect([...seen].sort()).toEqual(WHEN_KEYS.flatMap((key) => answers(key).map((answer) => `${key} ${answer}`)).sort());
});

test('the search stops at the first rule that is not passed', () => {
  fc.assert(fc.property(policy, subject, (rules, who) => {
    const traces = traceOf(rules, who);
    const stop = stopOf(traces);
    const before = stop === undefined ? traces : traces.slice(0, traces.indexOf(stop));
    expect(before.every(({ match }) => match === 'no')).toBe(true);
    expect(stop?.match).not.toBe('no');
    expect(traces).toHaveLength(rules.rules.length);
  }), { numRuns: 1_000 });
});
