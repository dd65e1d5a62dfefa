import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/config/load.ts';
import type { ClusterName, Namespace } from '../../../src/domain/names.ts';
import { outlooksOf } from '../../../src/domain/policy/outlook.ts';
import { mayReach, namedNamespaces, reachableImages, reachablePresets, reachesAnything } from '../../../src/domain/policy/reach.ts';
import type { Rule } from '../../../src/domain/policy/rule.ts';
import { ALICE } from '../../fixtures/requests.ts';
import { allow, approve, conditions, ENVIRONMENTS, group, person, refuse, user } from './subjects.ts';

const loaded = parseSettings(readFileSync(new URL('../../../deploy/kdebug.example.yaml', import.meta.url), 'utf8'), 'example');
if (!loaded.ok) throw new Error('the example does not load');
const { policy, catalogue } = loaded.settings;
const main = 'main' as ClusterName;
const where = (namespace: string) => ({ cluster: main, namespace: namespace as Namespace });
const alice = { is: person(ALICE, 'S0ENG') };
const dave = { is: person('U0DAVE') };

describe('what may be reached, by the example', () => {
  it.each<readonly [string, typeof alice, string, boolean]>([
    ['Alice in prod', alice, 'prod', true], ['Alice in staging', alice, 'staging', true], ['Alice in kube-system', alice, 'kube-system', false],
    ['Dave in prod, where somebody else approves', dave, 'prod', true], ['Dave in staging', dave, 'staging', false], ['Dave elsewhere', dave, 'shop', false],
  ])('%s', (_what, who, namespace, expected) => {
    expect(reachesAnything(policy, catalogue, { ...who, ...where(namespace) })).toBe(expected);
  });

  it('images and presets, with and without a place', () => {
    expect(reachableImages(policy, catalogue, alice).map(({ name }) => name)).toEqual(['netshoot', 'busybox']);
    expect(reachableImages(policy, catalogue, { ...dave, ...where('staging') })).toEqual([]);
    expect(reachablePresets(policy, catalogue, { ...dave, ...where('prod') }).map(({ name }) => name)).toEqual(['sockets', 'dns']);
  });

  it('the namespaces that are named in full', () => {
    expect(namedNamespaces(policy)).toEqual(['prod', 'staging', 'kube-system', 'kube-public', 'kube-node-lease']);
  });
});

describe('a way through the rules', () => {
  const may = (rules: readonly Rule[], known: Parameters<typeof mayReach>[1], pinned = false): boolean =>
    mayReach({ version: '' as never, environments: ENVIRONMENTS, rules }, known, conditions({ pinned }));

  it.each<readonly [string, readonly Rule[], Parameters<typeof mayReach>[1], boolean]>([
    ['no rule', [], alice, false],
    ['a refusal of everything first', [refuse('no', {}), allow('yes', {})], alice, false],
    ['a refusal that may not be meant', [refuse('no', { labels: { tier: 'db' } }), allow('yes', {})], alice, true],
    ['a refusal that is meant, once the labels are known', [refuse('no', { labels: { tier: 'db' } }), allow('yes', {})], { ...alice, labels: { tier: 'db' } }, false],
    ['only other labels', [allow('yes', { labels: { tier: 'web' } })], { ...alice, labels: { tier: 'db' } }, false],
    ['somebody else', [allow('yes', { requesters: [user('U0BOB')] })], alice, false],
    ['a group of one\'s own', [approve('yes', { requesters: [group('S0ENG')] })], alice, true],
    ['a reason that can still be given', [allow('yes', {}, { reason: { required: true } })], alice, true],
    ['an image that is not pinned', [allow('yes', {}, { digestRequired: true }), allow('later', {})], alice, false],
    ['a namespace of another environment', [allow('yes', { environments: ['production'] })], { ...alice, ...where('shop-staging') }, false],
    ['a namespace that is not known', [allow('yes', { environments: ['production'] })], alice, true],
  ])('with %s', (_what, rules, known, expected) => {
    expect(may(rules, known)).toBe(expected);
  });
});

describe('the outlook', () => {
  const of = (known: typeof alice) => outlooksOf(policy, [main], { ...known }).map(({ environment, paths }) => [environment, paths.map(({ rule, open }) => `${rule.name} [${open.join(' ')}]`)]);

  it('is a line a place, up to the rule that decides whatever is asked', () => {
    expect(of(alice)).toEqual([
      ['production', ['privileged tools need two [profiles]', 'harmless presets need nobody [presets]', 'production needs one other person []']],
      ['staging', ['privileged tools need two [profiles]', 'everywhere else is open to the engineers [images]']],
      [null, ['privileged tools need two [profiles]', 'everywhere else is open to the engineers [images]']],
    ]);
    expect(of(dave)[1]).toEqual(['staging', ['privileged tools need two [profiles]']]);
  });
});
