/**
 * Some values are secret only by what stands on another line: `kind: Secret`, `data:`, `- name: DB_PASSWORD`, `login`. Where
 * output was cut that line may be gone. So beside a cut a value is judged by its place and its shape instead
 * (shapes.ts): as soon as the lines that are left say what it belongs to, that counts and the shape does not.
 */
import type { Finder, Found } from './found.ts';
import { type Line, linesOf } from './lines.ts';
import { isStandIn } from './rules/values.ts';
import { isPasswordLike, isSecretDatum } from './shapes.ts';

export const LOST = 'value beside the cut';

/** A Secret has 1 MiB at most; so many lines of one are looked through. */
const LOST_LINES_MAX = 5_000;
/** What stands between `data` and `kind` in a Secret: a closing brace, `immutable`, half of `kind`. */
const LINES_TO_KIND_MAX = 3;

/** `name: value` and `"name": "value",`, with nothing behind it. */
const ENTRY = /^[ \t]*(?:- +)?(["']?)[-._A-Za-z0-9]{1,253}\1[ \t]{0,16}:[ \t]{0,16}(["']?)([^\s"']+)\2,?[ \t]*$/;
const KIND = /^[ \t]*(?:- +)?["']?kind["']?[ \t]{0,4}:[ \t]{0,4}["']?(\w{1,64})/;
const DATA = /^[ \t]*(?:- +)?["']?data["']?[ \t]{0,4}:[ \t]{0,4}\{?[ \t]*$/;
const DOCUMENT = /^---|^[ \t]*- +["']?(?:apiVersion|kind)["']?:/;
const NAMED = /(?:^|[\s"'{,-])(?:name|key)["']?[ \t]{0,4}[:=]/i;
const VALUE = /^[ \t]*["']?value["']?[ \t]{0,4}[:=](.*)$/i;
const QUOTES = /^["']|["']?,?$/g;
const NETRC = /^[ \t]*password[ \t]{1,4}(\S+)[ \t]*$/;
const BLOCK = /^[|>][+-]?\d?[+-]?$/;
const ALONE = /^[ \t]*(?:- +)?((?![A-Za-z_][\w.-]{0,64}=[^=])\S+)[ \t]*$/;
/** As far behind an AWS key id as its secret is looked for. */
const AWS_PAIR_CHARS = 160;
const AWS_SECRET = /(?<![A-Za-z0-9/+=])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z/+]{0,39}\d)[A-Za-z0-9/+]{40}(?=["',]{0,3}(?![^\n]))/;

const lost = (line: Line, value: string): Found => {
  const start = line.start + line.text.lastIndexOf(value);
  return { start, end: start + value.length, what: LOST };
};

const kindOf = (line: Line | undefined): string | undefined => (line === undefined ? undefined : KIND.exec(line.text)?.[1]);

/** Entries among `lines` that a Secret would have; each of them when it is known to be one. */
const entriesIn = (lines: readonly Line[], isSecret: boolean): readonly Found[] =>
  lines.flatMap((line) => {
    const value = ENTRY.exec(line.text)?.[3];
    if (value === undefined || kindOf(line) !== undefined) return [];
    return isSecret || isSecretDatum(value) || isPasswordLike(value) ? [lost(line, value)] : [];
  });

const takeWhile = (lines: readonly Line[], test: (line: Line) => boolean): readonly Line[] => {
  const end = lines.slice(0, LOST_LINES_MAX).findIndex((line) => !test(line));
  return lines.slice(0, end === -1 ? LOST_LINES_MAX : end);
};

/** The kind of the object whose `data` ends before `lines`: it follows within a few lines, less indented than the data. */
const kindAfter = (lines: readonly Line[], dataIndent: number): string | undefined =>
  lines.slice(0, LINES_TO_KIND_MAX + 1).filter(({ indent }) => indent < dataIndent).map(kindOf).find((kind) => kind !== undefined);

/** The cut went through a block, maybe the data of a Secret: what is left of it ends where no line is indented. */
const inCutBlock = (lines: readonly Line[]): readonly Found[] => {
  const indent = lines[0]?.indent ?? 0;
  const siblings = takeWhile(lines, (line) => line.indent >= indent && line.indent > 0 && line.text.trim() !== '');
  const kind = kindAfter(lines.slice(siblings.length), indent);
  if (kind !== undefined) return kind === 'Secret' ? entriesIn(siblings, true) : [];
  return entriesIn(takeWhile(lines, (line) => line.indent > 0 && line.text.trim() !== ''), false);
};

const belowOf = (lines: readonly Line[], index: number): readonly Line[] =>
  takeWhile(lines.slice(index + 1), (line) => line.indent > (lines[index]?.indent ?? 0));

/** `data:` in an object of which no line that is left says the kind. */
const inDataOfNoKind = (lines: readonly Line[], index: number): readonly Found[] => {
  const { indent } = lines[index] ?? { indent: 0 };
  const below = belowOf(lines, index);
  const isKnown = lines.slice(0, index).some((line) => line.indent === indent && kindOf(line) !== undefined)
    || kindAfter(lines.slice(index + 1 + below.length), indent + 1) !== undefined;
  return isKnown ? [] : entriesIn(below, false);
};

/** `- name: DB_PASSWORD` was cut: the line below holds its value, whatever that looks like. */
const valueOfLostName = ([cut, first, ...rest]: readonly Line[]): readonly Found[] => {
  const value = first === undefined ? undefined : VALUE.exec(first.text)?.[1]?.trim().replace(QUOTES, '');
  if (cut === undefined || first === undefined || value === undefined || NAMED.test(cut.text)) return [];
  if (!BLOCK.test(value)) return isStandIn(value) ? [] : [lost(first, value)];
  return takeWhile(rest, ({ indent, text }) => indent > first.indent || text === '').filter(({ text }) => text.trim() !== '').map((line) => lost(line, line.text.trim()));
};

const netrcPassword = (line: Line | undefined): readonly Found[] => {
  const value = line === undefined ? undefined : NETRC.exec(line.text)?.[1];
  return line === undefined || value === undefined || isStandIn(value) ? [] : [lost(line, value)];
};

/** Lines of nothing but a password: the rest of a block such as `password: |`. */
const strongLines = (lines: readonly Line[]): readonly Found[] =>
  takeWhile(lines, ({ text }) => isPasswordLike(ALONE.exec(text)?.[1] ?? '')).map((line) => lost(line, ALONE.exec(line.text)?.[1] ?? ''));

const awsSecret = (text: string, from: number): readonly Found[] => {
  const secret = AWS_SECRET.exec(text.slice(from, from + AWS_PAIR_CHARS));
  return secret === null ? [] : [{ start: from + secret.index, end: from + secret.index + secret[0].length, what: LOST }];
};

/** In the text behind a cut; its first line is withheld anyhow. */
export const findAfterCut: Finder = (text) => {
  const lines = linesOf(text);
  const below = lines.slice(1);
  const first = below[0];
  if (first === undefined) return [];
  const sameObject = takeWhile(below, (line) => !DOCUMENT.test(line.text));
  const data = sameObject.findIndex((line) => DATA.test(line.text));
  return [
    ...valueOfLostName(lines), ...netrcPassword(first), ...strongLines(below), ...inCutBlock(below), ...awsSecret(text, first.start),
    ...(data === -1 ? [] : inDataOfNoKind(sameObject, data)),
  ];
};

/** In the text before a cut: the data of an object whose kind would have come after it. The last line is withheld anyhow. */
export const findBeforeCut: Finder = (text) => {
  const lines = linesOf(text).slice(-LOST_LINES_MAX, -1);
  const data = lines.findLastIndex((line) => DATA.test(line.text));
  if (data === -1 || data + 1 + belowOf(lines, data).length < lines.length - LINES_TO_KIND_MAX) return [];
  const begin = lines.slice(0, data + 1).findLastIndex((line) => DOCUMENT.test(line.text));
  return inDataOfNoKind(lines.slice(Math.max(0, begin)), data - Math.max(0, begin));
};
