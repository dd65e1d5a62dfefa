/** Which place stands for an environment, and which for everywhere else. */
import { describe, expect, it } from 'vitest';
import type { ClusterName } from '../../../src/domain/names.ts';
import { outlooksOf } from '../../../src/domain/policy/outlook.ts';
import type { Environment, Rule } from '../../../src/domain/policy/rule.ts';
import { allow, approve, person, refuse } from './subjects.ts';

const [MAIN, EU] = ['main', 'eu-1'] as ClusterName[] as [ClusterName, ClusterName];
const known = { is: person('U0ALICE') };
const environment = (name: string, clusters: readonly string[], namespaces: readonly string[]): Environment => ({ name, clusters, namespaces });
/** By place: the rules that may decide there. */
const of = (environments: readonly Environment[], rules: readonly Rule[], clusters: readonly ClusterName[] = [MAIN]) =>
  outlooksOf({ version: '' as never, environments, rules }, clusters, known).map((one) => [one.environment, one.paths.map(({ rule }) => rule.name)]);

describe('the place that stands for an environment', () => {
  it.each<readonly [string, readonly string[], readonly string[], string, boolean]>([
    ['is a namespace of its names', ['main'], ['prod'], 'prod', true],
    ['is one of its patterns, when there is no name', ['main'], ['prod-*'], 'prod-*', true],
    ['is a name rather than a pattern', ['main'], ['prod-*', 'shop'], 'shop', true],
    ['has no dash at its ends', ['main'], ['*-prod'], 'x-prod', true],
    ['nor at its end', ['main'], ['prod-*'], 'prod-x', true],
    ['of stars and dashes only', ['main'], ['-*-'], 'x', true],
  ])('%s', (_what, clusters, namespaces, pattern, isMet) => {
    expect(of([environment('e', clusters, namespaces)], [allow('there', { namespaces: [pattern] })])[0]).toEqual(['e', isMet ? ['there'] : []]);
  });

  it('is in a cluster that the environment names: the first', () => {
    const rules = [allow('main', { clusters: [MAIN] }), allow('eu', { clusters: [EU] })];
    expect(of([environment('e', ['eu-*'], ['prod'])], rules, [MAIN, EU])[0]).toEqual(['e', ['eu']]);
    expect(of([environment('e', ['*'], ['prod'])], rules, [MAIN, EU])[0]).toEqual(['e', ['main']]);
  });

  it('is none, and the environment is left out, where there is no such cluster or no possible name', () => {
    expect(of([environment('e', ['us-*'], ['prod'])], [], [MAIN, EU]).map(([name]) => name)).toEqual([null]);
    expect(of([environment('e', ['*'], ['Not_A_Name'])], []).map(([name]) => name)).toEqual([null]);
    expect(of([environment('e', ['*'], [])], []).map(([name]) => name)).toEqual([null]);
  });
});

describe('everywhere else', () => {
  it('is in the default cluster, in a namespace of no environment', () => {
    expect(of([environment('e', ['*'], ['prod'])], [allow('there', { environments: ['e'] }), approve('else', { clusters: [MAIN] })], [MAIN, EU])).toEqual([['e', ['there']], [null, ['else']]]);
    expect(of([environment('e', ['*'], ['elsewhere'])], [allow('there', { environments: ['e'] })])).toEqual([['e', ['there']], [null, []]]);
  });
  it('is nowhere, when environments are all there is', () => {
    expect(of([environment('e', ['*'], ['*'])], [])).toEqual([['e', []]]);
    expect(of([], [], [])).toEqual([]);
  });
});

it('rules are told up to the first that decides whatever is asked', () => {
  const rules = [refuse('never here', { namespaces: ['shop'] }), approve('perhaps', { labels: { tier: 'db' } }), allow('always', {}), approve('never reached', {})];
  expect(of([], rules)).toEqual([[null, ['perhaps', 'always']]]);
  expect(outlooksOf({ version: '' as never, environments: [], rules }, [MAIN], known)[0]?.paths.map(({ open }) => open)).toEqual([['labels'], []]);
});
