/** An output that is a table, as Slack's own table: literal cells, nothing in them is markup. */
import type { TableBlock } from '@slack/types';
import { TABLE_CHARS_MAX, tableOf, type Table } from '../../../domain/output-text/table.ts';
import { oneLine, weightOf } from './escape.ts';

/** A box wraps lines from about here on, and then nobody can read the columns; below, the table would say it twice. */
const WIDE_COLUMNS = 100;

const NUMBER = /^-?[\d.,:]+[%KMGTPi]*$/;

/** Slack refuses a cell without text. */
const cell = (text: string) => ({ type: 'raw_text' as const, text: text === '' ? ' ' : oneLine(text) });

const isNumeric = ({ rows }: Table, column: number): boolean => rows.every((row) => NUMBER.test(row[column] ?? '') || row[column] === '');

const blockOf = (table: Table): TableBlock => ({
  type: 'table',
  rows: [table.header, ...table.rows].map((row) => row.map(cell)),
  column_settings: table.header.map((_name, column) => ({
    align: isNumeric(table, column) ? 'right' as const : 'left' as const,
    ...(column === table.header.length - 1 && { is_wrapped: true }),
  })),
});

/** Only where the same text in a box would wrap; undefined as well when it is no table, or more than Slack takes. */
export const tableBlock = (text: string): TableBlock | undefined => {
  if (!text.split('\n').some((line) => line.length > WIDE_COLUMNS)) return undefined;
  const table = tableOf(text);
  if (table === undefined || [table.header, ...table.rows].flat().reduce((sum, one) => sum + weightOf(one), 0) > TABLE_CHARS_MAX) return undefined;
  return blockOf(table);
};
