/** Asking about a person and acting as one, against the simulated API server's own authorization. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import type { Target } from '../../../src/domain/command/command.ts';
import type { KubernetesPerson } from '../../../src/domain/person.ts';
import { IDENTITY_RULES } from '../../../src/playground/local/rights.ts';
import { json, startServer, status } from './api-server.ts';
import { CONTAINER, MAIN, OURS, POD, PROD, TARGET } from './fixtures.ts';
import { containerFor, openSimulation, watching, type Simulation } from './simulated.ts';

const ALICE: KubernetesPerson = { user: 'alice@corp', groups: ['dev', 'sre'] };
const DEBUG = [{ apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] }, { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }, { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }];

describe('in the simulated cluster', () => {
  let world: Simulation;
  beforeAll(async () => {
    world = await openSimulation({ rules: IDENTITY_RULES });
    world.simulated.control.grant({ groups: ['sre'], namespace: 'prod', rules: DEBUG });
    world.simulated.control.grant({ groups: ['system:authenticated'], namespace: 'prod', rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }] });
  });
  afterAll(() => world.close());

  test.each<readonly [string, KubernetesPerson, string, string, 'allowed' | 'denied']>([
    ['by the second group', ALICE, 'patch', 'pods/ephemeralcontainers', 'allowed'],
    ['by no group', { user: 'alice@corp', groups: ['dev'] }, 'patch', 'pods/ephemeralcontainers', 'denied'],
    ['by a group that has both names in one', { user: 'bob', groups: ['dev, sre'] }, 'patch', 'pods/ephemeralcontainers', 'denied'],
    ['another verb', ALICE, 'delete', 'pods', 'denied'],
    ['what every login may', { user: 'bob', groups: [] }, 'get', 'deployments.apps', 'allowed'],
    ['the same name in another API group', ALICE, 'get', 'pods.example.org', 'denied'],
  ])('a review: %s', async (_what, person, verb, resource, verdict) => {
    expect(await world.cluster.review(person, PROD, verb, resource)).toBe(verdict);
  });

  test('a worker without the component identity reads that it may not ask', async () => {
    const bare = await openSimulation();
    expect(await bare.cluster.review(ALICE, PROD, 'get', 'pods')).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('subjectaccessreviews') });
    await bare.close();
  });

  const impersonators: readonly (readonly [string, readonly object[]])[] = [
    ['legacy', [{ apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] }]],
    ['constrained', [
      { apiGroups: ['authentication.k8s.io'], resources: ['users', 'groups'], verbs: ['impersonate:user-info'] },
      { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['impersonate-on:user-info:patch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['impersonate-on:user-info:get', 'impersonate-on:user-info:list', 'impersonate-on:user-info:watch'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['impersonate-on:user-info:get'] },
    ]],
  ];

  test.each(impersonators)('%s impersonation: a run with the rights of the second group', async (_mode, rules) => {
    const one = await openSimulation({ rules: rules as never });
    const { control } = one.simulated;
    control.grant({ groups: ['sre'], namespace: 'prod', rules: DEBUG });
    const acting = one.cluster.actingAs(ALICE);
    const pod = await one.pod();
    control.resetRequests();
    const target = one.targetOf(pod);
    expect(await acting.find(PROD, { kind: 'name', name: pod.name } as never)).toMatchObject({ kind: 'pods', pods: [{ uid: pod.uid }] });
    const container = containerFor(one.cluster, ['echo', 'as alice']);
    expect(await acting.dryRun(target, container)).toMatchObject({ kind: 'admitted' });
    const added = await acting.add(target, container);
    expect(added).toMatchObject({ kind: 'added' });
    expect(await acting.inspect(target, container)).toMatchObject({ kind: 'ours' });
    expect(await acting.awaitEnd(target, container, watching(added.kind === 'added' ? added.resourceVersion : ''))).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(Buffer.from((await acting.readOutput(target, container.name)).head).toString()).toBe('as alice\n');
    expect(Buffer.from((await acting.follow(target, container.name, new AbortController().signal).finish()).head).toString()).toBe('as alice\n');
    expect(new Set(control.requests().map((request) => `${request.user} as ${request.impersonated}`))).toStrictEqual(new Set(['worker as alice@corp']));
    // kdebug's own rights stay its own
    await acting.record(target, container.name, 'note');
    expect(control.requests().at(-1)).toMatchObject({ user: 'worker', status: 201 });
    expect(control.requests().at(-1)?.impersonated || undefined).toBeUndefined();
    await one.close();
  });

  test('a person who may not debug reads the cluster\'s own refusal', async () => {
    const one = await openSimulation({ rules: impersonators[0]![1] as never });
    const pod = await one.pod();
    const nobody = one.cluster.actingAs({ user: 'mallory', groups: ['dev'] });
    expect(await nobody.dryRun(one.targetOf(pod), containerFor(one.cluster, ['id']))).toMatchObject({ failure: { code: 'forbidden', detail: expect.stringContaining('User "mallory" cannot patch') } });
    await one.close();
  });

  test('a worker that may not impersonate reads that', async () => {
    const target = world.targetOf(await world.pod());
    expect(await world.cluster.actingAs(ALICE).dryRun(target, containerFor(world.cluster, ['id']))).toMatchObject({ failure: { code: 'forbidden', detail: expect.stringContaining('User "worker" cannot impersonate') } });
  });
});

describe('on the wire', () => {
  const connected = async (answer: object = {}) => {
    const lines: string[][] = [];
    const server = await startServer((_asked, response) => {
      lines.push([...(response.req as unknown as { rawHeaders: string[] }).rawHeaders]);
      return json(response, 200, answer);
    });
    return { server, lines, cluster: await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' }) };
  };
  const impersonating = (headers: readonly string[]): readonly string[] =>
    headers.flatMap((name, index) => (index % 2 === 0 && name.toLowerCase().startsWith('impersonate') ? [`${name.toLowerCase()}: ${headers[index + 1]}`] : []));

  test('one line for the user, one for each group, nothing extra; without a person none', async () => {
    const { server, lines, cluster } = await connected();
    await cluster.actingAs(ALICE).dryRun(TARGET, CONTAINER);
    await cluster.dryRun(TARGET, CONTAINER);
    expect(lines.map(impersonating)).toStrictEqual([['impersonate-user: alice@corp', 'impersonate-group: dev', 'impersonate-group: sre'], []]);
    await cluster.close();
    await server.close();
  });

  test.each<readonly [string, KubernetesPerson]>([
    ['system:admin', { user: 'system:admin', groups: [] }],
    ['a service account', { user: 'system:serviceaccount:kdebug:kdebug-worker', groups: [] }],
    ['SYSTEM:admin', { user: 'SYSTEM:admin', groups: [] }],
    ['system:masters', { user: 'alice', groups: ['sre', 'system:masters'] }],
    ['nobody', { user: '', groups: ['sre'] }],
    ['a group without a name', { user: 'alice', groups: [''] }],
    ['a name with a line feed', { user: 'alice\r\nImpersonate-Group: system:masters', groups: [] }],
    ['a name with a space at its end', { user: 'alice ', groups: [] }],
    ['a name that is no ASCII', { user: 'аlice', groups: [] }],
    ['a name of 257 characters', { user: 'a'.repeat(257), groups: [] }],
    ['a hundred and one groups', { user: 'alice', groups: Array.from({ length: 101 }, (_, index) => `g${index}`) }],
  ])('nothing is sent as %s', async (_what, person) => {
    const { server, cluster } = await connected();
    const acting: Cluster = cluster.actingAs(person);
    const failure = { code: 'forbidden' };
    expect(await acting.find(PROD, { kind: 'name', name: POD } as unknown as Target)).toMatchObject({ failure });
    expect(await acting.dryRun(TARGET, CONTAINER)).toMatchObject({ failure });
    expect(await acting.add(TARGET, CONTAINER)).toMatchObject({ failure });
    expect(await acting.inspect(TARGET, CONTAINER)).toMatchObject({ failure });
    expect(await acting.readOutput(TARGET, OURS)).toMatchObject({ unreadable: failure });
    expect(await acting.follow(TARGET, OURS, new AbortController().signal).finish()).toMatchObject({ unreadable: failure });
    expect(await cluster.review(person, PROD, 'get', 'pods')).toMatchObject(failure);
    expect(server.asked).toHaveLength(0);
    await cluster.close();
    await server.close();
  });

  test('a review is sent as it is meant', async () => {
    const { server, cluster } = await connected({ status: { allowed: true } });
    expect(await cluster.review(ALICE, PROD, 'patch', 'pods/ephemeralcontainers')).toBe('allowed');
    expect([server.asked[0]!.method, server.asked[0]!.path]).toStrictEqual(['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews']);
    expect(JSON.parse(server.asked[0]!.body)).toStrictEqual({
      apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview',
      spec: { user: 'alice@corp', groups: ['dev', 'sre', 'system:authenticated'], resourceAttributes: { namespace: 'prod', verb: 'patch', group: '', resource: 'pods', subresource: 'ephemeralcontainers' } },
    });
    await cluster.close();
    await server.close();
  });

  test.each<readonly [string, object]>([
    ['no status', {}], ['a status without a verdict', { status: {} }], ['a verdict that is text', { status: { allowed: 'true' } }], ['a list', []],
  ])('%s is neither yes nor no', async (_what, answer) => {
    const { server, cluster } = await connected(answer);
    expect(await cluster.review(ALICE, PROD, 'get', 'pods')).toMatchObject({ code: 'unexpected_answer' });
    await cluster.close();
    await server.close();
  });

  test('a refused review is a failure, not a no', async () => {
    const server = await startServer((_asked, response) => json(response, 403, status(403, 'Forbidden', 'subjectaccessreviews.authorization.k8s.io is forbidden: User "x" cannot create')));
    const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
    expect(await cluster.review(ALICE, PROD, 'get', 'pods')).toMatchObject({ code: 'forbidden' });
    await cluster.close();
    await server.close();
  });
});
