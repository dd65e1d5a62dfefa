import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeUnseen } from '../../../src/domain/output-text/unseen.ts';

describe('what nobody sees', () => {
  it.each([
    ['CSI as one C1 character', '\u009b2J', String.raw`\u009b2J`], ['an escape', '\u001b[2J', String.raw`\u001b[2J`], ['delete', '\u007f', String.raw`\u007f`],
    ['a bidi override', 'a\u202eb', String.raw`a\u202eb`], ['an isolate', '\u2066', String.raw`\u2066`], ['a zero-width space', '\u200b', String.raw`\u200b`],
    ['a byte order mark', '\ufeff', String.raw`\ufeff`], ['a line separator', '\u2028', String.raw`\u2028`], ['a tag', '\u{e0041}', String.raw`\udb40\udc41`],
    ['a Hangul filler', '\u3164', String.raw`\u3164`], ['letters, lines and signs', 'é 漢 😀 \\u200b\n"x"', 'é 漢 😀 \\u200b\n"x"'],
  ])('%s', (_name, text, shown) => expect(escapeUnseen(text)).toBe(shown));

  it('in JSON means the same once it is escaped, and none is left', () => {
    fc.assert(fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
      const line = JSON.stringify(JSON.parse(json));
      expect(JSON.parse(escapeUnseen(line))).toEqual(JSON.parse(line));
      expect(JSON.stringify(JSON.parse(escapeUnseen(line)))).toBe(line);
      expect(escapeUnseen(line)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }));
  });
});
