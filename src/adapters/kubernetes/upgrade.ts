import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import type { Credential, Credentials } from './credentials.ts';
import { FrameError } from './frames.ts';
import { assertApiPath, type ApiPath } from './url.ts';

/** What came of asking for a WebSocket: a socket with the bytes that followed the answer, or the plain refusal. */
export type Upgraded =
  | { readonly kind: 'socket'; readonly socket: Duplex; readonly first: Uint8Array }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string };

export interface Upgrades {
  /** Rejects with whatever the connection died of, or when the signal ends it. */
  open(path: ApiPath, signal: AbortSignal): Promise<Upgraded>;
}

/** Both number their channels alike; v5 (1.30) adds only what a client that closes its stdin needs. */
const PROTOCOLS = 'v5.channel.k8s.io, v4.channel.k8s.io';
const REFUSAL_BYTES_MAX = 65_536;
// RFC 6455 §1.3: proof that the other side speaks WebSocket.
const ACCEPT_SALT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Node's own upgrade and not a browser's WebSocket (undici's has that interface too): that one hides the answer when it is a refusal, and the
 * status and sentence of the API server are what a person must read.
 */
export const createUpgrades = (connection: Connection, credentials: Credentials, userAgent: string): Upgrades => ({
  open: async (path, signal) => {
    const asserted = connection.base + assertApiPath(path);
    const credential = await credentials.current();
    const key = randomBytes(16).toString('base64');
    const opened = await answerTo(ask(connection, credential, asserted, { ...headersOf(credential, userAgent), 'sec-websocket-key': key }, signal), key);
    if (opened.kind === 'refused' && opened.status === 401) credentials.forget();
    return opened;
  },
});

const headersOf = (credential: Credential, userAgent: string): Record<string, string> => ({
  connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-protocol': PROTOCOLS, 'user-agent': userAgent,
  ...(credential.authorization !== undefined && { authorization: credential.authorization }),
});

const ask = (connection: Connection, { ca, cert, key }: Credential, path: string, headers: Record<string, string>, signal: AbortSignal): ClientRequest => {
  // A connection of its own, so that nothing else waits behind it; the same trust as the pools have.
  const options = { method: 'GET', path, headers, signal, agent: false as const };
  if (connection.origin.startsWith('http:')) return httpRequest(connection.origin, options);
  return httpsRequest(connection.origin, {
    ...options, rejectUnauthorized: true, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }),
    ...(connection.servername !== undefined && { servername: connection.servername }),
  });
};

const answerTo = (request: ClientRequest, key: string): Promise<Upgraded> =>
  new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      resolve(readRefusal(response));
    });
    request.once('upgrade', (response, socket, first) => {
      const accept = createHash('sha1').update(key + ACCEPT_SALT).digest('base64');
      if (response.headers['sec-websocket-accept'] === accept) {
        resolve({ kind: 'socket', socket, first });
        return;
      }
      socket.destroy();
      reject(new FrameError('the answer to the upgrade was no WebSocket'));
    });
    request.end();
  });

const readRefusal = async (response: IncomingMessage): Promise<Upgraded> => {
  let text = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > REFUSAL_BYTES_MAX) break;
  }
  return { kind: 'refused', status: response.statusCode ?? 0, text };
};
