import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { conditionsAtDoor, judgeAsk, subjectAtDoor } from '../../src/app/judge.ts';
import { parseCommand } from '../../src/domain/command/parse.ts';
import { gateOf } from '../../src/domain/policy/gate.ts';
import { resolve } from '../../src/domain/resolve.ts';
import { readAsker, rightsOf } from '../../src/policy/asker.ts';
import { explain } from '../../src/policy/explain.ts';
import { yaml, settingsOf } from '../config/base.ts';
import { ask } from '../fixtures/requests.ts';
import { CATALOGUE, NAMESPACES, policy } from './generated.ts';
import { explained, lastLine, written } from './typed.ts';

test('production: every rule with its keys, the one that decides, its conditions, and the answer last', () => {
  expect(explained('prod api -- ss -tlnp')).toEqual({
    code: 0,
    text: `U0ALICE of S0ENG in C0OPS at 2026-11-25T10:00Z:
["ss","-tlnp"] in main/prod, image netshoot, profile general, else baseline, else restricted
  1 passed     "system namespaces are off limits": namespaces not matched (prod)
  2 passed     "privileged tools need two": profiles not matched (general, baseline or restricted)
  3 passed     "harmless presets need nobody": environments matched (main/prod), requesters matched (U0ALICE, S0ENG), presets not matched (none)
  4 decides    "production needs one other person": environments matched (main/prod)
  5 behind     "everywhere else is open to the engineers": requesters matched (U0ALICE, S0ENG), images matched (netshoot)
    reason     not asked for
    digest     not asked for
    private    refused; not asked for
    unbounded  refused; netshoot has sh and timeout
    approvals  1 other person of usergroup:S0SRE or user:U0BOB, within 15m
held: "production needs one other person" waits for 1 other person of usergroup:S0SRE or user:U0BOB
`,
  });
});

describe('the answer in one line, and how the program ends', () => {
  const cases: readonly [string, string, Parameters<typeof explained>[1], number, RegExp][] = [
    ['open', 'prod api --preset sockets', {}, 0, /^open: "harmless presets need nobody" lets it run at once$/],
    ['held', 'prod api -- ss', { as: 'U0DAVE', groups: [] }, 0, /^held: "production needs one other person" waits for 1 other person/],
    ['a rule refuses, in its own words', 'kube-system dns -- ss', {}, 1, /^refused at the door: .*Ask the platform team/],
    ['no rule', 'staging api -- ss', { as: 'U0DAVE', groups: [] }, 1, /^refused at the door: .*[Nn]o rule/],
    ['a condition that is not met', 'prod api --profile netadmin -- ss', {}, 1, /^refused at the door: The rule "privileged tools need two" wants a reason/],
    ['private output', 'prod api --private -- ss', {}, 1, /^refused at the door: .*--private/],
    ['an image that is not there', 'prod api --image debian -- ss', {}, 1, /^refused at the door: .*debian/],
    ['a cluster that is not there', 'eu/prod api -- ss', {}, 1, /^refused at the door: .*\beu\b.*cluster/],
    ['a text that does not parse has a caret', 'prod api --imag x -- ss', {}, 2, /^ {9}\^$/],
    ['a command that no rule is about', 'pending', {}, 2, /^pending is no command that rules decide about/],
    ['no user', 'prod api -- ss', { as: 'alice' }, 2, /^--as "alice" is not the id of a Slack user; write an id such as U0ALICE$/],
    ['no channel', 'prod api -- ss', { in: '#ops' }, 2, /^--in "#ops" is not the id of a channel/],
    ['no group', 'prod api -- ss', { groups: ['S0SRE,sre'] }, 2, /^--groups "sre" is not the id of a user group/],
    ['no labels', 'prod api -- ss', { podLabels: 'app' }, 2, /^--pod-labels "app" are not labels/],
    ['no time', 'prod api -- ss', { at: '2026-11-25 10:00' }, 2, /^--at "2026-11-25 10:00" is not a time/],
    ['no such day', 'prod api -- ss', { at: '2026-02-30T10:00Z' }, 2, /^--at "2026-02-30T10:00Z" is not a time/],
    ['no file', 'prod api -- ss', { file: '/nowhere/kdebug.yaml' }, 2, /there is no such file/],
  ];
  it.each(cases)('%s', (_name, text, typed, code, last) => {
    const answer = explained(text, typed);
    expect(lastLine(answer)).toMatch(last);
    expect(answer.code).toBe(code);
  });
});

