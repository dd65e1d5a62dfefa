import { ARGV_COUNT_MAX } from '../limits.ts';
import { type Read, read, wrong } from './mistake.ts';
import type { Word } from './words.ts';

/** Far more than the options and their values can need. */
export const HEAD_COUNT_MAX = 200;

/** A text split at its first unquoted `--`; `argv` is absent when there is none. */
export interface Sides {
  readonly text: string;
  readonly head: readonly Word[];
  readonly separator?: Word;
  readonly argv: readonly Word[];
  /** Where the typed words end. */
  readonly end: number;
}

export const splitSides = (text: string, words: readonly Word[]): Sides => {
  const index = words.findIndex((word) => word.value === '--' && !word.quoted);
  const end = words.at(-1)?.end ?? 0;
  const separator = words[index];
  return separator === undefined
    ? { text, head: words, argv: [], end }
    : { text, head: words.slice(0, index), separator, argv: words.slice(index + 1), end };
};

/** Before anything looks at each word, so that the time a text takes stays flat. */
export const refuseTooManyWords = ({ head, argv }: Sides): Read<undefined> => {
  const before = head[HEAD_COUNT_MAX];
  if (before !== undefined) return wrong(`More than ${HEAD_COUNT_MAX} words stand before --: shorten this, or quote a reason as a whole.`, before.start);
  const after = argv[ARGV_COUNT_MAX];
  return after === undefined
    ? read(undefined)
    : wrong(`A command has ${ARGV_COUNT_MAX} words at most: shorten it, or make it a preset.`, after.start);
};
