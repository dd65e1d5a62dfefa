import { type Hit, type Rule, behindLong, isBlankLine, lineBefore, lineEnd, lineStart, matchAt } from '../found.ts';
import { argumentOf } from './commands.ts';
import { valueApart } from './forms.ts';
import { type Name, isLikely } from './likely.ts';
import { isSecretName, kindOfName } from './secret-names.ts';
import { type Value, isStandIn, readElement, readLine, readValue, shownOf } from './values.ts';

/** A name that announces a secret, and its value: shells, .env, YAML, JSON, TOML, headers, URLs, structs, XML. */

const NAME_CHARS_MAX = 64;
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9_.-]/.test(String.fromCharCode(code)) ? 1 : 0));
const SEPARATOR = /(?:\\{0,7}["'`])?\]?[ \t]{0,64}(=>|:=|=|:|>(?!@))(?![=:~>])[ \t]{0,32}/y;
/** `"db_password": { "sensitive": true, "value": "…" }`, as Terraform writes its outputs. */
const VALUE_WITHIN = /\{\s{0,64}(?:\\{0,7}"(?!value)\w{1,24}\\{0,7}"\s{0,4}:\s{0,4}(?:true|false|null|\\{0,7}"[^"\\\n]{0,64}\\{0,7}"),\s{0,64}){0,3}\\{0,7}"value\\{0,7}"\s{0,4}:\s{0,4}(?=\\{0,7}")/y;
/** `"X-Api-Key":["…"]`, as servers log headers: texts and nothing else. */
const LIST = /\[\s{0,64}(?=\\{0,7}")((?:\\{0,7}"[^"\\\n]{1,256}\\{0,7}"\s{0,4},?\s{0,64}){1,16})\]/y;
/** What a plan of Terraform writes behind the old value. */
const CHANGED = /"[ \t]{1,4}->[ \t]{1,4}"[^"\\\n]{1,256}(?=")/y;
const OPTION = /(?:Some|Optional|SecretStr|String)\(\s{0,4}(?=\\{0,7}["'])/y;
/** `Pwd={…};` of ODBC, where a brace is written twice. */
const BRACED = /\{([^\n"]{1,128}?)\}(?=;|["'\s]|$)/y;
const IN_CONNECTION = /;\s?$/;
const BEFORE_CHARS = 24;
/** Whitespace, quotes, list dashes, diff signs, the arrows of `curl -v`, `export`. */
const LINE_BEGIN = /^(?:[\s<>*|"'+-]{0,24}(?:export |declare -x |set )?|\* \[HTTP\/[23]\] \[\d{1,4}\] \[)$/;
const ENVIRONMENT_NAME = /^[A-Z_][A-Z0-9_]*$/;
const BLOCK = /^[|>][+-]?\d?[+-]?$/;
const SCHEME = /^(?:bearer|basic|token)$/i;

const PERCENT_ENCODED = /^(?:22|2[67c]|3[bd]|20|0a|5b|7b)$/i;

const nameAround = (text: string, at: number): Name | number => {
  let start = at;
  while (start > 0 && at - start < NAME_CHARS_MAX && IN_NAME[text.charCodeAt(start - 1)] === 1) start -= 1;
  let end = at;
  while (end < text.length && end - at < NAME_CHARS_MAX && IN_NAME[text.charCodeAt(end)] === 1) end += 1;
  const isWhole = end - at < NAME_CHARS_MAX;
  // In `\nPASSWORD` of a JSON string the n belongs to the escape, as the 22 does in `%22password`.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start += 1;
  if (text.charAt(start - 1) === '%' && PERCENT_ENCODED.test(text.slice(start, start + 2))) start += 2;
  return isWhole ? { start, end, text: text.slice(start, end) } : end;
};

const wide = (text: string, value: Value): Value => {
  if (value.quoted || !SCHEME.test(text.slice(value.start, value.end)) || text.charAt(value.end) !== ' ') return value;
  return readValue(text, value.end + 1);
};

/** The lines below that are indented deeper than the one at `at`. */
const blockBelow = (text: string, at: number): Hit => {
  const indentOf = (start: number): number => /^[ \t]*/.exec(text.slice(start, start + 128))?.[0].length ?? 0;
  const indent = indentOf(lineStart(text, at));
  const first = lineEnd(text, at) + 1;
  let end = first;
  while (end < text.length && (indentOf(end) > indent || isBlankLine(text, end))) end = lineEnd(text, end) + 1;
  const start = Math.min(first, text.length);
  return { start, end: Math.max(start, Math.min(end - 1, text.length)) };
};

/** Names within a short value are looked at; a long one is not read again and again. */
const missAt = (name: Name, value: Value): number => behindLong(value.start, value.end) ?? name.end;

const hitOf = (name: Name, { start, end }: { readonly start: number; readonly end: number }): Hit => ({ start, end, what: kindOfName(name.text) });

/** A value in an object or a list of its own. */
const within = (text: string, name: Name, at: number): Hit | undefined => {
  if (text.charAt(at) === '{' && matchAt(VALUE_WITHIN, text, at) !== null) {
    const value = readValue(text, VALUE_WITHIN.lastIndex);
    return isStandIn(shownOf(text, value), true) ? undefined : hitOf(name, value);
  }
  const braced = text.charAt(at) === '{' && IN_CONNECTION.test(text.slice(Math.max(0, name.start - 2), name.start)) ? matchAt(BRACED, text, at)?.[1] : undefined;
  if (braced !== undefined) return hitOf(name, { start: at + 1, end: at + 1 + braced.length });
  const list = text.charAt(at) === '[' ? matchAt(LIST, text, at)?.[1] : undefined;
  if (list === undefined || isStandIn(list.replace(/^\\*"|\\*"\s*,?\s*$/g, ''), true)) return undefined;
  return hitOf(name, { start: at + 1, end: LIST.lastIndex - 1 });
};

/** `passwords:` and a list, `password:` and one word; not the names of secrets, which lists hold too. */
const ITEMS = /[ \t]{0,64}((?:\n[ \t]{0,32}- ["']?[^\s:"'{}[\]&*]{1,128}["']?[ \t]{0,4}(?=\n|$)){1,16})/y;
const LONE_WORD = /[ \t]{0,64}\n([ \t]{1,32})(["']?)([^\s:"'{}[\]&*=-][^\s:"'{}[\]&*=]{3,127})\2[ \t]{0,4}(?=\n|$)/y;

const below = (text: string, name: Name, at: number, indent: number): Hit | undefined => {
  if (kindOfName(name.text) !== 'password') return undefined;
  const items = matchAt(ITEMS, text, at)?.[1];
  if (items !== undefined) return hitOf(name, { start: ITEMS.lastIndex - items.length + 1, end: ITEMS.lastIndex });
  const [, blanks = '', quote = '', word = ''] = matchAt(LONE_WORD, text, at) ?? [];
  if (word === '' || blanks.length <= indent || isStandIn(word, true)) return undefined;
  const start = text.indexOf(word, text.indexOf('\n', at) + blanks.length + quote.length);
  return hitOf(name, { start, end: start + word.length });
};

const plainValue = (text: string, separator: string, at: number): Value => {
  const element = separator === '>' ? readElement(text, at) : undefined;
  if (element) return element;
  const value = wide(text, readValue(text, matchAt(OPTION, text, at) === null ? at : OPTION.lastIndex));
  return value.quoted && matchAt(CHANGED, text, value.end) !== null ? { ...value, end: CHANGED.lastIndex } : value;
};

/** Another setting in the line, before which a value ends. */
const OTHER_SETTING = /[\s,;&|][\w.-]{2,64}(?:=|:[ \t])/;
const LONG_NAME = /\..*\./;

/** `log('password:', it)`: the quote behind the colon ends the text that began before the name. */
const endsText = (text: string, name: Name, at: number): boolean => {
  const quote = text.charAt(name.start - 1);
  return /["'`]/.test(quote) && text.charAt(at) === quote && text.charAt(name.end) !== quote;
};

/** `"DB_PASSWORD=…"`: the quote before the name ends the line too. */
const withinQuotes = (text: string, { start }: Name, line: Value): Value =>
  (/["']/.test(text.charAt(start - 1)) && line.end > line.start && text.charAt(line.end - 1) === text.charAt(start - 1) ? { ...line, end: line.end - 1 } : line);

const valueHit = (text: string, name: Name, separator: string, at: number): Hit | number => {
  if (endsText(text, name, at)) return name.end;
  const before = lineBefore(text, name.start, 2 * BEFORE_CHARS);
  const atLineBegin = before !== undefined && LINE_BEGIN.test(before);
  const inner = within(text, name, at);
  if (inner) return inner;
  if (atLineBegin && separator === ':' && isBlankLine(text, at)) return below(text, name, at, before.length) ?? name.end;
  const plain = plainValue(text, separator, at);
  // The line is read for the one name at its beginning only: each is read once.
  const line = atLineBegin ? withinQuotes(text, name, readLine(text, at)) : plain;
  if (atLineBegin && separator === ':' && BLOCK.test(text.slice(plain.start, Math.min(line.end, plain.start + 5)))) return { ...blockBelow(text, name.start), what: kindOfName(name.text) };
  const lineText = text.slice(line.start, line.end);
  const isOneWord = atLineBegin && !/\s/.test(lineText);
  // What follows the first word of a YAML value is a sentence; commas and brackets in it are not.
  const isSetting = atLineBegin && (separator === '=' || (separator === ':' && LONG_NAME.test(name.text))) && !OTHER_SETTING.test(lineText);
  const isEnvironment = atLineBegin && separator === '=' && ENVIRONMENT_NAME.test(name.text);
  // behind a scheme or within brackets the value has its own end
  const value = !plain.quoted && plain.start === at && separator !== '>' && (isEnvironment || isOneWord || isSetting) ? line : plain;
  return isLikely(text, name, separator, value, isOneWord || isSetting) ? hitOf(name, value) : missAt(name, value);
};

/** `PASSWORD==tr0ng!9`: a password of one word that begins with what could belong to the separator. */
const ODD_BEGINNING = /=(?=[=:~>])(?!=["'(])(?=\S{6,256}(?:\n|$))(?=[^\s\d!#$%&*+@^?]{0,64}[\d!#$%&*+@^?])/y;

const separated = (text: string, name: Name): Hit | number => {
  const separator = matchAt(SEPARATOR, text, name.end);
  if (separator !== null && !(separator[1] === '>' && text.charAt(name.start - 1) !== '<')) return valueHit(text, name, separator[1] ?? '=', SEPARATOR.lastIndex);
  if (matchAt(ODD_BEGINNING, text, name.end) !== null && LINE_BEGIN.test(lineBefore(text, name.start, BEFORE_CHARS) ?? 'far')) {
    const value = readLine(text, name.end + 1);
    return isStandIn(shownOf(text, value), true) ? missAt(name, value) : hitOf(name, value);
  }
  const apart = valueApart(text, name.start, name.end);
  return apart === undefined ? name.end : hitOf(name, apart);
};

/** `--db-password s3cret` in a list of processes. */
const flagged = (text: string, name: Name): Hit | undefined => {
  const value = name.text.startsWith('-') ? argumentOf(text, name.start, name.end) : undefined;
  return value && hitOf(name, value);
};

/** What Helm writes for the hash of a Secret. */
const CHECKSUM = /checksum\/$/;

export const ASSIGNMENT_RULES: readonly Rule[] = [{
  what: 'secret',
  anchors: ['pass', 'pwd', 'secret', 'token', 'key', 'cred', 'jwt', 'auth', 'connectionstring', 'connection_string', 'mnemonic', 'psk', '_dsn', '_sas', 'pw=', 'pw:', 'pw"', 'pw ', 'erlang'],
  ignoreCase: true,
  find: (text, at) => {
    const name = nameAround(text, at);
    if (typeof name === 'number') return undefined;
    if (!isSecretName(name.text) || CHECKSUM.test(text.slice(Math.max(0, name.start - 9), name.start))) return name.end;
    return flagged(text, name) ?? separated(text, name);
  },
}];
