import { describe, expect, it } from 'vitest';
import { verdictOf, type Figure, type Target } from '../../bench/figure.ts';
import { notesOf, shown, tableOf } from '../../bench/table.ts';

const figure = (values: readonly number[], target?: Target): Figure => ({ name: 'ack, p99', unit: 'ms', values, ...(target && { target }) });
const below = (value: number, holds: Target['holds'] = 'in the median'): Target => ({ rule: 'below', value, holds });

describe('verdictOf', () => {
  it.each([
    ['below, in the median, with one bad repetition', figure([80, 90, 300], below(100)), 'met'],
    ['below is not "at most"', figure([100], below(100)), 'MISSED'],
    ['always means each repetition', figure([80, 90, 300], below(100, 'always')), 'MISSED'],
    ['at least includes the number itself', figure([40], { rule: 'at least', value: 40, holds: 'in the median' }), 'met'],
    ['less than at least', figure([39.9], { rule: 'at least', value: 40, holds: 'in the median' }), 'MISSED'],
    ['exactly three calls', figure([3], { rule: 'exactly', value: 3, holds: 'always' }), 'met'],
    ['a tenth of a call too many', figure([3.1], { rule: 'exactly', value: 3, holds: 'always' }), 'MISSED'],
    ['no target is no verdict', figure([1]), 'no target'],
  ])('%s', (_name, one, expected) => { expect(verdictOf(one)).toBe(expected); });
});

describe('tableOf', () => {
  it('shows median, spread, floor, target and verdict of each figure in columns', () => {
    const [headings, rule, row, ...rest] = tableOf([{ ...figure([80.26, 91.04, 300], below(100)), floor: [5.852] }]).split('\n');
    expect(headings).toMatch(/^\| figure +\| median +\| min – max +\| floor +\| target +\| +\|$/);
    expect(rule).toMatch(/^(\| -+ )+\|$/);
    expect(row?.split('|').map((cell) => cell.trim()).slice(1, -1)).toEqual(['ack, p99', '91 ms', '80.3 – 300', '5.85 ms', 'below 100 ms', 'met']);
    expect(rest).toEqual([]);
  });

  it('says no spread of one repetition, and nothing of a target that is not there', () => {
    expect(tableOf([figure([12])]).split('\n')[2]?.split('|').map((cell) => cell.trim()).slice(1, -1)).toEqual(['ack, p99', '12 ms', '', '', '', '']);
  });

  it('says when a target must always hold', () => { expect(tableOf([figure([1], below(1_500, 'always'))])).toContain('below 1500 ms, always'); });
});

it.each([[0.8466, '0.847'], [99.96, '100'], [1_234.5, '1235'], [3, '3'], [-12.345, '-12.3']])('%d is shown as %s', (value, expected) => { expect(shown(value)).toBe(expected); });

it('notes name their figure', () => { expect(notesOf([{ ...figure([1]), note: 'beside others' }, figure([2])])).toEqual(['ack, p99: beside others']); });
