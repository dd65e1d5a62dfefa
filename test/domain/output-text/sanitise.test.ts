import { describe, expect, test } from 'vitest';
import { describeBinary } from '../../../src/domain/output-text/binary.ts';
import { decode, isBinary } from '../../../src/domain/output-text/bytes.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { sanitise } from '../../../src/domain/output-text/sanitise.ts';
import { show } from '../../../src/domain/output-text/show.ts';

describe('sanitise', () => {
  test.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'], ['a CSI that was cut', 'a\u001b[3', 'a'], ['CSI as one C1 character', 'a\u009b31mb', 'ab'],
    ['an OSC link', '\u001b]8;;http://evil\u0007text\u001b]8;;\u001b\\', 'text'], ['an OSC without an end takes its line only', 'a\u001b]0;title\nb', 'a\nb'],
    ['DCS with its content', 'a\u001bPq#0;2\u001b\\b', 'ab'], ['APC of kitty', 'a\u001b_Gf=100;AAAA\u001b\\b', 'ab'], ['a lone escape', 'a\u001bcb', 'ab'],
    ['bell and other C0', 'a\u0007\u0001b', 'ab'], ['C1', 'a\u0085b', 'ab'], ['a progress line', '10%\r50%\r100%\nok', '100%\nok'], ['CRLF', 'a\r\nb\r\n', 'a\nb\n'],
    ['CRCRLF', 'a\r\r\nb', 'a\nb'], ['a return within a text of many lines', 'a\nb\rc\nd', 'a\nc\nd'], ['a backspace in one line only', 'ab\nc\bd\ne', 'ab\nd\ne'], ['overstruck', 'P\bPA\bA', 'PA'], ['backspace beyond the line', '\b\ba', 'a'], ['bidi', 'a\u202eb\u2066c', 'abc'], ['zero-width and tags', 'a\u200bb\u{e0041}c\ufeff', 'abc'],
    ['Unicode line ends', 'a\u2028b', 'a\nb'], ['a lone surrogate', 'a\ud800b', 'a\ufffdb'], ['plain text', 'a\tb\nc', 'a\tb\nc'], ['other scripts and emoji', 'naïve 日本 🚀', 'naïve 日本 🚀'],
    ['a faked marker', '[hidden: password]', '(hidden: password]'], ['a marker faked with a zero-width space', '[\u200bhidden: x]', '(hidden: x]'], ['a wide faked marker', '\uff3b HIDDEN :', '( HIDDEN :'],
  ])('%s', (_, text, shown) => expect(sanitise(text)).toBe(shown));
});

describe('bytes', () => {
  const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test('UTF-16 with its mark is read, of either order', () => {
    expect(decode(Buffer.from('\ufeffhé', 'utf16le'))).toBe('hé');
    expect(decode(utf16be('hé'))).toBe('hé');
    expect(isBinary(utf16be('a text that is long enough'))).toBe(false);
  });
  test.each([[[0xff, 0x61]], [[0x61, 0xfe]], [[0xfe, 0x61]], [[0x61, 0xff]]])('half a mark is none: %j', (bytes) => {
    expect(decode(Uint8Array.from([...bytes, 0x62, 0x63]))).toBe(new TextDecoder('utf-8').decode(Uint8Array.from([...bytes, 0x62, 0x63])));
  });
  test('invalid bytes are replaced', () => expect(decode(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb'));
  test('an ELF file is binary', () => expect(isBinary(Buffer.concat([Buffer.from('\u007fELF'), Buffer.alloc(100)]))).toBe(true));
  test('nothing is text', () => expect(isBinary(Buffer.alloc(0))).toBe(false));
  test('environ is text', () => expect(isBinary(Buffer.from('A=1\u0000B=2\u0000'))).toBe(false));
  test('of a hundred characters ten may be strange, and not eleven', () => {
    expect(isBinary(Buffer.from('\u0001'.repeat(10) + 'a'.repeat(90)))).toBe(false);
    expect(isBinary(Buffer.from('\u0001'.repeat(11) + 'a'.repeat(89)))).toBe(true);
    expect(isBinary(Buffer.from('a'.repeat(90) + '\u0000'.repeat(12)))).toBe(true);
    expect(isBinary(Buffer.from('a\u0000'.repeat(50)))).toBe(false);
  });
  test('a character cut at the sample end is no reason', () => {
    expect(isBinary(Buffer.from('é'.repeat(5_000)))).toBe(false);
    expect(isBinary(Buffer.concat([Buffer.from('abcdefg'), Buffer.from('é').subarray(0, 1)]))).toBe(false);
  });
  test.each<readonly [readonly number[], string]>([
    [[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0], '(not shown: 11 bytes that are not text, an ELF program or core dump)'],
    [[0x1f, 0x8b, 8], '(not shown: 3 bytes that are not text, gzip)'],
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0], '(not shown: 9 bytes that are not text, a PNG image)'],
    [[0x30, 0x82, 4, 0xa4], '(not shown: 4 bytes that are not text, DER, as keys and certificates are)'],
    [[0xff], '(not shown: 1 byte that is not text, of no known kind)'],
  ])('of bytes that are no text their number and kind is said: %j', (bytes, said) => expect(describeBinary(Uint8Array.from(bytes), bytes.length)).toBe(said));
});

describe('what is shown', () => {
  const find = createFinder([]);
  const said = (bytes: number) => ({ head: `(not shown: ${bytes} bytes that are not text, of no known kind)`, binary: true, redactions: [] });
  test.each([1, 2, 3, 4])('of a raw key is no byte, however short it is (%i)', (seed) => {
    for (const length of [16, 24, 32, 64, 256]) {
      const key = Buffer.from(Array.from({ length }, (_, index) => 128 + (index * 37 * seed + seed) % 128));
      expect(show({ head: key }, find, 1_000)).toEqual(said(length));
    }
  });
  test('of text among bytes is nothing, whether or not a rule knows it', () => {
    expect(show({ head: Buffer.concat([Buffer.from('hunter2 password=x1'), Buffer.alloc(100)]), tail: Buffer.from('hunter2') }, find, 1_000)).toEqual(said(126));
    expect(show({ head: Buffer.concat([Buffer.from('hunter2 password=x1'), Buffer.alloc(100)]), tail: Buffer.from('hunter2'), bytes: 9_999 }, find, 1_000)).toEqual(said(9_999));
  });
  test('of nothing is nothing, also when it broke off', () => {
    expect(show({ head: Buffer.alloc(0) }, find, 1_000)).toEqual({ head: '', binary: false, redactions: [] });
    expect(show({ head: Buffer.alloc(0), complete: false }, find, 1_000)).toEqual({ head: '', binary: false, redactions: [] });
  });
  test('is counted by kind, the most first', () => {
    const { redactions } = show({ head: Buffer.from('token=ab1\npassword=x1\npassword=x2\npassword=x3\nsecret=a b1\n') }, find, 1_000);
    expect(redactions).toEqual([{ what: 'password', count: 3 }, { what: 'token', count: 1 }, { what: 'secret', count: 1 }]);
  });
  test('of head and tail is counted together', () => {
    const { redactions } = show({ head: Buffer.from('token=ab1\nx'), tail: Buffer.from('x\ntoken=ab2\n') }, find, 1_000);
    expect(redactions).toEqual([{ what: 'token', count: 2 }, { what: 'line beside the cut', count: 2 }]);
  });
});
