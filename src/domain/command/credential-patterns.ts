/**
 * What credentials look like in text. Prefixes are those that their issuers document for secret scanning. Every repeat
 * is bounded or stops at a boundary, so that hostile text costs linear time.
 */

export interface CredentialPattern {
  /** With its article, for "looks like …". */
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Not a value but a stand-in or a pattern: `$TOKEN`, `<token>`, `{{x}}`, `[a-z]+`, `%s`, `true`, a path. */
const STAND_IN = String.raw`(?![$<>{}*\[\](\\.^|=&;,…]|%[sdvq{]|(?:true|false|null|none|nil|yes|no|redacted|x{3,}|changeme)(?![^\s"'&;,)])|@?~?\.{0,2}/[\w.-]{1,64}(?:/[\w.-]{1,64}){0,16}/?(?![^\s"'&;,)]))`;
const VALUE = String.raw`${STAND_IN}[^\s"'&;,)]`;
const NAMES = String.raw`(?:pass(?:word|wd|phrase)|(?<![a-z])pass|(?<![a-z])pwd|secret|token|(?:api|access|secret|private|account|encryption)[_-]?key|credentials?)`;
const BEGIN = String.raw`(?<![A-Za-z0-9_-])`;

/** A lone word of this form is followed by the credential. */
export const SECRET_FLAG =
  /^--?(?:[\w-]{0,40}-)?(?:password|passwd|passphrase|pass|pwd|(?<!pull-)secret|token|api-?key|access-?key|secret-?key|private-?key)$/i;
export const SECRET_LABEL = /^(?:(?:proxy-)?authorization:?|bearer|[\w-]{0,40}(?:token|key|secret|password):)$/i;

/** A whole text that is worth hiding after a flag that announces it. */
export const SECRET_VALUE = new RegExp(`^(?!-|(?:env|file|fd|stdin):)${VALUE}`, 'i');

export const CREDENTIALS: readonly CredentialPattern[] = [
  { kind: 'a bearer token', pattern: new RegExp(String.raw`authorization["']?\s{0,4}[:=]\s{0,4}["']?bearer\s{1,4}${VALUE}`, 'i') },
  { kind: 'a bearer token', pattern: /(?<![A-Za-z0-9])bearer\s{1,4}(?:(?=[A-Za-z._~+/=-]{0,64}[0-9])[A-Za-z0-9._~+/=-]{6}|[A-Za-z0-9._~+/=-]{20})/i },
  { kind: 'an authorization header', pattern: new RegExp(String.raw`authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:basic|token|digest|apikey|negotiate)\s{1,4}${VALUE}|${STAND_IN}[^\s"']{16})`, 'i') },
  { kind: 'a private key', pattern: /-----BEGIN [A-Z ]{0,32}PRIVATE KEY|AGE-SECRET-KEY-1/ },
  { kind: 'a URL with a password', pattern: /:\/\/[^\s/:@"']{0,128}:(?![$<{*])[^\s/@"']{1,256}@/ },
  { kind: 'a Slack token', pattern: new RegExp(`${BEGIN}(?:xox[a-z]|xapp)-[A-Za-z0-9-]{6}`) },
  { kind: 'a GitHub token', pattern: new RegExp(`${BEGIN}(?:gh[pousr]_[A-Za-z0-9]{8}|github_pat_[A-Za-z0-9_]{8})`) },
  { kind: 'an AWS access key', pattern: new RegExp(`${BEGIN}(?:AKIA|ASIA)[A-Z0-9]{12}`) },
  { kind: 'a Stripe key', pattern: new RegExp(`${BEGIN}[sr]k_(?:live|test)_[A-Za-z0-9]{6}`) },
  { kind: 'an API key', pattern: new RegExp(`${BEGIN}(?:sk-(?:ant|proj|or|svcacct)-[A-Za-z0-9_-]{6}|sk-[A-Za-z0-9]{20}|AIza[A-Za-z0-9_-]{16}|SG\\.[A-Za-z0-9_-]{16})`) },
  { kind: 'a GitLab token', pattern: new RegExp(`${BEGIN}gl(?:pat|dt|rt|ptt|cbt|soat)-[A-Za-z0-9_-]{8}`) },
  { kind: 'an access token', pattern: new RegExp(`${BEGIN}(?:npm_[A-Za-z0-9]{16}|hf_[A-Za-z0-9]{16}|dop_v1_[a-f0-9]{16}|hv[sbr]\\.[A-Za-z0-9_-]{12}|pypi-[A-Za-z0-9_-]{16}|dckr_pat_[A-Za-z0-9_-]{8}|shp(?:at|ss|ca|pa)_[A-Fa-f0-9]{16}|lin_api_[A-Za-z0-9]{12}|ya29\\.[A-Za-z0-9_-]{12})`) },
  { kind: 'a JSON Web Token', pattern: new RegExp(`${BEGIN}eyJ[A-Za-z0-9_-]{6,}\\.eyJ[A-Za-z0-9_-]{4}`) },
  { kind: 'a session cookie', pattern: /(?<![A-Za-z])cookie["']?\s{0,4}:\s{0,4}[\w.-]{1,64}=[^\s"';]{8}/i },
  { kind: 'a password or token', pattern: new RegExp(String.raw`${NAMES}["']?\s{0,4}=\s{0,4}["']?${VALUE}`, 'i') },
  { kind: 'a password or token', pattern: new RegExp(String.raw`${NAMES}\\?["']\s{0,4}:\s{0,4}\\?["']${VALUE}`, 'i') },
  { kind: 'a password or token', pattern: new RegExp(String.raw`${NAMES}\s{0,4}:\s{0,4}(?=[A-Za-z_+/=-]{0,64}[0-9])${STAND_IN}[^\s"':]{8}`, 'i') },
];

const LONG = /[A-Za-z0-9+=_]{32,}/g;
const HEX = /^(?:0x)?[0-9a-fA-F]+$/;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * Long runs in which letters of both cases and digits alternate often. Digests, uids, host names and addresses have one
 * case; class and file names have few digits, in one place.
 */
export const looksRandom = (text: string): boolean =>
  (text.match(LONG) ?? []).some((run) =>
    !HEX.test(run) && count(run, /[a-z]/g) >= 4 && count(run, /[A-Z]/g) >= 4
    && count(run, /[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) >= 5);