describe('what is not known before the pod is', () => {
  const file = (rules: string): string => written('unknown.yaml', yaml({ images: 'images: { netshoot: { ref: "n:1", shell: true, profile: general, default: true } }', rules: `rules: ${rules}` }));
  const LABELS = '[{ name: db, when: { labels: { app: db } }, decide: refuse }, { name: rest, when: { profiles: [restricted, baseline, general] }, decide: allow }]';

  it('labels that nobody gave: named as such, and not let through', () => {
    const answer = explained('prod api -- ss', { file: file(LABELS) });
    expect(answer.text).toContain('1 may decide "db": labels not known before the pod is (no --pod-labels given)');
    expect([lastLine(answer), answer.code]).toEqual(['not known before the pod is: a rule asks for its labels; say --pod-labels', 1]);
  });
  it('labels that refuse are told as a refusal after the door', () => {
    const answer = explained('prod api -- ss', { file: file(LABELS), podLabels: 'app=db,team=x' });
    expect(answer.text).toContain('1 decides    "db": labels matched (app=db,team=x)');
    expect(lastLine(answer)).toMatch(/^closed: .*\bdb\b/);
    expect(answer.code).toBe(1);
  });
  it('labels that do not', () => {
    expect(explained('prod api -- ss', { file: file(LABELS), podLabels: '' })).toMatchObject({ code: 0, text: expect.stringContaining('"db": labels not matched (none)') as string });
  });
  it('a profile that Pod Security may lower: each answer with its profiles', () => {
    const rules = '[{ name: strong, when: { profiles: [general] }, decide: approve, approvers: ["user:U0BOB"] }, { name: weak, when: { profiles: [restricted, baseline] }, decide: allow }]';
    const answer = explained('prod api -- ss', { file: file(rules) });
    expect(lastLine(answer)).toBe('depends on the profile that Pod Security leaves: general: held: "strong" waits for 1 other person of user:U0BOB; baseline or restricted: open: "weak" lets it run at once');
    expect(answer.code).toBe(0);
    expect(explained('prod api --profile general -- ss', { file: file(rules) })).toMatchObject({ code: 0, text: expect.stringContaining('held: "strong"') as string });
  });
  it('a profile that would be refused is not let through', () => {
    const rules = '[{ name: strong, when: { profiles: [general] }, decide: allow }, { name: weak, when: {}, decide: refuse }]';
    expect(explained('prod api -- ss', { file: file(rules) })).toMatchObject({ code: 1, text: expect.stringContaining('baseline or restricted: closed') as string });
  });
});

test('every condition that is not met is marked, not only the first', () => {
  const lines = explained('prod api --profile netadmin --private -- ss').text.split('\n').filter((line) => line.endsWith(': NOT MET'));
  expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['reason', 'digest', 'private']);
  expect(lines[0]).toContain('required, and it must match (INC|CHG)-[0-9]+; none given');
});

test('an approver who asks is told not to count', () => {
  expect(explained('prod api -- ss', { as: 'U0BOB' }).text).toContain('of usergroup:S0SRE or user:U0BOB, not U0BOB, who asks, within 15m');
});

test('hours are told in the zone of the rule', () => {
  const file = written('hours.yaml', yaml({ rules: 'rules: [{ name: office, when: { profiles: [general], hours: { days: [wed], from: "07:00", to: "20:00", zone: Europe/Berlin } }, decide: allow }]' }));
  const text = 'prod api --profile general -- ss';
  expect(explained(text, { file, at: '2026-11-25T18:59+00:00' })).toMatchObject({ code: 0, text: expect.stringContaining('hours matched (Wed 19:59 Europe/Berlin)') as string });
  expect(explained(text, { file, at: '2026-11-25T19:00Z' })).toMatchObject({ code: 1, text: expect.stringContaining('hours not matched (Wed 20:00 Europe/Berlin)') as string });
});

test('for any rules, texts and people the answer is that of the gate', () => {
  const settings = settingsOf(yaml());
  const texts = fc.tuple(fc.constantFrom(...NAMESPACES), fc.constantFrom('', '--preset sockets', '--preset plain', '--image bare', '--image busybox --profile baseline', '--profile sysadmin', '--private', '--reason INC-1'), fc.constantFrom('ss', 'curl x'))
    .map(([namespace, option, argv]) => `${namespace} api ${option}${option.includes('preset') ? '' : ` -- ${argv}`}`);
  const who = fc.record({ as: fc.constantFrom('U0ALICE', 'U0BOB', 'U0DAVE'), in: fc.constantFrom('C0OPS', 'C0DEV'), groups: fc.subarray(['S0SRE', 'S0ENG']), podLabels: fc.constantFrom(undefined, 'app=api', 'app=db') });
  const seen = new Set<string>();
  fc.assert(fc.property(policy, texts, who, (rules, text, typed) => {
    const asker = readAsker({ ...typed, at: '2026-11-25T10:00Z' }, 0 as never);
    const parsed = parseCommand(text);
    if (!asker.ok || !parsed.ok || parsed.command.kind !== 'run') throw new Error(`not a question: ${text}`);
    const resolution = resolve(parsed.command, CATALOGUE);
    const found = explain({ ...settings, policy: rules, catalogue: CATALOGUE }, asker.asker, text);
    if (!resolution.ok || found.kind !== 'judged') throw new Error(`not judged: ${text}`);
    const asked = { ...ask, requester: asker.asker.user, command: parsed.command, place: { ...ask.place, typedIn: asker.asker.channel } };
    expect(found.atDoor).toEqual(judgeAsk({ policy: rules, stepUp: 'available' }, rightsOf(asker.asker), asked, resolution.resolved, asker.asker.now));
    const subject = { ...subjectAtDoor(rightsOf(asker.asker), asked, resolution.resolved, asker.asker.now), labels: asker.asker.labels };
    expect(found.outcomes.flatMap(({ profiles }) => profiles)).toEqual(expect.arrayContaining([...resolution.resolved.profiles]));
    for (const { profiles, gate } of found.outcomes) for (const profile of profiles) {
      expect(gate).toEqual(gateOf(rules, { ...subject, profiles: [profile] }, conditionsAtDoor(asked, resolution.resolved, 'available')));
      seen.add(gate.gate);
    }
  }), { numRuns: 3_000 });
  expect([...seen].sort()).toEqual(['closed', 'held', 'open', 'unknown']);
});
