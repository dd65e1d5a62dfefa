import { type Hit, type Rule, lineBefore, matchAt } from '../found.ts';
import { isStandIn, readValue } from './values.ts';

/** Passwords in statements and in what clients of Redis, SMTP, FTP and IMAP say. */

const LINE_CHARS = 120;
const wordsEnd = String.raw`(?=[ \t]{0,8}(?:[\r\n]|$))`;
/** A prompt or an arrow, behind which every word is said by the client. */
const PROMPT = /^(?:[\w.[\]@:/ -]{0,60}(?:> ?|(?<=[A-Za-z]): )|[ \t]{0,16})$/;
const NOT_A_WORD = /\d/;
const ANSWER = /^(?:success|successful|succeeded|error|plain|login|external|xoauth2|oauthbearer|cram-md5|scram-\S+|digest-md5|gssapi|ntlm|tls|ssl)$/i;

const WORD = String.raw`[^\s"']{3,256}`;
const AUTH = new RegExp(String.raw`AUTH[ \t](?:[A-Za-z][\w.-]{0,63}[ \t])?(${WORD})${wordsEnd}`, 'y');
const PASS = new RegExp(String.raw`PASS[ \t](${WORD})${wordsEnd}`, 'y');
const TEST_FILE = /[/\\]|^(?:tests?|spec)|(?:test|spec|suite)s?$|_test|\.(?:[cm]?[jt]sx?|py|go|rb|sh|php|rs|java|vue)$/i;
const IMAP = new RegExp(String.raw`[ \t]LOGIN[ \t]["']?[^\s"']{1,128}["']?[ \t]["']?([^\s"']{3,256})(?=["']?[ \t]{0,8}(?:[\r\n]|$))`, 'y');
const MONITOR = /"auth" "(?:[^"\n]{1,64}" ")?([^"\n]{1,256})(?=")/iy;
const PLAIN = /(?:AUTH|AUTHENTICATE) (?:PLAIN|LOGIN) ([A-Za-z0-9+/]{8,1000}={0,2})/iy;
/** What a trace of the wire shows of Redis, and of SMTP behind `334 Password:`. */
const ON_THE_WIRE = /AUTH\n(?:\$\d{1,4}\n[^\n]{1,64}\n)?\$\d{1,4}\n([^\n]{1,256})/iy;
const PASSWORD_ASKED = /UGFzc3dvcmQ6\n[<>CS:\t -]{0,8}([A-Za-z0-9+/]{4,1000}={0,2})/y;
const ACL = /[ \t](?:on|off)(?:[ \t](?:sanitize-payload|skip-sanitize-payload|resetpass))?[ \t](?:>(?=[^\s"'])|#(?=[0-9a-f]{64}))/y;
const STATEMENT = /\b(?:alter|create)\s{1,4}(?:user|role|login|group)\b/i;
const QUOTED_PASSWORD = /(?:password|identified\s{1,4}with\s{1,4}\w{1,64}\s{1,4}(?:by|as))\s{0,4}\(?\s{0,4}(?=["'])/iy;

const said = (text: string, at: number, pattern: RegExp, accepts: (word: string, isSpoken: boolean) => boolean): Hit | undefined => {
  const before = lineBefore(text, at, LINE_CHARS);
  if (before === undefined || !PROMPT.test(before)) return undefined;
  const word = matchAt(pattern, text, at)?.[1];
  if (word === undefined || isStandIn(word) || !accepts(word, before.trim() !== '')) return undefined;
  return { start: pattern.lastIndex - word.length, end: pattern.lastIndex };
};

const hitOf = (pattern: RegExp, text: string, at: number): Hit | undefined => {
  const word = matchAt(pattern, text, at)?.[1];
  return word === undefined ? undefined : { start: pattern.lastIndex - word.length, end: pattern.lastIndex };
};

export const PROTOCOL_RULES: readonly Rule[] = [
  { what: 'authorization header', anchors: ['AUTH PLAIN', 'AUTH LOGIN', 'AUTHENTICATE PLAIN'], find: (text, at) => hitOf(PLAIN, text, at) },
  { what: 'password', anchors: ['AUTH '], find: (text, at) => said(text, at, AUTH, (word, isSpoken) => !ANSWER.test(word) && (isSpoken || NOT_A_WORD.test(word))) },
  { what: 'password', anchors: ['AUTH', 'auth'], find: (text, at) => hitOf(ON_THE_WIRE, text, at) },
  { what: 'password', anchors: ['UGFzc3dvcmQ6'], find: (text, at) => hitOf(PASSWORD_ASKED, text, at) },
  { what: 'password', anchors: ['"AUTH" "', '"auth" "'], find: (text, at) => hitOf(MONITOR, text, at) },
  { what: 'password', anchors: ['PASS '], find: (text, at) => said(text, at, PASS, (word, isSpoken) => !TEST_FILE.test(word) && (isSpoken || NOT_A_WORD.test(word))) },
  {
    what: 'password',
    anchors: [' LOGIN '],
    find: (text, at) => (/(?:^|[\n>: ])[A-Za-z]{0,4}\d{1,6}$/.test(text.slice(Math.max(0, at - 12), at)) ? hitOf(IMAP, text, at) : undefined),
  },
  {
    what: 'password',
    anchors: [' on >', ' off >', ' on #', ' off #', ' on sanitize', ' on resetpass'],
    find: (text, at) => {
      if (!/\buser \S{1,64}$/i.test(text.slice(Math.max(0, at - 72), at)) || matchAt(ACL, text, at) === null) return undefined;
      const start = ACL.lastIndex;
      return { start, end: readValue(text, start).end };
    },
  },
  {
    what: 'password',
    anchors: ['password \'', 'password "', 'password(\'', 'identified with'],
    ignoreCase: true,
    find: (text, at, anchor) => {
      if (!anchor.endsWith('with') && !anchor.includes('(') && !STATEMENT.test(text.slice(Math.max(0, at - 200), at))) return undefined;
      if (matchAt(QUOTED_PASSWORD, text, at) === null) return undefined;
      const { start, end } = readValue(text, QUOTED_PASSWORD.lastIndex);
      return isStandIn(text.slice(start, Math.min(end, start + 64)), true) ? undefined : { start, end };
    },
  },
];
