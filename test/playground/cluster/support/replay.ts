/** Plays a recording against a simulated cluster. Watches can be driven by the script in the recording or by a real kubelet. */
import type { SimulatedCluster } from '../../../../src/playground/cluster/server.ts';
import type { JsonObject, PodStatusWriter } from '../../../../src/playground/cluster/ports.ts';
import { SMP, type Answered, type Client, type OpenWatch, type WatchEvent } from './client.ts';
import { isPod, podIn, type PodJson, type Recording } from './recordings.ts';

const TOKENS: Readonly<Record<string, string>> = { 'cluster admin': 'cluster-admin' };

const tokenOf = (recording: Recording): string => TOKENS[recording.user] ?? 'alice';

const contentTypeOf = (recording: Recording): string | undefined => recording.request.contentType;

export const send = (client: Client, recording: Recording): Promise<Answered> =>
  client.ask({
    method: recording.request.method, path: recording.request.path, token: tokenOf(recording), contentType: contentTypeOf(recording),
    ...(recording.request.headers === undefined ? {} : { headers: recording.request.headers }),
    ...(recording.request.body === undefined ? {} : { body: recording.request.body }),
  });

export const openWatch = (client: Client, recording: Recording, version: string | undefined): Promise<OpenWatch> => {
  const url = new URL(recording.request.path, 'https://cluster');
  if (version !== undefined) url.searchParams.set('resourceVersion', version);
  return client.watch({ path: url.pathname + url.search, token: tokenOf(recording) });
};

/** The patch that the recorded watch saw: its container is the newest of the first event. */
export const patchSeen = async (client: Client, recording: Recording): Promise<Answered> => {
  const first = recording.response.events?.[0] as { object: PodJson };
  const at = podIn(recording)!;
  return client.ask({
    method: 'PATCH', contentType: SMP, path: `/api/v1/namespaces/${at.namespace}/pods/${at.name}/ephemeralcontainers`, token: 'cluster-admin',
    body: { spec: { ephemeralContainers: [first.object.spec.ephemeralContainers![0]] } },
  });
};

const eventObject = (event: string | JsonObject): PodJson | undefined => {
  const object = typeof event === 'string' ? undefined : event['object'];
  return isPod(object) ? object : undefined;
};

/** Plays the statuses after the patch, and the deletion where there is one. */
export const playScript = (cluster: SimulatedCluster, writer: PodStatusWriter, recording: Recording): void => {
  const { namespace, name } = podIn(recording)!;
  const uid = cluster.control.pod(namespace, name)!.metadata.uid;
  for (const event of (recording.response.events ?? []).slice(1)) {
    const object = eventObject(event);
    const now = cluster.control.pod(namespace, name);
    if (object === undefined || object.metadata['deletionGracePeriodSeconds'] === 0) {
      writer.remove(namespace, name, uid);
      return;
    }
    if (object.metadata['deletionTimestamp'] !== undefined && now?.metadata['deletionTimestamp'] === undefined) {
      cluster.control.deletePod(namespace, name, Number(object.metadata['deletionGracePeriodSeconds']));
    } else writer.updateStatus(namespace, name, uid, () => object.status);
  }
};

const shownStates = (object: PodJson | undefined): unknown =>
  object?.status.ephemeralContainerStatuses?.map(({ name, state, lastState }) => [name, withoutTimes(state), withoutTimes(lastState)]);

const VOLATILE = new Set(['startedAt', 'finishedAt', 'containerID']);

const withoutTimes = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.replaceAll(/[0-9a-f]{64}/g, 'ID') : value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !VOLATILE.has(key)).map(([key, entry]) => [key, withoutTimes(entry)]));
};

/** Type, and the states of every ephemeral container; of an event the recorder cut off the type only. */
export const sequenceOf = (events: readonly (string | JsonObject | WatchEvent)[]): readonly unknown[] =>
  events.map((event) => {
    if (typeof event === 'string') return [/"type":"([A-Z]+)"/.exec(event)?.[1]];
    const object = eventObject(event as JsonObject);
    return event['type'] === 'DELETED' ? [event['type']] : [event['type'], shownStates(object)];
  });

/** For a real kubelet: the states of one container, neighbours that say the same taken as one. */
export const statesOf = (events: readonly (string | JsonObject | WatchEvent)[], container: string): readonly string[] => {
  const states = events.flatMap((event) => {
    const status = typeof event === 'string' ? undefined : eventObject(event as JsonObject)?.status.ephemeralContainerStatuses?.find(({ name }) => name === container);
    if (status === undefined) return [];
    const [kind = '', state] = Object.entries(status.state)[0] ?? [];
    const { reason = '', exitCode = '' } = state as { readonly reason?: string; readonly exitCode?: number };
    return [`${kind} ${reason} ${String(exitCode)}`.trim()];
  });
  return states.filter((state, at) => state !== states[at - 1]);
};
