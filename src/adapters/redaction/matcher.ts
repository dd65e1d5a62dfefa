import { RE2JS } from 're2js';
import type { Matcher } from '../../app/filter.ts';

const PATTERN_CHARS_MAX = 200;
/** A longer line is searched to here: the engine is linear in it, and somebody waits. */
const LINE_CHARS_MAX = 16_384;
/** `a{1000}` is a thousand instructions for each character of the text. */
const REPEAT_MAX = 100;
const REPEAT = /\{(\d+)(?:,(\d*))?\}/g;

const repeatsTooOften = (pattern: string): boolean =>
  [...pattern.matchAll(REPEAT)].some(([, least = '0', most = '']) => Math.max(Number(least), Number(most)) > REPEAT_MAX);

const whyNot = (pattern: string): string | undefined => {
  if (pattern === '') return 'it is empty';
  if (pattern.length > PATTERN_CHARS_MAX) return `it is longer than ${PATTERN_CHARS_MAX} characters`;
  return repeatsTooOften(pattern) ? `it repeats something more than ${REPEAT_MAX} times` : undefined;
};

/** RE2's syntax: https://github.com/google/re2/wiki/Syntax. Never backtracks, whatever a person writes. */
export const createMatcher = (): Matcher => ({
  compile: (pattern) => {
    const why = whyNot(pattern);
    if (why !== undefined) return { ok: false, why };
    try {
      const compiled = RE2JS.compile(pattern);
      return { ok: true, test: (line) => compiled.matcher(line.slice(0, LINE_CHARS_MAX)).find() };
    } catch (error) {
      const reason = error instanceof Error ? error.message.split(': ').at(-1) : undefined;
      return { ok: false, why: `it is not a pattern in RE2's syntax (${reason ?? 'unknown reason'})` };
    }
  },
});
