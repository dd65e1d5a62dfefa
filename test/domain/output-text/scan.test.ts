/** One pass for all rules: where a rule is asked, how often, and what becomes of its answer. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/domain/output-text/found.ts';
import { groupAt, lineBefore, lineEnd, lineStart } from '../../../src/domain/output-text/found.ts';
import { createOwnFinder } from '../../../src/domain/output-text/own.ts';
import { hide, joinFound } from '../../../src/domain/output-text/redact.ts';
import { createScan } from '../../../src/domain/output-text/scan.ts';

/** Where the rule was asked, with the anchor that it was asked for. */
const asked = (text: string, anchors: readonly string[], more: Partial<Rule> = {}, answer?: Rule['find']): readonly string[] => {
  const calls: string[] = [];
  createScan([{ what: 'x', anchors, find: (all, at, anchor) => { calls.push(`${at} ${anchor}`); return answer?.(all, at, anchor); }, ...more }])(text);
  return calls;
};

describe('a rule is asked', () => {
  it.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['at each anchor', 'ab abc xabx', ['ab'], ['0 ab', '3 ab', '8 ab']],
    ['at the very beginning and the very end', 'key=key', ['key'], ['0 key', '4 key']],
    ['for two characters at the end', 'xx0x', ['0x'], ['2 0x']],
    ['not where the text ends too early', 'passwor', ['password'], []],
    ['for each anchor that stands there', 'glpat-x', ['glpat-', 'gl', 'glx'], ['0 glpat-', '0 gl']],
    ['only where all of it stands', 'pasted passed', ['pass'], ['7 pass']],
    ['not for another case', 'Pass pass', ['pass'], ['5 pass']],
    ['not for what only looks alike in five bits', 'p!ss @bc', ['pass', 'abc'], []],
    ['in an empty text never', '', ['ab'], []],
    ['in a text of one character never', 'a', ['ab'], []],
  ])('%s', (_what, text, anchors, calls) => {
    expect(asked(text, anchors)).toEqual(calls);
  });

  it('in any case, when it wants that: from A to Z, and for no other sign', () => {
    expect(asked('AZaz', ['azaz'], { ignoreCase: true })).toEqual(['0 azaz']);
    expect(asked('@[`{ aZ[', ['`{`'], { ignoreCase: true })).toEqual([]);
    expect(asked('x_SaS', ['_sas'], { ignoreCase: true })).toEqual(['1 _sas']);
  });

  it('not before the place that it named, and again from there on', () => {
    expect(asked('ab ab ab ab', ['ab'], {}, (_all, at) => (at === 0 ? 6 : undefined))).toEqual(['0 ab', '6 ab', '9 ab']);
  });

  it('behind its hit, not in it; another rule is asked there all the same', () => {
    const first: Rule = { what: 'first', anchors: ['ab'], find: (_all, at) => ({ start: at, end: at + 5 }) };
    const second: Rule = { what: 'second', anchors: ['ab'], find: (_all, at) => ({ start: at, end: at + 1, what: 'better' }) };
    expect(createScan([first, second])('ab ab ab')).toEqual([
      { start: 0, end: 5, what: 'first' }, { start: 0, end: 1, what: 'better' }, { start: 3, end: 4, what: 'better' }, { start: 6, end: 11, what: 'first' }, { start: 6, end: 7, what: 'better' },
    ]);
  });

  it('a hit of nothing is none', () => {
    expect(createScan([{ what: 'x', anchors: ['ab'], find: (_all, at) => ({ start: at, end: at }) }])('ab')).toEqual([]);
  });

  it('anchors of many rules do not get into each other', () => {
    const rules = Array.from({ length: 400 }, (_, index): Rule => ({ what: String(index), anchors: [`k${String(index).padStart(3, '0')}`], find: (_all, at) => ({ start: at, end: at + 4 }) }));
    const text = Array.from({ length: 400 }, (_, index) => `k${String(index).padStart(3, '0')}`).join(' ');
    expect(createScan(rules)(text).map(({ what }) => Number(what))).toEqual(Array.from({ length: 400 }, (_, index) => index));
  });
});

