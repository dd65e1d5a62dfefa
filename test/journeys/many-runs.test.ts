/** The bench of a thousand runs in small: what would break there breaks here. */
import { describe, expect, test } from 'vitest';
import { runMany } from '../../bench/cluster/run-many.ts';
import { CLUSTER_SCENES } from '../../bench/cluster/scenes.ts';

const RUNS = 120;
const MANY = { runs: RUNS, holdMs: 5_000, endsOverMs: 1_000 };

describe('many runs at once on one worker', () => {
  test('all finish, over few connections, in little memory', async () => {
    const { outcomes, highest } = await runMany({ ...CLUSTER_SCENES.many, channels: 2 * RUNS, pods: 2 * RUNS }, MANY);
    expect(outcomes).toStrictEqual(Array.from({ length: RUNS }, () => 'exited 0'));
    expect(highest.watches).toBeGreaterThan(50);
    expect(highest.open).toBeLessThanOrEqual(20);
    expect(highest.worker).toBeLessThan(400);
  }, 90_000);
});
