/** The same pods as on a real cluster, seeded as they stood there: the kubelet tells the same story, word for word. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod } from '../../../../src/playground/cluster/ports.ts';
import { createWorld, isolated, type World } from './world.ts';

interface Recording {
  readonly response: { readonly events: readonly { readonly type: string; readonly object: Pod }[] };
}
const podsOf = (name: string): readonly Pod[] => {
  const file = new URL(`../../../recordings/kubernetes-1.36/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as Recording).response.events.filter((event) => event.type === 'MODIFIED').map((event) => event.object);
};

const told = (pod: Pod, container: string): unknown => {
  const status = ((pod.status['ephemeralContainerStatuses'] ?? []) as unknown as ContainerStatus[]).find((one) => one.name === container);
  const masked = JSON.stringify(status?.state, (key, value: unknown) => (['startedAt', 'finishedAt', 'containerID'].includes(key) ? undefined : value)) ?? '';
  return JSON.parse(masked.replaceAll(/[0-9a-f]{64}/g, '<id>') || 'null');
};
const story = (pods: readonly Pod[], container: string): readonly string[] =>
  pods.map((pod) => JSON.stringify(told(pod, container))).filter((state, at, all) => state !== 'null' && state !== all[at - 1]);

const health = ({ metadata, status }: Pod): unknown => ({
  phase: status['phase'],
  observed: status['observedGeneration'] === metadata['generation'],
  conditions: (status['conditions'] as Record<string, unknown>[]).map(({ type, status: answer, reason, message }) => ({ type, answer, reason, message })),
});

let world: World;
afterEach(() => world.close());

describe.skipIf(!isolated)('as recorded on a real cluster (needs namespaces)', () => {
  it.each([
    { recording: 'watch-pod-through-one-run', container: 'kdebug-a1' },
    { recording: 'watch-exit-code-3', container: 'kdebug-b1' },
    { recording: 'watch-image-not-found', container: 'kdebug-b3' },
    { recording: 'watch-invalid-image-name', container: 'kdebug-b4' },
    { recording: 'watch-long-run', container: 'kdebug-b5' },
    { recording: 'watch-terminated-by-timeout-tool', container: 'kdebug-b6' },
    { recording: 'watch-restricted-root-image', container: 'kdebug-c1' },
    { recording: 'watch-restricted-with-uid', container: 'kdebug-c2' },
    { recording: 'watch-target-not-running', container: 'kdebug-d2' },
    { recording: 'watch-job-pod-ends', container: 'kdebug-j1' },
    { recording: 'watch-target-killed-mid-run', container: 'kdebug-f1' },
  ])('$recording', async ({ recording, container }) => {
    const recorded = podsOf(recording);
    const [first] = recorded as [Pod];
    const expected = story(recorded, container);
    world = createWorld();
    const pod = world.seed(first);
    const deletion = recorded.find((one) => one.metadata['deletionTimestamp'] !== undefined);
    if (deletion !== undefined) {
      await world.until(() => world.states(pod, container).includes('running'));
      // There the command had run for three seconds; it needs a moment to set its trap.
      await new Promise((resolve) => setTimeout(resolve, 300));
      world.seed({ ...deletion, metadata: { ...deletion.metadata, deletionGracePeriodSeconds: 30 } });
    }
    const ours = () => story(world.statuses.filter((one) => one.metadata.uid === pod.uid), container);
    expect(expected.length).toBeGreaterThanOrEqual(2);
    await world.until(() => ours().length >= expected.length);
    expect(ours().slice(0, expected.length)).toEqual(expected);
    const endsWith = (pod: Pod): boolean => JSON.stringify(told(pod, container)) === expected.at(-1);
    expect(health(world.statuses.find(endsWith)!)).toEqual(health(recorded.find(endsWith)!));
  });
});
