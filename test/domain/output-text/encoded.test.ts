/** Secrets in base64 and hexadecimal: which run of characters is hidden, and which is only long. */
import { describe, expect, it } from 'vitest';
import { createEncodedFinder } from '../../../src/domain/output-text/encoded.ts';
import type { Finder } from '../../../src/domain/output-text/found.ts';
import { marked } from './marked.ts';

/** Takes the place of all rules: the word is the secret. */
const word: Finder = (text) => [...text.matchAll(/swordfish/g)].map(({ index }) => ({ start: index, end: index + 9, what: 'word' }));
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const hidden = (text: string, depth = 1): string => marked(text, createEncodedFinder(word, depth)(text));

/** Of 18 characters, so that its base64 has the least length and no padding. */
const SECRET = 'x=swordfish; y=12.';
const RUN = base64(SECRET);

describe('one run', () => {
  it('of 24 characters is read, wherever it stands; of 23 it is not', () => {
    expect(RUN).toHaveLength(24);
    expect(hidden(RUN)).toBe(`«word|${RUN}»`);
    expect(hidden(`a ${RUN} b`)).toBe(`a «word|${RUN}» b`);
    expect(hidden(`a\n${RUN}\n`)).toBe(`a\n«word|${RUN}»\n`);
    expect(hidden(`"${RUN}"`)).toBe(`"«word|${RUN}»"`);
    expect(hidden(`${RUN.slice(0, -1)} b`)).toBe(`${RUN.slice(0, -1)} b`);
    expect(hidden(`short ${RUN} ${RUN}`)).toBe(`short «word|${RUN}» «word|${RUN}»`);
  });

  it.each(['x=swordfish; y=1234', 'x=swordfish; y=12345', 'x=swordfish; y=123456'])('with its padding: %s', (text) => {
    expect(hidden(`${base64(text)} b`)).toBe(`«word|${base64(text)}» b`);
    expect(hidden(base64(text))).toBe(`«word|${base64(text)}»`);
    expect(hidden(`${base64(text)}==`)).toBe(`«word|${base64(text).replace(/=*$/, '==')}»${base64(text).slice(base64(text).search(/=*$/))}`);
  });

  it('in the alphabet of URLs', () => {
    const text = 'swordfish ~~~?>>?>~~';
    expect(base64(text)).toMatch(/[+/]/);
    const url = Buffer.from(text).toString('base64url');
    expect(hidden(url)).toBe(`«word|${url}»`);
    const cut = url.slice(0, url.length - (url.length % 4) + 1);
    expect(hidden(cut)).toBe(`«word|${cut}»`);
  });

  it('that begins with something else, up to a group of four', () => {
    for (const before of ['k', 'ke', 'key']) expect(hidden(`${before}${RUN}`), before).toBe(`«word|${before}${RUN}»`);
    expect(hidden(`key/${RUN}`)).toBe(`«word|key/${RUN}»`);
  });

  it('in hexadecimal of either case, not of both', () => {
    expect(hidden(hexOf(SECRET))).toBe(`«word|${hexOf(SECRET)}»`);
    expect(hidden(hexOf(SECRET).toUpperCase())).toBe(`«word|${hexOf(SECRET).toUpperCase()}»`);
    expect(hidden(`${hexOf(SECRET)}0`)).toBe(`${hexOf(SECRET)}0`);
  });

  it('without anything secret in it stays, as does what is not text', () => {
    expect(hidden(base64('nothing to see here'))).toBe(base64('nothing to see here'));
    expect(hidden(hexOf('nothing to see here'))).toBe(hexOf('nothing to see here'));
    expect(hidden('usr/share/swordfish/nothing/here')).toBe('usr/share/swordfish/nothing/here');
    expect(hidden('SWORDFISH0123456789ABCDEFGHIJ')).toBe('SWORDFISH0123456789ABCDEFGHIJ');
  });

  it('is text when 85 of 100 of its first 64 characters are printable: NULs are blanks', () => {
    const mixed = (strange: string, count: number): string => `${strange.repeat(count)}${'swordfish'.padEnd(40 - count, ' ')}`;
    expect(hidden(base64(mixed('\u0001', 6)))).toBe(`«word|${base64(mixed('\u0001', 6))}»`);
    expect(hidden(base64(mixed('\u0001', 20)))).toBe(base64(mixed('\u0001', 20)));
    expect(hidden(base64(mixed('\u0000', 20)))).toBe(`«word|${base64(mixed('\u0000', 20))}»`);
    expect(hidden(base64(mixed('\u00e9', 20)))).toBe(base64(mixed('\u00e9', 20)));
    expect(hidden(base64(mixed('\n\t\r', 5)))).toBe(`«word|${base64(mixed('\n\t\r', 5))}»`);
    expect(hidden(hexOf(mixed('\u0001', 20)))).toBe(hexOf(mixed('\u0001', 20)));
    // what follows the sample is read all the same
    const late = `${'A readable text. '.repeat(6)}\u0001\u0002\u0003swordfish`;
    expect(hidden(base64(late))).toBe(`«word|${base64(late)}»`);
    expect(hidden(hexOf(late))).toBe(`«word|${hexOf(late)}»`);
  });
});

describe('a text of several lines', () => {
  const lines = (text: string, width: number): string => text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n');
  const LONG = base64(`${'a long text, and '.repeat(9)}swordfish, and more.`);

  it.each([48, 60, 64, 76])('of lines of %i characters is one', (width) => {
    expect(hidden(`x\n${lines(LONG, width)}\ny z`)).toBe(`x\n«word|${lines(LONG, width)}»\ny z`);
  });

  it('of lines of 47 characters is read line by line', () => {
    const at = lines(LONG, 47).split('\n').map((line) => line.length);
    expect(at[0]).toBe(47);
    // the word spans two of them
    const split = base64(`${'a'.repeat(30)}swordfish${'b'.repeat(40)}`);
    expect(hidden(lines(split, 47))).toBe(lines(split, 47));
    expect(hidden(lines(split, 48))).toBe(`«word|${lines(split, 48)}»`);
  });

  it('ends with its first shorter line, and before a longer one', () => {
    const text = lines(LONG, 60);
    expect(hidden(`${text}\n${'QUJD'.repeat(4)}`)).toBe(`«word|${text}»\n${'QUJD'.repeat(4)}`);
    const first = LONG.slice(0, 60);
    expect(hidden(`${first}\n${LONG}`)).toBe(`${first}\n«word|${LONG}»`);
    expect(hidden(`${text}\nsome words`)).toBe(`«word|${text}»\nsome words`);
  });

  it('ends with its padding: what was encoded line by line is read so', () => {
    const each = ['a'.repeat(46), `${'b'.repeat(36)} swordfish`].map(base64);
    expect(each.every((line) => line.endsWith('=='))).toBe(true);
    expect(hidden(each.join('\n'))).toBe(`${each[0]}\n«word|${each[1]}»`);
    const last = base64(`${'a'.repeat(36)}${'b'.repeat(30)}swordfish.`);
    expect(hidden(`${lines(last, 48)}\n${each[1]}`)).toBe(`«word|${lines(last, 48)}»\n«word|${each[1]}»`);
  });
});

describe('encoded twice', () => {
  const TWICE = base64(base64(SECRET));
  it('is read as deep as was asked for', () => {
    expect(hidden(TWICE, 1)).toBe(TWICE);
    expect(hidden(TWICE, 2)).toBe(`«word|${TWICE}»`);
    expect(hidden(RUN, 2)).toBe(`«word|${RUN}»`);
    expect(hidden(base64(TWICE), 2)).toBe(base64(TWICE));
  });
});
