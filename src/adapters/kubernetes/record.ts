import type { ContainerName } from '../../domain/names.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import type { Api } from './api.ts';
import { printable } from './sentence.ts';
import { eventsPath } from './url.ts';

/** pkg/apis/core/validation/events.go: 1,024 "characters", counted as Go counts, in bytes of UTF-8. */
export const NOTE_BYTES_MAX = 1_024;

/** Writes one Event on the pod of a run. Best effort: nothing of it is told, and a process that was once forbidden to stops asking. */
export const createRecorder = (api: Api, now: () => Date = () => new Date()) => {
  let isForbidden = false;
  return async (target: PlanTarget, container: ContainerName, note: string): Promise<void> => {
    if (isForbidden) return;
    const path = eventsPath(target.namespace);
    const text = JSON.stringify(eventOf(target, container, note, now()));
    const answer = await api({ method: 'POST', path, body: { contentType: 'application/json', text } });
    isForbidden ||= answer.kind === 'refused' && answer.status === 403;
  };
};

// The name is made of the run alone: written twice, the second is a 409.
const eventOf = (target: PlanTarget, container: ContainerName, note: string, now: Date): object => ({
  apiVersion: 'events.k8s.io/v1', kind: 'Event',
  metadata: { name: `${container}.${target.uid.toLowerCase()}`, namespace: target.namespace },
  eventTime: microTime(now), reportingController: 'kdebug', reportingInstance: 'kdebug', action: 'Debug', reason: 'KdebugRun', type: 'Normal',
  regarding: { apiVersion: 'v1', kind: 'Pod', namespace: target.namespace, name: target.pod, uid: target.uid, fieldPath: `spec.ephemeralContainers{${container}}` },
  note: cut(printable(note), NOTE_BYTES_MAX),
});

/** MicroTime takes exactly six digits. */
const microTime = (now: Date): string => `${now.toISOString().slice(0, -1)}000Z`;

const cut = (text: string, bytesMax: number): string => {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const ellipsis = '…';
  let kept = '';
  let bytes = Buffer.byteLength(ellipsis);
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept + ellipsis;
};
