/** The API server's side of the seam to the kubelet: status writes, removal, Events. */
import { storeEvent } from './events.ts';
import { objectOf, sameJson, stringOf } from './json.ts';
import { STORED_EVENTS_MAX } from './limits.ts';
import { timeOf, type StoredObject } from './objects.ts';
import type { Pod, PodStatusWriter } from './ports.ts';
import type { Draft, Store } from './store.ts';

export interface Clockwork {
  readonly now: () => number;
  readonly newUid: () => string;
}

type Emitted = Parameters<PodStatusWriter['emit']>[1];

const newEvent = (pod: Pod, event: Emitted, uid: string, at: string): Draft => {
  const { namespace, name, uid: podUid, resourceVersion } = pod.metadata;
  const node = stringOf(objectOf(pod.spec)['nodeName']);
  return {
    kind: 'Event', apiVersion: 'v1',
    metadata: { name: `${name}.${uid.replaceAll('-', '').slice(0, 16)}`, namespace, uid, creationTimestamp: at },
    involvedObject: { kind: 'Pod', namespace, name, uid: podUid, apiVersion: 'v1', resourceVersion, ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }) },
    reason: event.reason, message: event.message, source: { component: 'kubelet', host: node }, firstTimestamp: at, lastTimestamp: at, count: 1,
    type: event.type, eventTime: null, reportingComponent: 'kubelet', reportingInstance: node,
  };
};

/** An Event that says the same again is counted, not stored twice, as client-go's recorder does. */
const createRecorder = (store: Store, { now, newUid }: Clockwork): PodStatusWriter['emit'] => {
  const names = new Map<string, string>();
  const remember = (key: string, name: string): void => {
    names.set(key, name);
    const oldest = names.keys().next().value;
    if (names.size > STORED_EVENTS_MAX && oldest !== undefined) names.delete(oldest);
  };
  return (pod, event) => {
    const at = timeOf(now());
    const key = JSON.stringify([pod.metadata.uid, event.reason, event.fieldPath, event.message]);
    const known = store.get('events', pod.metadata.namespace, names.get(key) ?? '');
    if (known !== undefined) store.put('events', { ...known, count: Number(known['count']) + 1, lastTimestamp: at });
    else remember(key, storeEvent(store, newEvent(pod, event, newUid(), at)).metadata.name);
  };
};

export const createStatusWriter = (store: Store, clockwork: Clockwork): PodStatusWriter => {
  const current = (namespace: string, name: string, uid: string): StoredObject | undefined => {
    const found = store.get('pods', namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  };

  return {
    current: (namespace, name, uid) => current(namespace, name, uid) as Pod | undefined,
    updateStatus: (namespace, name, uid, change) => {
      const pod = current(namespace, name, uid);
      if (pod === undefined) return;
      const status = change(objectOf(pod['status']));
      // A status PATCH that changes nothing uses up no resourceVersion on a real server either.
      if (!sameJson(status, pod['status'])) store.put('pods', { ...pod, status });
    },
    remove: (namespace, name, uid) => {
      const pod = current(namespace, name, uid);
      if (pod === undefined) return;
      // The kubelet's last DELETE has grace 0: watchers see that first, then DELETED (recorded: watch-target-killed-mid-run).
      if (pod.metadata['deletionTimestamp'] !== undefined && pod.metadata['deletionGracePeriodSeconds'] !== 0) {
        store.put('pods', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: timeOf(clockwork.now()), deletionGracePeriodSeconds: 0 } });
      }
      store.remove('pods', namespace, name);
    },
    emit: createRecorder(store, clockwork),
  };
};
