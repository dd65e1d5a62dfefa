import { type Rule, matchAt } from '../found.ts';
import { isStandIn } from './values.ts';

/** What programs say once, when they have made a secret for somebody. */

interface Said {
  readonly what: string;
  readonly anchors: readonly string[];
  readonly form: RegExp;
}

const TO_THE_END = String.raw`(?=[.!]?[ \t]{0,8}(?:\n|$))`;
/** No word of a language. */
const MADE_UP = String.raw`(?=[^\s\d!#$%&*+@^?=]{0,64}[\d!#$%&*+@^?=])`;

const SAID: readonly Said[] = [
  { what: 'key', anchors: ['Unseal Key ', 'Recovery Key '], form: /(?:Unseal|Recovery) Key \d{1,3}[^:\n]{0,24}: ([A-Za-z0-9+/=_-]{16,128})/y },
  { what: 'Vault token', anchors: ['Initial Root Token: '], form: /Initial Root Token: (\S{8,128})/y },
  // `wg show`
  { what: 'private key', anchors: ['private key: ', 'preshared key: '], form: /(?:private|preshared) key: ([A-Za-z0-9+/]{43}=)/y },
  {
    what: 'password', anchors: ['temporary password', 'initial password', 'generated password', 'default password', 'one-time password', 'admin password', 'root password', 'random password'],
    form: new RegExp(String.raw`(?:temporary|initial|generated|default|one-time|admin|root|random) password[^:\n]{0,80}:[ \t]{1,4}${MADE_UP}([^\s:]{6,64}?)${TO_THE_END}`, 'iy'),
  },
  { what: 'password', anchors: ['password is'], form: new RegExp(String.raw`password is:?[ \t]{1,4}${MADE_UP}(?=\S{0,64}[A-Za-z])([^\s:]{6,64}?)${TO_THE_END}`, 'iy') },
  { what: 'password', anchors: ['following password'], form: /following password[^:\n]{0,80}:\s{1,4}([0-9a-f]{32})(?![0-9A-Za-z])/iy },
];

export const SENTENCE_RULES: readonly Rule[] = SAID.map(({ what, anchors, form }): Rule => ({
  what,
  anchors: anchors.map((anchor) => anchor.toLowerCase()),
  ignoreCase: true,
  find: (text, at) => {
    const value = matchAt(form, text, at)?.[1];
    if (value === undefined || isStandIn(value, true)) return undefined;
    const start = at + (matchAt(form, text, at)?.[0].length ?? 0) - value.length;
    return { start, end: start + value.length };
  },
}));
