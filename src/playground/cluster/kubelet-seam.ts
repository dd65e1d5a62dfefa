/** The API server's side of the seam to the kubelet: status writes, removal, Events. */
import { suffixOf, storeEvent } from './events.ts';
import { objectOf, sameJson, stringOf } from './json.ts';
import { timeOf, type StoredObject } from './objects.ts';
import type { Pod, PodStatusWriter } from './ports.ts';
import type { Store } from './store.ts';

export interface Clockwork {
  readonly now: () => number;
  readonly newUid: () => string;
}

/** An Event that says the same again is counted, not stored twice, as client-go's recorder does. */
const counted = (store: Store, pod: Pod, event: Parameters<PodStatusWriter['emit']>[1]): StoredObject | undefined =>
  store.list('events', pod.metadata.namespace).find((known) => {
    const involved = objectOf(known['involvedObject']);
    return involved['uid'] === pod.metadata.uid && known['reason'] === event.reason && known['message'] === event.message && involved['fieldPath'] === event.fieldPath;
  });

export const createStatusWriter = (store: Store, { now, newUid }: Clockwork): PodStatusWriter => {
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
        store.put('pods', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: timeOf(now()), deletionGracePeriodSeconds: 0 } });
      }
      store.remove('pods', namespace, name);
    },
    emit: (pod, event) => {
      const at = timeOf(now());
      const known = counted(store, pod, event);
      if (known !== undefined) {
        store.put('events', { ...known, count: Number(known['count']) + 1, lastTimestamp: at });
        return;
      }
      const { namespace, name, uid, resourceVersion } = pod.metadata;
      const eventUid = newUid();
      storeEvent(store, {
        kind: 'Event', apiVersion: 'v1',
        metadata: { name: `${name}.${eventUid.replaceAll('-', '').slice(0, 16)}${suffixOf(eventUid)}`, namespace, uid: eventUid, creationTimestamp: at },
        involvedObject: { kind: 'Pod', namespace, name, uid, apiVersion: 'v1', resourceVersion, ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }) },
        reason: event.reason, message: event.message, source: { component: 'kubelet', host: stringOf(objectOf(pod.spec)['nodeName']) },
        firstTimestamp: at, lastTimestamp: at, count: 1, type: event.type, eventTime: null, reportingComponent: 'kubelet', reportingInstance: stringOf(objectOf(pod.spec)['nodeName']),
      });
    },
  };
};
