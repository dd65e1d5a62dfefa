import { expect, test } from 'vitest';
import { APP_MARK, APP_PORT, containerStatus, isRunning } from './hands.ts';
import { BUSYBOX, LOCKED, NETSHOOT, PROD, type Stage } from './stage.ts';

const HOSTILE = ['$(KUBERNETES_SERVICE_HOST)', '$HOME', '$$', '$$(HOME)', '`id`', '$(id)', ';', '*', '"', "'", '\\', 'ü€😀', ''];

export const literalContract = (stage: () => Stage): void => {
  for (const image of [NETSHOOT, BUSYBOX]) {
    test(`argv and env arrive letter by letter in ${image.ref}`, async (context) => {
      const argv = ['sh', '-c', 'printf "%s|" "$@" "$GREETING"', 'sh', ...HOSTILE];
      const { ending, text } = await stage().run(context, await stage().home(context, PROD), argv, { image, env: [['GREETING', 'cost: $5 $(KUBERNETES_SERVICE_HOST) `id` $$']] });
      expect(ending.outcome).toMatchObject({ kind: 'exited', code: 0 });
      expect(text).toBe([...HOSTILE, 'cost: $5 $(KUBERNETES_SERVICE_HOST) `id` $$', ''].join('|'));
    });
  }

  test('restricted: an image whose user is root runs as 65532, in a namespace that enforces it', async (context) => {
    const { ending, text } = await stage().run(context, await stage().home(context, LOCKED), ['id', '-u'], { profile: 'restricted' });
    expect(ending).toMatchObject({ outcome: { kind: 'exited', code: 0 }, logged: true, imageId: expect.stringContaining('sha256:') });
    expect(text).toBe('65532\n');
  });

  test('without a target only its own processes are seen, and PID 1 is its own', async (context) => {
    const { text } = await stage().run(context, await stage().home(context, PROD), ['sh', '-c', 'tr "\\0" " " </proc/1/cmdline; ps']);
    expect(text).toMatch(/^sh -c /);
    expect(text).not.toContain(APP_MARK);
  });

  test('with a target PID 1 is the app: ps sees it, its port is seen, and KILL does nothing to it', async (context) => {
    const site = await stage().fresh(context, PROD);
    const command = 'tr "\\0" " " </proc/1/cmdline; echo; ps ax 2>/dev/null || ps; ss -tlnp; kill -9 1; sleep 1; tr "\\0" " " </proc/1/cmdline';
    const { ending, text } = await stage().run(context, site, ['sh', '-c', command], { sharing: true, profile: 'general' });
    expect(ending.outcome).toMatchObject({ kind: 'exited', code: 0 });
    const lines = text.split('\n');
    expect([lines[0], lines.at(-1)]).toEqual([expect.stringContaining(APP_MARK), expect.stringContaining(APP_MARK)]);
    expect(lines.slice(1).filter((line) => line.includes(APP_MARK)).length).toBeGreaterThanOrEqual(2);
    expect(text).toMatch(new RegExp(`:${APP_PORT}\\b.*users:\\(\\(`));
    const pod = await stage().world.hands.pod(PROD, site.target.pod);
    expect([isRunning(pod, 'app'), containerStatus(pod, 'app')?.['restartCount']]).toEqual([true, 0]);
  });
};
