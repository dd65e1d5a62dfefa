import { describe, expect, test } from 'vitest';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const find = createFinder([]);
const line = 'QUJD'.repeat(16);
const base64 = Buffer.from('Tr0ub4dor').toString('base64');
const WITHHELD = '[hidden: line beside the cut]';
const HIDDEN = '[hidden: value beside the cut]';
const headOf = (head: string): string => show({ head: Buffer.from(head), tail: Buffer.from('x') }, find, 1_048_576).head;
const tailOf = (tail: string): string | undefined => show({ head: Buffer.from('x'), tail: Buffer.from(tail) }, find, 1_048_576).tail;

describe('before the cut', () => {
  test.each([
    ['the last line goes', 'a\nb\nhalf', `a\nb\n${WITHHELD}`],
    ['with the key above it', `a\n${line}\n${line}\nQUJ`, `a\n${WITHHELD}`],
    ['nothing is nothing', '', ''],
    ['a line alone', 'half', WITHHELD],
    ['data whose kind would have come next', `apiVersion: v1\ndata:\n  user: ${base64}\nkind: Sec`, `apiVersion: v1\ndata:\n  user: ${HIDDEN}\n${WITHHELD}`],
    ['the same in JSON', `{\n  "data": {\n    "user": "${base64}",\n    "b": "`, `{\n  "data": {\n    "user": "${HIDDEN}",\n${WITHHELD}`],
    ['data of a ConfigMap that says so', `kind: ConfigMap\ndata:\n  user: ${base64}\n  b: c`, `kind: ConfigMap\ndata:\n  user: ${base64}\n${WITHHELD}`],
    ['data far above the cut is of something else', `data:\n  user: ${base64}\na: 1\nb: 2\nc: 3\nd: 4\nhalf`, `data:\n  user: ${base64}\na: 1\nb: 2\nc: 3\nd: 4\n${WITHHELD}`],
  ])('%s', (_, head, expected) => expect(headOf(head)).toBe(expected));
});

describe('behind the cut', () => {
  test.each([
    ['the first line goes', 'half\nb\nc', `${WITHHELD}\nb\nc`],
    ['with the key below it, to its short last line', `JD\n${line}\n${line}\nQQ==\nc`, `${WITHHELD}\nc`],
    ['with the key below it in a log', `JD\n2026-01-02T03:04:05Z stdout F ${'aB3x'.repeat(16)}\nc d`, `${WITHHELD}\nc d`],
    ['an entry of a Secret', `ret\n  user: ${base64}\ntype: Opaque`, `${WITHHELD}\n  user: ${HIDDEN}\ntype: Opaque`],
    ['each entry, once the kind is read', 'a: b\n  user: bob\nkind: Secret', `${WITHHELD}\n  user: ${HIDDEN}\nkind: Secret`],
    ['no entry of a ConfigMap', `a: b\n  user: ${base64}\nkind: ConfigMap`, `${WITHHELD}\n  user: ${base64}\nkind: ConfigMap`],
    ['an entry in JSON', `x",\n    "user": "${base64}"\n  }\n}`, `${WITHHELD}\n    "user": "${HIDDEN}"\n  }\n}`],
    ['data of an object whose kind is gone', `x\n  name: a\ndata:\n  user: ${base64}\n`, `${WITHHELD}\n  name: a\ndata:\n  user: ${HIDDEN}\n`],
    ['a strong value among ordinary ones', 'x\n    host: db1\n    login: aZ9-qwe!rt\n', `${WITHHELD}\n    host: db1\n    login: ${HIDDEN}\n`],
    ['the value of a variable whose name is gone', 'ASSWORD\n      value: hunter2\n    - name: B\n      value: c\n', `${WITHHELD}\n      value: ${HIDDEN}\n    - name: B\n      value: c\n`],
    ['the same in JSON', 'D",\n  "value": "two words"\n}', `${WITHHELD}\n  "value": "${HIDDEN}"\n}`],
    ['a value of several lines', 'D\n  value: |\n    one two\n    three\nb: 1', `${WITHHELD}\n  value: |\n    ${HIDDEN}\n    ${HIDDEN}\nb: 1`],
    ['the value of a variable whose name is there', '- name: LEVEL\n  value: debug\n', `${WITHHELD}\n  value: debug\n`],
    ['a password of netrc', 'ogin bot\n  password p4ssw\n', `${WITHHELD}\n  password ${HIDDEN}\n`],
    ['what is left of a block', 'x\n  aZ9-qwe!rt\n  b c\n', `${WITHHELD}\n  ${HIDDEN}\n  b c\n`],
    ['an AWS secret whose id is gone', `AAAA\nof bot,${'aB3x'.repeat(10)}\n`, `${WITHHELD}\nof bot,${HIDDEN}\n`],
    ['a commit is none', `x\ncommit ${'4bf9'.repeat(10)}\n`, `${WITHHELD}\ncommit ${'4bf9'.repeat(10)}\n`],
  ])('%s', (_, tail, expected) => expect(tailOf(tail)).toBe(expected));
});

test.each([
  ['a value', `  value: a${' '.repeat(300_000)}b`], ['an entry', `  a: b${' '.repeat(300_000)}c`], ['an entry with commas', `  a: ${','.repeat(300_000)} c`], ['a line alone', `${' '.repeat(300_000)}a b`], ['a password', `password ${'a'.repeat(300_000)} b`],
  ['quotes', `  value: ${'"'.repeat(300_000)}b`], ['data', `${' '.repeat(300_000)}data: x`], ['a logged line', 'a '.repeat(150_000)],
])('one long line beside the cut takes time in proportion: %s', (_, line) => {
  const from = process.cpuUsage();
  tailOf(`x\n${line}\n`);
  headOf(`x\n${line}\n`);
  const { user, system } = process.cpuUsage(from);
  // quadratic would be a minute
  expect((user + system) / 1_000).toBeLessThan(2_000);
});

describe('a log that broke off', () => {
  const shown = (text: string, complete: boolean): string => show({ head: Buffer.from(text), complete }, find, 1_048_576).head;
  test('in the midst of a line loses the line', () => expect(shown('a\nhalf', false)).toBe(`a\n${WITHHELD}`));
  test('behind a line loses nothing', () => expect(shown('a\nb\n', false)).toBe('a\nb\n'));
  test('whole, its last line stays without a newline', () => expect(shown('a\nlast', true)).toBe('a\nlast'));
});
