/** API server and kubelet together, over TLS: what a client of the simulated cluster sees of a run. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubelet, type SimulatedKubelet } from '../../../../src/playground/cluster/kubelet/kubelet.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../../../src/playground/cluster/server.ts';
import { createClient, SMP, type Client } from '../support/client.ts';
import { NETSHOOT } from './world.ts';

const POD = '/api/v1/namespaces/prod/pods/api';
let cluster: SimulatedCluster;
let kubelet: SimulatedKubelet;
let admin: Client;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ kubelet: (writer) => (kubelet = createKubelet({ writer, pace: 'at once' })) });
  cluster.control.addToken('admin', { user: 'root', groups: ['system:masters'] });
  cluster.control.addNamespace('prod');
  cluster.control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'app', image: 'api:1' }] });
  admin = createClient(cluster.url, cluster.caPem, 'admin');
});
afterAll(async () => {
  await admin.agent.destroy();
  await cluster.close();
});

const patch = (name: string, command: readonly string[]) =>
  admin.ask({ method: 'PATCH', path: `${POD}/ephemeralcontainers`, contentType: SMP, body: { spec: { ephemeralContainers: [{ name, image: NETSHOOT, command, targetContainerName: 'app' }] } } });

it('a patch runs the command, the watch tells its end, the log has its output', async () => {
  const patched = await patch('dbg', ['sh', '-c', 'echo hello; exit 7']);
  expect(patched.status).toBe(200);
  const since = (patched.json['metadata'] as { resourceVersion: string }).resourceVersion;
  const watch = await admin.watch({ path: `/api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3Dapi&resourceVersion=${since}` });
  const states = (events: typeof watch.events) => events.flatMap((event) => ((event.object.status['ephemeralContainerStatuses'] ?? []) as { state: object }[]).map(({ state }) => Object.keys(state)[0]));
  const events = await watch.until((seen) => states([...seen]).includes('terminated'));
  expect(states([...events])).toEqual(['waiting', 'running', 'terminated']);
  expect(events.at(-1)!.object.status['ephemeralContainerStatuses']).toMatchObject([{ name: 'dbg', state: { terminated: { exitCode: 7, reason: 'Error' } } }]);
  expect((await admin.ask({ path: `${POD}/log?container=dbg&follow=true` })).text).toBe('hello\n');
  watch.close();
});

it('a deletion ends what runs and removes the pod', async () => {
  await patch('long', ['sleep', '60']);
  const watch = await admin.watch({ path: '/api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3Dapi' });
  await watch.until((seen) => JSON.stringify(seen).includes('"name":"long","state":{"running"'));
  await admin.ask({ method: 'DELETE', path: POD });
  const events = await watch.until((seen) => seen.some(({ type }) => type === 'DELETED'));
  expect(events.at(-1)!.object.status).toMatchObject({ phase: 'Succeeded' });
  expect((await admin.ask({ path: POD })).status).toBe(404);
  expect(kubelet.timings({ namespace: 'prod', name: 'api', uid: 'gone' }, 'long')).toBeUndefined();
  watch.close();
});
