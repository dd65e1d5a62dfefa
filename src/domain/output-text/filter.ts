/** Parts of an output that is kept: lines chosen, then shortened. Nothing is run again for it, and nothing here fails. */
import type { Output } from '../output.ts';

/** Which lines. `pattern` is in a linear-time engine's syntax; the caller has compiled it. */
export type Selection =
  | { readonly by: 'all' }
  | { readonly by: 'text' | 'pattern'; readonly wanted: string; readonly invert: boolean };

/** A range of columns, from 1, both ends included; `to` of Infinity: to the last. */
export interface ColumnRange {
  readonly from: number;
  readonly to: number;
}

export interface FilterSpec {
  readonly select: Selection;
  /** Of the lines that are left, the first or the last so many; null: all. `last` is taken of what `first` left. */
  readonly first: number | null;
  readonly last: number | null;
  /** Of each line, the fields between blanks; empty: the whole line. In the order in which they were asked for. */
  readonly columns: readonly ColumnRange[];
}

export const COLUMN_MAX = 100;
const RANGES_MAX = 20;
const RANGE = /^([1-9][0-9]{0,2})(?:(-)([1-9][0-9]{0,2})?)?$/;

/** `1,3-5,7-`; undefined for anything else, and for a range that ends before it begins. */
export const readColumns = (text: string): readonly ColumnRange[] | undefined => {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > RANGES_MAX) return undefined;
  const ranges = parts.map((part): ColumnRange | undefined => {
    const [, from, dash, to] = RANGE.exec(part) ?? [];
    if (from === undefined) return undefined;
    const first = Number(from);
    const last = dash === undefined ? first : to === undefined ? Infinity : Number(to);
    return first <= COLUMN_MAX && last >= first ? { from: first, to: last } : undefined;
  });
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
};

/** As a person would type it again. */
export const showColumns = (ranges: readonly ColumnRange[]): string =>
  ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to === Infinity ? '' : to}`)).join(',');

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** Every line that is kept, head and tail as one: what was left out between them is in no line. */
export const linesKept = ({ head, tail }: Output): readonly string[] => [...linesOf(head), ...linesOf(tail ?? '')];

export const keepMatching = (lines: readonly string[], matches: (line: string) => boolean, invert: boolean): readonly string[] =>
  lines.filter((line) => matches(line) !== invert);

const fieldsIn = (line: string, ranges: readonly ColumnRange[]): string => {
  const fields = line.trim().split(/\s+/);
  return ranges.flatMap(({ from, to }) => fields.slice(from - 1, to)).join(' ');
};

/** First, last, then columns, of lines that were selected. */
export const shapeLines = (lines: readonly string[], { first, last, columns }: Pick<FilterSpec, 'first' | 'last' | 'columns'>): readonly string[] => {
  const beginning = first === null ? lines : lines.slice(0, first);
  const rest = last === null ? beginning : beginning.slice(Math.max(0, beginning.length - last));
  return columns.length === 0 ? rest : rest.map((line) => fieldsIn(line, columns));
};
