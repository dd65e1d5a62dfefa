import { describe, expect, it } from 'vitest';
import { API, messageOf, PODS, withCluster } from './support/cluster.ts';

describe('deleting a pod', () => {
  const fixture = withCluster();
  const uid = (): string => fixture.cluster.control.pod('prod', 'api')!.metadata.uid;
  const remove = (body?: object) => fixture.admin.ask({ method: 'DELETE', path: API, contentType: 'application/json', ...(body === undefined ? {} : { body }) });

  it('marks it, tells the kubelet, and is complete when the kubelet says so', async () => {
    const { control } = fixture.cluster;
    const watch = await fixture.admin.watch({ path: `${PODS}?watch=true&resourceVersion=${control.pod('prod', 'api')!.metadata.resourceVersion}` });
    const answer = await remove({ gracePeriodSeconds: 2 });
    expect(answer.json['metadata']).toMatchObject({ deletionGracePeriodSeconds: 2, generation: 2, deletionTimestamp: expect.stringMatching(/Z$/) });
    expect(fixture.kubelet.synced.at(-1)?.metadata['deletionGracePeriodSeconds']).toBe(2);
    fixture.kubelet.writer.remove('prod', 'api', uid());
    const events = await watch.until((all) => all.length >= 3);
    expect(events.map(({ type, object }) => [type, object.metadata['deletionGracePeriodSeconds']])).toEqual([['MODIFIED', 2], ['MODIFIED', 0], ['DELETED', 0]]);
    expect((await fixture.admin.ask({ path: API })).status).toBe(404);
  });

  it('without grace, finished or unscheduled is at once', async () => {
    await remove({ gracePeriodSeconds: 0 });
    expect([fixture.kubelet.forgotten.length, fixture.cluster.control.pod('prod', 'api')]).toEqual([1, undefined]);
    for (const more of [{ phase: 'Failed' as const }, { node: null }]) {
      fixture.cluster.control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'a', image: 'a:1' }], ...more });
      await remove();
      expect(fixture.cluster.control.pod('prod', 'api')).toBeUndefined();
    }
  });

  it('keeps to its preconditions and to a dry run', async () => {
    const wrong = await remove({ preconditions: { uid: 'other' } });
    const dry = await remove({ dryRun: ['All'] });
    expect([wrong.status, messageOf(wrong)]).toEqual([409, `Operation cannot be fulfilled on pods "api": Precondition failed: UID in precondition: other, UID in object meta: ${uid()}`]);
    expect([dry.status, fixture.cluster.control.pod('prod', 'api')!.metadata['deletionTimestamp']]).toEqual([200, undefined]);
  });

  it('and replacing it gives another uid under the same name', () => {
    const before = uid();
    const replaced = fixture.cluster.control.replacePod('prod', 'api');
    expect([replaced.metadata.name, replaced.metadata.uid === before, fixture.kubelet.forgotten.length]).toEqual(['api', false, 1]);
  });
});

describe('eviction', () => {
  const fixture = withCluster();
  const evict = (body: object, query = '') => fixture.admin.ask({ method: 'POST', path: `${API}/eviction${query}`, contentType: 'application/json', body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'api' }, ...body } });
  const addApi = (name: string, ready = true): void => {
    fixture.cluster.control.addPod({ namespace: 'prod', name, labels: { app: 'api' }, containers: [{ name: 'app', image: 'a:1', ready }] });
  };

  it('deletes with grace what no budget protects', async () => {
    expect((await evict({})).status).toBe(201);
    expect(fixture.cluster.control.pod('prod', 'api')!.metadata['deletionGracePeriodSeconds']).toBe(30);
  });

  it('honours the uid precondition before anything happens', async () => {
    expect((await evict({ deleteOptions: { preconditions: { uid: 'other' } } })).status).toBe(409);
    expect(fixture.cluster.control.pod('prod', 'api')!.metadata['deletionTimestamp']).toBeUndefined();
  });

  it.each([
    ['one of one, one needed', 0, { minAvailable: 1 }, 429],
    ['one of two, one needed', 1, { minAvailable: 1 }, 201],
    ['one of two, none may be missing', 1, { maxUnavailable: 0 }, 429],
    ['one of two, one may be missing', 1, { maxUnavailable: 1 }, 201],
    ['one of two, all needed', 1, { minAvailable: '100%' }, 429],
  ])('%s', async (_case, others, budget, status) => {
    for (let index = 0; index < others; index += 1) addApi(`other-${String(index)}`);
    fixture.cluster.control.addBudget({ namespace: 'prod', name: 'b', matchLabels: { app: 'api' }, ...budget });
    const answer = await evict({});
    expect(answer.status).toBe(status);
    expect(fixture.cluster.control.pod('prod', 'api')!.metadata['deletionTimestamp'] !== undefined).toBe(status === 201);
  });

  it('lets a pod go that is not ready while the others suffice', async () => {
    addApi('api', false);
    addApi('other');
    fixture.cluster.control.addBudget({ namespace: 'prod', name: 'b', matchLabels: { app: 'api' }, minAvailable: 1 });
    expect((await evict({})).status).toBe(201);
  });

  it('refuses two budgets over one pod, and another name in the body', async () => {
    for (const name of ['b', 'c']) fixture.cluster.control.addBudget({ namespace: 'prod', name, matchLabels: { app: 'api' }, minAvailable: 0 });
    expect((await evict({})).status).toBe(500);
    expect((await evict({ metadata: { name: 'other' } })).status).toBe(400);
  });
});
