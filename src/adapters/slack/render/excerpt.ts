import type { Output } from '../../../domain/output.ts';
import { OUTPUT_INLINE_CHARS_MAX } from '../../../domain/limits.ts';
import { escaped, visible } from './escape.ts';

/** What of an output stands in the message itself. */
export interface Excerpt {
  readonly head: string;
  readonly tail?: string;
  /** Something that is kept is not shown: there is more in the file. */
  readonly cut: boolean;
  readonly linesLeftOut: number;
}

const HEAD_SHARE = 2 / 3;

const weight = (text: string): number => escaped(visible(text)).length;

/** The longest beginning within `max` counted characters: whole lines, unless the very first is longer. */
const beginning = (text: string, max: number): string => {
  let end = 0;
  let used = 0;
  for (const character of text.slice(0, max)) {
    used += weight(character);
    if (used > max) break;
    end += character.length;
  }
  if (end >= text.length) return text;
  const lastBreak = text.lastIndexOf('\n', end);
  return text.slice(0, lastBreak > 0 ? lastBreak + 1 : end);
};

/** The longest ending likewise. */
const ending = (text: string, max: number): string => {
  let start = text.length;
  let used = 0;
  for (const character of Array.from(text.slice(-max)).toReversed()) {
    used += weight(character);
    if (used > max) break;
    start -= character.length;
  }
  if (start <= 0) return text;
  const firstBreak = text.indexOf('\n', start - 1);
  return text.slice(firstBreak === -1 || firstBreak + 1 >= text.length ? start : firstBreak + 1);
};

const linesOf = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0));

const trimmed = (text: string): string => text.replace(/\n+$/, '');

/** At most OUTPUT_INLINE_CHARS_MAX counted characters: two thirds from the beginning, the rest from the end. */
export const excerpt = (output: Output): Excerpt => {
  const max = OUTPUT_INLINE_CHARS_MAX;
  const { head, tail, summary } = output;
  const isShort = head.length + (tail?.length ?? 0) <= max && weight(head) + weight(tail ?? '') <= max;
  if (isShort && tail === undefined) return { head: trimmed(head), cut: false, linesLeftOut: 0 };
  const headShown = isShort ? head : beginning(head, Math.floor(max * HEAD_SHARE));
  const rest = isShort ? tail ?? '' : ending(tail ?? head.slice(headShown.length), max - Math.ceil(max * HEAD_SHARE));
  return {
    head: trimmed(headShown), tail: trimmed(rest), cut: !isShort,
    linesLeftOut: Math.max(0, summary.lines - linesOf(headShown) - linesOf(rest)),
  };
};

/** All that is kept, as a file. */
export const wholeText = ({ head, tail }: Output): string =>
  tail === undefined ? head : `${head}${head.endsWith('\n') ? '' : '\n'}… left out here …\n${tail}`;
