/** Beside a cut: which lines are withheld, and which values whose context is gone. */
import { describe, expect, it } from 'vitest';
import { findBrokenBeginning, findBrokenEnd } from '../../../src/domain/output-text/cut.ts';
import type { Finder } from '../../../src/domain/output-text/found.ts';
import { findAfterCut, findBeforeCut } from '../../../src/domain/output-text/lost-context.ts';
import { joinFound } from '../../../src/domain/output-text/redact.ts';

/** What is between < and > must be hidden, and nothing else. */
const expectHidden = (find: Finder, text: string): void => {
  const plain = text.replaceAll(/[<>]/g, '');
  let [out, at] = ['', 0];
  for (const { start, end } of joinFound(find(plain))) {
    out += `${plain.slice(at, start)}<${plain.slice(start, end)}>`;
    at = end;
  }
  expect(out + plain.slice(at)).toBe(text);
};

const KEY = 'QUJDREVGR0hJSktM';
const LOGGED = `2026-01-02T03:04:05Z out | ${'aB3x'.repeat(10)}`;

describe('the end before a cut', () => {
  it.each([
    '<abc>', 'ab\n<cd>', 'ab\n<>', `ab\n<${KEY}\ncd>`, `<${KEY}\ncd>`, `<${KEY}\n${KEY}\n>`, `a b\n<${KEY}\n${KEY}\ncd>`, `${KEY}\na b\n<cd>`, '\n<cd>', '\n\n<cd>', `\n<${KEY}\ncd>`, `x\n<${LOGGED}\ncd>`,
    `${KEY.slice(1)}\n<cd>`, `x ${KEY}\n<cd>`, `  "<${KEY}"\ncd>`.replace('  "<', '<  "'),
  ])('%j', (text) => { expectHidden(findBrokenEnd, text); });
  it('of nothing is nothing', () => { expect(findBrokenEnd('')).toEqual([]); });
});

describe('the beginning behind a cut', () => {
  it.each([
    '<abc>', '<ab>\ncd', '<ab>\n', `<ab\n${KEY}>\ncd ef`, `<ab\n${KEY}\n${KEY}>`, `<ab\n${KEY}\nQQ==>\ncd`, `<ab\n${KEY}\nQQ>\nc d`, `<ab\n${KEY}>\n\ncd`, '<ab\nQQ==>\ncd', '<ab>\nQQ\ncd', '<ab>\n=QQ\ncd', '<ab\nQQ=>',
    `<ab\n${LOGGED}>\nc d`, `<ab>\nc d\n${KEY}`, `<ab>\ncommit ${'4bf9'.repeat(10)}\n`, `<ab\n${KEY}\n${'A'.repeat(64)}>\nc d`, `<ab\n${KEY}\\n>\nc d`,
  ])('%j', (text) => { expectHidden(findBrokenBeginning, text); });
  it('of nothing is nothing', () => { expect(findBrokenBeginning('')).toEqual([]); });
});

const WORD = Buffer.from('hunter22').toString('base64');

describe('behind a cut: entries of what may be a Secret', () => {
  it.each([
    ['of a block that was cut', `x\n  a: <${WORD}>\n  b: plain\nc: d`],
    ['to its end', `x\n  a: <${WORD}>\nb: ${WORD}`],
    ['to an empty line', `x\n  a: <${WORD}>\n\n  b: ${WORD}`],
    ['to a line of blanks', `x\n  a: <${WORD}>\n   \n  b: ${WORD}`],
    ['not of one at the margin', `x\na: ${WORD}`],
    ['all of them, when the kind says Secret', 'x\n  a: <plain>\n  b: <more>\nkind: Secret'],
    ['with the kind some lines below', 'x\n  a: <plain>\nb: c\nd: e\nf: g\nkind: Secret'],
    ['not with the kind further below', 'x\n  a: plain\nb: c\nd: e\nf: g\nh: i\nkind: Secret'],
    ['none, when the kind is another', `x\n  a: ${WORD}\nkind: ConfigMap`],
    ['not by a kind that is indented like them', `x\n  a: <${WORD}>\n  kind: ConfigMap\n`],
    ['not the kind itself', 'x\n  kind: Pod\n  a: <plain>\nkind: Secret'],
    ['those deeper than the first belong to it', 'x\n  a: <plain>\n    b: <more>\nkind: Secret'],
    ['those less deep do not', `x\n    a: <${WORD}>\n  b: <${WORD}>\nkind: ConfigMap`.replaceAll(/[<>]/g, '')],
    ['in quotes', `x\n    "a": "<${WORD}>",\n    'b': '<${WORD}>'\n`],
    ['in a list', `x\n  - a: <${WORD}>\n`],
    ['not with something behind the value', `x\n  a: ${WORD} b\n  c: <${WORD}>\n`],
    ['of a strong password', 'x\n  a: <aZ9-qwe!rt>\n  b: db-1\n'],
  ])('%s', (_what, text) => { expectHidden(findAfterCut, text); });
});

