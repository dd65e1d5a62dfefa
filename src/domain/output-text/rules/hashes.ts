import { type Rule, matchAt } from '../found.ts';

/** What is kept in place of a password: it can be guessed at leisure, and some of it opens the door as it is. */

interface Kept {
  readonly anchors: readonly string[];
  readonly form: RegExp;
  /** Glued to a word it is something else. */
  readonly atWordStart?: true;
}

const HEX = '0123456789ABCDEF'.split('');

const KEPT: readonly Kept[] = [
  { anchors: ['$1$', '$2', '$5$', '$6$', '$7$', '$y$', '$gy$', '$argon2'], form: /(?:\$argon2(?:id|i|d)\$|\$(?:1|2[abxy]|5|6|7|y|gy)\$)[./A-Za-z0-9$=,+-]{16,}/y },
  { anchors: ['$apr1$', '$P$', '$H$', '$scrypt$', '$pbkdf2'], form: /\$(?:apr1|P|H|scrypt|pbkdf2[a-z0-9-]{0,16})\$[./A-Za-z0-9$=,+-]{16,}/y },
  { anchors: ['{SHA', '{SSHA', '{MD5}', '{SMD5}', '{CRYPT}', '{PBKDF2'], form: /\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[A-Z0-9-]{0,10})\}[A-Za-z0-9+/=$.]{16,}/y },
  { anchors: ['SCRAM-SHA-'], form: /SCRAM-SHA-(?:1|256|512)\$\d{1,7}:[A-Za-z0-9+/=$:]{16,}/y },
  // PostgreSQL, MySQL before and since 8
  { anchors: ['md5'], form: /md5[0-9a-f]{32}(?![0-9A-Za-z])/y, atWordStart: true },
  { anchors: HEX.map((digit) => `*${digit}`), form: /\*[0-9A-F]{40}(?![0-9A-Za-z])/y },
  { anchors: ['$A$0'], form: /\$A\$0\d\d\$[^\s|"']{20,200}/y },
];

export const HASH_RULES: readonly Rule[] = KEPT.map(({ anchors, form, atWordStart }): Rule => ({
  what: 'password hash',
  anchors,
  find: (text, at) => (matchAt(form, text, at) === null || (atWordStart === true && /[A-Za-z0-9_-]/.test(text.charAt(at - 1))) ? undefined : { start: at, end: form.lastIndex }),
}));
