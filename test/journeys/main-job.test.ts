import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, APPROVALS, AUDIT, BOB, DAVE, INCIDENT, openStage, OPS, OVER, type Stage } from './stage.ts';

/** The audit channel is written in batches, one a second. */
const MIRRORED_MS = 2_500;

describe.each(['socket', 'http'] as const)('over %s', (transport) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ transport });
    await stage.world.start(['start']);
  });
  afterAll(() => stage.close());

  it('production: a card with the whole plan, another person approves it, the output stands in its thread', async () => {
    const said = await stage.slash(ALICE, INCIDENT, 'prod api-7f9 —image netshoot — ss -tlnp');
    expect(said).toMatch(/Looking for api-7f9 in prod.*I read — as --/);
    const id = /kd-[0-9a-z]{8}/.exec(said)![0] as Parameters<Stage['until']>[0];
    await stage.until(id, ['awaiting_approval']);
    const waiting = stage.sees(INCIDENT);
    for (const part of ['Waiting for approval: 1 of 1', '@alice asks to run in prod', 'api-7f9c4d8b6-2r6zw', '1  ss', '2  -tlnp', 'nicolaka/netshoot:v0.13', 'tag: may move', 'general', '60 s', 'dry run admitted', 'Pod Security: none enforced', '[ Approve ]', '[ Deny… ]']) {
      expect(waiting, part).toContain(part);
    }

    expect(await stage.press(ALICE, id, 'Approve')).toContain('somebody else has to approve');
    expect(await stage.press(DAVE, id, 'Approve')).toContain('@');
    expect((await stage.progress.request(id)).state).toBe('awaiting_approval');
    expect(await stage.press(BOB, id, 'Approve')).toBeUndefined();

    const request = await stage.until(id, ['finished']);
    expect(request).toMatchObject({ state: 'finished', authorization: { by: 'approvals', approvals: [{ by: BOB }] }, ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    const told = stage.sees(INCIDENT);
    for (const part of ['Finished: exit code 0', 'approved by @bob', '0.0.0.0:8080', 'users:(("api"', 'complete', 'kubectl debug -n prod']) expect(told, part).toContain(part);
    expect(told).not.toContain('[ Approve ]');
    for (const part of ['requested by @alice', 'approved by @bob', 'finished: exit 0']) expect(told, `the incident's own trail: ${part}`).toContain(part);
    await delay(MIRRORED_MS);
    for (const part of ['requested by @alice in #inc-42', 'approved by @bob', 'finished: exit 0', 'click refused: @dave']) expect(stage.sees(AUDIT), part).toContain(part);
  });

  it('the pod holds the one container, with the plan\'s digest as its name', async () => {
    const id = await stage.ask(BOB, OPS, 'staging api-5d6f7b8c9-2 -- sh -c "echo once; exit 3"');
    const request = await stage.until(id, ['finished']);
    expect(request).toMatchObject({ authorization: { by: 'rule' }, ends: [{ outcome: { kind: 'exited', code: 3 } }] });
    const pod = stage.world.cluster.control.pod('staging', 'api-5d6f7b8c9-2r6zw');
    const containers = pod?.spec['ephemeralContainers'] as readonly { readonly name: string }[];
    expect(containers.filter((one) => 'digest' in request && one.name === `kdebug-${request.digest.slice(0, 16)}`)).toHaveLength(1);
    expect(stage.sees(OPS)).toContain('Exit code 3');
  });

  it('kube-system is refused at once, with what to do, and nothing is asked of the cluster', async () => {
    stage.world.cluster.control.resetRequests();
    expect(await stage.slash(BOB, OPS, 'kube-system coredns -- ls')).toMatch(/Refused by the rule “system namespaces are off limits”: Ask the platform team/);
    expect(stage.world.cluster.control.requests().filter(({ path }) => path.startsWith('/api'))).toEqual([]);
  });

  it('somebody without rights is refused', async () => {
    expect(await stage.slash(DAVE, OPS, 'staging api -- ls')).toMatch(/no rule/i);
  });

  it('where the bot cannot post, the card goes to the approvals channel', async () => {
    const id = await stage.ask(ALICE, 'C0NOBOT', 'prod web -- ls');
    await stage.until(id, ['awaiting_approval']);
    expect(stage.card(id).channel).toBe(APPROVALS);
  });

  it('a pod that is not there is told, with what is near', async () => {
    const id = await stage.ask(BOB, OPS, 'prod api-9 -- ls');
    await stage.until(id, OVER);
    expect(stage.sees(OPS)).toMatch(/No pod in prod starts with .api-9/);
  });

  it('the ledger verifies', () => {
    const { status, stdout } = spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', 'verify'], { env: { ...process.env, ...stage.world.env }, encoding: 'utf8' });
    expect(stdout).toMatch(/^ok: \d+ entries/);
    expect(status).toBe(0);
  });
});
