import { createEncodedFinder } from './encoded.ts';
import type { Finder, Found } from './found.ts';
import { markerOf } from './marker.ts';
import { ASSIGNMENT_RULES } from './rules/assignments.ts';
import { BARE_KEY_RULES } from './rules/bare-keys.ts';
import { CLIENT_RULES } from './rules/clients.ts';
import { FILE_RULES } from './rules/files.ts';
import { HASH_RULES } from './rules/hashes.ts';
import { HEADER_RULES } from './rules/headers.ts';
import { JWT_RULES } from './rules/jwt.ts';
import { SECRET_MANIFEST_RULES, findSecretLists } from './rules/kubernetes-secret.ts';
import { findPrivateKeys } from './rules/private-keys.ts';
import { PROTOCOL_RULES } from './rules/protocols.ts';
import { SENTENCE_RULES } from './rules/sentences.ts';
import { TOKEN_RULES } from './rules/tokens.ts';
import { TOOL_RULES } from './rules/tools.ts';
import { URL_RULES } from './rules/urls.ts';
import { createScan } from './scan.ts';

/** From the most to the least telling: where two find the same place, the first names it. */
export const RULES = [...TOKEN_RULES, ...JWT_RULES, ...HEADER_RULES, ...URL_RULES, ...SECRET_MANIFEST_RULES, ...CLIENT_RULES, ...TOOL_RULES, ...FILE_RULES, ...PROTOCOL_RULES, ...HASH_RULES, ...BARE_KEY_RULES, ...SENTENCE_RULES, ...ASSIGNMENT_RULES];

const scan = createScan(RULES);

/** Base64 within base64, as in a Secret whose value was encoded before. */
const ENCODED_DEPTH_MAX = 2;

/** Everything kdebug knows as a secret, and what `more` (own secrets, the configuration's patterns) knows. */
export const createFinder = (more: readonly Finder[]): Finder => {
  const plain: Finder = (text) => [...findPrivateKeys(text), ...findSecretLists(text), ...scan(text), ...more.flatMap((find) => find(text))];
  const encoded = createEncodedFinder(plain, ENCODED_DEPTH_MAX);
  return (text) => [...plain(text), ...encoded(text)];
};

/** Overlapping ones become one; the widest of those that begin first names it. */
export const joinFound = (found: readonly Found[]): readonly Found[] => {
  const joined: Found[] = [];
  for (const one of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = joined.at(-1);
    if (last === undefined || one.start >= last.end) joined.push(one);
    else if (one.end > last.end) joined[joined.length - 1] = { ...last, end: one.end };
  }
  return joined;
};

/** `found` is joined and in order. */
export const hide = (text: string, found: readonly Found[]): string => {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, what } of found) {
    parts.push(text.slice(at, start), markerOf(what));
    at = end;
  }
  return parts.length === 0 ? text : `${parts.join('')}${text.slice(at)}`;
};
