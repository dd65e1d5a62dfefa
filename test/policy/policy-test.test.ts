import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { yaml } from '../config/base.ts';
import { lastLine, tested, written } from './typed.ts';

const SHIPPED = fileURLToPath(new URL('../../deploy/policy.example.test.yaml', import.meta.url));

test('the example is what the file shipped with it expects', () => {
  const answer = tested(SHIPPED);
  expect(answer.text).not.toContain('not ok');
  expect(answer.code).toBe(0);
  expect(Number(/^(\d+) expectations, all ok$/.exec(lastLine(answer))?.[1])).toBeGreaterThanOrEqual(12);
});

const HELD = '{ name: a, as: U0ALICE, in: C0OPS, text: "prod api -- ss", expect: held }';

describe('an expectation that is not met is told with what came instead, and answers 1', () => {
  const cases: readonly [string, string, string][] = [
    ['another gate', 'expect: open', 'expected open; got held: "production needs one other person" waits for'],
    ['another rule', 'expect: held, rule: privileged tools need two', 'expected held by "privileged tools need two"; got held: "production needs one other person"'],
    ['another refusal', 'expect: closed, refusal: no_rule', 'expected closed (no_rule); got held'],
  ];
  it.each(cases)('%s', (_name, expects, says) => {
    const answer = tested(written('not-ok.yaml', `- ${HELD}\n- ${HELD.replace('expect: held', expects).replace('name: a', 'name: b')}\n`));
    expect(answer.text).toContain('ok 1 - a\nnot ok 2 - b\n');
    expect(answer.text).toContain(says);
    expect([lastLine(answer), answer.code]).toEqual(['2 expectations, 1 not ok', 1]);
  });
});

test('an answer that hangs on the profile is only as expected when each is', () => {
  const rules = (weak: string): string => written('auto.yaml', yaml({ images: 'images: { netshoot: { ref: "n:1", shell: true, profile: general } }', rules: `rules: [{ name: strong, when: { profiles: [general] }, decide: allow }, { name: weak, when: { profiles: [restricted, baseline] }, decide: ${weak} }]` }));
  const file = written('auto.test.yaml', `- ${HELD.replace('held', 'open')}\n`);
  expect(tested(file, rules('allow')).code).toBe(0);
  expect(tested(file, rules('refuse'))).toMatchObject({ code: 1, text: expect.stringContaining('got depends on the profile') as string });
});

describe('mistakes in the file have line and column, and answer 2', () => {
  const cases: readonly [string, string, string][] = [
    ['a key that is not there', HELD.replace('expect', 'expects'), '1:62: 0.expects: is not a key here; did you mean expect?'],
    ['a person by name', HELD.replace('U0ALICE', 'alice'), '1:18: 0.as: "alice" is not the id of a Slack user; write an id such as U0ALICE'],
    ['a text that does not parse', HELD.replace('prod api', 'prod api --imag x'), '1:44: 0.text: --imag is not an option; did you mean --image? (at character 10 of it)'],
    ['a command that no rule is about', HELD.replace('prod api -- ss', 'pending'), '1:44: 0.text: pending is no command that rules decide about'],
    ['a rule that is not there', HELD.replace(' }', ', rule: production needs one other persn }'), '1:82: 0.rule: is not the name of a rule; '],
    ['a refusal of what is held', HELD.replace(' }', ', refusal: no_rule }'), '1:85: 0.refusal: means nothing where expect: held'],
    ['a refusal that is not one', HELD.replace(' }', ', refusal: norule }'), '1:85: 0.refusal: "norule" is not a choice here'],
    ['no list', 'x: 1', '1:1: yaml: is a mapping; write a list of expectations'],
  ];
  it.each(cases)('%s', (_name, line, says) => {
    const file = written('mistakes.yaml', line.startsWith('{') ? `- ${line}\n` : `${line}\n`);
    const answer = tested(file);
    expect(answer.text).toContain(`${file}:${says}`);
    expect(answer.code).toBe(2);
  });
  it('rules with hours want a time', () => {
    const config = written('hours.yaml', yaml({ rules: 'rules: [{ name: office, when: { profiles: [general], hours: { days: [wed], from: "07:00", to: "20:00", zone: UTC } }, decide: allow }]' }));
    const typed = HELD.replace('prod api', 'prod api --profile general').replace('held', 'open');
    expect(tested(written('hours.test.yaml', `- ${typed}\n`), config)).toMatchObject({ code: 2, text: expect.stringContaining('0.at: is missing, and a rule asks for the hour') as string });
    expect(tested(written('hours.test.yaml', `- ${typed.replace(' }', ', at: "2026-11-25T10:00Z" }')}\n`), config).code).toBe(0);
  });
  it('a file that is not there, and a kdebug.yaml that is not', () => {
    const answer = tested('/nowhere/policy.yaml', '/nowhere/kdebug.yaml');
    expect(answer.text).toMatch(/^\/nowhere\/kdebug.yaml:1:1: .*\n\/nowhere\/policy.yaml:1:1: yaml: there is no such file; write one, or name it: kdebug policy test FILE\n$/);
    expect(answer.code).toBe(2);
  });
});
