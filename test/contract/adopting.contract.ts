import { expect, test } from 'vitest';
import { containersNamed, PROD, type Stage } from './stage.ts';

export const adoptingContract = (stage: () => Stage): void => {
  test('the same PATCH twice is one container, which whoever takes over knows as ours; other content of its name is refused', async (context) => {
    const { cluster, hands } = stage().world;
    const { target, container, watch } = await stage().start(context, await stage().home(context, PROD), ['sh', '-c', 'echo once; sleep 1'], { env: [['EMPTY', '']] });
    const other = { ...container, command: [...container.command, 'more'] };
    const taken = { kind: 'failure', failure: { code: 'name_taken', container: container.name } };

    expect(await cluster.add(target, container)).toMatchObject({ kind: 'added' });
    expect(await cluster.add(target, other)).toEqual(taken);
    expect(await cluster.inspect(target, other)).toEqual(taken);
    const inspected = await cluster.inspect(target, container);
    expect(inspected).toMatchObject({ kind: 'ours' });
    expect(containersNamed(await hands.pod(PROD, target.pod), container.name)).toHaveLength(1);

    const adopted = { ...watch, resourceVersion: inspected.kind === 'ours' ? inspected.resourceVersion : '' };
    expect(await cluster.awaitEnd(target, container, adopted)).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(await cluster.add(target, container)).toMatchObject({ kind: 'added', existed: true });
    expect(Buffer.from((await cluster.readOutput(target, container.name)).head).toString()).toBe('once\n');
  });
};
