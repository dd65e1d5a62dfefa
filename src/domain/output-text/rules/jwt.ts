import { type Rule, matchAt } from '../found.ts';

const RUN = /[A-Za-z0-9_-]*/y;
const REST = /\.[A-Za-z0-9_-]{1,}(?:\.[A-Za-z0-9_-]*){0,3}/y;
/** `{"alg":`, `{"typ":`, `{"kid":`, `{"enc":` with or without a space: a header, even where the text was cut. */
const HEADER = /eyJ(?:hbGci|0eXAi|raWQi|lbmMi|jdHki|qa3Ui|4NXQi)|eyAi/y;
const PART_CHARS_MIN = 12;
/** A line of nothing but what can go on a token; a dot may end the line above or begin this one. */
const NEXT_LINE = /\.?\n[ \t]{0,16}\.?[A-Za-z0-9_-]{4,4096}(?:\.[A-Za-z0-9_-]*){0,2}(?=\n|$)/y;
const LINES_MAX = 32;
const DOTS = 2;
/** An HMAC of SHA-256 has so many at least. */
const SIGNATURE_CHARS_MIN = 43;

const isComplete = (token: string): boolean => {
  const parts = token.split('.');
  return parts.length > DOTS && parts.slice(DOTS).join('').replace(/\s/g, '').length >= SIGNATURE_CHARS_MIN;
};

/** A token that a terminal or a letter broke over lines. */
const overLines = (text: string, at: number, end: number): number => {
  let last = end;
  for (let line = 0; line < LINES_MAX && !isComplete(text.slice(at, last)) && matchAt(NEXT_LINE, text, last) !== null; line += 1) last = NEXT_LINE.lastIndex;
  return text.slice(at, last).includes('.') ? last : end;
};

/** https://www.rfc-editor.org/rfc/rfc7519: two or more base64url parts of which the first is a JSON object. */
export const JWT_RULES: readonly Rule[] = [{
  what: 'JSON Web Token',
  anchors: ['eyJ', 'eyAi'],
  find: (text, at) => {
    matchAt(RUN, text, at);
    const end = RUN.lastIndex;
    const isHeader = matchAt(HEADER, text, at) !== null;
    const isLong = end - at >= PART_CHARS_MIN;
    if (isLong && matchAt(REST, text, end) !== null && REST.lastIndex - end >= PART_CHARS_MIN) return { start: at, end: isHeader ? overLines(text, at, REST.lastIndex) : REST.lastIndex };
    return isLong && isHeader && end - at >= 2 * PART_CHARS_MIN ? { start: at, end: overLines(text, at, end) } : end;
  },
}];
