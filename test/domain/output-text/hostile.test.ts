import { expect, test } from 'vitest';
import { HOSTILE } from '../../../bench/hostile.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const CHARS = 64 * 1_024;
const MS_MAX = 300;
const find = createFinder([]);

const msFor = (text: string, rounds: number): number => {
  const bytes = Buffer.from(text);
  const times = Array.from({ length: rounds }, () => {
    // of this process, so that a busy machine does not count
    const from = process.cpuUsage();
    show({ head: bytes }, find, 1_048_576);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
};

test.each(Object.entries(HOSTILE))(`64 KiB of %s within ${MS_MAX} ms, and a MiB in proportion`, (_, make) => {
  const small = msFor(make(CHARS), 3);
  expect(small).toBeLessThan(MS_MAX);
  // Linear is 16 times, quadratic 256; below some milliseconds the clock is noise.
  expect(msFor(make(16 * CHARS), 1)).toBeLessThan(80 * Math.max(small, 8));
});
