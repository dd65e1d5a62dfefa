import type { Word } from './words.ts';

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
