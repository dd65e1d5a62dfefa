import { describe, expect, it } from 'vitest';
import { messageOf, PODS, withCluster } from './support/cluster.ts';

interface List { readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number; readonly resourceVersion: string }; readonly items: readonly { readonly metadata: { readonly name: string } }[] }

describe('lists', () => {
  const fixture = withCluster();
  const add = (name: string, labels: Readonly<Record<string, string>> = {}): void => {
    fixture.cluster.control.addPod({ namespace: 'prod', name, labels, containers: [{ name: 'a', image: 'a:1' }] });
  };
  const list = async (query = ''): Promise<List> => (await fixture.admin.ask({ path: `${PODS}${query}` })).json as unknown as List;
  const namesOf = (page: List): readonly string[] => page.items.map(({ metadata }) => metadata.name);

  it('come in pages of one snapshot, though a pod is added meanwhile', async () => {
    for (const name of ['b', 'c', 'd']) add(name);
    const first = await list('?limit=2');
    add('bb');
    const second = await list(`?limit=2&continue=${first.metadata.continue!}`);
    expect([namesOf(first), first.metadata.remainingItemCount, namesOf(second), second.metadata.continue]).toEqual([['api', 'b'], 2, ['c', 'd'], undefined]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('answer 410 for a token that is too old, with one that goes on in today’s list', async () => {
    for (const name of ['b', 'c']) add(name);
    const first = await list('?limit=1');
    fixture.cluster.control.expireResourceVersions();
    const gone = await fixture.admin.ask({ path: `${PODS}?limit=1&continue=${first.metadata.continue!}` });
    expect([gone.status, gone.json['reason']]).toEqual([410, 'Expired']);
    const details = (gone.json as unknown as { details?: { continue: string }; metadata: object }).details;
    expect(namesOf(await list(`?continue=${details!.continue}`))).toEqual(['b', 'c']);
  });

  it('do not count the rest when they are selected', async () => {
    for (const name of ['b', 'c']) add(name, { app: 'api' });
    const page = await list('?limit=1&labelSelector=app%3Dapi');
    expect([namesOf(page), typeof page.metadata.continue, page.metadata.remainingItemCount]).toEqual([['api'], 'string', undefined]);
  });

  it.each([
    ['app=api', ['api', 'b']], ['app==api,tier', ['b']], ['app!=api', ['c', 'd']], ['!app', ['d']], ['app in (api, web)', ['api', 'b', 'c']],
    ['app notin (api)', ['c', 'd']], ['tier=front,app in (api,web)', ['b']],
  ])('select by the labels %s', async (selector, expected) => {
    add('b', { app: 'api', tier: 'front' });
    add('c', { app: 'web' });
    add('d');
    expect(namesOf(await list(`?labelSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
  });

  it.each([
    ['status.phase=Running', ['api']], ['status.phase!=Running', ['b']], ['spec.nodeName=node2', ['b']], ['metadata.name=b,status.phase=Failed', ['b']],
  ])('select by the fields %s', async (selector, expected) => {
    fixture.cluster.control.addPod({ namespace: 'prod', name: 'b', phase: 'Failed', node: 'node2', containers: [{ name: 'a', image: 'a:1' }] });
    expect(namesOf(await list(`?fieldSelector=${encodeURIComponent(selector)}`))).toEqual(expected);
  });

  it.each([
    ['labelSelector', 'app=(', 'unable to parse requirement'],
    ['labelSelector', 'a b c', 'unable to parse requirement'],
    ['fieldSelector', 'spec.colour=red', 'field label not supported: spec.colour'],
    ['limit', 'many', 'strconv.ParseInt: parsing "many": invalid syntax'],
    ['continue', 'nonsense', 'continue key is not valid'],
  ])('refuse the %s %s with 400', async (name, value, message) => {
    const answer = await fixture.admin.ask({ path: `${PODS}?${name}=${encodeURIComponent(value)}` });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(message)]);
  });

  it('come as a table with names, states and metadata only', async () => {
    add('b');
    fixture.cluster.control.deletePod('prod', 'b', 30);
    const answer = await fixture.admin.ask({ path: `${PODS}?limit=500`, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
    const table = answer.json as unknown as { kind: string; columnDefinitions: readonly { name: string }[]; rows: readonly { cells: readonly unknown[]; object: { kind: string; metadata: { uid: string }; spec?: object } }[] };
    expect([table.kind, table.columnDefinitions.slice(0, 5).map(({ name }) => name)]).toEqual(['Table', ['Name', 'Ready', 'Status', 'Restarts', 'Age']]);
    expect(table.rows.map(({ cells }) => cells.slice(0, 3))).toEqual([['api', '1/1', 'Running'], ['b', '1/1', 'Terminating']]);
    expect([table.rows[0]!.object.kind, table.rows[0]!.object.spec]).toEqual(['PartialObjectMetadata', undefined]);
  });

  it('find workloads, services and namespaces', async () => {
    const { control } = fixture.cluster;
    const { replicaSet, pods } = control.addDeployment({ namespace: 'prod', name: 'web', labels: { app: 'web' }, replicas: 2, containers: [{ name: 'web', image: 'web:1' }] });
    control.addWorkload({ kind: 'StatefulSet', namespace: 'prod', name: 'db', labels: { app: 'db' } });
    control.addService({ namespace: 'prod', name: 'web', selector: { app: 'web' } });
    const deployment = await fixture.admin.ask({ path: '/apis/apps/v1/namespaces/prod/deployments/web' });
    const set = await fixture.admin.ask({ path: `/apis/apps/v1/namespaces/prod/replicasets/${replicaSet}` });
    const service = await fixture.admin.ask({ path: '/api/v1/namespaces/prod/services/web' });
    const namespaces = await fixture.admin.ask({ path: '/api/v1/namespaces' });
    expect((deployment.json as unknown as { spec: { selector: object } }).spec.selector).toEqual({ matchLabels: { app: 'web' } });
    expect((set.json as unknown as { metadata: { ownerReferences: readonly object[] } }).metadata.ownerReferences).toEqual([expect.objectContaining({ kind: 'Deployment', name: 'web', controller: true })]);
    expect((service.json as unknown as { spec: { selector: object } }).spec.selector).toEqual({ app: 'web' });
    expect(namesOf(namespaces.json as unknown as List)).toEqual(['prod']);
    expect(pods.map(({ metadata }) => (metadata['ownerReferences'] as readonly { kind: string; name: string }[])[0])).toMatchObject([{ kind: 'ReplicaSet', name: replicaSet }, { kind: 'ReplicaSet', name: replicaSet }]);
    expect((await fixture.admin.ask({ path: '/apis/apps/v1/namespaces/prod/statefulsets/db' })).status).toBe(200);
  });
});
