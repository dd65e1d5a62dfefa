import { describe, expect, test } from 'vitest';
import { HOSTILE } from '../../../bench/hostile.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const CHARS = 64 * 1_024;
const MS_MAX = 300;
const find = createFinder([]);

/** The least of at most so many rounds, of this process' processor time, so that a busy machine does not count; one below the limit is enough. */
const msFor = (run: () => unknown, limitMs: number, roundsMax: number): number => {
  let least = Infinity;
  for (let round = 0; round < roundsMax && least >= limitMs; round += 1) {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
};

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
    const small = msFor(shown(make(CHARS)), MS_MAX / 2, 4);
    expect(small).toBeLessThan(MS_MAX);
    // Linear is 16 times, quadratic 256; below some milliseconds the clock is noise.
    const limit = 80 * Math.max(small, 8);
    expect(msFor(shown(make(16 * CHARS)), limit, 3)).toBeLessThan(limit);
  });
});
