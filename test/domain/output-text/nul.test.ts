/** environ and cmdline of a process: entries end at NUL, and a NUL can also stand within a value. */
import { describe, expect, it } from 'vitest';
import type { Finder } from '../../../src/domain/output-text/found.ts';
import { findBesideNuls } from '../../../src/domain/output-text/nul.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { marked } from './marked.ts';

const shown = (text: string, find: Finder): string => {
  const { text: readable, found } = findBesideNuls(text.replaceAll('0', '\u0000'), find);
  return marked(readable, found);
};
const word: Finder = (text) => [...text.matchAll(/fish/g)].map(({ index }) => ({ start: index, end: index + 4, what: 'w' }));
const rest: Finder = (text) => [...text.matchAll(/A=\S+/g)].map(({ index, 0: all }) => ({ start: index, end: index + all.length, what: 'w' }));

describe('text with NULs (a zero here)', () => {
  it.each([
    ['without any, as it is', 'a fish b', 'a «w|fish» b'],
    ['between entries of an environment, lines', 'AB=x0CD=y0', 'AB=x\nCD=y\n'],
    ['between words of a command, blanks', 'ls0-l0x', 'ls -l x'],
    ['a name of one letter is no entry', 'AB=x0C=y', 'AB=x C=y'],
    ['one without a value is an entry', 'AB=x0CD=0EF=y', 'AB=x\nCD=\nEF=y'],
    ['what only looks like one is none', 'AB=x0EF= z', 'AB=x EF= z'],
    ['nor one in small letters', 'AB=x0cd=y', 'AB=x cd=y'],
    ['two in a row', 'a00b', 'a\n b'],
    ['found within an entry', 'AB=fish0CD=y', 'AB=«w|fish»\nCD=y'],
    ['found across a NUL, which goes with it', 'AB=fi0sh x', 'AB=«w|fi sh» x'],
    ['across two', 'AB=f0i0sh x', 'AB=«w|f i sh» x'],
    ['a NUL before it stays outside', 'a0fish', 'a «w|fish»'],
    ['a NUL behind it stays outside', 'fish0a', '«w|fish» a'],
    ['behind several', 'a0b0c0fish0d', 'a b c «w|fish» d'],
    ['at the beginning', '0fish', ' «w|fish»'],
    ['at the end', 'fish0', '«w|fish»\n'],
  ])('%s', (_what, text, expected) => {
    expect(shown(text, word)).toBe(expected);
  });

  it.each([
    ['ends where the next entry begins', 'A=x0BC=y', '«w|A=x»\nBC=y'],
    ['goes on through what is no entry', 'A=x0y z', '«w|A=x y» z'],
    ['and to the next entry then', 'A=x0y0BC=z', '«w|A=x y»\nBC=z'],
    ['a line feed of its own is no such end', 'x\nA=y0z', 'x\n«w|A=y z»'],
  ])('a value %s', (_what, text, expected) => {
    expect(shown(text, rest)).toBe(expected);
  });

  it('is read with all rules, with a line feed in a value too', () => {
    const key = ['-----BEGIN', ' PRIVATE KEY-----\nabcdefghijklmnop\n-----END', ' PRIVATE KEY-----'].join('');
    expect(shown(`TLS=${key}0DB_PASSWORD=x10HOME=/`.replace('x10', 'x1\u0000'), createFinder([]))).toBe(`TLS=«private key|${key}»\nDB_PASSWORD=«password|x1»\nHOME=/`);
  });
});
