import { type Rule, matchAt } from '../found.ts';

/** Keys without the lines that PEM puts around them: DER in base64, JSON Web Keys (RFC 7518 §6), and keys told by what ends or joins them. */

const BODY = /[A-Za-z0-9+/]{16}(?:[A-Za-z0-9+/]|\\{1,4}[rn](?=[A-Za-z0-9+/])|\n[ \t>|]{0,16}(?=[A-Za-z0-9+/]{16}|[A-Za-z0-9+/]{1,15}={1,2}(?:\n|$)))*={0,2}/y;
/** Of PKCS #8 and PKCS #1: a sequence, its length, version 0; what follows is told by the anchor. */
const SEQUENCE = /MII[A-Za-z0-9+/]{3}$/;
const SEQUENCE_CHARS = 6;

const MEMBER = /(?:\\{0,7})"(?:d|p|q|dp|dq|qi|k)\\{0,7}"\s{0,4}:\s{0,4}\\{0,7}"([A-Za-z0-9_-]{20,1200})(?=\\{0,7}")/y;
const KEY_CHARS = 2_000;
const KTY = /"kty\\{0,7}"/;

const TELEGRAM = /:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y;
const BOT = /(?<!\d)\d{8,10}$/;
const LICENCE = /(?<![A-Za-z0-9])(?=[a-z]{0,8}\d)[A-Za-z0-9]{34,36}$/;

export const BARE_KEY_RULES: readonly Rule[] = [
  {
    what: 'private key',
    anchors: ['IBADANBgkqhkiG9w0', 'IBAAKCA', 'IBAAKBg'],
    find: (text, at) => {
      const start = at - SEQUENCE_CHARS;
      return start >= 0 && SEQUENCE.test(text.slice(start, at)) && matchAt(BODY, text, start) !== null ? { start, end: BODY.lastIndex } : undefined;
    },
  },
  {
    what: 'private key',
    anchors: ['b3BlbnNzaC1rZXktdjE', 'MHcCAQEEI', 'MIGHAgEAMBMGByqGSM49', 'MC4CAQAwBQYDK2Vw'],
    find: (text, at) => (matchAt(BODY, text, at) === null ? undefined : { start: at, end: BODY.lastIndex }),
  },
  {
    what: 'private key',
    anchors: ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].flatMap((member) => [`"${member}"`, `"${member}\\`]),
    find: (text, at) => {
      const value = matchAt(MEMBER, text, at)?.[1];
      if (value === undefined) return undefined;
      const end = MEMBER.lastIndex;
      return KTY.test(text.slice(Math.max(0, at - KEY_CHARS), end + KEY_CHARS)) ? { start: end - value.length, end } : undefined;
    },
  },
  {
    what: 'chat token',
    anchors: [':AA'],
    find: (text, at) => {
      const bot = BOT.exec(text.slice(Math.max(0, at - 11), at))?.[0];
      return bot === undefined || matchAt(TELEGRAM, text, at) === null ? undefined : { start: at - bot.length, end: TELEGRAM.lastIndex };
    },
  },
  {
    what: 'cloud token',
    anchors: ['NRAL'],
    find: (text, at) => {
      const licence = /[A-Za-z0-9]/.test(text.charAt(at + 'NRAL'.length)) ? undefined : LICENCE.exec(text.slice(Math.max(0, at - 37), at))?.[0];
      return licence === undefined ? undefined : { start: at - licence.length, end: at + 'NRAL'.length };
    },
  },
];
