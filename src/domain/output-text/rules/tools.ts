import { type Rule, matchAt } from '../found.ts';
import { isStandIn, readValue } from './values.ts';

/** Secrets that only the tool around them explains: AWS pairs, netrc, database configurations. */

const AWS_SECRET = /(?<![A-Za-z0-9/+=])(?=[A-Za-z/+]{0,40}\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const PAIR_CHARS = 160;
/** A padded number has fewer digits of its own. */
const DISTINCT_MIN = 8;
/** A secp256k1 key; a hash of 32 bytes looks the same. */
const HEX_KEY = /0x[0-9a-fA-F]{64}(?![0-9a-fA-F])/y;
const SPACED = /(?:requirepass|masterauth|identified by|password)[ \t]{1,16}/iy;

export const TOOL_RULES: readonly Rule[] = [
  {
    what: 'AWS secret key',
    anchors: ['AKIA', 'ASIA'],
    find: (text, at) => {
      const secret = AWS_SECRET.exec(text.slice(at, at + PAIR_CHARS));
      return secret === null ? undefined : { start: at + secret.index, end: at + secret.index + secret[0].length };
    },
  },
  {
    what: 'password',
    anchors: ['requirepass', 'masterauth', 'identified by', 'password'],
    ignoreCase: true,
    find: (text, at, anchor) => {
      // In netrc only a login before it tells `password x` from a sentence.
      if (anchor === 'password' && !/\blogin\s/.test(text.slice(Math.max(0, at - 200), at))) return undefined;
      if (matchAt(SPACED, text, at) === null) return undefined;
      const value = readValue(text, SPACED.lastIndex);
      const shown = text.slice(value.start, Math.min(value.end, value.start + 64));
      // what is identified by a word is no user of a database
      if (anchor === 'identified by' && !value.quoted && !/\d/.test(shown)) return undefined;
      return isStandIn(shown) ? undefined : { start: value.start, end: value.end };
    },
  },
  {
    what: 'private key',
    anchors: ['0x'],
    find: (text, at) => (matchAt(HEX_KEY, text, at) !== null && new Set(text.slice(at, at + 66).toLowerCase()).size > DISTINCT_MIN ? { start: at, end: HEX_KEY.lastIndex } : undefined),
  },
];
