import { describe, expect, it } from 'vitest';
import { median, percentile, spreadOf } from '../../bench/statistics.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => count - index);

describe('percentile', () => {
  it.each([
    ['p99 of 200 is the 198th, not the last', upTo(200), 99, 198],
    ['p50 of 100 is the 50th', upTo(100), 50, 50],
    ['p100 is the slowest', upTo(7), 100, 7],
    ['p0 is the fastest', upTo(7), 0, 1],
    ['of one value it is that value', [42], 99, 42],
    ['numbers are not sorted as text', [9, 10, 100], 50, 10],
  ])('%s', (_name, values, percent, expected) => { expect(percentile(values, percent)).toBe(expected); });

  it('of nothing is a mistake, not zero', () => { expect(() => percentile([], 50)).toThrow('no 50th percentile of 0 values'); });
});

describe('median', () => {
  it.each([
    ['the middle of three', [30, 10, 20], 20],
    ['the mean of the two middle ones of four', [4, 1, 3, 2], 2.5],
    ['of one', [7], 7],
  ])('%s', (_name, values, expected) => { expect(median(values)).toBe(expected); });

  it('leaves the list as it was', () => {
    const values = [3, 1, 2];
    expect(spreadOf(values)).toEqual({ median: 2, min: 1, max: 3 });
    expect(values).toEqual([3, 1, 2]);
  });
});
