/** What is too long for its place loses its middle: whole lines where that costs less than half, else whole characters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit } from '../../../src/domain/output-text/fit.ts';

describe('what fits', () => {
  it.each<readonly [string, string | undefined, number]>([['', undefined, 0], ['abc', undefined, 3], ['ab', 'c', 3], ['é', 'é', 4], ['abc', '', 3]])('%j and %j in %i bytes', (head, tail, bytesMax) => {
    expect(fit(head, tail, bytesMax)).toEqual({ head, ...(tail !== undefined && { tail }) });
  });
});

describe('what does not', () => {
  it.each<readonly [string, string, string | undefined, number, string, string]>([
    ['a head alone becomes two', 'abcdefgh', undefined, 6, 'abc', 'fgh'],
    ['each has half', 'abcdefgh', 'ijklmnop', 6, 'abc', 'nop'],
    ['a short head stays whole', 'ab', 'ijklmnop', 6, 'ab', 'nop'],
    ['a head of just its half stays whole', 'abc', 'ijklmnop', 6, 'abc', 'nop'],
    ['a short tail stays whole', 'abcdefgh', 'nop', 6, 'abc', 'nop'],
    ['of an odd number of bytes one is left', 'abcdefgh', 'ijklmnop', 7, 'abc', 'nop'],
    ['the head ends with a line when that keeps more than half', 'abcdef\nghijkl', 'x'.repeat(20), 20, 'abcdef', 'x'.repeat(10)],
    ['and not when it keeps half or less', 'abcde\nfghijkl', 'x'.repeat(20), 20, 'abcde\nfghi', 'x'.repeat(10)],
    ['the tail begins with a line when that keeps more than half', 'x'.repeat(20), 'abcdefg\nhijklm', 20, 'x'.repeat(10), 'hijklm'],
    ['and not when it keeps half or less', 'x'.repeat(20), 'abcdefghi\njklm', 20, 'x'.repeat(10), 'efghi\njklm'],
    ['a tail that begins with the end of a line', 'x'.repeat(20), 'abcdefgh\nklmnopqrs', 20, 'x'.repeat(10), 'klmnopqrs'],
    ['no half characters at the end', 'aéééé', 'x'.repeat(20), 8, 'aé', 'xxxx'],
    ['nor at the beginning', 'x'.repeat(20), 'ééééa', 8, 'xxxx', 'éa'],
    ['nor of four bytes', 'a🙂🙂', 'x🙂🙂b', 14, 'a🙂', '🙂b'],
    ['characters that look like half ones stay inside', 'a\ufffdbcdefghij', 'x'.repeat(20), 20, 'a\ufffdbcdefg', 'x'.repeat(10)],
    ['nothing for nothing', 'abc', 'def', 0, '', ''],
    ['nor for less', 'abc', 'def', -4, '', ''],
  ])('%s', (_what, head, tail, bytesMax, shownHead, shownTail) => {
    expect(fit(head, tail, bytesMax)).toEqual({ head: shownHead, tail: shownTail });
  });

  it('is never longer than its place, and what is left is the beginning and the end', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((made) => made.toWellFormed().replaceAll('\ufffd', '\n'));
    fc.assert(fc.property(text, fc.option(text, { nil: undefined }), fc.integer({ min: 0, max: 80 }), (head, tail, bytesMax) => {
      const fitted = fit(head, tail, bytesMax);
      expect(Buffer.byteLength(fitted.head) + Buffer.byteLength(fitted.tail ?? '')).toBeLessThanOrEqual(bytesMax);
      expect(head.startsWith(fitted.head)).toBe(true);
      expect((tail ?? head).endsWith(fitted.tail ?? '')).toBe(true);
    }));
  });
});
