import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Namespace, Sha256 } from '../../../src/domain/names.ts';
import { gateOf, gateOfAll, type Conditions, type Gate } from '../../../src/domain/policy/gate.ts';
import type { Subject } from '../../../src/domain/policy/match.ts';
import type { Policy, Rule } from '../../../src/domain/policy/rule.ts';
import { allow, approve, conditions, ENVIRONMENTS, group, refuse, subject, user } from './subjects.ts';

const policy = (...rules: readonly Rule[]): Policy => ({ version: 'a'.repeat(64) as Sha256, environments: ENVIRONMENTS, rules });
const gate = (rules: readonly Rule[], changed: Partial<Subject> = {}, met: Partial<Conditions> = {}): Gate => gateOf(policy(...rules), subject(changed), conditions(met));
const word = (answer: Gate): string => (answer.gate === 'closed' ? answer.refusal.code : answer.gate);

describe('the first rule that matches decides', () => {
  const prod = { namespaces: ['prod'] };
  const cases: readonly [string, readonly Rule[], Partial<Subject>, Gate][] = [
    ['no rule at all', [], {}, { gate: 'closed', refusal: { code: 'no_rule' } }],
    ['no rule that matches', [allow('dev', { namespaces: ['dev'] })], {}, { gate: 'closed', refusal: { code: 'no_rule' } }],
    ['a refusal before an allowance', [refuse('off', prod, 'Ask us.'), allow('on', prod)], {}, { gate: 'closed', refusal: { code: 'rule', rule: 'off', message: 'Ask us.' } }],
    ['a refusal without a message', [refuse('off', prod)], {}, { gate: 'closed', refusal: { code: 'rule', rule: 'off' } }],
    ['an allowance before a refusal', [allow('on', prod), refuse('off', prod)], {}, { gate: 'open', rule: 'on' }],
    ['what does not match is passed over', [refuse('off', { namespaces: ['dev'] }), allow('on', prod)], {}, { gate: 'open', rule: 'on' }],
    ['an approval', [approve('two', prod, { approvals: 2, approvers: [group('S0SRE'), user('U0BOB')], expiresMs: 60_000, mention: true })], {},
      { gate: 'held', rule: 'two', hold: { needed: 2, approvers: [group('S0SRE'), user('U0BOB')], expiresMs: 60_000, mention: true, stepUp: false } }],
    ['a rule that may match stops the search', [refuse('off', { labels: { app: 'db' } }), allow('on', prod)], { labels: undefined }, { gate: 'unknown' }],
    ['unless a rule before it decides', [allow('on', prod), refuse('off', { labels: { app: 'db' } })], { labels: undefined }, { gate: 'open', rule: 'on' }],
    ['a refusal before it is certain', [refuse('off', prod), allow('on', { labels: { app: 'db' } })], { labels: undefined }, { gate: 'closed', refusal: { code: 'rule', rule: 'off' } }],
  ];
  it.each(cases)('%s', (_name, rules, changed, expected) => { expect(gate(rules, changed)).toEqual(expected); });
});

