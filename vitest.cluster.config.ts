import { defineConfig } from 'vitest/config';

/** The contracts of test/contract on a real cluster: docs/testing.md. */
process.stdout.write(process.env['KUBECONFIG']
  ? `test:cluster: on the current context of KUBECONFIG=${process.env['KUBECONFIG']}\n`
  : 'test:cluster: KUBECONFIG is not set, so this runs on the simulated cluster only\n');

export default defineConfig({
  test: {
    include: ['test/contract/cluster.run.ts'],
    globalSetup: ['test/global-setup.ts'],
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
