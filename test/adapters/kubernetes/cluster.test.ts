import { afterEach, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster, WatchOptions } from '../../../src/app/cluster-port.ts';
import type { Target } from '../../../src/domain/command/command.ts';
import type { Instant, Namespace } from '../../../src/domain/names.ts';
import { json, startServer, status, type Script, type ScriptedServer } from './api-server.ts';
import { CONTAINER, MAIN, OURS, pod, podWith, POD, PROD, recording, TARGET, UID } from './fixtures.ts';

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
const table = (names: readonly string[], next = ''): object => ({ kind: 'Table', metadata: { continue: next }, rows: names.map((name) => ({ cells: [name], object: { metadata: { name } } })) });
const lines = (...events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const options = (over: Partial<WatchOptions> = {}): WatchOptions => ({
  resourceVersion: '100', notAfter: (Date.now() + 60_000) as Instant, timeoutMs: 30_000, bounded: true,
  now: () => Date.now() as Instant, signal: new AbortController().signal, ...over,
});
const ENDED = podWith({ terminated: { exitCode: 3, reason: 'Error', startedAt: '2026-11-22T13:00:01Z', finishedAt: '2026-11-22T13:00:02Z' } });

describe('a run', () => {
  test('is three calls: PATCH, watch, log', async () => {
    const { cluster, server } = await connected((asked, response) => {
      if (asked.method === 'PATCH') return json(response, 200, pod());
      if (asked.path.includes('watch=true')) return response.end(lines({ type: 'MODIFIED', object: podWith({ waiting: { reason: 'ContainerCreating' } }) }, { type: 'MODIFIED', object: ENDED }));
      return response.end('out\nerr\n');
    });
    expect(await cluster.add(TARGET, CONTAINER)).toStrictEqual({ kind: 'added', resourceVersion: '100', existed: false });
    expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toStrictEqual({ outcome: { kind: 'exited', code: 3, durationMs: 1_000 }, logged: true, imageId: 'sha256:abc' });
    const output = await cluster.readOutput(TARGET, OURS);
    expect(Buffer.from(output.head).toString()).toBe('out\nerr\n');
    expect(output).toMatchObject({ bytes: 8, complete: true });
    expect(server.asked.map((asked) => `${asked.method} ${asked.path}`)).toStrictEqual([
      `PATCH /api/v1/namespaces/prod/pods/${POD}/ephemeralcontainers?fieldManager=kdebug&fieldValidation=Strict`,
      `GET /api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3D${POD}&resourceVersion=100&allowWatchBookmarks=true&timeoutSeconds=290`,
      `GET /api/v1/namespaces/prod/pods/${POD}/log?container=${OURS}`,
    ]);
    expect(JSON.parse(server.asked[0]!.body)).toStrictEqual({ metadata: { uid: UID }, spec: { ephemeralContainers: [CONTAINER] } });
    expect(server.asked[0]!.headers).toMatchObject({ 'content-type': 'application/strategic-merge-patch+json', 'user-agent': 'kdebug/0.1.0', authorization: 'Bearer token-one' });
  });

  test.each([
    ['the connection is lost', (response: Parameters<Script>[1]) => response.stream.destroy()],
    ['a proxy gave up waiting', (response: Parameters<Script>[1]) => json(response, 504, { kind: 'Status' })],
  ])('whose PATCH was carried out while %s is ours, not somebody else’s: it was asked twice', async (_how, lose) => {
    const { cluster, server } = await connected((_asked, response, count) => (count === 1 ? lose(response) : json(response, 200, podWith({ running: { startedAt: '2026-11-22T13:00:01Z' } }))));
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ kind: 'added', existed: false });
    expect(server.asked.map((asked) => asked.method)).toStrictEqual(['PATCH', 'PATCH']);
  });
  test('whose name was there before a server asked us to wait is somebody else’s', async () => {
    const { cluster } = await connected((_asked, response, count) => (count === 1 ? json(response, 429, { kind: 'Status' }) : json(response, 200, ENDED)));
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ kind: 'added', existed: true });
  });

  test('that had ended when a worker took over needs no event', async () => {
    const { cluster, server } = await connected((_asked, response) => json(response, 200, ENDED));
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ existed: true });
    expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject({ outcome: { kind: 'exited', code: 3 } });
    expect(server.asked).toHaveLength(1);
    // Another process: it has not seen the pod, so it looks first.
    const other = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
    open.push(other);
    expect(await other.awaitEnd(TARGET, CONTAINER, options())).toMatchObject({ outcome: { kind: 'exited', code: 3 } });
    expect(server.asked.map((asked) => asked.method)).toStrictEqual(['PATCH', 'GET']);
  });
});

