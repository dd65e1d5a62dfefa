import { afterEach, describe, expect, it } from 'vitest';
import { startHealth, type Checks, type HealthServer } from '../../src/ops/health.ts';

const open: HealthServer[] = [];
afterEach(async () => { await Promise.all(open.splice(0).map((one) => one.close())); });

const readyz = async (ready: Checks, oneOf?: Checks): Promise<readonly [number, string]> => {
  const health = await startHealth({ port: 0, alive: () => ({}), ready: () => ready, ...(oneOf && { readyWithOneOf: () => oneOf }), metrics: async () => ({ type: 'text/plain', text: '' }) });
  open.push(health);
  const answer = await fetch(`http://127.0.0.1:${health.port}/readyz`);
  return [answer.status, await answer.text()];
};

const FINE = (): undefined => undefined;
const away = (): string => 'unreachable: nothing listens at its address';

describe('/readyz', () => {
  it.each<readonly [string, Checks, Checks | undefined, number, string]>([
    ['everything is there', { redis: FINE, slack: FINE }, { 'cluster main': FINE, 'cluster other': FINE }, 200, 'ok\n'],
    ['one cluster of two is away', { redis: FINE, slack: FINE }, { 'cluster main': FINE, 'cluster other': away }, 200, 'ok\ncluster other: unreachable: nothing listens at its address\n'],
    ['the only cluster is away', { redis: FINE }, { 'cluster main': away }, 503, 'cluster main: unreachable: nothing listens at its address\n'],
    ['all clusters are away', { redis: FINE }, { 'cluster main': away, 'cluster other': away }, 503, 'cluster main: unreachable: nothing listens at its address\ncluster other: unreachable: nothing listens at its address\n'],
    ['Redis is away', { redis: () => 'no answer' }, { 'cluster main': FINE }, 503, 'redis: no answer\n'],
    ['serve alone has no cluster', { redis: FINE, slack: FINE }, undefined, 200, 'ok\n'],
    ['a check that throws', { redis: () => { throw new Error('broken'); } }, {}, 503, 'redis: broken\n'],
  ])('%s', async (_what, ready, oneOf, status, body) => {
    expect(await readyz(ready, oneOf)).toEqual([status, body]);
  });
});
