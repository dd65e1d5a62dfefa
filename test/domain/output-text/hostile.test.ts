import { describe, expect, test } from 'vitest';
import { HOSTILE } from '../../../bench/hostile.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const CHARS = 64 * 1_024;
const MS_MAX = 300;
const find = createFinder([]);

/** The least of the rounds, of this process' processor time: a busy machine does not count. */
const msFor = (run: () => unknown, rounds: number): number =>
  Math.min(...Array.from({ length: rounds }, () => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  }));

const whole = (text: string) => {
  const head = Buffer.from(text);
  return () => show({ head }, find, 1_048_576);
};
const cut = (text: string) => {
  const bytes = Buffer.from(text);
  const half = Math.floor(bytes.byteLength / 2);
  return () => show({ head: bytes.subarray(0, half), tail: bytes.subarray(half), complete: false }, find, 1_048_576);
};

describe.each([['whole', whole], ['cut', cut]] as const)('%s', (_how, shown) => {
  test.each(Object.entries(HOSTILE))(`64 KiB of %s within ${MS_MAX} ms, and a MiB in proportion`, (_, make) => {
    const small = msFor(shown(make(CHARS)), 3);
    expect(small).toBeLessThan(MS_MAX);
    // Linear is 16 times, quadratic 256; below some milliseconds the clock is noise.
    expect(msFor(shown(make(16 * CHARS)), 2)).toBeLessThan(80 * Math.max(small, 8));
  });
});
