import { type Rule, matchAt } from '../found.ts';

const RUN = /[A-Za-z0-9_-]*/y;
const REST = /\.[A-Za-z0-9_-]{1,}(?:\.[A-Za-z0-9_-]*){0,3}/y;
/** `{"alg":`, `{"typ":`, `{"kid":`, `{"enc":` with or without a space: a header, even where the text was cut. */
const HEADER = /eyJ(?:hbGci|0eXAi|raWQi|lbmMi|jdHki|qa3Ui|4NXQi)|eyAi/y;
const PART_CHARS_MIN = 12;

/** https://www.rfc-editor.org/rfc/rfc7519: two or more base64url parts of which the first is a JSON object. */
export const JWT_RULES: readonly Rule[] = [{
  what: 'JSON Web Token',
  anchors: ['eyJ', 'eyAi'],
  find: (text, at) => {
    matchAt(RUN, text, at);
    const end = RUN.lastIndex;
    const isLong = end - at >= PART_CHARS_MIN;
    if (isLong && matchAt(REST, text, end) !== null && REST.lastIndex - end >= PART_CHARS_MIN) return { start: at, end: REST.lastIndex };
    return isLong && matchAt(HEADER, text, at) !== null && end - at >= 2 * PART_CHARS_MIN ? { start: at, end } : end;
  },
}];