describe('a plan by exact name', () => {
  test('is GET pod, GET namespace, dry run', async () => {
    const { cluster, server } = await connected((asked, response) => {
      if (asked.path === '/api/v1/namespaces/prod') return json(response, 200, recording('get-namespace-labels').response.body);
      if (asked.method === 'GET') return json(response, 200, recording('get-pod').response.body);
      return json(response, 200, recording('patch-dry-run').response.body, { warning: '299 - "would violate PodSecurity \\"restricted:latest\\""' });
    });
    const found = await cluster.find(PROD, named(POD));
    expect(found).toMatchObject({ kind: 'pods', pods: [{ phase: 'Running', terminating: false, node: 'node1', mirror: false, owner: 'ReplicaSet/api-6c9d84c9d6', serviceAccount: 'default', containers: [{ name: 'api', kind: 'app', running: true }] }] });
    expect(await cluster.podSecurity(PROD)).toBe('restricted');
    expect(await cluster.dryRun(TARGET, CONTAINER)).toMatchObject({ kind: 'admitted', warnings: ['would violate PodSecurity "restricted:latest"'], ephemeralContainers: expect.any(Number) });
    expect(server.asked.map((asked) => asked.method)).toStrictEqual(['GET', 'GET', 'PATCH']);
    expect(server.asked[2]!.path).toMatch(/&dryRun=All$/);
  });

  test('a namespace that kdebug may not read enforces nothing that it knows of', async () => {
    const { cluster } = await connected((_asked, response) => json(response, 403, status(403, 'Forbidden', 'namespaces "prod" is forbidden: User "x" cannot get')));
    expect(await cluster.podSecurity(PROD)).toBeNull();
  });
});

