import { createFinder } from '../src/domain/output-text/redact.ts';
import { show } from '../src/domain/output-text/show.ts';
import { isShown, type Leak } from './leaks.ts';

/** A leak that is hidden as it is must stay hidden when something stands in its text, and when its text is cut. */

/** What must not lower recall. */
export const INSERTED: Readonly<Record<string, string>> = { 'a colour': '\u001b[31m', 'an OSC title': '\u001b]0;x\u0007', 'a zero-width space': '\u200b', 'a bidi mark': '\u202e', NUL: '\u0000', 'a C1 control': '\u0085', 'a backspaced letter': 'x\b' };
/** Bytes that a cut leaves out: none, one, a few, some lines. */
const GAPS_BYTES = [0, 1, 3, 40];
const KEPT_BYTES_MAX = 1_048_576;

const find = createFinder([]);
const shown = (text: string): string => show({ head: Buffer.from(text) }, find, KEPT_BYTES_MAX).head;

export const isHidden = ({ text, secret }: Leak): boolean => !isShown(shown(text), secret);

/** Every offset of a short text; of a long one `most`, evenly spread and moved by a part of their distance. */
const offsetsOf = (length: number, most: number, phase: number): readonly number[] => {
  const step = Math.max(1, length / most);
  return Array.from({ length: Math.min(length, most) }, (_, index) => Math.min(length, Math.floor((index + phase) * step)));
};

export interface Offsets {
  readonly most: number;
  /** 0 to 1. */
  readonly phase: number;
}

/** Where `inserted` brings the secret to light: the texts, `^` at the place. NUL has a meaning of its own beside NULs. */
export const lossesByInsertion = ({ text, secret }: Leak, inserted: string, { most, phase }: Offsets): readonly string[] =>
  (text.includes('\u0000') ? [] : offsetsOf(text.length, most, phase))
    .filter((at) => isShown(shown(`${text.slice(0, at)}${inserted}${text.slice(at)}`), secret)).map((at) => `${text.slice(0, at)}^${text.slice(at)}`);

/** Where a cut brings it to light: `3 bytes at 17: the text`. */
export const lossesByCut = ({ text, secret }: Leak, { most, phase }: Offsets): readonly string[] => {
  const whole = Buffer.from(`before\n${text}after\n`);
  const isLost = (at: number, gap: number): boolean => {
    const { head, tail } = show({ head: whole.subarray(0, at), tail: whole.subarray(at + gap) }, find, KEPT_BYTES_MAX);
    return isShown(`${head}\u0001${tail}`, secret);
  };
  return offsetsOf(whole.byteLength, most, phase).flatMap((at) => GAPS_BYTES.filter((gap) => isLost(at, gap)).map((gap) => `${gap} bytes at ${at}: ${text}`));
};
