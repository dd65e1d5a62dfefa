import { afterEach, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster, Found, Replicas } from '../../../src/app/cluster-port.ts';
import type { Target } from '../../../src/domain/command/command.ts';
import { json, startServer, status, type Script, type ScriptedServer } from './api-server.ts';
import { MAIN, pod, PROD, recording } from './fixtures.ts';

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

const NOT_FOUND = status(404, 'NotFound', 'pods not found', { name: 'x', kind: 'pods' });
const named = (name: string): Target => ({ kind: 'name', name } as Target);
const COLUMNS = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'].map((name) => ({ name }));
const row = (name: string, cells: readonly unknown[], metadata: object = {}): object => ({ cells: [name, ...cells], object: { metadata: { name, ...metadata } } });
const table = (rows: readonly object[], next = ''): object => ({ kind: 'Table', metadata: { continue: next }, columnDefinitions: COLUMNS, rows });
const listing = (list: object): Script => (asked, response) => (asked.path.includes('/pods?') ? json(response, 200, list) : json(response, 404, NOT_FOUND));

const BORN = '2026-11-22T13:00:00Z';
const BORN_AT = Date.parse(BORN);

describe('several pods share the prefix', () => {
  test('the requester can choose by what kubectl get pods would show', async () => {
    const { cluster, server } = await connected(listing(table([
      row('api-a', ['1/1', 'Running', '5 (3h ago)', '4d', '10.0.0.1', 'node1'], { creationTimestamp: BORN }),
      row('api-b', ['0/2', 'CrashLoopBackOff', 7, '5m', '<none>', '<none>'], { creationTimestamp: BORN }),
      row('web', ['1/1', 'Running', '0', '1m', '10.0.0.2', 'node2']),
    ])));
    expect(await cluster.find(PROD, named('api-'))).toStrictEqual({ kind: 'several', candidates: [
      { pod: 'api-a', ready: '1/1', status: 'Running', restarts: 5, createdAt: BORN_AT, node: 'node1' },
      { pod: 'api-b', ready: '0/2', status: 'CrashLoopBackOff', restarts: 7, createdAt: BORN_AT, node: null },
    ] });
    expect(server.asked.filter((asked) => asked.path.includes('/pods?'))).toHaveLength(1);
  });

  test('a real table', async () => {
    const { cluster } = await connected(listing(recording('list-pods-limit-continue').response.body as object));
    expect((await cluster.find(PROD, named('api-'))).kind).not.toBe('pods');
  });

  test('a server that knows no tables tells the same', async () => {
    const items = [pod({ metadata: { name: 'api-a', creationTimestamp: BORN }, status: { containerStatuses: [{ name: 'api', ready: true, restartCount: 2 }] } }), pod({ metadata: { name: 'api-b', deletionTimestamp: BORN } })];
    const { cluster } = await connected(listing({ kind: 'PodList', metadata: {}, items }));
    expect(await cluster.find(PROD, named('api-'))).toStrictEqual({ kind: 'several', candidates: [
      { pod: 'api-a', ready: '1/1', status: 'Running', restarts: 2, createdAt: BORN_AT, node: 'node1' },
      { pod: 'api-b', ready: '0/1', status: 'Terminating', restarts: 0, createdAt: null, node: 'node1' },
    ] });
  });

  test('ten can be chosen from, eleven cannot', async () => {
    const rows = Array.from({ length: 11 }, (_, index) => row(`api-${index}`, ['1/1', 'Running', '0']));
    const ten = await connected(listing(table(rows.slice(0, 10))));
    expect(await ten.cluster.find(PROD, named('api-'))).toMatchObject({ kind: 'several', candidates: { length: 10 } });
    const eleven = await connected(listing(table(rows)));
    expect(await eleven.cluster.find(PROD, named('api-'))).toMatchObject({ failure: { code: 'pods_ambiguous', pods: { length: 10 }, more: true } });
  });

  test.each<readonly [string, readonly unknown[], object, object]>([
    ['no cells at all', [], {}, { ready: '', status: '', restarts: 0, createdAt: null, node: null }],
    ['cells of the wrong type', [1, {}, null, [], 5, false], { creationTimestamp: 7 }, { ready: '', status: '', restarts: 0, createdAt: null, node: null }],
    ['a status that imitates and hides', ['1/1', 'Run\u001b[31mning\u202e<!channel>\n', '-3', '', '', 'n\u200bode'], {}, { status: 'Running <!channel>', restarts: 0, node: 'n ode' }],
    ['a status of a megabyte', ['1/1', 'x'.repeat(1_048_576), '99999999999'], {}, { status: `${'x'.repeat(299)}…`, restarts: 999_999_999 }],
    ['a time that is none', ['1/1', 'Running', '0'], { creationTimestamp: 'yesterday' }, { createdAt: null }],
  ])('a row with %s', async (_what, cells, metadata, shown) => {
    const { cluster } = await connected(listing(table([row('api-a', cells, metadata), row('api-b', ['1/1', 'Running', '0'])])));
    expect(await cluster.find(PROD, named('api-'))).toMatchObject({ kind: 'several', candidates: [{ pod: 'api-a', ...shown }, { pod: 'api-b' }] });
  });

  test.each(['../x', 'A', '', 'a/b', 7, null, '__proto__'])('a row whose name is %j is no pod', async (name) => {
    const { cluster } = await connected(listing(table([row(name as string, []), row('api-a', []), row('api-b', [])])));
    expect(await cluster.find(PROD, named('api-'))).toMatchObject({ candidates: [{ pod: 'api-a' }, { pod: 'api-b' }] });
  });
});

