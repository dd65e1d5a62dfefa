import { describe, expect, it } from 'vitest';
import { STORED_EVENTS_MAX } from '../../../src/playground/cluster/limits.ts';
import { messageOf, withCluster } from './support/cluster.ts';

const NEW = '/apis/events.k8s.io/v1/namespaces/prod/events';
const CORE = '/api/v1/namespaces/prod/events';
const note = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'api.1' }, eventTime: '2026-11-22T13:20:34.772000Z', reportingController: 'kdebug', reportingInstance: 'kdebug-1', action: 'Debug', reason: 'DebugRun', regarding: { kind: 'Pod', namespace: 'prod', name: 'api', fieldPath: 'spec.ephemeralContainers{dbg}' }, note: 'ran', type: 'Normal' };

describe('events', () => {
  const fixture = withCluster();
  const create = (event: object) => fixture.admin.ask({ method: 'POST', path: NEW, contentType: 'application/json', body: event });

  it('are created in the new group and listed in the old one', async () => {
    expect((await create(note)).json).toMatchObject({ note: 'ran', regarding: { name: 'api' }, apiVersion: 'events.k8s.io/v1' });
    const listed = await fixture.admin.ask({ path: `${CORE}?fieldSelector=involvedObject.name%3Dapi` });
    expect(listed.json['items']).toEqual([expect.objectContaining({ message: 'ran', reason: 'DebugRun', reportingComponent: 'kdebug', involvedObject: note.regarding })]);
    expect((await create(note)).status).toBe(409);
  });

  it.each([
    ['a note of 1,025 characters', { note: 'x'.repeat(1_025) }, 'can have at most 1024 characters'],
    ['a generated name', { metadata: { generateName: 'p.' } }, 'metadata.name: Required value'],
    ['no controller', { reportingController: '' }, 'reportingController: Required value'],
    ['no time', { eventTime: null }, 'eventTime: Required value'],
    ['another type', { type: 'Fun' }, 'type: Unsupported value: "Fun": supported values: "Normal", "Warning"'],
    ['another namespace’s pod', { regarding: { kind: 'Pod', namespace: 'other', name: 'x' } }, 'does not match event.namespace'],
  ])('refuse %s', async (_case, more, message) => {
    const answer = await create({ ...note, ...more });
    expect([answer.status, messageOf(answer)]).toEqual([422, expect.stringContaining(message)]);
  });

  it('need their namespace to exist', async () => {
    const answer = await fixture.admin.ask({ method: 'POST', path: '/api/v1/namespaces/nope/events', contentType: 'application/json', body: { metadata: { generateName: 'x-' }, involvedObject: { kind: 'Pod', name: 'x' } } });
    expect([answer.status, messageOf(answer)]).toEqual([404, 'namespaces "nope" not found']);
  });

  it('take a note of 1,024 characters', async () => {
    expect((await create({ ...note, note: 'x'.repeat(1_024) })).status).toBe(201);
  });

  it('are bounded: the oldest go', () => {
    const pod = fixture.cluster.control.pod('prod', 'api')!;
    for (let index = 0; index <= STORED_EVENTS_MAX; index += 1) fixture.kubelet.writer.emit(pod, { type: 'Normal', reason: 'Pulled', message: `number ${String(index)}` });
    const messages = fixture.cluster.control.objects('events').map((event) => event['message']);
    expect([messages.length, messages.includes('number 0'), messages.includes('number 1')]).toEqual([STORED_EVENTS_MAX, false, true]);
  });

  it('of the kubelet are counted when they repeat', async () => {
    const pod = fixture.cluster.control.pod('prod', 'api')!;
    for (let times = 0; times < 3; times += 1) fixture.kubelet.writer.emit(pod, { type: 'Warning', reason: 'BackOff', message: 'Back-off pulling image', fieldPath: 'spec.ephemeralContainers{dbg}' });
    fixture.kubelet.writer.emit(pod, { type: 'Normal', reason: 'Started', message: 'Started container' });
    const { items } = (await fixture.admin.ask({ path: CORE })).json as unknown as { items: readonly { reason: string; count: number; involvedObject: object }[] };
    expect(items.map(({ reason, count }) => `${reason} ${String(count)}`).toSorted((one, other) => one.localeCompare(other))).toEqual(['BackOff 3', 'Started 1']);
    expect(items.find(({ reason }) => reason === 'BackOff')?.involvedObject).toMatchObject({ kind: 'Pod', name: 'api', uid: pod.metadata.uid, fieldPath: 'spec.ephemeralContainers{dbg}' });
  });
});