describe('what was found', () => {
  const at = (start: number, end: number, what: string) => ({ start, end, what });
  it.each([
    ['apart stays apart', [at(0, 2, 'a'), at(3, 5, 'b')], [at(0, 2, 'a'), at(3, 5, 'b')]],
    ['side by side stays two', [at(0, 2, 'a'), at(2, 5, 'b')], [at(0, 2, 'a'), at(2, 5, 'b')]],
    ['in any order', [at(3, 5, 'b'), at(0, 2, 'a')], [at(0, 2, 'a'), at(3, 5, 'b')]],
    ['overlapping becomes one, named by the first', [at(0, 3, 'a'), at(2, 5, 'b')], [at(0, 5, 'a')]],
    ['the widest that begins there names it', [at(0, 2, 'a'), at(0, 5, 'b')], [at(0, 5, 'b')]],
    ['of equals the first names it', [at(0, 5, 'a'), at(0, 5, 'b')], [at(0, 5, 'a')]],
    ['inside another is part of it', [at(0, 9, 'a'), at(2, 5, 'b'), at(8, 9, 'c')], [at(0, 9, 'a')]],
    ['a chain of three is one', [at(0, 3, 'a'), at(2, 5, 'b'), at(4, 7, 'c')], [at(0, 7, 'a')]],
    ['nothing is nothing', [], []],
  ])('%s', (_what, found, joined) => {
    expect(joinFound(found)).toEqual(joined);
  });

  it('is hidden with its name in its place', () => {
    expect(hide('0123456789', [at(0, 2, 'a'), at(2, 3, 'b'), at(8, 10, 'c')])).toBe('[hidden: a][hidden: b]34567[hidden: c]');
    expect(hide('0123', [])).toBe('0123');
  });
});

describe("kdebug's own secrets", () => {
  const own = (secret: string, text: string): readonly string[] => createOwnFinder([secret])(text).map(({ start, end }) => text.slice(start, end));
  it('are found each time, also side by side, from six characters on', () => {
    expect(own('abcdef', 'abcdefabcdef abcdef')).toEqual(['abcdef', 'abcdef', 'abcdef']);
    expect(own('abcde', 'abcde abcde')).toEqual([]);
  });
  it.each([['a b/c+d', 'a%20b%2Fc%2Bd'], ['a"b\\c\nd', 'a\\"b\\\\c\\nd'], ['pass=word', Buffer.from('pass=word').toString('base64').replace(/=+$/, '')], ['password', 'cGFzc3dvcmQ'], ['passwor', 'cGFzc3dvcg']])('%j as %j', (secret, shown) => {
    expect(own(secret, `x ${shown} y`)).toEqual([shown]);
  });
});

describe('lines', () => {
  it('begin and end at line feeds', () => {
    expect([lineStart('ab\ncd', 0), lineStart('ab\ncd', 2), lineStart('ab\ncd', 3), lineStart('ab\ncd', 5)]).toEqual([0, 0, 3, 3]);
    expect([lineEnd('ab\ncd', 0), lineEnd('ab\ncd', 2), lineEnd('ab\ncd', 3)]).toEqual([2, 2, 5]);
  });
  it.each([['ab', 2, 2, 'ab'], ['abc', 3, 2, undefined], ['x\nab', 4, 2, 'ab'], ['xy\nabc', 6, 2, undefined], ['\nab', 3, 2, 'ab'], ['a\n', 2, 2, ''], ['abcd', 0, 2, ''], ['x\nabcd', 3, 8, 'a']])('before %j at %i, at most %i characters: %j', (text, at, charsMax, before) => {
    expect(lineBefore(text, at, charsMax)).toBe(before);
  });
  it('the last group of a pattern, where it stands', () => {
    expect(groupAt(/x(a)(b*)/y, 'xxabb', 1)).toEqual({ start: 3, end: 5 });
    expect(groupAt(/xa(b*)/y, 'xxa', 1)).toEqual({ start: 3, end: 3 });
    expect(groupAt(/x(a)/y, 'xxabb', 0)).toBeUndefined();
  });
});