describe('find', () => {
  const listing = (pages: readonly object[]): Script => (asked, response) => {
    if (asked.path.includes('/pods?')) return json(response, 200, pages[Number(new URL(asked.path, 'https://x').searchParams.get('continue') ?? 0)]);
    if (asked.path.endsWith('/pods/api-7f9-a')) return json(response, 200, pod({ metadata: { name: 'api-7f9-a' } }));
    return json(response, 404, NOT_FOUND);
  };

  test('a prefix of one pod, on the second page', async () => {
    const { cluster, server } = await connected(listing([table(['web-1'], '1'), table(['api-7f9-a'])]));
    expect(await cluster.find(PROD, named('api-'))).toMatchObject({ kind: 'pods', pods: [{ name: 'api-7f9-a' }] });
    expect(server.asked.map((asked) => asked.path)).toStrictEqual([
      '/api/v1/namespaces/prod/pods?limit=500', '/api/v1/namespaces/prod/pods?limit=500&continue=1', '/api/v1/namespaces/prod/pods/api-7f9-a',
    ]);
    expect(server.asked[0]!.headers['accept']).toBe('application/json;as=Table;v=v1;g=meta.k8s.io,application/json');
  });

  test('a server that knows no tables', async () => {
    const { cluster } = await connected(listing([{ kind: 'PodList', metadata: {}, items: [{ metadata: { name: 'api-7f9-a' } }] }]));
    expect(await cluster.find(PROD, named('api'))).toMatchObject({ kind: 'pods', pods: [{ name: 'api-7f9-a' }] });
  });

  test('several', async () => {
    const { cluster } = await connected(listing([table(Array.from({ length: 12 }, (_, index) => `api-${index}`))]));
    const found = await cluster.find(PROD, named('api'));
    expect(found).toMatchObject({ failure: { code: 'pods_ambiguous', prefix: 'api', more: true } });
    expect(found.kind === 'failure' && found.failure.code === 'pods_ambiguous' && found.failure.pods).toHaveLength(10);
  });

  test('one in a list that was not read to its end is not the only one', async () => {
    const { cluster, server } = await connected(listing([table(['api-7f9-a'], '1'), table([], '2'), table([], '3'), table([], '4'), table([])]));
    expect(await cluster.find(PROD, named('api'))).toMatchObject({ failure: { code: 'pods_ambiguous', pods: ['api-7f9-a'], more: true } });
    expect(server.asked).toHaveLength(5);
  });

  test('none, with the nearest names', async () => {
    const { cluster } = await connected(listing([table(['api-7f9c-a', 'api-7f9c-b', 'apo-7f9c-c', 'web-1', 'db-0'])]));
    expect(await cluster.find(PROD, named('apo-7f9'))).toMatchObject({ failure: { code: 'pod_gone' } });
    expect(await cluster.find(PROD, named('ap-7f9c'))).toStrictEqual({ kind: 'failure', failure: { code: 'pod_not_found', prefix: 'ap-7f9c', near: ['api-7f9c-a', 'api-7f9c-b', 'apo-7f9c-c'] } });
  });

  test('none, in a namespace that does not exist', async () => {
    const { cluster } = await connected((asked, response) => {
      if (!asked.path.includes('limit=')) return json(response, 404, recording('get-pod-not-found').response.body);
      return json(response, 200, recording('list-pods-in-missing-namespace').response.body);
    });
    expect(await cluster.find('nope' as Namespace, named('api'))).toStrictEqual({ kind: 'failure', failure: { code: 'pod_not_found', prefix: 'api', near: [] } });
  });

  test.each<readonly [string, object]>([['no uid', { uid: undefined }], ['a name that cannot be one', { name: '../x' }]])('an answer with %s is no pod', async (_what, metadata) => {
    const { cluster } = await connected((_asked, response) => json(response, 200, pod({ metadata })));
    expect(await cluster.find(PROD, named('api'))).toMatchObject({ failure: { code: 'unexpected_answer' } });
  });

  const member = (name: string, over: { hash?: string; ready?: boolean; phase?: string; restarts?: number } = {}): object => pod({
    metadata: { name, uid: `uid-${name}`, labels: { app: 'api', 'pod-template-hash': over.hash ?? 'old' } },
    status: { phase: over.phase ?? 'Running', conditions: [{ type: 'Ready', status: over.ready === false ? 'False' : 'True', lastTransitionTime: '2026-11-22T13:00:00Z' }], containerStatuses: [{ name: 'api', restartCount: over.restarts ?? 0 }] },
  }) as object;
  const set = (hash: string, revision: string, owner: string): object => ({ metadata: { name: hash, labels: { 'pod-template-hash': hash }, annotations: { 'deployment.kubernetes.io/revision': revision }, ownerReferences: [{ uid: owner }] } });
  const workload = (name: string, spec: object, pods: readonly object[], sets: readonly object[] = []): Script => (asked, response) => {
    if (asked.path.includes('/replicasets?')) return json(response, 200, { items: sets });
    if (asked.path.includes('/pods?')) return json(response, 200, { items: pods });
    return asked.path.endsWith(`/${name}`) ? json(response, 200, { metadata: { name, uid: 'mine' }, spec }) : json(response, 404, NOT_FOUND);
  };
  const target = (resource: string, name = 'api'): Target => ({ kind: 'workload', resource, name }) as Target;

  test('deploy/api is a pod of its newest ReplicaSet, though an older one is in better health', async () => {
    const sets = [set('old', '9', 'mine'), set('new', '10', 'mine'), set('foreign', '99', 'other')];
    const { cluster, server } = await connected(workload('api', { selector: { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }, { key: 'x', operator: 'DoesNotExist' }] } },
      [member('a'), member('b', { hash: 'new', restarts: 3 }), member('c', { hash: 'new', ready: false }), member('d', { hash: 'foreign' })], sets));
    expect(await cluster.find(PROD, target('deploy'))).toMatchObject({ kind: 'pods', pods: [{ name: 'b' }] });
    expect(new URL(server.asked.at(-1)!.path, 'https://x').searchParams.get('labelSelector')).toBe('app=api,tier in (a,b),!x');
  });

  test('sts/api is the pod kubectl would take', async () => {
    const pods = [member('pending', { phase: 'Pending' }), member('done', { phase: 'Succeeded' }), member('unready', { ready: false }), member('restarted', { restarts: 5 }), member('best')];
    const { cluster } = await connected(workload('api', { selector: { matchLabels: { app: 'api' } } }, pods));
    expect(await cluster.find(PROD, target('sts'))).toMatchObject({ kind: 'pods', pods: [{ name: 'best' }] });
  });

  test.each<readonly [string, Target, object, object]>([
    ['svc/api', target('svc'), { selector: { app: 'api' } }, { kind: 'pods', pods: [{ name: 'a' }] }],
    ['a service without a selector', target('svc'), {}, { failure: { code: 'no_pod_of_target', target: 'svc/api' } }],
    ['a workload that is not there', target('job', 'nope'), {}, { failure: { code: 'workload_not_found', resource: 'job', name: 'nope' } }],
    ['-l app=api', { kind: 'selector', selector: 'app=api' } as Target, {}, { kind: 'pods', pods: [{ name: 'a' }] }],
  ])('%s', async (_what, wanted, spec, expected) => {
    const { cluster } = await connected(workload('api', spec, [member('a')]));
    expect(await cluster.find(PROD, wanted)).toMatchObject(expected);
  });

  test('a workload without pods', async () => {
    const { cluster } = await connected(workload('api', { selector: { matchLabels: { app: 'api' } } }, []));
    expect(await cluster.find(PROD, target('ds'))).toStrictEqual({ kind: 'failure', failure: { code: 'no_pod_of_target', target: 'ds/api' } });
  });
});

