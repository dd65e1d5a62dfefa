import type { Finder, Found } from './found.ts';
import { joinFound } from './redact.ts';
import { isSecretName, kindOfName } from './rules/secret-names.ts';
import { isStandIn } from './rules/values.ts';

/**
 * NUL separates the entries of /proc/PID/environ and cmdline, yet a terminal shows nothing for it. So text with NULs is
 * searched twice: with them as separators, and as it reads without them.
 */

/* oxlint-disable no-control-regex -- control characters are what this is about */
const NUL = '\u0000';
/** What follows a NUL in environ; two letters at least and a value, for base64 ends in `=` too. */
const ENTRY = /\u0000(?=[A-Z_][A-Z0-9_]+=[^=\s"',;}]|\u0000|$)/g;

interface Joined {
  readonly text: string;
  /** Where each removed NUL stood, less those before it. */
  readonly cuts: readonly number[];
}

const join = (text: string): Joined => {
  const parts = text.split(NUL);
  let length = 0;
  const cuts = parts.slice(0, -1).map((part) => (length += part.length));
  return { text: parts.join(''), cuts };
};

/** Back to offsets of the text with NULs: a NUL at the edge of a range stays outside. */
const widen = (found: readonly Found[], cuts: readonly number[]): readonly Found[] => {
  const before = (offset: number, isEnd: boolean): number => {
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const cut = cuts[middle] ?? 0;
      if (isEnd ? cut < offset : cut <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return found.map((one) => ({ ...one, start: one.start + before(one.start, false), end: one.end + before(one.end, true) }));
};

/** A value ends where an entry of the environment begins. */
const clip = (found: readonly Found[], separated: string, text: string): readonly Found[] =>
  found.map((one) => {
    let entry = separated.indexOf('\n', one.start);
    while (entry !== -1 && entry < one.end && text.charAt(entry) !== NUL) entry = separated.indexOf('\n', entry + 1);
    return entry !== -1 && entry < one.end ? { ...one, end: entry } : one;
  });

/** `--password` and, in the next argument of a command line, its value: there every word is one. */
const ARGUMENT = /(?<=\u0000)(-{1,2}[A-Za-z][\w.-]{0,63})\u0000(?!-)([^\u0000]{1,1000})(?=\u0000|$)/g;

const inArguments = (text: string): readonly Found[] =>
  [...text.matchAll(ARGUMENT)].flatMap(({ 0: both, 1: flag = '', 2: value = '', index }) => {
    const end = index + both.length;
    return isSecretName(flag) && !isStandIn(value, true) ? [{ start: end - value.length, end, what: kindOfName(flag) }] : [];
  });

export interface Readable {
  readonly text: string;
  readonly found: readonly Found[];
}

/** `environ` in lines, `cmdline` in words, and what to hide in them. */
export const findBesideNuls = (text: string, find: Finder): Readable => {
  if (!text.includes(NUL)) return { text, found: joinFound(find(text)) };
  const separated = text.replace(ENTRY, '\n').replaceAll(NUL, ' ');
  const joined = join(text);
  const found = [...find(separated), ...inArguments(text), ...clip(widen(find(joined.text), joined.cuts), separated, text)];
  return { text: separated, found: joinFound(found) };
};
