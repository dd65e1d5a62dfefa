import { type Finder, type Found, lineEnd } from './found.ts';

/** Where output was cut, half a secret may stand that no rule knows any more: the line that was hit is withheld. */

/** Part of a key, a certificate or a dump: base64 and nothing else. */
const BASE64_LINE = /^[\s"'>|\\]{0,16}[A-Za-z0-9+/=]{16,}(?:\\[nr]|["',\s]){0,8}$/;
/** The same behind what a log writes before each line; a commit and a digest are of one case. */
const LOGGED_BASE64 = /^(?:[\w.:+-]{1,40}[\s|]{1,4}){1,4}(?=[^A-Z\n]{0,64}[A-Z])(?=[^a-z\n]{0,64}[a-z])[A-Za-z0-9+/]{40,}={0,2}$/;
/** The short line that ends such a text. */
const SHORT_LINE = /^\s*[A-Za-z0-9+/]{1,64}={0,2}$/;

export const BESIDE_CUT = 'line beside the cut';

const isBase64Like = (line: string | undefined): boolean => line !== undefined && (BASE64_LINE.test(line) || LOGGED_BASE64.test(line));

const withheld = (start: number, end: number): readonly Found[] => [{ start, end, what: BESIDE_CUT }];

/** The last line, and the base64-like lines above it. */
export const findBrokenEnd: Finder = (head) => {
  if (head === '') return [];
  let start = head.lastIndexOf('\n') + 1;
  while (start > 0) {
    const above = head.lastIndexOf('\n', start - 2) + 1;
    if (start < 2 || !isBase64Like(head.slice(above, start - 1))) break;
    start = above;
  }
  return withheld(start, head.length);
};

/** The first line, and the base64-like lines below it, with the short one that ends them. */
export const findBrokenBeginning: Finder = (tail) => {
  if (tail === '') return [];
  const nextLine = (end: number): string | undefined => (end === tail.length ? undefined : tail.slice(end + 1, lineEnd(tail, end + 1)));
  const first = lineEnd(tail, 0);
  let end = first;
  while (isBase64Like(nextLine(end))) end = lineEnd(tail, end + 1);
  const last = nextLine(end) ?? '';
  if (SHORT_LINE.test(last) && (end > first || last.endsWith('='))) end = lineEnd(tail, end + 1);
  return withheld(0, end);
};
