import { verdictOf, type Figure, type Target, type Unit } from './figure.ts';
import { spreadOf } from './statistics.ts';

const HEADINGS = ['figure', 'median', 'min – max', 'floor', 'target', ''] as const;

/** Three significant digits below a hundred, whole numbers above: more would be noise. */
export const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

const withUnit = (value: number, unit: Unit): string => `${shown(value)} ${unit}`;

const targetText = ({ rule, value, holds }: Target, unit: Unit): string => `${rule} ${withUnit(value, unit)}${holds === 'always' ? ', always' : ''}`;

const rowOf = (figure: Figure): readonly string[] => {
  const { median, min, max } = spreadOf(figure.values);
  return [
    figure.name,
    withUnit(median, figure.unit),
    figure.values.length === 1 ? '' : `${shown(min)} – ${shown(max)}`,
    figure.floor ? withUnit(spreadOf(figure.floor).median, figure.unit) : '',
    figure.target ? targetText(figure.target, figure.unit) : '',
    figure.target ? verdictOf(figure) : '',
  ];
};

/** A Markdown table that also reads well in a terminal. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = [HEADINGS, ...figures.map(rowOf)];
  const widths = HEADINGS.map((_heading, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEADINGS), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n');
};

/** What the table has no room for, one line a figure. */
export const notesOf = (figures: readonly Figure[]): readonly string[] => figures.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
