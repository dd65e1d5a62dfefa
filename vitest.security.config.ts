import { defineConfig } from 'vitest/config';
import { patternOf, readThreats } from './test/docs/threats.ts';

/** The tests that docs/security.md names, threat by threat, and no others. */
const named = readThreats().flatMap(({ tests }) => tests);

export default defineConfig({
  test: {
    include: [...new Set(named.map(({ file }) => file))],
    testNamePattern: patternOf(named.map(({ title }) => title)),
    setupFiles: ['test/docs/only-named.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
});
