import { describe, expect, it } from 'vitest';
import type { WatchEvent } from './support/client.ts';
import { API, container, patch, PODS, withCluster } from './support/cluster.ts';

const ONE = `${PODS}?watch=true&fieldSelector=metadata.name%3Dapi`;
const types = (events: readonly WatchEvent[]): readonly string[] => events.map(({ type }) => type);
const names = (events: readonly WatchEvent[]): readonly unknown[] => events.map(({ object }) => object.metadata['name']);

describe('a watch', () => {
  const fixture = withCluster({ bookmarkIntervalMs: 50 });
  const version = (): string => fixture.cluster.control.pod('prod', 'api')!.metadata.resourceVersion;

  it('begins with what there is when no version is given', async () => {
    const watch = await fixture.admin.watch({ path: `${PODS}?watch=true` });
    expect(types(await watch.until((events) => events.length > 0))).toEqual(['ADDED']);
  });

  it('begins after its version and loses nothing', async () => {
    const from = version();
    await patch(fixture.admin, [container({ name: 'one' })]);
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${from}` });
    await patch(fixture.admin, [container({ name: 'two' })]);
    const events = await watch.until((all) => all.length >= 2);
    expect(events.map(({ object }) => object.metadata['generation'])).toEqual([2, 3]);
  });

  it('sees the status the kubelet writes, and no event for one that changes nothing', async () => {
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}` });
    const { uid } = fixture.cluster.control.pod('prod', 'api')!.metadata;
    fixture.kubelet.writer.updateStatus('prod', 'api', uid, (status) => ({ ...status }));
    fixture.kubelet.writer.updateStatus('prod', 'api', 'another uid', () => ({ phase: 'Failed' }));
    fixture.kubelet.writer.updateStatus('prod', 'api', uid, (status) => ({ ...status, phase: 'Failed' }));
    const events = await watch.until((all) => all.length > 0);
    expect(events.map(({ object }) => object.status['phase'])).toEqual(['Failed']);
  });

  it('hears of its own pod and namespace only', async () => {
    const { control } = fixture.cluster;
    const one = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}` });
    const all = await fixture.admin.watch({ path: `${PODS}?watch=true&resourceVersion=${version()}` });
    control.addPod({ namespace: 'other', name: 'api', containers: [{ name: 'a', image: 'a:1' }] });
    control.addPod({ namespace: 'prod', name: 'web', containers: [{ name: 'a', image: 'a:1' }] });
    control.changePod('prod', 'api', (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: {} } }));
    await all.until((events) => events.length >= 2);
    await one.until((events) => events.length >= 1);
    expect([names(all.events), names(one.events)]).toEqual([['web', 'api'], ['api']]);
  });

  it('tells a label that comes and goes as ADDED and DELETED', async () => {
    const watch = await fixture.admin.watch({ path: `${PODS}?watch=true&labelSelector=app%3Dnew&resourceVersion=${version()}` });
    for (const app of ['new', 'new', 'old']) fixture.cluster.control.changePod('prod', 'api', (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app }, annotations: { at: String(Math.random()) } } }));
    expect(types(await watch.until((events) => events.length >= 3))).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  it('sends bookmarks to those who asked', async () => {
    const asked = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}&allowWatchBookmarks=true` });
    const silent = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}` });
    const [bookmark] = await asked.until((events) => events.length >= 1);
    expect([bookmark?.type, bookmark?.object.metadata['resourceVersion'], silent.events]).toEqual(['BOOKMARK', version(), []]);
  });

  it('marks the end of the initial events', async () => {
    const watch = await fixture.admin.watch({ path: `${PODS}?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan` });
    const events = await watch.until((all) => all.length >= 2);
    expect([types(events), events[1]!.object.metadata['annotations']]).toEqual([['ADDED', 'BOOKMARK'], { 'k8s.io/initial-events-end': 'true' }]);
  });

  it('ends after timeoutSeconds', async () => {
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}&timeoutSeconds=1` });
    await watch.ended;
    expect([watch.status, fixture.cluster.control.watches()]).toEqual([200, 0]);
  });

  it('is told 410 as an event once its version is expired', async () => {
    const from = version();
    await patch(fixture.admin, [container()]);
    fixture.cluster.control.expireResourceVersions();
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${from}` });
    await watch.ended;
    expect([watch.status, types(watch.events), watch.events[0]!.object['code'], watch.events[0]!.object['reason']]).toEqual([200, ['ERROR'], 410, 'Expired']);
  });

  it('waits for a version that is still to come', async () => {
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${String(Number(version()) + 1_000)}&timeoutSeconds=1` });
    await watch.ended;
    expect([watch.status, watch.events]).toEqual([200, []]);
  });

  it('is ended by the server cleanly', async () => {
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}` });
    fixture.cluster.control.closeWatches();
    await watch.ended;
    expect(fixture.cluster.control.watches()).toBe(0);
  });

  it('is forgotten when its client leaves', async () => {
    const watch = await fixture.admin.watch({ path: `${ONE}&resourceVersion=${version()}` });
    expect(fixture.cluster.control.watches()).toBe(1);
    watch.close();
    await watch.ended;
    await expect.poll(() => fixture.cluster.control.watches()).toBe(0);
  });
});

describe('a thousand watches of one client', () => {
  const fixture = withCluster();

  it('share a few connections, and each hears its own pod once', async () => {
    const { control } = fixture.cluster;
    const pods = Array.from({ length: 1_000 }, (_, index) => control.addPod({ namespace: 'prod', name: `p-${String(index)}`, containers: [{ name: 'a', image: 'a:1' }] }));
    const watches = await Promise.all(pods.map(({ metadata }) => fixture.admin.watch({ path: `${PODS}?watch=true&fieldSelector=metadata.name%3D${metadata.name}&resourceVersion=${metadata.resourceVersion}` })));
    expect([control.watches(), control.connections().open <= 20]).toEqual([1_000, true]);
    for (const { metadata } of pods) fixture.kubelet.writer.updateStatus('prod', metadata.name, metadata.uid, (status) => ({ ...status, phase: 'Failed' }));
    await Promise.all(watches.map((watch) => watch.until((events) => events.length > 0)));
    expect(watches.map((watch) => names(watch.events))).toEqual(pods.map(({ metadata }) => [metadata.name]));
  });
});

describe('one pod that a hundred watch', () => {
  const fixture = withCluster();

  it('is told to all of them', async () => {
    const watches = await Promise.all(Array.from({ length: 100 }, () => fixture.admin.watch({ path: `${ONE}&resourceVersion=0` })));
    await patch(fixture.admin, [container()]);
    await Promise.all(watches.map((watch) => watch.until((events) => events.length >= 2)));
    expect((await fixture.admin.ask({ path: API })).status).toBe(200);
  });
});
