/** What a value looks like when nothing says what it is. */
import { describe, expect, it } from 'vitest';
import { isPasswordLike, isSecretDatum } from '../../../src/domain/output-text/shapes.ts';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

describe('a datum of a Secret', () => {
  it.each([['a word', base64('hunter2')], ['three bytes', base64('x y')], ['lines', base64('a: 1\n\tb: 2\r\n')], ['a key of 24 characters of every kind', 'aB3x'.repeat(6)], ['a long text', base64('x'.repeat(5_000))], ['a text that is binary beyond its beginning', base64(`${'x'.repeat(4_096)}\u0001\u0002\u0003`)]])('%s', (_what, value) => {
    expect(isSecretDatum(value)).toBe(true);
  });
  it.each([
    ['nothing', ''], ['no whole groups of four', base64('hunter2').replaceAll('=', '')], ['no base64', 'hunter-2'], ['too much padding', 'aB3='.repeat(2)], ['20 characters of something binary', 'aB3x'.repeat(5)],
    ['24 characters without a digit', 'aBcX'.repeat(6)], ['24 characters in small letters', 'ab3x'.repeat(6)], ['24 characters in capitals', 'AB3X'.repeat(6)], ['a word of four letters', 'true'], ['padding alone', '===='],
  ])('not %s', (_what, value) => {
    expect(isSecretDatum(value)).toBe(false);
  });
});

describe('a password', () => {
  it.each(['aZ9qwert', 'aaaaaa1!', 'Tr0ub4dor&3', 'x1~aaaaa', `aZ9${'x'.repeat(253)}`])('%s', (value) => {
    expect(isPasswordLike(value)).toBe(true);
  });
  it.each([
    '', 'aZ9qwer', 'hunter2x', 'HUNTER2X', 'aZqwertyu', '12345678!', `aZ9${'x'.repeat(254)}`, 'aZ9 qwerty', '2026-01-02T03:04:05Z', 'https://Ab1cdefg', 'Registry1/App2x', 'app@sha256:Ab12', '1234567.8Mi', 'Api-7f9-Xyz', 'com.Example.App1', 'fooBar1(x)', 'v1.2.3-Rc1', '1.25Ab!x',
  ])('not %j', (value) => {
    expect(isPasswordLike(value)).toBe(false);
  });
});
