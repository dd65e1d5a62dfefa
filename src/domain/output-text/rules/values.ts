import { lineEnd, matchAt } from '../found.ts';

/** The value of something that announced a secret, and whether it can be one. */

export interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const QUOTE = /(\\{0,7})(["'`])/y;
/** So much of a value is looked at; a longer one has no end here. */
const VALUE_CHARS_MAX = 256;
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

const ELEMENT = /\s{0,64}(?:<!\[CDATA\[)?([^<\n]{0,256}?)(?=\]\]>|\s{0,64}<\/)/y;

/** The text of an XML element when it ends in its line, or stands alone on the next; `<password>` in the usage of a program begins none. */
export const readElement = (text: string, at: number): Value | undefined => {
  const inside = matchAt(ELEMENT, text, at)?.[1];
  return inside === undefined ? undefined : { start: ELEMENT.lastIndex - inside.length, end: ELEMENT.lastIndex, quoted: false };
};

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

/** As much of a value as says what it is. */
export const shownOf = (text: string, { start, end }: { readonly start: number; readonly end: number }): string => text.slice(start, Math.min(end, start + VALUE_CHARS_MAX));

/** The rest of the line, less blanks at its end. */
export const readLine = (text: string, at: number): Value => {
  let end = lineEnd(text, at);
  while (end > at && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start: at, end, quoted: false };
};

const STAND_IN_CHARS_MAX = 80;
const STAND_IN = new RegExp([
  // A format, an expression, a pointer, something hidden before us.
  String.raw`^%(?:\{[^}]*\}?|\([^)]*\)[a-z]|[A-Za-z_]+%|[-+#0-9.]*[A-Za-z]{1,3})$`, String.raw`^(?:\.{3}|…)$`, String.raw`^(?:&|0x)[0-9a-fx]{0,16}$`, String.raw`^[x*.•#-]{3,}$`, String.raw`^[~-]{1,2}$`, String.raw`^\(hidden:`, String.raw`^(?:process\.env|os\.environ|env)[.[(]`,
  String.raw`^(?:var|local|module|data|each|random_password|random_id)\.[a-z_][a-z0-9_.]*$`, String.raw`^vault:[a-z0-9/._-]+#[a-z0-9._-]+$`, String.raw`^@@[A-Z_]+@@$`,
  String.raw`^(?:true|false|null|none|nil|yes|no|on|off|undefined|redacted|masked|hidden|changeme|expired|invalid|missing|required|optional|enabled|disabled|unset|set|empty|ok|found|not|unknown|present|absent|string|text|value|failed|accepted|rejected|bytes|is|was|for|to|and|the|of|n/a|string\[\]|bool|int|ephemeral)$`,
  // A path of plain words, and a reference to a file.
  String.raw`^@?~?\.{0,2}(?:/(?:[a-z0-9._-]{0,40}|[A-Za-z][a-z._-]{0,39})){1,12}$`, String.raw`^(?:file|https?)://[^\s@]{0,64}$`,
  // Durations, sizes, percentages.
  String.raw`^\d{1,6}(?:\.\d{1,3})?(?:ms|s|m|h|d|Ki|Mi|Gi|KB|MB|B|%)$`,
].join('|'), 'i');

/** What may be cut at its first blank or bracket: a variable, a format, a pattern, a list, a struct, an alias. */
const BEGINS_STAND_IN = /^(?:\$(?:[{(]|(?:[A-Z_][A-Z0-9_]*|[A-Za-z_]+|[0-9@*#?$-])?(?:\$(?:[A-Za-z_]|\$*$)|(?![A-Za-z0-9_!@#$%^&*+=~])))|%(?:\{|[-+#0-9.]*[A-Za-z]{1,3}(?![A-Za-z0-9]))|[<{[(]|[*^|=][^]{0,79}$)/;

/** `$TOKEN`, `${HOST}:${PORT}`, `$(cat token)`; not `$tr0ng!`, nor `$apr1$…`, the hash of a password. */
const VARIABLES = /^(?:\$(?:[A-Z_][A-Z0-9_]*|(?=[A-Z_]*[a-z])[A-Za-z_]+|[0-9@*#?$-]|\{[^{}]{0,200}\}|\([^()]{0,200}\)|\{\{[^{}]{0,200}\}\})?[-/:.,+]?){1,8}[;,)}]{0,2}$/;
/** An element, a template, a struct, a list, an alias, a pattern, the mark of a block. */
const ENCLOSED = /^(?:<[^]*>|\{[^]*\}|\[[^]*\]|\([^]*\)|\*[A-Za-z_-]*|[*^|=]{1,80}|\^[^]*\$|[|>][+-]?\d?[+-]?)[;,]?$/;
const OPENING = /^[<{[(*^|=]/;
/** Somebody chose it: no code goes on behind what opened so. */
const CHOSEN = /^[^]{1,80}[0-9!#$%&*+@~^?]/;

const standsForAnother = (value: string): boolean =>
  VARIABLES.test(value) || ENCLOSED.test(value) || (OPENING.test(value) && (value.length < 4 || !CHOSEN.test(value)));

/**
 * Not a secret but a stand-in: `$TOKEN`, `<token>`, `****`, `true`, `/run/secrets/token`. `isWhole`: the value ends where
 * its quotes or its line do, so what it begins with may be part of it.
 */
export const isStandIn = (text: string, isWhole = false): boolean => {
  const value = isWhole ? text.replace(/[;,]$/, '') : text;
  return value === '' || (value.length <= STAND_IN_CHARS_MAX && STAND_IN.test(value)) || (isWhole && text.length < VALUE_CHARS_MAX && !/\s/.test(value) ? standsForAnother(value) : BEGINS_STAND_IN.test(value));
};
