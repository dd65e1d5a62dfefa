import { defineConfig } from 'vitest/config';
import { LONG_TESTS } from './test/long.ts';

/** What takes longer than `npm test` may; one after the other, so that clocks can be trusted. */
export default defineConfig({
  test: {
    include: LONG_TESTS,
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['default'],
  },
});
