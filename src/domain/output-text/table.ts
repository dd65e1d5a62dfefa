/**
 * A table as `ss`, `ps` and `df` print it, taken apart by the columns of its header. Whatever does not fit without a
 * doubt is no table: a value under the wrong heading would be worse than none.
 */

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** https://docs.slack.dev/reference/block-kit/blocks/table-block, the header counted as a row. */
export const TABLE_ROWS_MAX = 100;
export const TABLE_COLUMNS_MAX = 20;
export const TABLE_CHARS_MAX = 10_000;
const TABLE_COLUMNS_MIN = 3;

/** How the programs that are known begin; or words in capitals only, as `kubectl get` and `lsof` write them. */
const HEADERS = [
  /^\s*(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s/, /^\s*(?:USER|PID|UID|F)\s+(?:\S+\s+){2,}/, /^Filesystem\s+/, /^Proto\s+Recv-Q\s/,
  /^\s*[A-Z%][A-Z0-9%()/:_.+-]*(?:\s+[A-Z%][A-Z0-9%()/:_.+-]*){2,}\s*$/,
];
/** Headings of more than one word, and one that `ss` runs into its neighbour. */
const HEADING = /Local Address(?::Port)?|Peer Address:Port|Foreign Address|Mounted on|PID\/Program name|\S+/g;

interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const spans = (line: string, pattern: RegExp): readonly Span[] =>
  [...line.matchAll(pattern)].map((found) => ({ text: found[0], start: found.index, end: found.index + found[0].length }));

const headerSpans = (line: string): readonly Span[] | undefined => {
  if (!HEADERS.some((header) => header.test(line))) return undefined;
  const found = spans(line, HEADING);
  return found.length >= TABLE_COLUMNS_MIN && found.length <= TABLE_COLUMNS_MAX && isInPlace(found) ? found : undefined;
};

/** A tab moves what follows by an amount that only a terminal knows. */
const isInPlace = (found: readonly Span[]): boolean => found.every(({ text }) => !text.includes('\t'));

const isUnder = (field: Span, heading: Span): boolean => field.start < heading.end && field.end > heading.start;

/** Which column a field stands in, after the column of the one before it; undefined when that is not certain. */
const columnOf = (field: Span, headings: readonly Span[], after: number): number | undefined => {
  const aligned = headings.findIndex((heading, index) => index > after && (heading.start === field.start || heading.end === field.end));
  if (aligned !== -1) return aligned;
  const under = headings.flatMap((heading, index) => (index > after && isUnder(field, heading) ? [index] : []));
  if (under.length > 0) return under[0];
  if (headings.some((heading, index) => index <= after && isUnder(field, heading))) return undefined;
  // between two headings: it belongs to the next that is free, if that one is its neighbour
  const next = headings.findIndex((heading) => heading.start >= field.end);
  if (next === after + 2 || next === after + 1) return after + 1;
  return next === -1 && after === headings.length - 2 ? headings.length - 1 : undefined;
};

const rowOf = (line: string, headings: readonly Span[]): readonly string[] | undefined => {
  const cells = headings.map(() => '');
  const last = headings.length - 1;
  let column = -1;
  for (const field of spans(line, /\S+/g)) {
    // what is left goes into the last column, blanks and all
    if (column === last - 1) { cells[last] = line.slice(field.start).trimEnd(); return cells; }
    const found = columnOf(field, headings, column);
    if (found === undefined) return undefined;
    if (found === last) { cells[last] = line.slice(field.start).trimEnd(); return cells; }
    cells[found] = field.text;
    column = found;
  }
  return column === -1 ? undefined : cells;
};

const TITLE = /^Active .* connections/;

/** The output as a table; undefined when it is none, too large for one, or has a line that does not fit its header. */
export const tableOf = (text: string): Table | undefined => {
  if (text.length > 2 * TABLE_CHARS_MAX || text.includes('\t')) return undefined;
  const all = text.split('\n').filter((line) => line.trim() !== '');
  const [first = '', ...others] = all;
  const [head, lines] = TITLE.test(first) ? [others[0] ?? '', others.slice(1)] : [first, others];
  const headings = headerSpans(head);
  if (headings === undefined || lines.length === 0 || lines.length >= TABLE_ROWS_MAX) return undefined;
  const rows = lines.map((line) => rowOf(line, headings));
  if (!rows.every((row) => row !== undefined)) return undefined;
  const header = headings.map((heading) => heading.text);
  const characters = [header, ...rows].flat().reduce((sum, cell) => sum + cell.length, 0);
  return characters > TABLE_CHARS_MAX ? undefined : { header, rows };
};
