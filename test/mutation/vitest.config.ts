import { defineConfig } from 'vitest/config';

/** For `npm run test:mutation`: what holds the rules, the request, the redaction and the ledger, and is quick. */
export default defineConfig({
  test: {
    include: ['test/{domain,policy,app}/**/*.test.ts'],
    // what measures time, and what parses commands, kills no mutant of these
    exclude: ['test/domain/output-text/hostile.test.ts', 'test/domain/command/**', 'test/policy/{program,docs}.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
  },
});