describe('the conditions of the deciding rule', () => {
  const ticket = { reason: { required: true, pattern: '(INC|CHG)-[0-9]+' } } as const;
  const optional = { reason: { required: false, pattern: 'INC-[0-9]+' } } as const;
  const cases: readonly [string, Rule, Partial<Conditions>, string][] = [
    ['nothing is asked', allow('r', {}), {}, 'open'],
    ['a reason is required and missing', allow('r', {}, { reason: { required: true } }), {}, 'reason_missing'],
    ['a reason of spaces is none', allow('r', {}, { reason: { required: true } }), { reason: '  ' }, 'reason_missing'],
    ['any reason will do', allow('r', {}, { reason: { required: true } }), { reason: 'curious' }, 'open'],
    ['the reason names no ticket', allow('r', {}, ticket), { reason: 'curious' }, 'reason_missing'],
    ['the reason names a ticket somewhere', allow('r', {}, ticket), { reason: 'see INC-42, the pool is full' }, 'open'],
    ['no reason where none is required', allow('r', {}, optional), {}, 'open'],
    ['a wrong reason where none is required', allow('r', {}, optional), { reason: 'curious' }, 'reason_missing'],
    ['a reason that nobody asked for', allow('r', {}), { reason: 'curious' }, 'open'],
    ['a digest is required and missing', allow('r', {}, { digestRequired: true }), {}, 'digest_required'],
    ['a digest is there', allow('r', {}, { digestRequired: true }), { pinned: true }, 'open'],
    ['an image without a shell', allow('r', {}), { hasShell: false }, 'unbounded_image'],
    ['an image without a shell, where that is allowed', allow('r', {}, { unbounded: true }), { hasShell: false }, 'open'],
    ['private output is refused', allow('r', {}), { isPrivate: true }, 'private_refused'],
    ['private output is allowed', allow('r', {}, { private: 'allow' }), { isPrivate: true }, 'open'],
    ['a pod that reaches its node, where that is refused', allow('r', {}, { nodeAccess: 'refuse' }), { nodeAccess: ["the node's network"] }, 'node_access_refused'],
    ['a pod that reaches its node, where nothing is said', allow('r', {}), { nodeAccess: ["the node's network"] }, 'open'],
    ['a pod at which nobody looked, where that is refused', allow('r', {}, { nodeAccess: 'refuse' }), { nodeAccess: undefined }, 'node_access_refused'],
    ['a pod that no cluster was asked for yet', allow('r', {}, { nodeAccess: 'refuse' }), { nodeAccess: 'not asked' }, 'open'],
    ['a pod that does not, where that is refused', approve('r', {}, { nodeAccess: 'refuse' }), {}, 'held'],
    ['a variable that may change the command, where the command is named', allow('r', { argv: [{ program: 'ss', arguments: ['-tlnp'] }] }), { env: ['TZ', 'TAR_OPTIONS'] }, 'env_refused'],
    ['variables that change how it prints, where the command is named', allow('r', { argv: [{ program: 'ss', arguments: ['-tlnp'] }] }), { env: ['TZ', 'LC_ALL'] }, 'open'],
    ['a variable, where any command will do', allow('r', {}), { env: ['TAR_OPTIONS'] }, 'open'],
    ['a variable, which approvers see', approve('r', { argv: [{ program: 'ss', arguments: ['-tlnp'] }] }), { env: ['TAR_OPTIONS'] }, 'held'],
    ['a login outside Slack is demanded, and there is none here', approve('r', {}, { stepUp: true }), { stepUp: 'unavailable' }, 'step_up_unavailable'],
    ['an approval rule has conditions too', approve('r', {}, ticket), {}, 'reason_missing'],
    ['an approval rule holds when they are met', approve('r', {}, ticket), { reason: 'INC-1' }, 'held'],
    ['a refusal needs no reason', refuse('r', {}), { isPrivate: true, hasShell: false }, 'rule'],
  ];
  it.each(cases)('%s', (_name, rule, met, expected) => { expect(word(gate([rule], {}, met))).toBe(expected); });

  it('an unmet condition refuses; it does not lead to the next rule', () => {
    expect(word(gate([allow('first', {}, { reason: { required: true } }), allow('second', {})]))).toBe('reason_missing');
  });
  it('what the person reads names the rule, the pattern and the image', () => {
    expect(gate([allow('r', {}, ticket)])).toEqual({ gate: 'closed', refusal: { code: 'reason_missing', rule: 'r', pattern: '(INC|CHG)-[0-9]+' } });
    expect(gate([allow('r', {}, { digestRequired: true })])).toEqual({ gate: 'closed', refusal: { code: 'digest_required', rule: 'r', image: 'netshoot' } });
  });
});

describe('what becomes known later', () => {
  const when = fc.record({
    namespaces: fc.subarray(['prod', 'dev'], { minLength: 1 }),
    labels: fc.constantFrom({ app: 'api' }, { app: 'db' }),
    profiles: fc.subarray(['restricted', 'baseline', 'general'] as const, { minLength: 1 }),
  }, { requiredKeys: [] });
  const rules = fc.array(fc.tuple(when, fc.constantFrom('allow', 'refuse', 'approve')), { minLength: 1, maxLength: 5 })
    .map((list) => list.map(([keys, decision], index) => (decision === 'allow' ? allow : decision === 'refuse' ? refuse : approve)(`rule ${index}`, keys)));

  it('never changes an answer that was definite', () => {
    const seen = new Set<string>();
    fc.assert(fc.property(rules, fc.constantFrom('prod', 'dev'), fc.constantFrom('api', 'db', 'web'), fc.constantFrom('restricted', 'baseline', 'general' as const), fc.subarray(['restricted', 'baseline', 'general'] as const),
      (list, namespace, app, profile, others) => {
        const later: Partial<Subject> = { namespace: namespace as Namespace, labels: { app }, profiles: [profile] };
        const early = gate(list, { ...later, labels: undefined, profiles: [...new Set([profile, ...others])] });
        const late = gate(list, later);
        seen.add(`${early.gate} ${late.gate}`);
        expect(late.gate).not.toBe('unknown');
        expect([late, { gate: 'unknown' }]).toContainEqual(early);
      }), { numRuns: 4_000 });
    expect([...seen]).toEqual(expect.arrayContaining(['closed closed', 'open open', 'held held', 'unknown closed', 'unknown open', 'unknown held']));
  });
});

describe('a command of several pods', () => {
  const open = (rule: string): Gate => ({ gate: 'open', rule });
  const closed: Gate = { gate: 'closed', refusal: { code: 'rule', rule: 'no pci' } };
  const held: Gate = { gate: 'held', rule: 'two', hold: { needed: 2, approvers: [], expiresMs: 1, mention: false, stepUp: false } };
  it.each<readonly [string, readonly Gate[], Gate]>([
    ['one rule for all', [open('a'), open('a')], open('a')],
    ['one approval rule for all', [held, held], held],
    ['refused for one', [open('a'), closed, open('a')], closed],
    ['open for one, held for the other', [open('a'), held], { gate: 'closed', refusal: { code: 'pods_differ', rules: ['a', 'two'] } }],
    ['open by different rules', [open('a'), open('b')], { gate: 'closed', refusal: { code: 'pods_differ', rules: ['a', 'b'] } }],
    ['no pod', [], { gate: 'closed', refusal: { code: 'no_rule' } }],
  ])('%s', (_name, gates, expected) => { expect(gateOfAll(gates)).toEqual(expected); });
});
