import { RE2JS } from 're2js';
import { PATTERN_CHARS_MAX, PATTERN_REPEAT_MAX } from './limits.ts';

/**
 * Patterns are the common part of JavaScript's and RE2's syntax (https://github.com/google/re2/wiki/Syntax), less
 * whatever could make a backtracking engine slow: no backreference, no look-around, and no repeated group that holds
 * an alternative or another repetition. So a pattern means the same, and stays cheap, in any engine. Both engines compile it here, for what only one of them
 * refuses (RE2 a pattern that expands too far).
 */

const ESCAPE = /^\\(?:[dDwWsSbBtnrfv]|x[0-9a-fA-F]{2}|[\^$\\.*+?()[\]{}|/-])/;
const CLASS = /^\[\^?(?:\\[\s\S]|[^\]\\])+\]/;
const QUANTIFIER = /^(?:[*+?]|\{(\d{1,6})(,(\d{0,6}))?\})\??/;

/** How many ways a group has to match: one; a few (an alternative, `{1,3}`); any number (`*`, or a repeated choice). */
type Ways = 'one' | 'few' | 'many';

interface Group {
  ways: Ways;
}

/** Enough for addresses such as `([0-9]{1,3}\\.){3}`. */
const REPEAT_OF_FEW_MAX = 8;

const most = (quantifier: RegExpExecArray): number => {
  if (quantifier[0].startsWith('?')) return 1;
  if (quantifier[1] === undefined) return Number.POSITIVE_INFINITY;
  if (quantifier[2] === undefined) return Number(quantifier[1]);
  return quantifier[3] === '' || quantifier[3] === undefined ? Number.POSITIVE_INFINITY : Number(quantifier[3]);
};

const tooLarge = (quantifier: RegExpExecArray): boolean =>
  Number(quantifier[1] ?? 0) > PATTERN_REPEAT_MAX || Number(quantifier[3] ?? 0) > PATTERN_REPEAT_MAX;

const badEscape = (rest: string): string => {
  if (/^\\[1-9k]/.test(rest)) return 'it refers back to an earlier group, which no linear-time engine can do';
  return `${rest.slice(0, 2)} is not an escape of the common syntax; escape only punctuation, or write a class such as [a-z]`;
};

const badClass = (token: string): string | undefined =>
  (token.match(/\\[\s\S](?:[0-9a-fA-F]{2})?/g) ?? []).some((escape) => /^\\[bB]/.test(escape) || !ESCAPE.test(escape))
    ? `${token} holds an escape that is not of the common syntax`
    : undefined;

const readQuantifier = (quantifier: RegExpExecArray, outer: Group | undefined, repeated: Ways): number | string => {
  if (tooLarge(quantifier)) return `it repeats more than ${PATTERN_REPEAT_MAX} times`;
  const times = most(quantifier);
  if (repeated !== 'one' && times > (repeated === 'many' ? 1 : REPEAT_OF_FEW_MAX)) {
    return 'it repeats a group that holds a repetition or an alternative, which can take exponential time; repeat a class such as [a-z.]+ instead';
  }
  const few = Number.isFinite(times) && (repeated === 'one' || times <= 1);
  if (outer !== undefined && outer.ways !== 'many') outer.ways = few ? 'few' : 'many';
  return quantifier[0].length;
};

const close = (open: Group[]): Ways => {
  const ways = open.pop()?.ways ?? 'one';
  const parent = open.at(-1);
  if (parent !== undefined && parent.ways !== 'many' && ways !== 'one') parent.ways = ways;
  return ways;
};

const readClass = (rest: string): number | string => {
  const token = CLASS.exec(rest)?.[0];
  return token === undefined ? 'it has an empty or unclosed [ ]' : (badClass(token) ?? token.length);
};

const readOther = (rest: string, open: Group[]): number | string => {
  if (rest.startsWith('\\')) return ESCAPE.exec(rest)?.[0].length ?? badEscape(rest);
  if (rest.startsWith('[')) return readClass(rest);
  if (/^\(\?(?!:)/.test(rest)) return 'it looks around, or names a group; write only ( ) and (?: )';
  const outer = open.at(-1);
  if (rest.startsWith('|') && outer?.ways === 'one') outer.ways = 'few';
  if (rest.startsWith('(')) open.push({ ways: 'one' });
  return rest.startsWith('(?:') ? 3 : 1;
};

/** Why the pattern is refused, as the end of a sentence; `undefined` when it is good. */
export const patternMistake = (pattern: string): string | undefined => {
  if (pattern === '') return 'it is empty';
  if (pattern.length > PATTERN_CHARS_MAX) return `it is longer than ${PATTERN_CHARS_MAX} characters`;
  const open: Group[] = [];
  let repeated: Ways = 'one';
  for (let offset = 0; offset < pattern.length; ) {
    const rest = pattern.slice(offset);
    const quantifier = QUANTIFIER.exec(rest);
    const read = quantifier === null ? readOther(rest, open) : readQuantifier(quantifier, open.at(-1), repeated);
    if (typeof read === 'string') return read;
    repeated = rest.startsWith(')') ? close(open) : 'one';
    offset += read;
  }
  try {
    RegExp(pattern, 'u');
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : undefined;
    return `it does not compile (${reason ?? 'unknown reason'})`;
  }
};

/** It covers the whole value: `^` and `$` at its ends and no alternative outside a group. */
export const isAnchored = (pattern: string): boolean => {
  const tokens = pattern.match(/\\[\s\S]|\[\^?(?:\\[\s\S]|[^\]\\])+\]|[\s\S]/gu) ?? [];
  let depth = 0;
  for (const token of tokens) {
    if (token === '|' && depth === 0) return false;
    depth += Number(token === '(') - Number(token === ')');
  }
  return tokens[0] === '^' && tokens.at(-1) === '$';
};