describe('--replicas', () => {
  const member = (name: string, over: { hash?: string; ready?: boolean; phase?: string; restarts?: number; going?: boolean } = {}): object => pod({
    metadata: { name, uid: `uid-${name}`, labels: { app: 'api', 'pod-template-hash': over.hash ?? 'old' }, ...(over.going && { deletionTimestamp: BORN }) },
    status: { phase: over.phase ?? 'Running', conditions: [{ type: 'Ready', status: over.ready === false ? 'False' : 'True', lastTransitionTime: BORN }], containerStatuses: [{ name: 'api', restartCount: over.restarts ?? 0 }] },
  }) as object;
  const MEMBERS = [
    member('api-3', { restarts: 3 }), member('api-done', { phase: 'Succeeded' }), member('api-going', { going: true }), member('api-1'), member('api-failed', { phase: 'Failed' }),
    member('api-new', { hash: 'new', ready: false }), member('api-2', { restarts: 1 }), member('api-pending', { phase: 'Pending', ready: false }),
  ];
  const SET = { metadata: { name: 'new', labels: { 'pod-template-hash': 'new' }, annotations: { 'deployment.kubernetes.io/revision': '2' }, ownerReferences: [{ uid: 'mine' }] } };
  const serving = (items: readonly object[], next = ''): Script => (asked, response) => {
    if (asked.path.includes('/replicasets?')) return json(response, 200, { items: [SET] });
    if (asked.path.includes('/pods?')) return json(response, 200, { items, metadata: { continue: next } });
    if (asked.path.endsWith('/api')) return asked.path.includes('/pods/') ? json(response, 404, NOT_FOUND) : json(response, 200, { metadata: { name: 'api', uid: 'mine' }, spec: { selector: asked.path.includes('/services/') ? { app: 'api' } : { matchLabels: { app: 'api' } } } });
    return json(response, 404, NOT_FOUND);
  };
  const find = async (target: Target, replicas: Replicas, items: readonly object[] = MEMBERS, next?: string): Promise<Found> => (await connected(serving(items, next))).cluster.find(PROD, target, replicas);
  const workload = (resource: string): Target => ({ kind: 'workload', resource, name: 'api' }) as Target;
  const namesOf = (found: Found): readonly string[] => (found.kind === 'pods' ? found.pods.map(({ name, uid }) => `${name} ${uid}`) : [JSON.stringify(found)]);
  const ALL: Replicas = { wanted: 'all', max: 10 };
  const RANKED = ['api-1 uid-api-1', 'api-2 uid-api-2', 'api-3 uid-api-3', 'api-new uid-api-new', 'api-pending uid-api-pending'];
  const NEWEST_FIRST = ['api-new uid-api-new', 'api-1 uid-api-1', 'api-2 uid-api-2', 'api-3 uid-api-3', 'api-pending uid-api-pending'];

  test.each<readonly [string, Target, readonly string[]]>([
    ['sts/api', workload('sts'), RANKED],
    ['svc/api', workload('svc'), RANKED],
    ['-l app=api', { kind: 'selector', selector: 'app=api' } as Target, RANKED],
    ['a prefix', named('api'), RANKED],
    ['deploy/api, newest ReplicaSet first', workload('deploy'), NEWEST_FIRST],
  ])('all of %s: every active pod, best first, each with its uid', async (_what, target, expected) => {
    expect(namesOf(await find(target, ALL))).toStrictEqual(expected);
    expect(namesOf(await find(target, { wanted: 2, max: 10 }))).toStrictEqual(expected.slice(0, 2));
  });

  test('a prefix means its own pods only', async () => {
    expect(namesOf(await find(named('api'), ALL, [member('api-1'), member('web-1'), member('ap')]))).toStrictEqual(['api-1 uid-api-1']);
  });

  test('a whole name is that pod, without a list', async () => {
    const { cluster, server } = await connected((_asked, response) => json(response, 200, pod()));
    expect(await cluster.find(PROD, named('api'), ALL)).toMatchObject({ kind: 'pods', pods: { length: 1 } });
    expect(server.asked).toHaveLength(1);
  });

  test.each<readonly [string, Replicas, readonly object[], string, object]>([
    ['all, one more than the limit', { wanted: 'all', max: 4 }, MEMBERS, '', { code: 'too_many_pods', count: 5, max: 4 }],
    ['a number beyond the limit', { wanted: 11, max: 10 }, MEMBERS, '', { code: 'too_many_pods', count: 11, max: 10 }],
    ['all of a list without end', ALL, MEMBERS, 'more', { code: 'too_many_pods', count: 32, max: 10 }],
    ['none that is active', ALL, [member('api-done', { phase: 'Succeeded' })], '', { code: 'no_pod_of_target', target: 'sts/api' }],
    ['none at all', { wanted: 3, max: 10 }, [], '', { code: 'no_pod_of_target', target: 'sts/api' }],
    ['one that is no pod', ALL, [member('api-1'), { metadata: { name: 'api-2' }, status: { phase: 'Running' } }], '', { code: 'unexpected_answer' }],
  ])('%s', async (_what, replicas, items, next, failure) => {
    expect(await find(workload('sts'), replicas, items, next)).toMatchObject({ kind: 'failure', failure });
  });

  test('a prefix of nothing, with the nearest names', async () => {
    expect(await find(named('apo'), ALL)).toMatchObject({ failure: { code: 'pod_not_found', prefix: 'apo', near: { length: 3 } } });
  });

  test('fewer than were asked for is what there is', async () => {
    expect(namesOf(await find(workload('sts'), { wanted: 9, max: 10 }))).toHaveLength(5);
  });
});
