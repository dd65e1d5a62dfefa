import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalProcess } from '../../src/playground/local/process.ts';
import { ALICE, BOB, INCIDENT, openStage, type Stage } from './stage.ts';

const containersIn = (stage: Stage, pod: string): readonly { readonly name: string }[] =>
  (stage.world.cluster.control.pod('prod', pod)?.spec['ephemeralContainers'] ?? []) as readonly { readonly name: string }[];

/** The API server has the container: the PATCH was sent, and the result is not there yet. */
const untilPatched = async (stage: Stage): Promise<void> => {
  while (!stage.world.cluster.control.requests().some(({ method, path, query, status }) => method === 'PATCH' && path.endsWith('/ephemeralcontainers') && !String(query).includes('dryRun') && status === 200)) await delay(5);
};

describe('serve and two workers apart, the one that runs is killed between PATCH and result', () => {
  let stage: Stage;
  let workers: readonly LocalProcess[];
  beforeAll(async () => {
    stage = await openStage();
    await stage.world.start(['serve']);
    workers = await Promise.all([stage.world.start(['worker', '--cluster', 'main']), stage.world.start(['worker', '--cluster', 'main'])]);
  });
  afterAll(() => stage.close());

  it('the thread still gets the one result, and the pod has the one container', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'prod api-7f9 -- sh -c "echo begun; sleep 4; echo done"');
    await stage.until(id, ['awaiting_approval']);
    await stage.press(BOB, id, 'Approve');
    await untilPatched(stage);
    const running = await stage.progress.request(id);
    if (running.state !== 'running') throw new Error(`It is ${running.state}, and should be running.`);
    const victim = workers.find(({ pid }) => running.worker.endsWith(`:${pid}`));
    expect(await victim?.end('SIGKILL')).toBe('SIGKILL');

    const request = await stage.until(id, ['finished']);
    expect(request).toMatchObject({ state: 'finished', ends: [{ outcome: { kind: 'exited', code: 0 }, output: { complete: true } }] });
    expect(containersIn(stage, 'api-7f9c4d8b6-2r6zw')).toHaveLength(1);
    const results = stage.sees(INCIDENT).match(/Exit code 0/g) ?? [];
    expect(results).toHaveLength(1);
    expect(stage.sees(INCIDENT)).toContain('begun');
    expect(stage.sees(INCIDENT)).not.toContain('(repeat)');
  }, 60_000);
});
