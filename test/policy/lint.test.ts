import { describe, expect, it, test } from 'vitest';
import { yaml } from '../config/base.ts';
import { EXAMPLE, lastLine, linted, written } from './typed.ts';

const PROFILES = 'profiles: [restricted, baseline, general]';
/** The rules one a line, from line 5 on. */
const file = (...rules: readonly string[]): string => written('lint.yaml', yaml({ rules: `rules:\n${rules.map((rule) => `  - ${rule}`).join('\n')}` }));

test('the example has no warning', () => {
  expect(linted(EXAMPLE, true)).toEqual({ code: 0, text: `ok: ${EXAMPLE}: 5 rules, no warning\n` });
});

describe('warnings, each at its place', () => {
  const bob = '"user:U0BOB"';
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['a rule that an earlier one always decides before', ['{ name: all of it, when: { namespaces: ["*"] }, decide: refuse }', `{ name: never, when: { namespaces: [prod], ${PROFILES}, channels: [C0OPS] }, decide: allow }`],
      ['7:13: rules.1.name: warning: is never reached: "all of it" (rules.0) matches whatever this rule would; move it up, or take it out']],
    ['an allowance for anybody', [`{ name: open, when: { ${PROFILES} }, decide: allow }`], [`6:80: rules.0.decide: warning: allow has neither requesters nor channels, so any member`]],
    ['approvers who are the requesters', [`{ name: own, when: { requesters: [${bob}] }, decide: approve, approvers: [${bob}] }`], ['6:84: rules.0.approvers: warning: can never be enough']],
    ['two who need each other and a third', [`{ name: own, when: { requesters: ["user:U0BOB", "user:U0CAROL"] }, decide: approve, approvals: 2, approvers: ["user:U0BOB", "user:U0CAROL"] }`], ['rules.0.approvers: warning: can never be enough: those who may approve are those who ask, and 2 other people must; name others']],
    ['an approver who asks has nobody left', [`{ name: one, when: {}, decide: approve, approvers: [${bob}] }`], ['rules.0.approvers: warning: are not enough when user:U0BOB asks: 1 other person must approve; name more']],
  ];
  it.each(cases)('%s', (_name, rules, says) => {
    const path = file(...rules);
    const answer = linted(path);
    for (const sentence of says) expect(answer.text).toContain(sentence);
    expect(answer.text).toMatch(new RegExp(`^${path}:\\d+:\\d+: `));
    expect(lastLine(answer)).toBe(`${path}: ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}, 1 warning`);
    expect([answer.code, linted(path, true).code]).toEqual([0, 1]);
  });

  const quiet: readonly [string, string][] = [
    ['an allowance in named channels', `{ name: open, when: { channels: [C0OPS], ${PROFILES} }, decide: allow }`],
    ['approvers of a group, whose size nobody knows here', '{ name: group, when: { requesters: ["usergroup:S0SRE"] }, decide: approve, approvers: ["usergroup:S0SRE"] }'],
    ['two approvers, of whom either may ask', '{ name: two, when: {}, decide: approve, approvers: ["user:U0BOB", "user:U0CAROL"] }'],
    ['an approver who is not among those who ask', '{ name: other, when: { requesters: ["user:U0ALICE"] }, decide: approve, approvers: ["user:U0BOB"] }'],
  ];
  it.each(quiet)('%s: none', (_name, rule) => { expect(linted(file(rule))).toMatchObject({ code: 0, text: expect.stringContaining('no warning') as string }); });
});

describe('what config check refuses is told first, and answers 1', () => {
  const cases: readonly [string, string, string][] = [
    ['sysadmin for the asking', '{ name: open, when: { channels: [C0OPS] }, decide: allow }', 'rules.0.decide: allow would let people use the profile sysadmin'],
    ['no approvers', '{ name: held, when: {}, decide: approve, approvers: [] }', 'rules.0.approvers: is an empty list'],
    ['a group that is not one', '{ name: held, when: {}, decide: approve, approvers: ["usergroup:sre"] }', 'rules.0.approvers.0: "usergroup:sre" is not a person or a user group'],
  ];
  it.each(cases)('%s', (_name, rule, says) => { expect(linted(file(rule))).toMatchObject({ code: 1, text: expect.stringContaining(says) as string }); });
});
