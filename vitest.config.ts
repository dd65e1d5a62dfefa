import { defineConfig } from 'vitest/config';
import { LONG_TESTS } from './test/long.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    exclude: LONG_TESTS,
    testTimeout: 20_000,
    // real processes and clocks on a busy machine: a second try is reported as such
    retry: 1,
    hookTimeout: 30_000,
    pool: 'forks',
    // many tests wait for processes and clocks; four at once keep two cores busy
    maxWorkers: 4,
    reporters: ['default'],
  },
});
