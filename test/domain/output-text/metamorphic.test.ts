import { describe, expect, test } from 'vitest';
import { isShown, leaksOf } from '../../../bench/leaks.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

/** What must not lower recall: a secret is found wherever these stand in its text. */
const INSERTED: Readonly<Record<string, string>> = { 'a colour': '\u001b[31m', 'an OSC title': '\u001b]0;x\u0007', 'a zero-width space': '\u200b', 'a bidi mark': '\u202e', NUL: '\u0000', 'a C1 control': '\u0085', 'a backspaced letter': 'x\b' };
const OFFSETS_MAX = 60;
const find = createFinder([]);
const shown = (text: string): string => show({ head: Buffer.from(text) }, find, 1_048_576).head;

/** The same in every run; KDEBUG_SEED tries another. */
const SEED = Number(process.env['KDEBUG_SEED'] ?? 5);
const leaks = leaksOf(SEED, 1).filter(({ text, secret }) => !isShown(shown(text), secret) && !text.includes('\u0000'));
/** Every offset of a short text; of a long one evenly spread ones. */
const offsetsOf = (text: string): readonly number[] =>
  Array.from({ length: Math.min(text.length, OFFSETS_MAX) }, (_, index) => Math.floor(index * Math.max(1, text.length / OFFSETS_MAX)));

describe.each(Object.entries(INSERTED))('%s at every offset', (_, inserted) => {
  test.each(leaks)('$kind', ({ text, secret }) => {
    const lost = offsetsOf(text).filter((at) => isShown(shown(`${text.slice(0, at)}${inserted}${text.slice(at)}`), secret));
    expect(lost.map((at) => `${text.slice(0, at)}^${text.slice(at)}`)).toEqual([]);
  });
});

describe('a cut at every offset', () => {
  test.each(leaks)('$kind', ({ text, secret }) => {
    const whole = Buffer.from(`before\n${text}after\n`);
    const lost = offsetsOf(whole.toString('latin1')).filter((at) => {
      const { head, tail } = show({ head: whole.subarray(0, at), tail: whole.subarray(at + 3) }, find, 1_048_576);
      return isShown(`${head}\u0001${tail}`, secret);
    });
    expect(lost).toEqual([]);
  });
});
