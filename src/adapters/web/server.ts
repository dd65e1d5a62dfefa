import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitPerAddress } from './per-address.ts';

export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** From the connection on: whoever says nothing loses it within 6 s, for Node looks once a second. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
const CONNECTIONS_MAX = 200;
/** A proxy in front of us is one address: it needs more than a browser, and leaves room for three more like it. */
const CONNECTIONS_PER_ADDRESS_MAX = 50;
const HEADER_BYTES_MAX = 16 * 1_024;

/** Our pages on a port of their own, where nothing else listens (Socket Mode). Rejects when the port is taken. */
export const startWeb = async (port: number, listener: RequestListener): Promise<WebServer> => {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: LOOK_EVERY_MS, maxHeaderSize: HEADER_BYTES_MAX,
  }, listener);
  server.maxConnections = CONNECTIONS_MAX;
  limitPerAddress(server, CONNECTIONS_PER_ADDRESS_MAX);
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
  };
};