describe('what a plan is told of a pod', () => {
  test.each<readonly [string, { metadata?: object; spec?: object; status?: object }, object]>([
    ['of a Job', { metadata: { ownerReferences: [{ kind: 'Job', name: 'nightly', controller: true }] }, spec: { terminationGracePeriodSeconds: 45 } }, { owner: 'Job/nightly', jobOwned: true, terminationGraceSeconds: 45 }],
    ['with guaranteed memory', { spec: { containers: [{ name: 'api', resources: { limits: { memory: '512Mi' } } }] }, status: { qosClass: 'Guaranteed' } }, { qosClass: 'Guaranteed', containers: [{ name: 'api', memoryLimit: '512Mi' }] }],
    ['of another user', { spec: { securityContext: { runAsNonRoot: true, runAsUser: 1_000 } } }, { runAsNonRoot: true, runAsUser: 1_000 }],
    ['that reaches its node', { spec: { hostPID: true, hostNetwork: true, hostIPC: true, containers: [{ name: 'api', securityContext: { privileged: true } }] } }, { hostPid: true, hostNetwork: true, hostIpc: true, privileged: true }],
    ['whose privileged beginning is over', { spec: { initContainers: [{ name: 'sysctl', securityContext: { privileged: true } }] }, status: { initContainerStatuses: [{ name: 'sysctl', state: { terminated: { exitCode: 0 } } }] } }, { hostPid: false }],
    ['that begins privileged', { spec: { initContainers: [{ name: 'sysctl', securityContext: { privileged: true } }] } }, { privileged: true, hostPid: false, hostNetwork: false }],
    ['of root', { spec: { securityContext: { runAsNonRoot: false, runAsUser: 0 } } }, { runAsUser: 0 }],
    ['whose fields are of the wrong type', { spec: { securityContext: 'x', terminationGracePeriodSeconds: '45' }, status: { qosClass: 7 } }, { hostPid: false }],
  ])('%s', async (_what, over, facts) => {
    const { cluster } = await connected((_asked, response) => json(response, 200, pod(over)));
    const found = await cluster.find(PROD, named(POD));
    expect(found).toMatchObject({ kind: 'pods', pods: [facts] });
    if (_what === 'of root') expect(found.kind === 'pods' && found.pods[0]).not.toHaveProperty('runAsNonRoot');
    if (_what.includes('is over')) expect(found.kind === 'pods' && found.pods[0]).not.toHaveProperty('privileged');
    if (_what.includes('wrong')) for (const field of ['jobOwned', 'privileged', 'hostIpc', 'qosClass', 'terminationGraceSeconds', 'runAsUser']) expect(found.kind === 'pods' && found.pods[0]).not.toHaveProperty(field);
  });
});

