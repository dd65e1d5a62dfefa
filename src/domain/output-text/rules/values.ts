import { lineEnd, matchAt } from '../found.ts';

/** The value of something that announced a secret, and whether it can be one. */

export interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const QUOTE = /(\\{0,7})(["'`])/y;
const PLAIN_STOP = /[\s"'`;,)}\]<>|&\\]/;

/** Ends at the same quote with the same backslashes before it, or where the line ends. */
export const quotedEnd = (text: string, start: number, slashes: number, quote: string): number => {
  let before = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') return at;
    if (character === quote && (slashes === 0 ? before % 2 === 0 : before === slashes)) return at - slashes;
    before = character === '\\' ? before + 1 : 0;
  }
  return text.length;
};

const plainEnd = (text: string, start: number): number => {
  let at = start;
  while (at < text.length && !PLAIN_STOP.test(text.charAt(at))) at += 1;
  return at;
};

/** `quoted`, or up to what ends a word in shells, JSON, URLs and structs. */
export const readValue = (text: string, at: number): Value => {
  const opening = matchAt(QUOTE, text, at);
  if (opening === null) return { start: at, end: plainEnd(text, at), quoted: false };
  const start = at + opening[0].length;
  return { start, end: quotedEnd(text, start, opening[1]?.length ?? 0, opening[2] ?? '"'), quoted: true };
};

const ELEMENT = /[^<\n]{0,256}(?=<\/)/y;

/** The text of an XML element when it ends in its line; `<password>` in the usage of a program begins none. */
export const readElement = (text: string, at: number): Value | undefined =>
  (matchAt(ELEMENT, text, at) === null ? undefined : { start: at, end: ELEMENT.lastIndex, quoted: false });

/** What ends a quoted text within a line: not a quote that is doubled or escaped, or that stands in a word. */
const IN_QUOTES: Readonly<Record<string, RegExp>> = {
  '"': /(?:[^"\\\n]|\\[^\n]?|""|"(?![\s,;)\]}]|$))*/y,
  "'": /(?:[^'\\\n]|\\[^\n]?|''|'(?![\s,;)\]}]|$))*/y,
};

/** Where a text ends that stands in these quotes, which may also be in it. */
export const textEnd = (text: string, at: number, quote: string): number => {
  const inside = IN_QUOTES[quote];
  return inside === undefined || matchAt(inside, text, at) === null ? at : inside.lastIndex;
};

/** The rest of the line, less blanks at its end. */
export const readLine = (text: string, at: number): Value => {
  let end = lineEnd(text, at);
  while (end > at && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start: at, end, quoted: false };
};

const STAND_IN_CHARS_MAX = 80;
const STAND_IN = new RegExp([
  // A variable, a placeholder, a pattern, an expression, a struct, something hidden before us.
  String.raw`^%(?:\{|[A-Za-z_]+%|[-+#0-9.]*[A-Za-z]{1,3}(?![A-Za-z0-9]))`, String.raw`^\.{3}$`, String.raw`^(?:&|0x)[0-9a-fx]{0,16}$`, String.raw`^[x*.•#-]{3,}$`, String.raw`^\(hidden:`, String.raw`^(?:process\.env|os\.environ|env)[.[(]`,
  String.raw`^(?:true|false|null|none|nil|yes|no|on|off|undefined|redacted|masked|hidden|changeme|expired|invalid|missing|required|optional|enabled|disabled|unset|set|empty|ok|found|not|unknown|present|absent|string|text|value|failed|accepted|rejected|bytes|is|was|for|to|and|the|of|n/a|string\[\]|bool|int|ephemeral)$`,
  // A path of plain words, and a reference to a file.
  String.raw`^@?~?\.{0,2}(?:/(?:[a-z0-9._-]{0,40}|[A-Za-z][a-z._-]{0,39})){1,12}$`, String.raw`^(?:file|https?)://[^\s@]{0,64}$`,
  // Durations, sizes, percentages.
  String.raw`^\d{1,6}(?:\.\d{1,3})?(?:ms|s|m|h|d|Ki|Mi|Gi|KB|MB|B|%)$`,
].join('|'), 'i');

/** `$TOKEN`, `${TOKEN}`, `$(cat token)`; not `$tr0ng!`, nor `$apr1$…`, the hash of a password. */
const VARIABLE = /^\$(?:[{(]|(?:[A-Z_][A-Z0-9_]*|[A-Za-z_]+|[0-9@*#?$-])?(?:\$(?:[A-Za-z_]|\$*$)|(?![A-Za-z0-9_!@#$%^&*+=~])))/;
/** What only a pattern, a list, a struct or an alias begins with, unless somebody chose it for a password. */
const OPENING = /^(?:[<{[(]|[*^|=][^]{0,79}$)/;
/** One word that does not end as what began it would. */
const CHOSEN = /^(?=\D*\d)(?:<[^<>\s]{3}[^<>\s]*|[{[(][^\s"'{}[\]()]{2,64}(?:[)\]}][^\s"'{}[\]()]{2}[^\s"'{}[\]()]*)?|[*^|=][^\s*^|=(){}[\]]{4}\S*)$/;

/**
 * Not a secret but a stand-in: `$TOKEN`, `<token>`, `****`, `true`, `/run/secrets/token`. `isWhole`: the value ends where
 * its quotes or its line do, so what it begins with may be part of it.
 */
export const isStandIn = (value: string, isWhole = false): boolean =>
  value === '' || VARIABLE.test(value) || (OPENING.test(value) && !(isWhole && CHOSEN.test(value))) || (value.length <= STAND_IN_CHARS_MAX && STAND_IN.test(value));
