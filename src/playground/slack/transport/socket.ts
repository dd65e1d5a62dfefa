import { performance } from 'node:perf_hooks';
import type { WebSocket } from 'ws';
import { parseJson, textIn, isObject, type Json, type JsonObject } from '../json.ts';
import { createBoundedMap } from '../bounded.ts';
import { SECRETS_MAX, SOCKET_CONNECTIONS_MAX, SOCKET_PING_EVERY_MS, SOCKET_TICKET_MS, SOCKET_WARNING_MS } from '../limits.ts';
import { FIRST_OFFER, type DeliveryKind, type Outcome, type Retry, type Sent } from './delivery.ts';

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface SocketTransport {
  readonly issueTicket: () => string;
  /** True once for each ticket, within its time. */
  readonly admits: (ticket: string) => boolean;
  readonly accept: (socket: WebSocket) => void;
  readonly prepare: (kind: DeliveryKind, content: JsonObject, retry?: Retry, envelopeId?: string) => Sent;
  readonly send: (sent: Extract<Sent, { transport: 'socket' }>) => Promise<Outcome>;
  readonly connections: () => number;
  /** Acknowledgements that came when nobody waited any more, or twice. */
  readonly strayAcks: () => number;
  /** Asks every connection to be replaced, with the warning before it if wanted; then closes it. */
  readonly refresh: (options?: { readonly warn?: boolean }) => void;
  /** Socket Mode is switched off in the app's settings. */
  readonly disable: () => void;
  /** Cuts every connection without a word. */
  readonly cut: () => void;
  readonly close: () => void;
}

interface Waiting {
  readonly envelopeId: string;
  readonly socket: WebSocket;
  readonly finish: (outcome: 'timeout' | 'closed' | { readonly answer: Json }) => void;
}

const WITH_RESPONSE: readonly DeliveryKind[] = ['slash_commands', 'interactive'];

const helloFrame = (appId: string, connections: number): JsonObject => ({
  type: 'hello',
  num_connections: connections,
  debug_info: { host: 'applink-fake', build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: appId },
});

const disconnectFrame = (reason: string): JsonObject => ({ type: 'disconnect', reason, debug_info: { host: 'applink-fake' } });

export const createSocketTransport = (appId: string, nextId: (prefix: string) => string, windowMs: number): SocketTransport => {
  const tickets = createBoundedMap<string, number>(SECRETS_MAX);
  const sockets = new Set<WebSocket>();
  // The same envelope may be under way twice: its acknowledgements are taken in the order of the offers.
  const waiting = new Set<Waiting>();
  let turn = 0;
  let stray = 0;
  let disabled = false;

  const say = (socket: WebSocket, frame: JsonObject): void => socket.send(JSON.stringify(frame));
  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping('Ping from applink-fake');
  }, SOCKET_PING_EVERY_MS).unref();

  const heard = (text: string): void => {
    const frame = parseJson(text);
    const id = textIn(frame, 'envelope_id') ?? '';
    const waiter = [...waiting].find((each) => each.envelopeId === id);
    if (waiter === undefined) stray += 1;
    else waiter.finish({ answer: (isObject(frame) ? frame['payload'] : undefined) ?? '' });
  };

  const accept = (socket: WebSocket): void => {
    socket.on('error', () => socket.terminate());
    if (disabled || sockets.size >= SOCKET_CONNECTIONS_MAX) {
      say(socket, disconnectFrame(disabled ? 'link_disabled' : 'too_many_websockets'));
      socket.close();
      return;
    }
    sockets.add(socket);
    socket.on('message', (text: Buffer) => heard(text.toString('utf8')));
    socket.on('close', () => {
      sockets.delete(socket);
      for (const waiter of waiting) if (waiter.socket === socket) waiter.finish('closed');
    });
    say(socket, helloFrame(appId, sockets.size));
  };

  /** "Each payload may be sent to any of the connections": in turn, so that a test of two replicas meets both. */
  const anyConnection = (): WebSocket | undefined => {
    const open = [...sockets].filter((socket) => socket.readyState === socket.OPEN);
    turn += 1;
    return open[turn % Math.max(1, open.length)];
  };

  const awaitAck = (socket: WebSocket, envelope: JsonObject): Promise<Parameters<Waiting['finish']>[0]> => {
    const envelopeId = textIn(envelope, 'envelope_id') ?? '';
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.finish('timeout'), windowMs);
      const waiter: Waiting = {
        envelopeId,
        socket,
        finish: (outcome) => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve(outcome);
        },
      };
      waiting.add(waiter);
      say(socket, envelope);
    });
  };

  const send = async (sent: Extract<Sent, { transport: 'socket' }>): Promise<Outcome> => {
    const socket = anyConnection();
    if (socket === undefined) return { ok: false, error: 'dispatch_failed', ackMs: 0, detail: 'the app has no Socket Mode connection', sent };
    const start = performance.now();
    const ended = await awaitAck(socket, sent.envelope);
    const ackMs = performance.now() - start;
    if (typeof ended === 'object') return { ok: true, ackMs, status: 200, body: ended.answer, sent };
    const detail = ended === 'timeout' ? `no acknowledgement within ${windowMs} ms` : 'the connection closed before the acknowledgement';
    return { ok: false, error: 'operation_timeout', ackMs, detail, sent };
  };

  const retire = (reason: string): void => {
    for (const socket of sockets) {
      say(socket, disconnectFrame(reason));
      socket.close();
    }
  };
  const cut = (): void => {
    for (const socket of sockets) socket.terminate();
  };

  return {
    issueTicket: () => {
      const ticket = nextId('ticket');
      tickets.set(ticket, performance.now() + SOCKET_TICKET_MS);
      return ticket;
    },
    admits: (ticket) => {
      const expiresMs = tickets.get(ticket);
      tickets.delete(ticket);
      return expiresMs !== undefined && performance.now() <= expiresMs;
    },
    accept,
    prepare: (kind, content, retry = FIRST_OFFER, envelopeId = nextId('env')) => ({
      transport: 'socket',
      envelope: {
        envelope_id: envelopeId,
        type: kind,
        payload: content,
        accepts_response_payload: WITH_RESPONSE.includes(kind),
        ...(kind === 'events_api' ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {}),
      },
    }),
    send,
    connections: () => sockets.size,
    strayAcks: () => stray,
    refresh: ({ warn = false } = {}) => {
      if (!warn) return retire('refresh_requested');
      for (const socket of sockets) say(socket, disconnectFrame('warning'));
      setTimeout(() => retire('refresh_requested'), SOCKET_WARNING_MS).unref();
    },
    disable: () => {
      disabled = true;
      retire('link_disabled');
    },
    cut,
    close: () => {
      clearInterval(pings);
      cut();
    },
  };
};
