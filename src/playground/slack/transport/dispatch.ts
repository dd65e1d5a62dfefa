import type { SlackClock } from '../clock.ts';
import { EVENT_RETRIES_WAITING_MAX, EVENT_RETRY_AFTER_MS } from '../limits.ts';
import { textIn, type JsonObject } from '../json.ts';
import type { DeliveryKind, Outcome, Retry, Sent } from './delivery.ts';
import type { HttpTransport } from './http.ts';
import type { SocketTransport } from './socket.ts';

export interface Dispatch {
  /** Over whichever transport the app is connected by. Events that fail are offered again, later, by themselves. */
  readonly deliver: (kind: DeliveryKind, content: JsonObject) => Promise<Outcome>;
  /** The same bytes, the same envelope, once more. */
  readonly again: (sent: Sent) => Promise<Outcome>;
  readonly close: () => void;
}

const REASONS = { operation_timeout: 'http_timeout', dispatch_failed: 'connection_failed' } as const;

export const createDispatch = (http: HttpTransport, socket: SocketTransport, usesHttp: () => boolean, clock: SlackClock): Dispatch => {
  const retries = new Set<NodeJS.Timeout>();
  let closed = false;

  const again = (sent: Sent): Promise<Outcome> => (sent.transport === 'http' ? http.send(sent) : socket.send(sent));

  const prepare = (kind: DeliveryKind, content: JsonObject, retry?: Retry, first?: Sent): Sent => {
    const envelopeId = first?.transport === 'socket' ? textIn(first.envelope, 'envelope_id') : undefined;
    return usesHttp() ? http.prepare(kind, content, retry) : socket.prepare(kind, content, retry, envelopeId);
  };

  const offerLater = (content: JsonObject, failed: Extract<Outcome, { ok: false }>, attempt: number): void => {
    const delayMs = EVENT_RETRY_AFTER_MS[attempt - 1];
    if (closed || delayMs === undefined || retries.size >= EVENT_RETRIES_WAITING_MAX) return;
    const timer = setTimeout(() => {
      retries.delete(timer);
      void offer(content, { attempt, reason: REASONS[failed.error] }, failed.sent);
    }, clock.realMs(delayMs));
    retries.add(timer.unref());
  };

  const offer = async (content: JsonObject, retry?: Retry, first?: Sent): Promise<Outcome> => {
    const outcome = await again(prepare('events_api', content, retry, first));
    if (!outcome.ok) offerLater(content, outcome, (retry?.attempt ?? 0) + 1);
    return outcome;
  };

  return {
    deliver: (kind, content) => (kind === 'events_api' ? offer(content) : again(prepare(kind, content))),
    again,
    close: () => {
      closed = true;
      for (const timer of retries) clearTimeout(timer);
      retries.clear();
    },
  };
};
