import { afterEach, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import { json, startServer, status, type Script, type ScriptedServer } from './api-server.ts';
import { MAIN, OURS, POD, TARGET, UID } from './fixtures.ts';
import { openSimulation } from './simulated.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
const connected = async (script: Script): Promise<{ cluster: Cluster; server: ScriptedServer }> => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  open.push(cluster, server);
  return { cluster, server };
};
interface Sent { readonly note: string; readonly eventTime: string }
const sentBy = async (note: string): Promise<Sent> => {
  const { cluster, server } = await connected((_asked, response) => json(response, 201, {}));
  await cluster.record(TARGET, OURS, note);
  return JSON.parse(server.asked[0]!.body) as Sent;
};

test('one Event on the pod, named by its run', async () => {
  expect(await sentBy('ss -tlnp by alice, approved by bob')).toStrictEqual({
    apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: `${OURS}.${UID}`, namespace: 'prod' },
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/), reportingController: 'kdebug', reportingInstance: 'kdebug',
    action: 'Debug', reason: 'KdebugRun', type: 'Normal',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'prod', name: POD, uid: UID, fieldPath: `spec.ephemeralContainers{${OURS}}` },
    note: 'ss -tlnp by alice, approved by bob',
  });
});

test.each<readonly [string, string, string]>([
  ['1,024 letters', 'x'.repeat(1_024), 'x'.repeat(1_024)],
  ['one more', 'x'.repeat(1_025), `${'x'.repeat(1_021)}…`],
  ['letters of several bytes, which Go counts as bytes', 'ä'.repeat(1_000), `${'ä'.repeat(510)}…`],
  ['an emoji at the cut', `${'x'.repeat(1_019)}${'🙂'.repeat(9)}`, `${'x'.repeat(1_019)}…`],
  ['escapes and controls', 'a\u001b[31mb\u0000c\nd\u202ee', 'ab c d e'],
  ['nothing', '', ''],
])('a note of %s', async (_what, note, kept) => {
  const sent = (await sentBy(note)).note;
  expect(sent).toBe(kept);
  expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(1_024);
});

test('a process that was forbidden to once does not ask again', async () => {
  const { cluster, server } = await connected((_asked, response) => json(response, 403, status(403, 'Forbidden', 'events.events.k8s.io is forbidden: User "x" cannot create')));
  await cluster.record(TARGET, OURS, 'one');
  await cluster.record(TARGET, OURS, 'two');
  await cluster.actingAs({ user: 'alice', groups: [] }).record(TARGET, OURS, 'three');
  expect(server.asked).toHaveLength(1);
});

test.each<readonly [string, number, number]>([['is there already', 409, 1], ['is not taken', 422, 1], ['finds the server busy', 503, 4]])('an Event that %s is left, after %s in %s tries', async (_what, code, tries) => {
  const { cluster, server } = await connected((_asked, response) => json(response, code, status(code, 'x', 'no')));
  await expect(cluster.record(TARGET, OURS, 'x')).resolves.toBeUndefined();
  expect(server.asked).toHaveLength(tries);
  await cluster.record(TARGET, OURS, 'x');
  expect(server.asked.length).toBeGreaterThan(tries);
});

test('nobody listening is nobody told', async () => {
  const { cluster } = await connected((_asked, response) => response.stream.destroy());
  await expect(cluster.record(TARGET, OURS, 'x')).resolves.toBeUndefined();
});

test('the simulated API server takes it, and a repeat changes nothing', async () => {
  const world = await openSimulation();
  open.push(world);
  const target = world.targetOf(await world.pod());
  await world.cluster.record(target, OURS, 'é'.repeat(2_000));
  await world.cluster.record(target, OURS, 'again');
  const events = world.simulated.control.objects('events', 'prod').filter((event) => event['reason'] === 'KdebugRun');
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ message: expect.stringMatching(/^é+…$/), involvedObject: { name: target.pod, uid: target.uid, fieldPath: `spec.ephemeralContainers{${OURS}}` } });
});
