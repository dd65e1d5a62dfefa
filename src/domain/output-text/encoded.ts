import type { Finder, Found } from './found.ts';

/** Base64 and hexadecimal text that holds a secret: `base64 key.pem`, `xxd -p`, the values of a Secret. */

const RUN_CHARS_MIN = 24;
const IN_RUN = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0));
/** Lines of one width are one text: base64 breaks at 76 or 64, xxd at 60. */
const WRAPPED_CHARS_MIN = 48;
const HEX = /^(?:[0-9a-f]{2})+$|^(?:[0-9A-F]{2})+$/;
/** Base64 of text has letters of both cases; paths and names in lower case are the most of what has its letters. */
const MIXED = /[A-Z][^A-Z]*[a-z]|[a-z][^a-z]*[A-Z]/;
const PRINTABLE_SHARE_MIN = 0.85;
const SAMPLE_CHARS = 64;

interface Run {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const paddedEnd = (text: string, end: number): number => (text.charAt(end) !== '=' ? end : text.charAt(end + 1) === '=' ? end + 2 : end + 1);

const isInRun = (text: string, at: number): boolean => IN_RUN[text.charCodeAt(at)] === 1;

/** Joins a run that ends its line with the runs of the lines below, as long as they have its width. */
const runsOf = (text: string): readonly Run[] => {
  const runs: Run[] = [];
  let floor = 0;
  // By hand: a pattern with a least length tries again from every character of a shorter run, ten times as slow. And by
  // steps of that length, of which one falls into every run that is long enough.
  for (let at = RUN_CHARS_MIN - 1; at < text.length; at = floor + RUN_CHARS_MIN - 1) {
    if (!isInRun(text, at)) {
      floor = at + 1;
      continue;
    }
    let start = at;
    while (start > floor && isInRun(text, start - 1)) start -= 1;
    let end = at + 1;
    while (end < text.length && isInRun(text, end)) end += 1;
    const run = end - start < RUN_CHARS_MIN ? undefined : runFrom(text, start, end);
    if (run) runs.push(run);
    floor = (run?.end ?? end) + 1;
  }
  return runs;
};

const runFrom = (text: string, start: number, stop: number): Run => {
  const end = paddedEnd(text, stop);
  return stop - start >= WRAPPED_CHARS_MIN && text.charAt(stop) === '\n' ? wrapped(text, start, stop) : { start, end, text: text.slice(start, stop) };
};

const LINE = /\n([A-Za-z0-9+/_-]{1,200})(={0,2})(?![^\n])/y;

/** A shorter line, or padding, ends the text. */
const wrapped = (text: string, start: number, firstEnd: number): Run => {
  const width = firstEnd - start;
  const parts = [text.slice(start, firstEnd)];
  let end = firstEnd;
  LINE.lastIndex = end;
  for (let line = LINE.exec(text); line !== null && line[0].length - 1 <= width; line = LINE.exec(text)) {
    parts.push(line[1] ?? '');
    end = LINE.lastIndex;
    if (line[0].length - 1 < width || line[2] !== '') break;
  }
  return { start, end, text: parts.join('') };
};

const decodeHex = (run: string): string => Buffer.from(run, 'hex').toString('latin1');

const decodeBase64 = (run: string): string => {
  const plain = run.replaceAll('-', '+').replaceAll('_', '/');
  return atob(plain.slice(0, plain.length - (plain.length % 4 === 1 ? 1 : 0)));
};

const isPrintable = (code: number): boolean => (code >= 32 && code <= 126) || code === 9 || code === 10 || code === 13 || code === 0;

const isReadable = (text: string): boolean => {
  const length = Math.min(text.length, SAMPLE_CHARS);
  let printable = 0;
  for (let at = 0; at < length; at += 1) if (isPrintable(text.charCodeAt(at))) printable += 1;
  return printable / length >= PRINTABLE_SHARE_MIN;
};

/** What is readable in a run that begins with a few characters of something else: `key/`, a cut group of four. */
const readings = (run: string): readonly string[] => {
  if (HEX.test(run)) return isReadable(decodeHex(run.slice(0, SAMPLE_CHARS))) ? [decodeHex(run)] : [];
  if (!MIXED.test(run)) return [];
  for (let shift = 0; shift < 4; shift += 1) {
    if (isReadable(decodeBase64(run.slice(shift, shift + SAMPLE_CHARS)))) return [decodeBase64(run.slice(shift))];
  }
  return [];
};

/** Hides each run whose decoded text holds something that `find` would hide. */
export const createEncodedFinder = (find: Finder, depth: number): Finder => (text) =>
  runsOf(text).flatMap((run): readonly Found[] => {
    const inside = readings(run.text).flatMap((reading) => (depth > 1 ? [...find(reading), ...createEncodedFinder(find, depth - 1)(reading)] : find(reading)));
    return inside.length === 0 ? [] : [{ start: run.start, end: run.end, what: inside[0]?.what ?? 'secret' }];
  });
