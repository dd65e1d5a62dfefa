/** Tests that mostly wait for real time or many processes: `npm run test:long`, not `npm test`, which stays under four minutes. */
export const LONG_TESTS = [
  'test/adapters/kubernetes/follow.test.ts',
  'test/adapters/kubernetes/stop.test.ts',
  'test/journeys/canary.test.ts',
  'test/journeys/many-clusters.test.ts',
  'test/journeys/many-runs.test.ts',
];
