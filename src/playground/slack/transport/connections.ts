import type { WebSocket } from 'ws';
import type { JsonObject } from '../json.ts';
import { SOCKET_CONNECTIONS_MAX, SOCKET_PING_EVERY_MS, SOCKET_WARNING_MS } from '../limits.ts';

/** The WebSockets the app holds open, ten at most. */
export interface Connections {
  readonly accept: (socket: WebSocket) => void;
  /** "Each payload may be sent to any of the connections": in turn, so that a test of two replicas meets both. */
  readonly next: () => WebSocket | undefined;
  readonly count: () => number;
  readonly refresh: (options?: { readonly warn?: boolean }) => void;
  readonly disable: () => void;
  readonly cut: () => void;
  readonly close: () => void;
}

export interface ConnectionEvents {
  readonly onMessage: (text: string) => void;
  readonly onClose: (socket: WebSocket) => void;
}

export const say = (socket: WebSocket, frame: JsonObject): void => socket.send(JSON.stringify(frame));

const hello = (appId: string, connections: number): JsonObject => ({
  type: 'hello',
  num_connections: connections,
  debug_info: { host: 'applink-fake', build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: appId },
});

const disconnect = (reason: string): JsonObject => ({ type: 'disconnect', reason, debug_info: { host: 'applink-fake' } });

const sendAway = (socket: WebSocket, reason: string): void => {
  say(socket, disconnect(reason));
  socket.close();
};

const pingAll = (sockets: ReadonlySet<WebSocket>): void => {
  for (const socket of sockets) socket.ping('Ping from applink-fake');
};

export const createConnections = (appId: string, { onMessage, onClose }: ConnectionEvents): Connections => {
  const sockets = new Set<WebSocket>();
  const pings = setInterval(pingAll, SOCKET_PING_EVERY_MS, sockets).unref();
  let turn = 0;
  let disabled = false;

  const accept = (socket: WebSocket): void => {
    socket.on('error', () => socket.terminate());
    if (disabled || sockets.size >= SOCKET_CONNECTIONS_MAX) return sendAway(socket, disabled ? 'link_disabled' : 'too_many_websockets');
    sockets.add(socket);
    socket.on('message', (text: Buffer) => onMessage(text.toString('utf8')));
    socket.on('close', () => {
      sockets.delete(socket);
      onClose(socket);
    });
    return say(socket, hello(appId, sockets.size));
  };

  const next = (): WebSocket | undefined => {
    const open = [...sockets].filter((socket) => socket.readyState === socket.OPEN);
    turn += 1;
    return open[turn % Math.max(1, open.length)];
  };

  const each = (act: (socket: WebSocket) => void, chosen: readonly WebSocket[] = [...sockets]): void => chosen.forEach(act);
  const cut = (): void => each((socket) => socket.terminate());

  return {
    accept,
    next,
    count: () => sockets.size,
    cut,
    refresh: ({ warn = false } = {}) => {
      const leaving = [...sockets];
      if (!warn) return each((socket) => sendAway(socket, 'refresh_requested'), leaving);
      each((socket) => say(socket, disconnect('warning')), leaving);
      // Only those that were warned: the app may have opened their successors by then.
      setTimeout(() => each((socket) => sendAway(socket, 'refresh_requested'), leaving.filter((socket) => sockets.has(socket))), SOCKET_WARNING_MS).unref();
    },
    disable: () => {
      disabled = true;
      each((socket) => sendAway(socket, 'link_disabled'));
    },
    close: () => {
      clearInterval(pings);
      cut();
    },
  };
};
