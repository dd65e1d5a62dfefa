import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { sanitise } from '../../../src/domain/output-text/sanitise.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const find = createFinder([]);
const RUNS = { numRuns: 400, seed: 20_260_102 };

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split('')), minLength: 1, maxLength: 9 }),
  // What speaks of secrets and is none.
  fc.constantFrom('token', 'password', 'secret', 'key', 'Unauthorized', 'credentials', 'keyboard', 'max_tokens=4096', 'token=$TOKEN', 'PASSWORD_FILE=/run/secrets/db', 'secretName: db', 'TokenValidator.java:12'),
  fc.constantFrom('naïve', '日本', '🚀', '│', '"quoted"', '{}', '[1]', '(x)', '->', '%', '200', 'v1.27.3', '10.1.2.3:8080', '2026-01-02T03:04:05Z', 'api-7f9c4d8b6-2r6zw'),
  hex(7), hex(40), hex(64), fc.uuid(), fc.ipV6(), fc.integer().map(String), fc.double({ noNaN: true }).map(String),
);
const line = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
/** What a terminal obeys or does not show. */
const invisible = fc.constantFrom('', '', '', '\u001b[1;31m', '\u001b[0m', '\u001b]0;title\u0007', '\u200b', '\u202e', '\ufeff', '\u0007', '\u0085', 'x\b');

describe('text without a secret', () => {
  test('is shown as it is, but for what a terminal would obey or not show', () => {
    fc.assert(fc.property(fc.array(fc.tuple(line, invisible), { maxLength: 40 }), (lines) => {
      const text = lines.map(([shown, unseen]) => `${shown}${unseen}`).join('\n');
      const expected = lines.map(([shown]) => shown).join('\n');
      expect(show({ head: Buffer.from(text) }, find, 1_048_576)).toEqual({ head: expected, binary: false, redactions: [] });
    }), RUNS);
  });
  test('of any characters is what sanitising makes of it', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      // controls in plenty are no text, and NUL separates: both have tests of their own
      fc.pre(!text.includes('\u0000') && !show({ head: Buffer.from(text) }, find, 1_048_576).binary);
      expect(show({ head: Buffer.from(text) }, find, 1_048_576)).toEqual({ head: sanitise(text), binary: false, redactions: [] });
    }), RUNS);
  });
  test('sanitised once is sanitised: nothing is left for a second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => { expect(sanitise(sanitise(text))).toBe(sanitise(text)); }), RUNS);
  });
});
