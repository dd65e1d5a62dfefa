/** One argument as an approver reads it: two different arguments never look the same. */

import { characterName, isInvisible } from './characters.ts';

export interface ShownArgument {
  /** ASCII only. */
  readonly text: string;
  /** What is not plain ASCII in it: `U+0430 Cyrillic а`. At most FLAGS_MAX and a count of the rest. */
  readonly flags: string[];
}

const FLAGS_MAX = 8;
/** A first quote would look like one of ours, so such an argument is quoted too. */
const PLAIN = /^(?!")[\x21-\x7e]+$/;
const OTHER = /[^\x20-\x7e]/g;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const flag = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0xa1 || isInvisible(character) ? characterName(code) : `${characterName(code)} ${character}`;
};

/**
 * Verbatim when it is printable ASCII without spaces, else a JSON string whose other characters are escaped (so that
 * look-alikes, composed letters and line breaks cannot pass for something else) and named in `flags`.
 */
export const showArgument = (argument: string): ShownArgument => {
  if (PLAIN.test(argument)) return { text: argument, flags: [] };
  const text = JSON.stringify(argument).replaceAll(OTHER, escapeUnit);
  const others = [...new Set(Array.from(argument).filter((character) => !/^[\x20-\x7e]$/.test(character)))];
  const flags = others.slice(0, FLAGS_MAX).map(flag);
  const rest = others.length - flags.length;
  return { text, flags: rest > 0 ? [...flags, `and ${rest} more`] : flags };
};
