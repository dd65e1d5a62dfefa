/** The API server with the real simulated kubelet: what was recorded of one container is told again through the API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubelet } from '../../../src/playground/cluster/kubelet/kubelet.ts';
import { pidNamespaces } from '../../../src/playground/cluster/kubelet/namespaces.ts';
import type { JsonObject } from '../../../src/playground/cluster/ports.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../../src/playground/cluster/server.ts';
import { createClient, type Client } from './support/client.ts';
import { isPod, loadRecordings, podIn, type PodJson } from './support/recordings.ts';
import { openWatch, patchSeen, statesOf } from './support/replay.ts';
import { seedBefore } from './support/world-before.ts';

const recordings = loadRecordings();
const watched = recordings.filter(({ response }) => response.status === 200 && isPod((response.events?.[0] as JsonObject | undefined)?.['object']));

describe.skipIf(pidNamespaces() !== 'available')('the whole simulated cluster (its kubelet needs namespaces)', () => {
  let cluster: SimulatedCluster;
  let client: Client;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ kubelet: (writer) => createKubelet({ writer, scale: 0.05 }) });
    client = createClient(cluster.url, cluster.caPem, 'cluster-admin');
  });
  afterEach(async () => {
    await client.agent.destroy();
    await cluster.close();
  });

  it('has recorded watches to tell again', () => {
    expect(watched.length).toBeGreaterThanOrEqual(10);
  });

  it.each(watched.map((recording) => [recording.name, recording] as const))('%s', async (_name, recording) => {
    const { namespace, name } = podIn(recording)!;
    const events = recording.response.events!;
    const container = (events[0] as unknown as { object: PodJson }).object.spec.ephemeralContainers![0]!.name;
    const expected = statesOf(events, container);
    const pod = seedBefore(cluster.control, recording, recordings)!;
    const watch = await openWatch(client, recording, pod.metadata.resourceVersion);
    expect((await patchSeen(client, recording)).status).toBe(200);
    const ours = (): readonly string[] => statesOf(watch.events, container);
    if (events.some((event) => JSON.stringify(event).includes('deletionTimestamp'))) {
      await watch.until(() => ours().includes('running'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      cluster.control.deletePod(namespace, name);
    }
    await watch.until(() => ours().length >= expected.length);
    expect(ours().slice(0, expected.length)).toEqual(expected);
    watch.close();
  });
});
