import { describe, expect, it } from 'vitest';
import { keepMatching, linesKept, readColumns, shapeLines, showColumns, type ColumnRange } from '../../../src/domain/output-text/filter.ts';
import type { Output } from '../../../src/domain/output.ts';

const output = (head: string, tail?: string) => ({ head, ...(tail !== undefined && { tail }) }) as Output;
const ALL = { first: null, last: null, columns: [] };

describe('the lines of an output', () => {
  it.each<readonly [string, Output, readonly string[]]>([
    ['nothing', output(''), []],
    ['one without an end', output('a'), ['a']],
    ['an empty line in the middle', output('a\n\nb\n'), ['a', '', 'b']],
    ['head and tail', output('a\nb', 'y\nz\n'), ['a', 'b', 'y', 'z']],
  ])('%s', (_what, kept, lines) => expect(linesKept(kept)).toEqual(lines));
});

describe('columns as they are typed', () => {
  it.each<readonly [string, readonly ColumnRange[] | undefined]>([
    ['1', [{ from: 1, to: 1 }]], ['1,3-5', [{ from: 1, to: 1 }, { from: 3, to: 5 }]], ['4-', [{ from: 4, to: Infinity }]], [' 2 , 1 ', [{ from: 2, to: 2 }, { from: 1, to: 1 }]],
    ['', undefined], ['0', undefined], ['5-3', undefined], ['a', undefined], ['1;2', undefined], ['100', [{ from: 100, to: 100 }]], ['100-999', [{ from: 100, to: 999 }]], ['3-3', [{ from: 3, to: 3 }]], ['101', undefined], [Array.from({ length: 20 }, () => '1').join(), Array.from({ length: 20 }, () => ({ from: 1, to: 1 }))], ['-3', undefined], ['1,,2', undefined], [Array.from({ length: 21 }, () => '1').join(), undefined],
  ])('%j', (text, ranges) => {
    expect(readColumns(text)).toEqual(ranges);
    if (ranges !== undefined) expect(readColumns(showColumns(ranges))).toEqual(ranges);
  });
});

describe('what is shown of them', () => {
  const lines = ['tcp  ESTAB  1', 'tcp  LISTEN 2', 'udp  ESTAB  3', 'tcp  ESTAB  4'];
  it('those that hold the text, or those that do not', () => {
    expect(keepMatching(lines, (line) => line.includes('ESTAB'), false)).toEqual([lines[0], lines[2], lines[3]]);
    expect(keepMatching(lines, (line) => line.includes('ESTAB'), true)).toEqual([lines[1]]);
  });
  it.each<readonly [string, Partial<typeof ALL> & { columns?: readonly ColumnRange[]; first?: number; last?: number }, readonly string[]]>([
    ['all', {}, lines],
    ['the first', { first: 1 } as never, [lines[0]!]],
    ['the last two', { last: 2 } as never, [lines[2]!, lines[3]!]],
    ['the last of the first three', { first: 3, last: 1 } as never, [lines[2]!]],
    ['more than there are', { first: 99, last: 99 } as never, lines],
    ['columns in the order in which they are asked for', { columns: [{ from: 3, to: 3 }, { from: 1, to: 1 }] } as never, ['1 tcp', '2 tcp', '3 udp', '4 tcp']],
    ['columns that are not there', { columns: [{ from: 9, to: Infinity }] } as never, ['', '', '', '']],
  ])('%s', (_what, spec, shown) => expect(shapeLines(lines, { ...ALL, ...spec })).toEqual(shown));
  it('fields begin at the first that is not blank', () => {
    expect(shapeLines(['   a  b '], { ...ALL, columns: [{ from: 2, to: 2 }] })).toEqual(['b']);
  });
  it('columns are shown as they are typed', () => {
    expect(showColumns([{ from: 1, to: 1 }, { from: 2, to: 5 }, { from: 7, to: Infinity }])).toBe('1,2-5,7-');
  });
});
