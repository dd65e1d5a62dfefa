import type { RequestEvent } from '../../domain/events.ts';
import type { ClusterName, RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';

/** Message authentication by a cluster's key; whoever can write to Redis holds none. */
export interface RecordSeals {
  mac(cluster: ClusterName, message: string): string;
  isMac(cluster: ClusterName, message: string, mac: string): boolean;
}

/** As it lies in Redis: the event, and last the seal over it, its request and its place in the list. */
export type SealedEvent = RequestEvent & { readonly mac?: string };

/** An event that was edited, moved or written by somebody without the cluster's key. */
export class ForgedRecordError extends Error {
  constructor(id: RequestId, version: number) {
    super(`Event ${version} of ${id} is not sealed by kdebug: it was edited or written by somebody else. Nothing is done on it.`);
    this.name = 'ForgedRecordError';
  }
}

const messageOf = (id: RequestId, version: number, event: RequestEvent): string => `${id}\n${version}\n${JSON.stringify(event)}`;

export const seal = (seals: RecordSeals | undefined, { id, ask }: Request, version: number, event: RequestEvent): string =>
  JSON.stringify(seals ? { ...event, mac: seals.mac(ask.cluster, messageOf(id, version, event)) } : event);

/**
 * The events without their seals, each checked under the cluster that the request's first event names; `before` were
 * read and checked already.
 */
export const unseal = (seals: RecordSeals | undefined, id: RequestId, sealed: readonly SealedEvent[], before: readonly RequestEvent[] = []): readonly RequestEvent[] => {
  const first = before[0] ?? sealed[0];
  if (!first) return [];
  if (first.type !== 'requested') throw new ForgedRecordError(id, 1);
  return sealed.map(({ mac, ...rest }, index) => {
    const [event, version] = [rest as RequestEvent, before.length + index + 1];
    if (seals && (mac === undefined || !seals.isMac(first.ask.cluster, messageOf(id, version, event), mac))) throw new ForgedRecordError(id, version);
    return event;
  });
};
