/** From a request to its proof: the checkpoint that stands in the audit channel verifies the ledger of the running kdebug. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT, BOB, openStage, OPS, OVER, type Stage } from './stage.ts';

const CHECKPOINT_WITHIN_MS = 18_000;

describe('the ledger of a running kdebug', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.world.start(['start']);
  });
  afterAll(() => stage.close());

  const verify = (...args: string[]) => spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', 'verify', ...args], { env: { ...process.env, ...stage.world.env }, encoding: 'utf8' });

  it('is signed, told in the audit channel, and proven by what was told there', async () => {
    const id = await stage.ask(BOB, OPS, 'prod nothing-7 -- ls');
    await stage.until(id, OVER);
    await expect.poll(() => stage.sees(AUDIT), { timeout: CHECKPOINT_WITHIN_MS, interval: 500 }).toMatch(/checkpoint: entries up to \d+/);
    const witness = /witness.*?([0-9a-f]{64})/s.exec(stage.sees(AUDIT).replaceAll(/\n\s*/g, ''))?.[1];
    const { status, stdout } = verify('--witness', witness ?? 'none is shown');
    expect(stdout).toMatch(/^ok: \d+ entries, proven up to entry \d+, roll [0-9a-f]{64}; \d+ checkpoints, signed up to entry \d+\n$/);
    expect(status).toBe(0);
    expect(verify('--witness', 'f'.repeat(64)).status).toBe(1);
  }, CHECKPOINT_WITHIN_MS + 30_000);
});
