import { lineBefore, lineEnd, matchAt } from '../found.ts';
import { type Value, isStandIn, readElement, readLine, readValue, shownOf } from './values.ts';

/** Where the value of a name stands when neither `=` nor `:` joins them: each form is known by what is before and behind the name. */

const FIELD = String.raw`(?:\\{0,7}"(?!value)\w{1,24}\\{0,7}"\s{0,4}:\s{0,4}(?:true|false|null|\\{0,7}"[^"\\\n]{0,64}\\{0,7}"),\s{0,64})`;
/** `- name: DB_PASSWORD` and, on the next line or in the same object, its value; Consul and others name it by a path. */
const NAME_BEFORE = /(?:^|[\s"'{,-])(?:name|key)\\{0,7}["']?\s{0,4}[:=]\s{0,4}\\{0,7}["']?(?:\/?[\w.-]{1,40}\/){0,6}$/i;
const VALUE_AFTER = new RegExp(String.raw`\\{0,7}["']?,?\s{0,64}${FIELD}{0,3}\\{0,7}["']?value\\{0,7}["']?\s{0,4}[:=][ \t]{0,4}`, 'iy');
/** The same with the value first, and one field between at most. */
const VALUE_BEFORE = new RegExp(String.raw`(\\{0,7}["']?value\\{0,7}["']?\s{0,4}[:=][ \t]{0,4}\\{0,7}["']?)([^"'\\\s]{1,256})\\{0,7}["']?,?\s{0,64}${FIELD}?(?:\\{0,7}["'])?(?:name|key)\\{0,7}["']?\s{0,4}[:=]\s{0,4}\\{0,7}["']?$`, 'i');
const NAME_ITSELF = /\\{0,7}["']?(?=\s{0,64}(?:[,}\n]|$))/y;
const VALUE_BEFORE_CHARS = 400;
const NAME_BEFORE_CHARS = 96;

interface Form {
  readonly before: RegExp;
  /** When only such names have the form. */
  readonly name?: RegExp;
  /** Up to the value. */
  readonly after: RegExp;
  readonly read: (text: string, at: number) => Value | undefined;
}

const CONFIGURED = /(?:\b(?:configure|config) set [^\s"']{0,40}|(?:^|\n)[ \t]{0,32}(?:SetEnv|ENV|ARG|setenv|set|fastcgi_param|uwsgi_param|proxy_set_header|more_set_headers|add_header|http-request set-header)[ \t]{1,8}\$?)$/i;

const encoded = (text: string, at: number): Value | undefined => {
  const end = matchAt(/(?:[^\s"'&%<]|%(?!26|0[ad]|22)[0-9a-f]{2}){1,256}/iy, text, at)?.[0].length;
  return end === undefined ? undefined : { start: at, end: at + end, quoted: false };
};

/** Up to the character reference of the quote that opened it. */
const referenced = (text: string, at: number): Value | undefined => {
  const inside = matchAt(/(?:(?!&(?:quot|apos|#34|#39|#x27);)[^\n]){1,256}(?=&(?:quot|apos|#34|#39|#x27);)/y, text, at)?.[0].length;
  return inside === undefined ? undefined : { start: at, end: at + inside, quoted: true };
};

const FORMS: readonly Form[] = [
  // `fastcgi_param DB_PASSWORD …;`, `SetEnv`, `ENV`, `aws configure set aws_secret_access_key …`
  { before: CONFIGURED, after: /[ \t]{1,16}(?=[^\s=:;])/y, read: readValue },
  // `define('DB_PASSWORD', '…')`
  { before: /\bdefine\(\s{0,4}["']$/i, after: /["']\s{0,4},\s{0,4}(?=["'])/y, read: readValue },
  // `<entry key="db.password">…</entry>`, `<param name="password"><value>…</value>`
  { before: /<[\w:.-]{1,40}(?:\s[^<>\n]{0,60})?\s(?:name|key|id|property)\s?=\s?["']$/i, after: /["'](?:\s[^<>\n]{0,80})?(?<!\/)>(?:\s{0,64}<value[^<>\n]{0,40}>)?/y, read: readElement },
  // `<name>fs.s3a.secret.key</name>` and on the next line `<value>…</value>`
  { before: /<(?:name|key|param-name)>\s{0,8}[\w.-]{0,64}$/i, after: /\s{0,8}<\/(?:name|key|param-name)>\s{0,64}<(?:value|string|param-value)>/y, read: readElement },
  // `DB_PASSWORD%3D…`
  { before: /(?:^|[^A-Za-z0-9])$/, after: /%3D/iy, read: encoded },
  { before: /&(?:quot|apos|#34|#39|#x27);$/, after: /&(?:quot|apos|#34|#39|#x27);\s{0,4}:\s{0,4}&(?:quot|apos|#34|#39|#x27);/y, read: referenced },
  { before: /%22$/, after: /%22%3A(?:%20|\+)?%22/iy, read: encoded },
  // `{default_pass, <<"…">>}`, `:password "…"`, `Config(password -> …)`
  { before: /\{\s{0,4}$/, after: /\s{0,4},\s{0,4}(?:<<)?(?=")/y, read: readValue },
  { before: /(?:^|[\s{(]):$/, after: /[ \t]{1,4}(?=")/y, read: readValue },
  { before: /[(,][ \t]?$/, after: /[ \t]->[ \t](?=[^\s>])/y, read: readValue },
  // phpinfo(), serialize()
  { before: /<td class="e">$/, after: /[ \t]?<\/td>\s{0,4}<td class="v">/y, read: readElement },
  { before: /s:\d{1,4}:\\?"$/, after: /\\?";s:\d{1,6}:(?=\\?")/y, read: readValue },
  // `CONFIG GET requirepass`
  { before: /(?:^|\n)(?:\d{1,3}\) ")?$/, name: /^(?:requirepass|masterauth)$/, after: /"?\n(?:\d{1,3}\) )?(?=[^\s]{1,256}(?:\n|$))/y, read: readValue },
  // `variable "db_password" { default = "…" }`
  { before: /\bvariable\s{1,4}"$/, after: /"\s{0,4}\{\s{0,32}(?:(?!default)\w{1,24}\s{0,16}=\s[^\n]{0,120}\n\s{0,32}){0,4}default\s{0,16}=\s{0,4}(?=")/y, read: readValue },
  // LDIF: `userPassword:: ` and base64
  { before: /(?:^|\n)$/, after: /:: (?=[A-Za-z0-9+/]{1,1000}={0,2}(?:\n|$))/y, read: readLine },
];
const BEFORE_CHARS = 128;
const WHOLE_LINE = /[ \t]{1,64}(?=(?:"[^"\n]{1,200}"|[^\s"':={]{1,200});?[ \t]{0,8}(?:\n|$))/y;
/** `bindpw …`, `spring.datasource.password …`; in a table such as Vault's the blanks are many. */
const DIRECTIVE_NAME = /^(?:bindpw|rootpw|requirepass|masterauth)$|^[A-Za-z][\w-]*(?:\.[\w-]+)+$/;
const COLUMN_BLANKS_MIN = 4;
const NOT_A_TYPE = /^(?=[^\s]*\d)(?=[^\s]*[A-Za-z])(?![a-z]+\d{0,3}(?:\(\d+\)?)?$)\S{6}/;

/** `vault kv get`: under this every word is a value. */
const TABLE_OF_VALUES = /(?:^|\n)Key[ \t]{1,64}Value\n-{3,64}[ \t]{1,64}-{3,64}\n/;
const TABLE_CHARS = 800;

const isInTable = (text: string, start: number): boolean => TABLE_OF_VALUES.test(text.slice(Math.max(0, start - TABLE_CHARS), start));

/** A line of nothing but the name and one word. */
const onItsLine = (text: string, start: number, end: number): Value | undefined => {
  const blanks = lineBefore(text, start, 32)?.trim() === '' ? matchAt(WHOLE_LINE, text, end)?.[0].length : undefined;
  if (blanks === undefined) return undefined;
  const value = readValue(text, end + blanks);
  const shown = shownOf(text, value);
  const isSaid = value.quoted ? /\d/.test(shown) && !/\s/.test(shown) : DIRECTIVE_NAME.test(text.slice(start, end)) ? !/^\d+$/.test(shown) : (blanks >= COLUMN_BLANKS_MIN || text.charAt(end) === '\t') && (NOT_A_TYPE.test(shown) || isInTable(text, start));
  return isSaid && lineEnd(text, value.end) - value.end <= 16 ? value : undefined;
};

const valueBefore = (text: string, start: number, end: number): Value | undefined => {
  if (matchAt(NAME_ITSELF, text, end) === null) return undefined;
  const from = Math.max(0, start - VALUE_BEFORE_CHARS);
  const found = VALUE_BEFORE.exec(text.slice(from, start));
  if (found === null) return undefined;
  const [, lead = '', value = ''] = found;
  const at = from + found.index + lead.length;
  return { start: at, end: at + value.length, quoted: /["']$/.test(lead) };
};

const named = (text: string, start: number, end: number): Value | undefined => {
  if (!NAME_BEFORE.test(text.slice(Math.max(0, start - NAME_BEFORE_CHARS), start))) return undefined;
  return matchAt(VALUE_AFTER, text, end) === null ? valueBefore(text, start, end) : readValue(text, VALUE_AFTER.lastIndex);
};

/** The value of the name from `start` to `end`; undefined where there is none, or a stand-in, and behind a flag. */
export const valueApart = (text: string, start: number, end: number): Value | undefined => {
  if (text.charAt(start) === '-') return undefined;
  const before = text.slice(Math.max(0, start - BEFORE_CHARS), start);
  const form = FORMS.find((one) => matchAt(one.after, text, end) !== null && one.before.test(before) && one.name?.test(text.slice(start, end)) !== false);
  const value = form?.read(text, (matchAt(form.after, text, end)?.[0].length ?? 0) + end) ?? named(text, start, end) ?? onItsLine(text, start, end);
  return value === undefined || isStandIn(shownOf(text, value), value.quoted) ? undefined : value;
};