describe('a target that the pod does not have', () => {
  test.each<readonly [string, (response: Parameters<Script>[1]) => unknown, readonly string[]]>([
    ['with those it has', (response) => json(response, 200, pod({ spec: { containers: [{ name: 'api' }, { name: 'proxy' }], initContainers: [{ name: 'migrate' }] } })), ['api', 'proxy', 'migrate']],
    ['without, when they cannot be read', (response) => json(response, 403, status(403, 'Forbidden', 'pods "x" is forbidden: User "x" cannot get')), []],
  ])('is told %s', async (_what, answer, containers) => {
    const { cluster, server } = await connected((asked, response) => (asked.method === 'PATCH' ? json(response, 422, recording('patch-unknown-target').response.body) : answer(response)));
    const failure = { code: 'container_not_found', pod: POD, container: 'api', containers };
    expect(await cluster.dryRun(TARGET, CONTAINER)).toStrictEqual({ kind: 'failure', failure });
    expect(await cluster.add(TARGET, CONTAINER)).toStrictEqual({ kind: 'failure', failure });
    expect(server.asked).toHaveLength(4);
  });
});

describe('inspect', () => {
  const live = { ...CONTAINER, resources: {}, terminationMessagePath: '/dev/termination-log', imagePullPolicy: 'IfNotPresent' };
  const holding = (containers: readonly object[], metadata: object = {}): Script => (_asked, response) => json(response, 200, pod({ metadata, spec: { ephemeralContainers: containers } }));

  test.each<readonly [string, readonly object[], object]>([
    ['the one that was sent, with the server\'s defaults', [live], { kind: 'ours', resourceVersion: '100' }],
    ['none of that name', [{ ...live, name: 'kdebug-other' }], { kind: 'absent' }],
    ['another command', [{ ...live, command: ['id'] }], { failure: { code: 'name_taken', container: OURS } }],
    ['one argument more', [{ ...live, command: [...CONTAINER.command, 'x'] }], { failure: { code: 'name_taken' } }],
    ['args of its own', [{ ...live, args: ['x'] }], { failure: { code: 'name_taken' } }],
    ['envFrom', [{ ...live, envFrom: [{ secretRef: { name: 'x' } }] }], { failure: { code: 'name_taken' } }],
    ['another termination path', [{ ...live, terminationMessagePath: '/x' }], { failure: { code: 'name_taken' } }],
    ['more power', [{ ...live, securityContext: { privileged: true } }], { failure: { code: 'name_taken' } }],
    ['a terminal', [{ ...live, tty: true }], { failure: { code: 'name_taken' } }],
  ])('%s', async (_what, containers, expected) => {
    const { cluster } = await connected(holding(containers));
    expect(await cluster.inspect(TARGET, CONTAINER)).toMatchObject(expected);
  });

  test('a real pod\'s container is the one the recording sent', async () => {
    const { request, response } = recording('patch-add');
    const sent = (request.body as unknown as { spec: { ephemeralContainers: [typeof CONTAINER] } }).spec.ephemeralContainers[0];
    const { cluster } = await connected((_asked, answer) => json(answer, 200, response.body));
    expect(await cluster.inspect(TARGET, sent)).toMatchObject({ kind: 'ours' });
    expect(await cluster.inspect(TARGET, { ...sent, command: ['ss'] })).toMatchObject({ failure: { code: 'name_taken' } });
  });

  test('a pod of that name with another uid', async () => {
    const { cluster } = await connected(holding([live], { uid: 'other' }));
    expect(await cluster.inspect(TARGET, CONTAINER)).toStrictEqual({ kind: 'failure', failure: { code: 'pod_replaced', pod: POD } });
  });
});
