import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { matches } from '../../src/domain/policy/match.ts';
import type { When } from '../../src/domain/policy/rule.ts';
import { covers, shadowsOf } from '../../src/domain/policy/shadows.ts';
import { group, user } from '../domain/policy/subjects.ts';
import { CATALOGUE, CLUSTERS, ENVIRONMENTS, knownSubject, policy, when } from './generated.ts';

const REALM = { clusters: CLUSTERS, environments: ENVIRONMENTS, catalogue: CATALOGUE };
const as = <Name>(...names: readonly string[]): readonly Name[] => names as readonly unknown[] as readonly Name[];

describe('an earlier rule that always decides first', () => {
  const berlin = { days: ['mon', 'tue'], fromMinute: 420, toMinute: 1_200, zone: 'Europe/Berlin' } as const;
  const cases: readonly [string, When, When, boolean][] = [
    ['no condition takes everything', {}, { namespaces: ['prod'] }, true],
    ['a condition does not take what has none', { namespaces: ['prod'] }, {}, false],
    ['more of the same key', { namespaces: ['prod', 'dev'] }, { namespaces: ['dev'] }, true],
    ['fewer of the same key', { namespaces: ['prod'] }, { namespaces: ['prod', 'dev'] }, false],
    ['a pattern takes a name', { namespaces: ['prod-*'] }, { namespaces: ['prod-eu'] }, true],
    ['a pattern takes a narrower pattern', { namespaces: ['prod-*'] }, { namespaces: ['prod-eu-*'] }, true],
    ['a pattern does not take a wider one', { namespaces: ['prod-eu-*'] }, { namespaces: ['prod-*'] }, false],
    ['namespaces take an environment', { namespaces: ['prod*'] }, { environments: ['production'] }, true],
    ['an environment takes its namespaces in its cluster', { environments: ['production'] }, { clusters: as('main'), namespaces: ['prod-eu'] }, true],
    ['an environment does not take them in every cluster', { environments: ['production'] }, { namespaces: ['prod-eu'] }, false],
    ['two environments together take what each takes in its cluster', { environments: ['production', 'europe'] }, { namespaces: ['prod'] }, true],
    ['all clusters are no condition', { clusters: as('main', 'eu-1') }, {}, true],
    ['an environment of one cluster', { clusters: as('eu-1') }, { environments: ['europe'] }, true],
    ['all images are no condition', { images: as('netshoot', 'busybox', 'bare') }, {}, true],
    ['a preset has its image', { images: as('netshoot') }, { presets: as('sockets') }, true],
    ['another preset has another', { images: as('netshoot') }, { presets: as('sockets', 'plain') }, false],
    ['a preset has its profile', { profiles: ['general'] }, { presets: as('sockets') }, true],
    ['a preset without one may come to several', { profiles: ['restricted'] }, { presets: as('plain') }, false],
    ['all five profiles are no condition', { profiles: ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'] }, {}, true],
    ['fewer labels take more', { labels: { app: 'api' } }, { labels: { app: 'api', team: 'x' } }, true],
    ['more labels do not take fewer', { labels: { app: 'api', team: 'x' } }, { labels: { app: 'api' } }, false],
    ['requesters by name', { requesters: [user('U0BOB'), group('S0SRE')] }, { requesters: [group('S0SRE')] }, true],
    ['a person may be in a group, or not', { requesters: [group('S0SRE')] }, { requesters: [user('U0BOB')] }, false],
    ['a longer day takes a shorter one', { hours: berlin }, { hours: { ...berlin, days: ['mon'], fromMinute: 600, toMinute: 700 } }, true],
    ['another zone is another day', { hours: berlin }, { hours: { ...berlin, zone: 'UTC' } }, false],
    ['a night is not within a day', { hours: berlin }, { hours: { ...berlin, fromMinute: 1_000, toMinute: 500 } }, false],
    ['one key of two that does not take', { namespaces: ['*'], channels: as('C0OPS') }, { namespaces: ['prod'] }, false],
  ];
  it.each(cases)('%s', (_name, earlier, later, expected) => { expect(covers(earlier, later, REALM)).toBe(expected); });
});

test('no false alarm: what is said to be covered is never matched by the later rule alone', () => {
  const seen = { covered: 0, matched: 0 };
  fc.assert(fc.property(when, when, fc.array(knownSubject, { minLength: 5, maxLength: 20 }), (earlier, later, subjects) => {
    if (!covers(earlier, later, REALM)) return;
    seen.covered += 1;
    for (const who of subjects) {
      if (matches(later, ENVIRONMENTS, who) !== 'yes') continue;
      seen.matched += 1;
      expect(matches(earlier, ENVIRONMENTS, who)).toBe('yes');
    }
  }), { numRuns: 6_000 });
  expect(seen.covered, 'some were covered').toBeGreaterThan(300);
  expect(seen.matched, 'and matched').toBeGreaterThan(300);
});

test('a rule said to be unreachable never decides', () => {
  let seen = 0;
  fc.assert(fc.property(policy, knownSubject, (rules, who) => {
    const unreachable = shadowsOf(rules, CATALOGUE, CLUSTERS).map(({ rule }) => rule.name);
    seen += unreachable.length;
    const deciding = rules.rules.find((rule) => matches(rule.when, rules.environments, who) === 'yes');
    expect(unreachable).not.toContain(deciding?.name);
  }), { numRuns: 4_000 });
  expect(seen).toBeGreaterThan(300);
});
