import { performance } from 'node:perf_hooks';
import type { WebSocket } from 'ws';
import { textIn, type JsonObject } from '../json.ts';
import { createAcks, type AckEnd } from './acks.ts';
import { createConnections, say, type Connections } from './connections.ts';
import { FIRST_OFFER, type DeliveryKind, type Outcome, type Retry, type Sent } from './delivery.ts';
import { createTickets, type Tickets } from './tickets.ts';

type SocketSent = Extract<Sent, { transport: 'socket' }>;

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface SocketTransport {
  readonly tickets: Tickets;
  readonly accept: (socket: WebSocket) => void;
  readonly prepare: (kind: DeliveryKind, content: JsonObject, retry?: Retry, envelopeId?: string) => SocketSent;
  readonly send: (sent: SocketSent) => Promise<Outcome>;
  readonly close: () => void;
  readonly controls: SocketControls;
}

/** What a test may do to, and see of, the app's connections. */
export interface SocketControls {
  readonly connections: () => number;
  /** Acknowledgements that came when nobody waited any more, or twice. */
  readonly strayAcks: () => number;
  /** Asks every connection to be replaced, ten seconds after a warning if wanted, then closes it. */
  readonly refresh: Connections['refresh'];
  /** Socket Mode is switched off in the app's settings. */
  readonly disable: () => void;
  /** Cuts every connection without a word. */
  readonly cut: () => void;
}

const WITH_RESPONSE: readonly DeliveryKind[] = ['slash_commands', 'interactive'];

const envelopeOf = (kind: DeliveryKind, content: JsonObject, retry: Retry, envelopeId: string): JsonObject => ({
  envelope_id: envelopeId,
  type: kind,
  payload: content,
  accepts_response_payload: WITH_RESPONSE.includes(kind),
  ...(kind === 'events_api' ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {}),
});

const outcomeOf = (end: AckEnd, ackMs: number, windowMs: number, sent: SocketSent): Outcome => {
  if (typeof end === 'object') return { ok: true, ackMs, status: 200, body: end.answer, sent };
  const detail = end === 'timeout' ? `no acknowledgement within ${windowMs} ms` : 'the connection closed before the acknowledgement';
  return { ok: false, error: 'operation_timeout', ackMs, detail, sent };
};

export const createSocketTransport = (appId: string, nextId: (prefix: string) => string, windowMs: number): SocketTransport => {
  const acks = createAcks(windowMs);
  const connections = createConnections(appId, { onMessage: acks.heard, onClose: acks.closed });

  const send = async (sent: SocketSent): Promise<Outcome> => {
    const socket = connections.next();
    if (socket === undefined) return { ok: false, error: 'dispatch_failed', ackMs: 0, detail: 'the app has no Socket Mode connection', sent };
    const start = performance.now();
    const acknowledged = acks.wait(socket, textIn(sent.envelope, 'envelope_id') ?? '');
    say(socket, sent.envelope);
    return outcomeOf(await acknowledged, performance.now() - start, windowMs, sent);
  };

  const { refresh, disable, cut, count } = connections;
  return {
    tickets: createTickets(nextId),
    accept: connections.accept,
    prepare: (kind, content, retry = FIRST_OFFER, envelopeId = nextId('env')) => ({ transport: 'socket', envelope: envelopeOf(kind, content, retry, envelopeId) }),
    send,
    close: connections.close,
    controls: { connections: count, strayAcks: acks.stray, refresh, disable, cut },
  };
};
