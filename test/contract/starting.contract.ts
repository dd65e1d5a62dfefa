import { expect, test } from 'vitest';
import { NO_SUCH_IMAGE, PROD, NETSHOOT, type Stage } from './stage.ts';

/** The adapter forgives a failed start for 15 s; a node may take a while to fail. */
const STUCK_MS_MAX = 30_000;

export const startingContract = (stage: () => Stage): void => {
  test('an image that is not there: told in time, and that the node goes on trying', async (context) => {
    const { ending, ms } = await stage().run(context, await stage().fresh(context, PROD), ['true'], { image: NO_SUCH_IMAGE });
    expect(ending).toMatchObject({ outcome: { kind: 'not_started', armed: true, failure: { code: 'image_not_pulled', image: NO_SUCH_IMAGE.ref } }, logged: false });
    expect(ms).toBeLessThan(STUCK_MS_MAX);
  });

  test('a deadline that has passed: the command is not run', async (context) => {
    const { ending, target, container } = await stage().run(context, await stage().home(context, PROD), ['echo', 'it ran'], { withinMs: -5_000 });
    expect(ending.outcome).toEqual({ kind: 'not_started', failure: { code: 'expired_before_start' }, armed: false });
    const { head } = await stage().world.cluster.readOutput(target, container.name);
    expect(Buffer.from(head).toString('utf8')).toBe('kdebug: expired before start; not run\n');
  });

  test('an image without a shell, and a program that is not in it: told at once', async (context) => {
    const { ending, ms } = await stage().run(context, await stage().fresh(context, PROD), ['no-such-program'], { image: { ...NETSHOOT, shell: false } });
    expect(ending).toMatchObject({ outcome: { kind: 'not_started', armed: false, failure: { code: 'command_not_found', program: 'no-such-program' } }, logged: false });
    expect(ms).toBeLessThan(STUCK_MS_MAX);
  });

  test('a target that has crashed: not started, and the node goes on trying', async (context) => {
    const site = await stage().fresh(context, PROD, { crashing: true });
    await stage().world.hands.crashed(PROD, site.target.pod);
    const { ending, ms } = await stage().run(context, { ...site, app: 'crashing' as typeof site.app }, ['true'], { sharing: true });
    expect(ending.outcome).toMatchObject({ kind: 'not_started', armed: true, failure: { code: 'create_error' } });
    expect(ms).toBeLessThan(STUCK_MS_MAX);
  });
};
