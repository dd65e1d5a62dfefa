import { type Rule, behindLong, matchAt } from '../found.ts';
import { isStandIn, quotedEnd, readValue } from './values.ts';

/** Secrets that only the tool around them explains: AWS pairs, database clients, netrc, password hashes. */

const AWS_SECRET = /(?<![A-Za-z0-9/+=])(?=[A-Za-z/+]{0,40}\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const PAIR_CHARS = 160;
const HASH = /(?:\$argon2(?:id|i|d)\$|\$(?:1|2[abxy]|5|6|7|y|gy)\$)[./A-Za-z0-9$=,+-]{16,}/y;
/** A padded number has fewer digits of its own. */
const DISTINCT_MIN = 8;
/** A secp256k1 key; a hash of 32 bytes looks the same. */
const HEX_KEY = /0x[0-9a-fA-F]{64}(?![0-9a-fA-F])/y;
const COMMAND_CHARS = 400;
const SPACED = /(?:requirepass|masterauth|identified by|password)[ \t]{1,16}/iy;

/** In a list of processes nothing is quoted: a quote ends the word only where the word of `sh -c 'mysql -p…'` ends. */
const WORD = /(?:[^\s"']|["'](?![\s);,\]}]|$))*/y;
const wordEnd = (text: string, at: number): number => (matchAt(WORD, text, at) === null ? at : WORD.lastIndex);

interface Client {
  readonly names: readonly string[];
  /** Up to the password, which must follow; the group is the quote it stands in, if there is one. */
  readonly flag: RegExp;
}
const CLIENTS: readonly Client[] = [
  { names: ['mysql', 'mariadb'], flag: /^[^\n]*?\s-p(["']?)(?=[^\s"'-][^\s"']{2})/ },
  { names: ['mongo', 'sshpass', 'rabbitmqadmin', 'cqlsh'], flag: /^[^\n]*?\s-p\s?(["']?)(?=[^\s"'-][^\s"']{2})/ },
  { names: ['redis-cli', 'valkey-cli', 'redis-benchmark'], flag: /^[^\n]*?\s-a\s?(["']?)(?=[^\s"'-][^\s"']{2})/ },
  { names: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapwhoami'], flag: /^[^\n]*?\s-w\s?(["']?)(?=[^\s"'-][^\s"']{2})/ },
  { names: ['sqlcmd', 'bcp '], flag: /^[^\n]*?\s-P\s?(["']?)(?=[^\s"'-][^\s"']{2})/ },
  { names: ['curl ', 'etcdctl', 'smbclient'], flag: /^[^\n]*?\s(?:-u|-U|--user|--proxy-user)[\s=]?(["']?)[^\s:%"']{0,64}[:%](?=[^\s"']{2})/ },
];

const clientRule = ({ names, flag }: Client): Rule => ({
  what: 'password',
  anchors: names,
  find: (text, at) => {
    const [before, quote] = flag.exec(text.slice(at, at + COMMAND_CHARS)) ?? [];
    if (before === undefined) return undefined;
    const start = at + before.length;
    const end = quote ? quotedEnd(text, start, 0, quote) : wordEnd(text, start);
    return isStandIn(text.slice(start, Math.min(end, start + 64))) ? behindLong(start, end) : { start, end };
  },
});

export const TOOL_RULES: readonly Rule[] = [
  ...CLIENTS.map(clientRule),
  {
    what: 'AWS secret key',
    anchors: ['AKIA', 'ASIA'],
    find: (text, at) => {
      const secret = AWS_SECRET.exec(text.slice(at, at + PAIR_CHARS));
      return secret === null ? undefined : { start: at + secret.index, end: at + secret.index + secret[0].length };
    },
  },
  {
    what: 'password hash',
    anchors: ['$1$', '$2', '$5$', '$6$', '$7$', '$y$', '$gy$', '$argon2'],
    find: (text, at) => (matchAt(HASH, text, at) === null ? undefined : { start: at, end: HASH.lastIndex }),
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
      return isStandIn(text.slice(value.start, Math.min(value.end, value.start + 64))) ? undefined : { start: value.start, end: value.end };
    },
  },
  {
    what: 'private key',
    anchors: ['0x'],
    find: (text, at) => (matchAt(HEX_KEY, text, at) !== null && new Set(text.slice(at, at + 66).toLowerCase()).size > DISTINCT_MIN ? { start: at, end: HEX_KEY.lastIndex } : undefined),
  },
];
