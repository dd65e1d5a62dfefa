import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from '../../../src/playground/cluster/server.ts';
import type { JsonObject } from '../../../src/playground/cluster/ports.ts';
import { createClient, type Client } from './support/client.ts';
import { isStatus, loadRecordings, type Recording } from './support/recordings.ts';
import { openWatch, patchSeen, playScript, send, sequenceOf } from './support/replay.ts';
import { bytes, scriptedKubelet } from './support/scripted-kubelet.ts';
import { seedBefore } from './support/world-before.ts';

const recordings = loadRecordings();

const isTooOld = (recording: Recording): boolean => JSON.stringify(recording.response.events?.[0] ?? '').includes('"code":410');
const isWatch = (recording: Recording): boolean => recording.response.events !== undefined && recording.response.status === 200;
const watched = recordings.filter((recording) => isWatch(recording) && !isTooOld(recording));
const tooOld = recordings.filter((recording) => isWatch(recording) && isTooOld(recording));
const plain = recordings.filter((recording) => !isWatch(recording));

const VOLATILE = new Set(['resourceVersion', 'continue']);
/** What a server makes up anew for each created object. */
const MADE_UP = new Set(['uid', 'name', 'creationTimestamp']);

const stable = (value: unknown, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((entry) => stable(entry, path));
  if (typeof value !== 'object' || value === null) return value;
  const dropped = path === 'Event.metadata' ? new Set([...VOLATILE, ...MADE_UP]) : VOLATILE;
  const kind = (value as { readonly kind?: string }).kind ?? '';
  return Object.fromEntries(Object.entries(value).filter(([key]) => !dropped.has(key)).map(([key, entry]) => [key, stable(entry, `${kind}.${key}`)]));
};

/** The whole message; of the one that shows a diff of the whole internal Pod only the first line. */
const words = (message: unknown): string => ((message ?? '') as string).replace(/(pod updates may not change [^\n]+)[^]*/, '$1').replace(/\((\d+)\)$/, '(N)').replace(/: \d+ /, ': N ');

const comparable = (status: JsonObject): JsonObject => {
  const details = (status['details'] ?? {}) as JsonObject;
  const causes = ((details['causes'] ?? []) as readonly JsonObject[]).map((cause) => ({ ...cause, message: words(cause['message']) }));
  return { ...status, message: words(status['message']), ...(status['details'] === undefined ? {} : { details: { ...details, ...(details['causes'] === undefined ? {} : { causes }) } }) };
};

/** A Status by reason and message, text as it is, an object without what changes from server to server. */
const shown = (body: unknown): unknown => {
  if (typeof body === 'string') return body;
  return isStatus(body) ? comparable(body) : stable(body);
};

describe('the simulated cluster against what a real one answered', () => {
  let cluster: SimulatedCluster;
  let client: Client;
  const script = scriptedKubelet();

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ kubelet: script.make });
    client = createClient(cluster.url, cluster.caPem, 'cluster-admin');
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  it('finds recordings of every sort', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(97);
    expect([watched.length > 10, tooOld.length > 0, plain.length > 70]).toEqual([true, true, true]);
  });

  it.each(plain.map((recording) => [recording.name, recording] as const))('%s', async (_name, recording) => {
    const expected = recording.response.body ?? recording.response.events?.[0];
    seedBefore(cluster.control, recording, recordings);
    script.kubelet().onLog = () =>
      recording.response.status === 200 ? { status: 200, body: bytes(expected as string) } : { status: 400, message: (expected as { readonly message: string }).message };
    const answer = await send(client, recording);
    expect(answer.status).toBe(recording.response.status);
    expect(shown(typeof expected === 'string' ? answer.text : answer.json)).toEqual(shown(expected));
    expect({ warning: answer.headers['warning'] }).toEqual({ warning: recording.response.headers?.['warning'] });
  });

  it.each(tooOld.map((recording) => [recording.name, recording] as const))('%s', async (_name, recording) => {
    cluster.control.addPod({ namespace: 'prod', name: 'other', containers: [{ name: 'a', image: 'a:1' }] });
    seedBefore(cluster.control, recording, recordings);
    const [version] = cluster.control.objects('pods').map((pod) => pod.metadata.resourceVersion);
    cluster.control.addPod({ namespace: 'prod', name: 'later', containers: [{ name: 'a', image: 'a:1' }] });
    cluster.control.expireResourceVersions();
    const watch = await openWatch(client, recording, version);
    expect(watch.status).toBe(200);
    await watch.ended;
    const errors = (events: readonly JsonObject[]): unknown => events.map((event) => [event['type'], comparable(event['object'] as JsonObject)]);
    expect(errors(watch.events as unknown as readonly JsonObject[])).toEqual(errors(recording.response.events as readonly JsonObject[]));
  });

  it.each(watched.map((recording) => [recording.name, recording] as const))('%s', async (_name, recording) => {
    const pod = seedBefore(cluster.control, recording, recordings)!;
    const watch = await openWatch(client, recording, pod.metadata.resourceVersion);
    const patched = await patchSeen(client, recording);
    expect(patched.status).toBe(200);
    playScript(cluster, script.kubelet().writer, recording);
    const expected = recording.response.events!;
    await watch.until((events) => events.length >= expected.length);
    expect(sequenceOf(watch.events as unknown as readonly JsonObject[])).toEqual(sequenceOf(expected));
    watch.close();
  });
});
