import { describe, expect, test } from 'vitest';
import { type Leak, isShown, leaksOf } from '../../../bench/leaks.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

/** What must not lower recall: a secret is found wherever these stand in its text. */
const INSERTED: Readonly<Record<string, string>> = { 'a colour': '\u001b[31m', 'an OSC title': '\u001b]0;x\u0007', 'a zero-width space': '\u200b', 'a bidi mark': '\u202e', NUL: '\u0000', 'a C1 control': '\u0085', 'a backspaced letter': 'x\b' };
const OFFSETS_MAX = 30;
/** Bytes that the cut leaves out: none, one, a few, some lines. */
const GAPS_BYTES = [0, 1, 3, 40];
/** The same in every run; `node bench/redaction-soak.ts` tries others. 39 once showed half a login behind a NUL. */
const SEEDS = [1, 2, 3, 5, 39];
const find = createFinder([]);
const shown = (text: string): string => show({ head: Buffer.from(text) }, find, 1_048_576).head;

const KINDS = Map.groupBy(SEEDS.flatMap((seed) => leaksOf(seed, 1).map((leak) => ({ ...leak, seed }))), ({ kind }) => kind);
/** Every offset of a short text; of a long one evenly spread ones, others with each seed. */
const offsetsOf = (text: string, seed: number): readonly number[] =>
  Array.from({ length: Math.min(text.length, OFFSETS_MAX) }, (_, index) => Math.floor((index + (seed % 10) / 10) * Math.max(1, text.length / OFFSETS_MAX)));

const isHidden = ({ text, secret }: Leak): boolean => !isShown(shown(text), secret);

test('the leaks are hidden as they are, but for one in fifty', () => {
  const leaks = [...KINDS.values()].flat();
  expect(leaks.filter(isHidden).length).toBeGreaterThan(0.98 * leaks.length);
});

describe.each(Object.entries(INSERTED))('%s at every offset', (_, inserted) => {
  test.each([...KINDS])('%s', (_kind, leaks) => {
    const lost = leaks.filter((leak) => isHidden(leak) && !leak.text.includes('\u0000')).flatMap(({ text, secret, seed }) =>
      offsetsOf(text, seed).filter((at) => isShown(shown(`${text.slice(0, at)}${inserted}${text.slice(at)}`), secret)).map((at) => `seed ${seed}: ${text.slice(0, at)}^${text.slice(at)}`));
    expect(lost).toEqual([]);
  });
});

describe('a cut at every offset', () => {
  test.each([...KINDS])('%s', (_kind, leaks) => {
    const lost = leaks.filter(isHidden).flatMap(({ text, secret, seed }) => {
      const whole = Buffer.from(`before\n${text}after\n`);
      const isLost = (at: number, gap: number): boolean => {
        const { head, tail } = show({ head: whole.subarray(0, at), tail: whole.subarray(at + gap) }, find, 1_048_576);
        return isShown(`${head}\u0001${tail}`, secret);
      };
      return offsetsOf(whole.toString('latin1'), seed).flatMap((at) => GAPS_BYTES.filter((gap) => isLost(at, gap)).map((gap) => `seed ${seed}, ${gap} bytes at ${at}: ${text}`));
    });
    expect(lost).toEqual([]);
  });
});
