import { type Hit, type Rule, behindLong, isBlankLine, lineBefore, lineEnd, lineStart, matchAt } from '../found.ts';
import { isSecretName, kindOfName } from './secret-names.ts';
import { type Value, isStandIn, readElement, readLine, readValue } from './values.ts';

/** A name that announces a secret, and its value: shells, .env, YAML, JSON, TOML, headers, URLs, structs, XML. */

const NAME_CHARS_MAX = 64;
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9_.-]/.test(String.fromCharCode(code)) ? 1 : 0));
const SEPARATOR = /(?:\\{0,7}["'`])?\]?[ \t]{0,16}(=>|:=|=|:|>)(?![=:~>])[ \t]{0,32}/y;
/** `- name: DB_PASSWORD` and, on the next line or in the same object, its value. */
const NAME_BEFORE = /(?:^|[\s"'{,-])(?:name|key)\\{0,7}["']?\s{0,4}[:=]\s{0,4}\\{0,7}["']?$/i;
const VALUE_AFTER = /\\{0,7}["']?,?\s{0,64}(?:\\{0,7}"(?!value)\w{1,24}\\{0,7}"\s{0,4}:\s{0,4}(?:true|false|null|\\{0,7}"[^"\\\n]{0,64}\\{0,7}"),\s{0,64}){0,3}\\{0,7}["']?value\\{0,7}["']?\s{0,4}[:=][ \t]{0,4}/iy;
/** `"db_password": { "sensitive": true, "value": "…" }`, as Terraform writes its outputs. */
const VALUE_WITHIN = /\{\s{0,64}(?:\\{0,7}"(?!value)\w{1,24}\\{0,7}"\s{0,4}:\s{0,4}(?:true|false|null|\\{0,7}"[^"\\\n]{0,64}\\{0,7}"),\s{0,64}){0,3}\\{0,7}"value\\{0,7}"\s{0,4}:\s{0,4}(?=\\{0,7}")/y;
/** `"X-Api-Key":["…"]`, as servers log headers: texts and nothing else. */
const LIST = /\[\s{0,64}(?=\\{0,7}")((?:\\{0,7}"[^"\\\n]{1,256}\\{0,7}"\s{0,4},?\s{0,64}){1,16})\]/y;
/** `fastcgi_param DB_PASSWORD …;`, `SetEnv`, `ENV`, `proxy_set_header X-Api-Key …;`: a directive, a name, a value. */
const DIRECTIVE = /(?:^|\n)[ \t]{0,32}(?:SetEnv|ENV|ARG|setenv|set|fastcgi_param|uwsgi_param|proxy_set_header|more_set_headers|add_header|http-request set-header)[ \t]{1,8}\$?$/i;
const DIRECTIVE_VALUE = /[ \t]{1,16}(?=[^\s=:;])/y;
const BEFORE_CHARS = 24;
/** Whitespace, quotes, list dashes, diff signs, the arrows of `curl -v`, `export`. */
const LINE_BEGIN = /^(?:[\s<>*|"'+-]{0,24}(?:export |declare -x )?|\* \[HTTP\/[23]\] \[\d{1,4}\] \[)$/;
const ENVIRONMENT_NAME = /^[A-Z_][A-Z0-9_]*$/;
const BLOCK = /^[|>][+-]?\d?[+-]?$/;
const SCHEME = /^(?:bearer|basic|token)$/i;

interface Name {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const nameAround = (text: string, at: number): Name | number => {
  let start = at;
  while (start > 0 && at - start < NAME_CHARS_MAX && IN_NAME[text.charCodeAt(start - 1)] === 1) start -= 1;
  let end = at;
  while (end < text.length && end - at < NAME_CHARS_MAX && IN_NAME[text.charCodeAt(end)] === 1) end += 1;
  const isWhole = end - at < NAME_CHARS_MAX;
  // In `\nPASSWORD` of a JSON string the n belongs to the escape.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start += 1;
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

/** Go prints `{User:app Password:x}`; Java prints `PasswordFilter.java:12`. */
const FIELD_OF_STRUCT = /^[A-Z][A-Za-z]{0,24}$/;
const STRONG = /^(?=[A-Za-z_+/=-]{0,64}[0-9])[^\s"':]{8}/;
const SECRET_ID = /secret[_-]?id$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REFERENCE = /^[a-z0-9][a-z0-9.-]{0,100}\/[a-z0-9][a-z0-9.-]{0,100}$/;

/** After a colon within a sentence only what does not read as a word is taken. */
const isLikely = (text: string, name: Name, separator: string, value: Value, standsAlone: boolean): boolean => {
  const shown = text.slice(value.start, Math.min(value.end, value.start + 256));
  if (isStandIn(shown, value.quoted || (standsAlone && separator === '='))) return false;
  // the id that opens a Vault role is a UUID; that of a secret elsewhere is its name
  if (SECRET_ID.test(name.text) && !UUID.test(shown)) return false;
  // klog writes secret="namespace/name".
  if (/secrets?$/i.test(name.text) && REFERENCE.test(shown)) return false;
  if (/s$/i.test(name.text) && !/pass|credentials$/i.test(name.text) && /^\d+$/.test(shown)) return false;
  if (separator !== ':' || value.quoted || standsAlone) return true;
  return STRONG.test(shown) || (FIELD_OF_STRUCT.test(name.text) && text.charAt(name.end + 1) !== ' ' && !/^\d+$/.test(shown) && kindOfName(name.text) === 'password');
};

/** Names within a short value are looked at; a long one is not read again and again. */
const missAt = (name: Name, value: Value): number => behindLong(value.start, value.end) ?? name.end;

/** A value in an object or a list of its own. */
const within = (text: string, name: Name, at: number): Hit | undefined => {
  const what = kindOfName(name.text);
  if (text.charAt(at) === '{' && matchAt(VALUE_WITHIN, text, at) !== null) {
    const value = readValue(text, VALUE_WITHIN.lastIndex);
    return isStandIn(text.slice(value.start, Math.min(value.end, value.start + 256)), true) ? undefined : { start: value.start, end: value.end, what };
  }
  const list = text.charAt(at) === '[' ? matchAt(LIST, text, at)?.[1] : undefined;
  if (list === undefined || isStandIn(list.replace(/^\\*"|\\*"\s*,?\s*$/g, ''), true)) return undefined;
  return { start: at + 1, end: LIST.lastIndex - 1, what };
};

const directed = (text: string, name: Name): Hit | undefined => {
  if (!DIRECTIVE.test(text.slice(Math.max(0, name.start - 72), name.start)) || matchAt(DIRECTIVE_VALUE, text, name.end) === null) return undefined;
  const value = readValue(text, DIRECTIVE_VALUE.lastIndex);
  return isStandIn(text.slice(value.start, Math.min(value.end, value.start + 256)), value.quoted) ? undefined : { start: value.start, end: value.end, what: kindOfName(name.text) };
};

const valueHit = (text: string, name: Name, separator: string, at: number): Hit | number => {
  const before = lineBefore(text, name.start, 2 * BEFORE_CHARS);
  const atLineBegin = before !== undefined && LINE_BEGIN.test(before);
  const inner = within(text, name, at);
  if (inner) return inner;
  const plain = (separator === '>' ? readElement(text, at) : undefined) ?? wide(text, readValue(text, at));
  // The line is read for the one name at its beginning only: each is read once.
  const line = atLineBegin ? readLine(text, at) : plain;
  if (atLineBegin && separator === ':' && BLOCK.test(text.slice(plain.start, Math.min(line.end, plain.start + 5)))) return { ...blockBelow(text, name.start), what: kindOfName(name.text) };
  const isEnvironment = separator === '=' && atLineBegin && ENVIRONMENT_NAME.test(name.text) && !plain.quoted;
  // What follows the first word of a YAML value is a sentence; commas and brackets in it are not.
  const standsAlone = atLineBegin && !/\s/.test(text.slice(line.start, line.end));
  const value = isEnvironment || (standsAlone && !plain.quoted && separator !== '>') ? line : plain;
  return isLikely(text, name, separator, value, standsAlone) ? { start: value.start, end: value.end, what: kindOfName(name.text) } : missAt(name, value);
};

const separated = (text: string, name: Name): Hit | number => {
  const separator = matchAt(SEPARATOR, text, name.end);
  if (separator !== null && !(separator[1] === '>' && text.charAt(name.start - 1) !== '<')) return valueHit(text, name, separator[1] ?? '=', SEPARATOR.lastIndex);
  if (!NAME_BEFORE.test(text.slice(Math.max(0, name.start - BEFORE_CHARS), name.start)) || matchAt(VALUE_AFTER, text, name.end) === null) return name.end;
  const value = readValue(text, VALUE_AFTER.lastIndex);
  return isStandIn(text.slice(value.start, Math.min(value.end, value.start + 256))) ? missAt(name, value) : { start: value.start, end: value.end, what: kindOfName(name.text) };
};

const FLAG_VALUE = /[ \t]{1,4}(?![ \t-])/y;
/** `["--password", "…"]`, and the arguments of `kubectl describe pod` and YAML, one a line: there it is the value. */
const NEXT_ARGUMENT = /(?:(["'])[ \t]{0,4},\s{0,64}(?=\1(?!-))|["']?\n[ \t]{1,32}(?:- )?(?=["']?[^\s"'-]))/y;
const ALONE = /(?:^|\n)[ \t]*(?:- )?["']?$|[[,]\s{0,64}["']$/;
const NOT_A_WORD = /\d|[^A-Za-z\d]|[a-z][A-Z]/;

/** `--db-password s3cret` in a list of processes. */
const flagged = (text: string, name: Name): Hit | undefined => {
  if (!name.text.startsWith('-')) return undefined;
  if (ALONE.test(text.slice(Math.max(0, name.start - 48), name.start)) && matchAt(NEXT_ARGUMENT, text, name.end) !== null) {
    const value = readValue(text, NEXT_ARGUMENT.lastIndex);
    return isStandIn(text.slice(value.start, Math.min(value.end, value.start + 256)), value.quoted) ? undefined : { start: value.start, end: value.end, what: kindOfName(name.text) };
  }
  if (matchAt(FLAG_VALUE, text, name.end) === null) return undefined;
  const { start, end } = readValue(text, FLAG_VALUE.lastIndex);
  const value = text.slice(start, Math.min(end, start + 256));
  return value.length >= 4 && NOT_A_WORD.test(value.replace(/[.,:]$/, '')) && !isStandIn(value) ? { start, end, what: kindOfName(name.text) } : undefined;
};

export const ASSIGNMENT_RULES: readonly Rule[] = [{
  what: 'secret',
  anchors: ['pass', 'pwd', 'secret', 'token', 'key', 'cred', 'jwt', 'auth', 'connectionstring', 'connection_string', 'mnemonic', 'psk', '_dsn', '_sas', 'pw=', 'pw:', 'pw"', 'erlang'],
  ignoreCase: true,
  find: (text, at) => {
    const name = nameAround(text, at);
    if (typeof name === 'number') return undefined;
    if (!isSecretName(name.text)) return name.end;
    return flagged(text, name) ?? directed(text, name) ?? separated(text, name);
  },
}];
