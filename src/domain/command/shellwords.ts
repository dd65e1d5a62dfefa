/** There is no shell: words that only a shell would understand are refused, so that nobody believes there is one. */

import { type Read, read, wrong } from './mistake.ts';
import type { Word } from './words.ts';

const OPERATORS: ReadonlySet<string> = new Set(['|', '||', '&&', ';', '&', '>', '>>', '<', '2>&1']);

export const SHELL_HINT = "-- sh -c '…'";

/** Exactly these words, unquoted; `a|b`, `$HOME`, `*` and `'|'` are ordinary text. */
export const refuseOperators = (argv: readonly Word[]): Read<undefined> => {
  const found = argv.find((word) => !word.quoted && OPERATORS.has(word.value));
  if (found === undefined) return read(undefined);
  return wrong(`${found.value} means nothing without a shell: quote it to pass it on, or run the whole line by sh -c.`, found.start, SHELL_HINT);
};
