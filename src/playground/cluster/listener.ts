/** The TLS listener: HTTP/2 and HTTP/1.1 on one port, chosen by ALPN as the real server does. */
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createTls, type Server, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { createUpgrader } from './exec.ts';
import { handle, type Front } from './handle.ts';
import { STREAMS_PER_CONNECTION_MAX } from './limits.ts';
import type { ServingCertificate } from './tls.ts';

export interface Listener {
  readonly port: number;
  /** TCP connections that finished their TLS handshake: ever, and still open. */
  connections(): { readonly accepted: number; readonly open: number };
  /** Breaks every open connection. */
  cutAll(): void;
  close(): Promise<void>;
}

const RESETS_MAX = 1_000_000_000;

const boundPort = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the simulated cluster got no TCP port; give it port 0 or a free one');
  return address.port;
};

/** Both protocols without a port of their own: they are handed connections whose TLS is done. */
const protocols = (front: Front, upgrade: ReturnType<typeof createUpgrader>['upgrade'], streamsMax: number) => {
  const http1 = createHttp1({ requestTimeout: 0, keepAliveTimeout: 90_000 }, (request, response) => void handle(front, request, response));
  http1.on('upgrade', upgrade);
  http1.on('clientError', (_error, socket) => socket.destroy());
  // Node alone ends a connection for its 1,000th reset stream; Go's server counts only those whose handlers still run.
  const http2 = createHttp2({ settings: { maxConcurrentStreams: streamsMax }, streamResetBurst: RESETS_MAX, streamResetRate: RESETS_MAX }, (request, response) => void handle(front, request, response));
  http2.on('sessionError', () => undefined);
  return (socket: TLSSocket): void => {
    (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
  };
};

const bind = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

/** Rejects when the port is taken. */
export const listen = async (front: Front, certificate: ServingCertificate, port: number, streamsMax = STREAMS_PER_CONNECTION_MAX): Promise<Listener> => {
  const open = new Set<TLSSocket>();
  let accepted = 0;
  const upgrader = createUpgrader(front);
  const serve = protocols(front, upgrader.upgrade, streamsMax);
  const server = createTls({ cert: certificate.certificatePem, key: certificate.keyPem, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    accepted += 1;
    open.add(socket.setNoDelay(true));
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    serve(socket);
  });
  server.on('tlsClientError', () => undefined);
  await bind(server, port);

  const cutAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: boundPort(server.address()),
    connections: () => ({ accepted, open: open.size }),
    cutAll,
    close: async () => {
      upgrader.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      cutAll();
      await closed;
    },
  };
};