describe('behind a cut: data of an object whose kind is gone', () => {
  it.each([
    ['is judged by its shape', `x\nname: a\ndata:\n  a: <${WORD}>\n  b: plain\n`],
    ['in JSON', `x\n"name": "a",\n"data": {\n  "a": "<${WORD}>"\n}\n`],
    ['not when the kind stands beside it, before', `x\nkind: ConfigMap\ndata:\n  a: ${WORD}\n`],
    ['nor behind', `x\nname: a\ndata:\n  a: ${WORD}\nkind: ConfigMap\n`],
    ['nor some lines behind', `x\nname: a\ndata:\n  a: ${WORD}\nb: c\nd: e\nf: g\nkind: ConfigMap\n`],
    ['but when it is further behind', `x\nname: a\ndata:\n  a: <${WORD}>\nb: c\nd: e\nf: g\nh: i\nkind: ConfigMap\n`],
    ['but when the kind is that of something in it', `x\nname: a\n  kind: User\ndata:\n  a: <${WORD}>\n`],
    ['but when the kind is that of the next document', `x\nname: a\ndata:\n  a: <${WORD}>\n---\nkind: ConfigMap\n`],
    ['but when the kind is that of the next in the list', `x\n  name: a\n  data:\n    a: <${WORD}>\n- kind: ConfigMap\n`],
    ['not of the next document', `x\n---\nname: a\ndata:\n  a: ${WORD}\n`],
    ['that is indented', `x\n  name: a\n  data:\n    a: <${WORD}>\n`],
  ])('%s', (_what, text) => { expectHidden(findAfterCut, text); });
});

describe('behind a cut: other values', () => {
  it.each([
    ['of a variable whose name is gone', 'SWORD\n  value: <x1>\n'],
    ['in quotes', 'SWORD"\n  "value": "<two words>",\n'],
    ['of TOML', 'SWORD\nvalue=<x1>\n'],
    ['in capitals', 'SWORD\nVALUE: <x1>\n'],
    ['none that stands for something', 'SWORD\n  value: $(NAME)\n'],
    ['none whose name is there', '- name: LEVEL\n  value: x1\n'],
    ['nor in JSON', '{"key": "LEVEL",\n  "value": "x1"\n'],
    ['none further below', 'x\ny: z\n  value: x1\n'],
    ['of several lines', 'D\n  value: |\n    <one two>\n    <three>\nb: 1'],
    ['with an empty line between', 'D\n  value: |-\n    <one two>\n\n    <three>\n  b: c\n'],
    ['of a netrc', 'ogin me\npassword <p4>\n'],
    ['of a netrc, indented', 'ogin me\n\tpassword <p4>  \n'],
    ['not of a sentence', 'ogin me\npassword p4 or so\n'],
    ['not one that stands for something', 'ogin me\npassword $PASS\n'],
    ['not further below', 'x\ny\npassword p4\n'],
    ['lines that are passwords alone', 'x\n<aZ9-qwe!rt>\n  - <aZ9-qwe!ru>\nb\naZ9-qwe!rv\n'],
    ['not such a line behind another', 'x\nb\naZ9-qwe!rt\n'],
    ['not an assignment', 'x\nA=aZ9-qwe!rt\n'],
    ['an AWS secret key whose id is gone', `x\nof bot,<${'aB3x'.repeat(10)}>\nz`],
    ['not further away than its id would be', `x\n${'y '.repeat(70)}${'aB3x'.repeat(10)}\nz`],
  ])('%s', (_what, text) => { expectHidden(findAfterCut, text); });

  it('of nothing, and of one line, nothing', () => {
    expect([findAfterCut(''), findAfterCut('abc'), findAfterCut('abc\n')]).toEqual([[], [], []]);
  });

  it('are looked for in 5,000 lines', () => {
    const lines = `x\n${'  b: plain\n'.repeat(4_999)}  a: ${WORD}\n`;
    expect(findAfterCut(lines)).toHaveLength(1);
    expect(findAfterCut(lines.replace('x\n', 'x\n  b: plain\n'))).toHaveLength(0);
  });
});

describe('before a cut: data whose kind would have come', () => {
  it.each([
    ['is judged by its shape', `name: a\ndata:\n  a: <${WORD}>\n  b: plain\nhalf`],
    ['not when the kind was there', `kind: ConfigMap\ndata:\n  a: ${WORD}\nhalf`],
    ['nor when it is a Secret: that is found without a cut', `kind: Secret\ndata:\n  a: ${WORD}\nhalf`],
    ['but when the kind is that of the document before', `kind: ConfigMap\n---\nname: a\ndata:\n  a: <${WORD}>\nhalf`],
    ['but when the kind is that of the one before it in the list', `- kind: ConfigMap\n  name: a\n- apiVersion: v1\n  data:\n    a: <${WORD}>\nhalf`],
    ['up to three lines before the cut', `data:\n  a: <${WORD}>\nb: c\nd: e\nf: g\nhalf`],
    ['not further before it', `data:\n  a: ${WORD}\nb: c\nd: e\nf: g\nh: i\nhalf`],
    ['of the last data only', `data:\n  a: ${WORD}\n---\ndata:\n  b: <${WORD}>\nhalf`],
    ['to the last whole line', `data:\n  a: <${WORD}>\n  b: ${WORD}`],
    ['nothing without data', `name: a\n  a: ${WORD}\nhalf`],
    ['nothing of an empty data', 'data:\nhalf'],
  ])('%s', (_what, text) => { expectHidden(findBeforeCut, text); });
});
