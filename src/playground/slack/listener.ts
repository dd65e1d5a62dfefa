import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** One HTTP server on 127.0.0.1 that can be switched off and on again at the same port. */
export interface Listener {
  readonly port: () => number;
  readonly up: () => Promise<void>;
  readonly down: () => Promise<void>;
}

export interface Upgrade {
  /** Undefined refuses the connection. */
  readonly admits: (url: URL) => boolean;
  readonly accept: (socket: WebSocket) => void;
}

const refuse = (socket: Duplex): void => {
  socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Starts switched off. */
export const createListener = (wantedPort: number, serve: RequestListener, upgrade: Upgrade): Listener => {
  const sockets = new WebSocketServer({ noServer: true });
  let server: Server | undefined;
  let port = wantedPort;

  const up = async (): Promise<void> => {
    if (server !== undefined) return;
    server = createServer(serve);
    server.on('upgrade', (request, socket, head) => {
      if (!upgrade.admits(new URL(request.url ?? '/', 'http://fake'))) return refuse(socket);
      sockets.handleUpgrade(request, socket, head, upgrade.accept);
    });
    port = await listen(server, port);
  };

  const down = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    for (const socket of sockets.clients) socket.terminate();
    if (stopping !== undefined) await stop(stopping);
  };

  return { port: () => port, up, down };
};
