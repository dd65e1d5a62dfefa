/** What is wrong with a text, where, and what to write instead. */
export interface Mistake {
  /** One plain sentence with the repair. */
  readonly message: string;
  /** UTF-16 units from the beginning of the text as it was typed. */
  readonly offset: number;
  /** What to write there. */
  readonly hint?: string;
}

export type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Mistake };

export const read = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const wrong = (message: string, offset: number, hint?: string): { readonly ok: false; readonly error: Mistake } => ({
  ok: false,
  error: hint === undefined ? { message, offset } : { message, offset, hint },
});

const SHOWN_CHARS_MAX = 40;

/** A typed word as a message repeats it: cut, never in the middle of a surrogate pair. */
export const shown = (word: string): string =>
  word.length <= SHOWN_CHARS_MAX ? word : `${word.slice(0, SHOWN_CHARS_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
