/** What a pre-approval would stand for: every rule that may hold such a run, and none that cannot. */
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../src/domain/container.ts';
import type { ClusterName, ImageName, Namespace, PresetName } from '../../../src/domain/names.ts';
import { allApprovers, holdingRules, scopeOf } from '../../../src/domain/policy/holding.ts';
import type { Policy, Rule } from '../../../src/domain/policy/rule.ts';
import type { AllowedScope } from '../../../src/domain/pre-approval.ts';
import { settings } from '../../app/world.ts';
import { allow, approve, ENVIRONMENTS, group, person, refuse, user } from './subjects.ts';

const { catalogue } = settings;
const WHERE = { cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, is: person('U0ALICE', 'S0ENG') };
const image = (name: string): AllowedScope => ({ kind: 'image', name: name as ImageName });
const preset = (name: string, profile: Profile | null = 'general'): AllowedScope => ({ kind: 'preset', name: name as PresetName, profile });
const policyOf = (...rules: readonly Rule[]): Policy => ({ ...settings.policy, environments: ENVIRONMENTS, rules });
const held = (rules: readonly Rule[], scope: AllowedScope = image('netshoot')): readonly string[] => holdingRules(policyOf(...rules), catalogue, WHERE, scope).rules.map(({ rule }) => rule);

describe('a scope', () => {
  it('is an image of the catalogue, or a preset with the profile that it fixes', () => {
    expect(scopeOf(catalogue, { kind: 'image', name: 'netshoot' as ImageName })).toEqual(image('netshoot'));
    expect(scopeOf(catalogue, { kind: 'preset', name: 'dns' as PresetName })).toEqual({ kind: 'preset', name: 'dns', profile: 'restricted' });
    const without = { ...catalogue, presets: catalogue.presets.map(({ name, image: of, command, parameters, env }) => ({ name, image: of, command, parameters, env })) };
    expect(scopeOf(without, { kind: 'preset', name: 'dns' as PresetName })).toEqual({ kind: 'preset', name: 'dns', profile: null });
  });
  it('is nothing that nobody knows', () => {
    expect(scopeOf(catalogue, { kind: 'image', name: 'dns' as ImageName })).toBeUndefined();
    expect(scopeOf(catalogue, { kind: 'preset', name: 'netshoot' as PresetName })).toBeUndefined();
  });
});

describe('rules that may hold it', () => {
  it('say how many must approve, and who', () => {
    const rules = [approve('two', {}, { approvals: 2, approvers: [user('U0BOB'), group('S0SRE')] })];
    expect(holdingRules(policyOf(...rules), catalogue, WHERE, image('netshoot'))).toEqual({ rules: [{ rule: 'two', needed: 2, approvers: [user('U0BOB'), group('S0SRE')] }], withLogin: [] });
  });

  it.each<readonly [string, readonly Rule[], readonly string[]]>([
    ['none of none', [], []],
    ['none behind a rule that decides whatever is asked', [approve('a', {}), approve('b', {})], ['a']],
    ['none behind a refusal', [refuse('no', {}), approve('b', {})], []],
    ['none behind an open door', [allow('yes', {}), approve('b', {})], []],
    ['each that depends on the hour, the channel or the labels', [approve('a', { labels: { tier: 'db' } }), approve('b', { channels: ['C0OPS' as never] }), refuse('no', { labels: { tier: 'x' } }), approve('c', {})], ['a', 'b', 'c']],
    ['none of another place or person', [approve('a', { namespaces: ['shop'] }), approve('b', { environments: ['staging'] }), approve('c', { requesters: [user('U0BOB')] }), approve('d', { clusters: ['other' as ClusterName] })], []],
    ['none of another image', [approve('a', { images: ['busybox' as ImageName] }), approve('b', { images: ['netshoot' as ImageName] })], ['b']],
    ['none for the profiles with privileges', [approve('a', { profiles: ['netadmin', 'sysadmin'] }), approve('b', { profiles: ['general'] })], ['b']],
    ['each that depends on the command', [approve('a', { argv: [{ program: 'curl', arguments: [] }] }), approve('b', {})], ['a', 'b']],
    ['each of presets, for an image may be a preset’s', [approve('a', { presets: ['dns' as PresetName] })], ['a']],
  ])('%s', (_what, rules, names) => {
    expect(held(rules)).toEqual(names);
  });

  it.each<readonly [string, Rule, AllowedScope, boolean]>([
    ['that names it', approve('a', { presets: ['sockets' as PresetName] }), preset('sockets'), true],
    ['that names another', approve('a', { presets: ['dns' as PresetName] }), preset('sockets'), false],
    ['of its image', approve('a', { images: ['netshoot' as ImageName] }), preset('sockets'), true],
    ['of another image', approve('a', { images: ['busybox' as ImageName] }), preset('sockets'), false],
    ['of its profile', approve('a', { profiles: ['general'] }), preset('sockets'), true],
    ['of another profile', approve('a', { profiles: ['baseline'] }), preset('sockets'), false],
    ['of any unprivileged profile, when it fixes none', approve('a', { profiles: ['baseline'] }), preset('sockets', null), true],
    ['of a privileged profile, when it fixes none', approve('a', { profiles: ['netadmin'] }), preset('sockets', null), false],
    ['of its command', approve('a', { argv: [{ program: 'ss', arguments: ['-tlnp'] }] }), preset('sockets'), true],
    ['of another command', approve('a', { argv: [{ program: 'ls', arguments: [] }] }), preset('sockets'), false],
    ['of another command, when parameters may make it that', approve('a', { argv: [{ program: 'dig', arguments: ['x'] }] }), preset('dns', 'restricted'), true],
  ])('of a preset: one %s', (_what, rule, scope, isHeld) => {
    expect(held([rule], scope)).toEqual(isHeld ? ['a'] : []);
  });

  it('with a login are none: they are named apart', () => {
    const { rules, withLogin } = holdingRules(policyOf(approve('strict', { labels: { tier: 'db' } }, { stepUp: true }), approve('plain', {}), approve('late', {}, { stepUp: true })), catalogue, WHERE, image('netshoot'));
    expect([rules.map(({ rule }) => rule), withLogin]).toEqual([['plain'], ['strict']]);
  });
});

it('whoever approves under any rule', () => {
  expect(allApprovers(policyOf(allow('a', {}), approve('b', {}, { approvers: [user('U0BOB')] }), refuse('c', {}), approve('d', {}, { approvers: [group('S0SRE'), user('U0CAROL')] })))).toEqual([user('U0BOB'), group('S0SRE'), user('U0CAROL')]);
});
