import { expect, test, type TestContext } from 'vitest';
import type { Control } from '../../src/playground/cluster/control.ts';
import { PROD, type Stage } from './stage.ts';

const HAPPENINGS: readonly (readonly [what: string, happens: (control: Control) => void])[] = [
  ['a watch that the server closes', (control) => { control.closeWatches(); }],
  ['connections that break', (control) => { control.cutConnections(); }],
  ['a version that is too old (410)', (control) => { control.expireResourceVersions(); control.closeWatches(); }],
  ['a server that refuses the watch for a while (429, 500)', (control) => {
    const isWatch = (request: { readonly verb: string }): boolean => request.verb === 'watch';
    control.inject({ when: isWatch, fault: { kind: 'status', status: 429, retryAfterSeconds: 1 }, times: 1 });
    control.inject({ when: isWatch, fault: { kind: 'status', status: 500 }, times: 1 });
    control.closeWatches();
  }],
];

export const watchingContract = (stage: () => Stage): void => {
  const controlOf = (context: TestContext): Control => stage().world.double?.cluster.control ?? context.skip('only the simulated cluster can be made to do it');

  for (const [what, happens] of HAPPENINGS) {
    test(`${what}: the end of the run is seen all the same`, async (context) => {
      const control = controlOf(context);
      const run = await stage().start(context, await stage().home(context, PROD), ['sh', '-c', `echo once; sleep ${stage().world.seenAfterSeconds}; exit 4`]);
      const ending = stage().world.cluster.awaitEnd(run.target, run.container, run.watch);
      await run.running();
      happens(control);
      expect(await ending).toMatchObject({ outcome: { kind: 'exited', code: 4 }, logged: true });
      expect(Buffer.from((await stage().world.cluster.readOutput(run.target, run.container.name)).head).toString()).toBe('once\n');
    });
  }

  test('an answer to the PATCH that is lost: sent again, and it is one run', async (context) => {
    const control = controlOf(context);
    control.inject({ when: (request) => request.method === 'PATCH', fault: { kind: 'cut', when: 'after' }, times: 1 });
    const { ending, text } = await stage().run(context, await stage().home(context, PROD), ['echo', 'once']);
    expect(ending).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(text).toBe('once\n');
  });
};
