import { expect, test } from 'vitest';
import { HOSTILE } from '../../../bench/hostile.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const CHARS = 64 * 1_024;
const MS_MAX = 300;
const find = createFinder([]);

const msFor = (text: string): number => {
  const bytes = Buffer.from(text);
  const times = Array.from({ length: 2 }, () => {
    const from = performance.now();
    show({ head: bytes }, find, 1_048_576);
    return performance.now() - from;
  });
  return Math.min(...times);
};

test.each(Object.entries(HOSTILE))(`64 KiB of %s within ${MS_MAX} ms, and four times as much in proportion`, (_, make) => {
  const small = msFor(make(CHARS));
  expect(small).toBeLessThan(MS_MAX);
  // Quadratic would be 16 times; below some milliseconds the clock is noise.
  expect(msFor(make(4 * CHARS))).toBeLessThan(9 * Math.max(small, 8));
});
