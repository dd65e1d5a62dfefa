import { describe, expect, test } from 'vitest';
import { decode, dump, isBinary } from '../../../src/domain/output-text/bytes.ts';
import { fit } from '../../../src/domain/output-text/fit.ts';
import { sanitise } from '../../../src/domain/output-text/sanitise.ts';

describe('sanitise', () => {
  test.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'], ['a CSI that was cut', 'a\u001b[3', 'a'], ['CSI as one C1 character', 'a\u009b31mb', 'ab'],
    ['an OSC link', '\u001b]8;;http://evil\u0007text\u001b]8;;\u001b\\', 'text'], ['an OSC without an end takes its line only', 'a\u001b]0;title\nb', 'a\nb'],
    ['DCS with its content', 'a\u001bPq#0;2\u001b\\b', 'ab'], ['APC of kitty', 'a\u001b_Gf=100;AAAA\u001b\\b', 'ab'], ['a lone escape', 'a\u001bcb', 'ab'],
    ['bell and other C0', 'a\u0007\u0001b', 'ab'], ['C1', 'a\u0085b', 'ab'], ['a progress line', '10%\r50%\r100%\nok', '100%\nok'], ['CRLF', 'a\r\nb\r\n', 'a\nb\n'],
    ['CRCRLF', 'a\r\r\nb', 'a\nb'], ['overstruck', 'P\bPA\bA', 'PA'], ['backspace beyond the line', '\b\ba', 'a'], ['bidi', 'a\u202eb\u2066c', 'abc'], ['zero-width and tags', 'a\u200bb\u{e0041}c\ufeff', 'abc'],
    ['Unicode line ends', 'a\u2028b', 'a\nb'], ['a lone surrogate', 'a\ud800b', 'a\ufffdb'], ['plain text', 'a\tb\nc', 'a\tb\nc'], ['other scripts and emoji', 'naïve 日本 🚀', 'naïve 日本 🚀'],
    ['a faked marker', '[hidden: password]', '(hidden: password]'], ['a marker faked with a zero-width space', '[\u200bhidden: x]', '(hidden: x]'], ['a wide faked marker', '\uff3b HIDDEN :', '( HIDDEN :'],
  ])('%s', (_, text, shown) => expect(sanitise(text)).toBe(shown));
});

describe('bytes', () => {
  test('UTF-16 with its mark is read', () => expect(decode(Buffer.from('\ufeffhé', 'utf16le'))).toBe('hé'));
  test('invalid bytes are replaced', () => expect(decode(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb'));
  test('an ELF file is binary', () => expect(isBinary(Buffer.concat([Buffer.from('\u007fELF'), Buffer.alloc(100)]))).toBe(true));
  test('environ is text', () => expect(isBinary(Buffer.from('A=1\u0000B=2\u0000'))).toBe(false));
  test('a character cut at the sample end is no reason', () => expect(isBinary(Buffer.from('é'.repeat(5_000)))).toBe(false));
  test('a dump shows numbers alone', () => expect(dump(Buffer.from('AB'))).toBe('00000000  41 42'));
});

describe('fit', () => {
  test('what fits stays', () => expect(fit('a', 'b', 2)).toEqual({ head: 'a', tail: 'b' }));
  test.each([10, 11, 12, 13, 64])('at most %i bytes, whole characters', (bytesMax) => {
    const { head, tail } = fit('🚀é\n'.repeat(40), undefined, bytesMax);
    expect(Buffer.byteLength(head) + Buffer.byteLength(tail ?? '')).toBeLessThanOrEqual(bytesMax);
    expect(`${head}${tail}`).not.toContain('\ufffd');
  });
});
