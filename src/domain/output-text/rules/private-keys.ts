import { type Finder, type Found, lineEnd, lineStart, matchAt } from '../found.ts';

/**
 * PEM, OpenPGP and PuTTY private keys, whole or cut at either end (https://www.rfc-editor.org/rfc/rfc7468). Searched by
 * indexOf and by lines: a pattern that spans BEGIN and END is what hostile text makes slow.
 */
const WHAT = 'private key';
const BODY_CHARS_MAX = 65_536;
const LABEL_CHARS_MAX = 48;
/** `-----`, and the `---- ` of RFC 4716. */
const DASHES_CHARS = 5;

const BEGIN = /(?:-----|---- ?)BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?(?:-----| ?----)/y;
const END = /(?:-----|---- ?)END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?(?:-----| ?----)/y;
/** A line of base64, a header, or nothing; behind a log prefix, a quote or an indent, and with `\n` written out. */
const BODY_LINE = /^[\s"'>|#*,+\\]{0,16}(?:[\w.:+-]{1,40}[\s|]{1,4}){0,4}(?:[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/]{1,16}={1,2}|(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset): .{0,200})?(?:\\{1,4}[rn][A-Za-z0-9+/=]*)*[\s"',;\\]{0,16}$/;
/** A key that was written in short lines: told from a word only directly below BEGIN. */
const SHORT_BODY_LINE = /^[\s"'>|]{0,8}(?:(?=[a-z]{0,14}[A-Z0-9+/])[A-Za-z0-9+/]{6,15}|[A-Za-z0-9+/]{10,15})={0,2}["',\s]{0,8}$/;
/** What stands on the line of BEGIN behind it, in a JSON string that was cut. */
const SAME_LINE = /[ \t\r\\A-Za-z0-9+/=]*/y;

/** Every place where BEGIN or END of a private key stands. */
const marksOf = (text: string, word: string, pattern: RegExp): readonly Found[] => {
  const marks: Found[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    const start = [DASHES_CHARS, DASHES_CHARS - 1].map((dashes) => Math.max(0, at - dashes)).find((from) => matchAt(pattern, text, from) !== null);
    if (start !== undefined && text.slice(at, at + LABEL_CHARS_MAX).includes('PRIVATE KEY')) marks.push({ start, end: pattern.lastIndex, what: WHAT });
  }
  return marks;
};

const isBodyLine = (line: string): boolean => BODY_LINE.test(line) || SHORT_BODY_LINE.test(line);

const bodyDown = (text: string, from: number): number => {
  SAME_LINE.lastIndex = from;
  let end = SAME_LINE.test(text) ? Math.min(SAME_LINE.lastIndex, lineEnd(text, from)) : from;
  if (text.slice(end, lineEnd(text, end)).trim() !== '') return end;
  for (let start = lineEnd(text, end) + 1; start < text.length; start = end + 1) {
    const stop = lineEnd(text, start);
    if (stop - start > BODY_CHARS_MAX || !isBodyLine(text.slice(start, stop))) return end;
    end = stop;
  }
  return end;
};

const bodyUp = (text: string, to: number, floor: number): number => {
  let start = lineStart(text, to);
  while (start > floor) {
    const above = Math.max(floor, lineStart(text, start - 1));
    const line = text.slice(above, start - 1);
    if (line.length > BODY_CHARS_MAX || line.trim() === '' || !BODY_LINE.test(line)) return start;
    start = above;
  }
  return start;
};

const wholeOrCutBelow = (text: string, begin: Found, next: Found | undefined, end: Found | undefined): Found => {
  const closed = end !== undefined && end.start - begin.end <= BODY_CHARS_MAX && (next === undefined || end.start < next.start);
  return { start: begin.start, end: closed ? end.end : bodyDown(text, begin.end), what: WHAT };
};

export const findPrivateKeys: Finder = (text) => {
  const begins = marksOf(text, 'BEGIN ', BEGIN);
  const ends = marksOf(text, 'END ', END);
  const found: Found[] = [];
  let endIndex = 0;
  for (const [index, begin] of begins.entries()) {
    while ((ends[endIndex]?.start ?? Number.POSITIVE_INFINITY) < begin.end) endIndex += 1;
    if (begin.start < (found.at(-1)?.end ?? 0)) continue;
    found.push(wholeOrCutBelow(text, begin, begins[index + 1], ends[endIndex]));
  }
  return [...found, ...cutAbove(text, ends, found), ...findPutty(text)];
};

/** Ends that no key found so far holds: their keys begin before the text does. */
const cutAbove = (text: string, ends: readonly Found[], whole: readonly Found[]): readonly Found[] => {
  const found: Found[] = [];
  let wholeIndex = 0;
  let floor = 0;
  for (const end of ends) {
    while ((whole[wholeIndex]?.end ?? Number.POSITIVE_INFINITY) < end.end) wholeIndex += 1;
    const isHeld = (whole[wholeIndex]?.start ?? Number.POSITIVE_INFINITY) <= end.start;
    if (!isHeld) found.push({ start: bodyUp(text, end.start, floor), end: end.end, what: WHAT });
    floor = end.end;
  }
  return found;
};

/** PuTTY writes the number of lines of the key, then these: base64 and nothing else. */
const PUTTY = /Private-Lines: \d{1,3}(?:\r?\n[A-Za-z0-9+/=]{1,64}(?![^\r\n])){1,200}/g;

const findPutty = (text: string): readonly Found[] =>
  (text.includes('Private-Lines: ') ? Array.from(text.matchAll(PUTTY), ({ 0: key, index }) => ({ start: index, end: index + key.length, what: WHAT })) : []);
