import { Agent, type Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import type { Credential, Credentials } from './credentials.ts';
import { assertApiPath, type ApiPath } from './url.ts';

export interface Sent {
  readonly method: 'GET' | 'PATCH';
  readonly path: ApiPath;
  readonly accept?: string;
  readonly body?: { readonly contentType: string; readonly text: string };
  readonly signal: AbortSignal;
  /** Silence after which the body counts as broken off. */
  readonly bodyTimeoutMs: number;
}

export interface Transport {
  /** Sends once, with the current credential; rejects with whatever the connection died of. Redirects are not followed. */
  send(request: Sent): Promise<Dispatcher.ResponseData>;
  /** The credential was refused. */
  unauthorized(): void;
  close(): Promise<void>;
}

const CONNECT_MS_MAX = 5_000;
const HEADERS_MS_MAX = 10_000;
/** API servers drop idle connections after 90 s. */
const KEEP_ALIVE_MS = 75_000;
const RESPONSE_HEADER_BYTES_MAX = 65_536;

export interface TransportOptions {
  readonly userAgent: string;
  /**
   * False where the end of an answer must be certain: over HTTP/2 a stream that a proxy resets with CANCEL looks to Node
   * like one that ended; over HTTP/1.1 the last chunk is missing.
   */
  readonly http2: boolean;
}

/** One pool of connections to one cluster; a changed certificate gets a new pool and lets the old one finish. */
export const createTransport = (connection: Connection, credentials: Credentials, options: TransportOptions): Transport => {
  let pool: { readonly agent: Agent; readonly material: string } | undefined;
  const agentFor = (credential: Credential): Agent => {
    const material = JSON.stringify([credential.ca, credential.cert, credential.key]);
    if (pool?.material === material) return pool.agent;
    pool?.agent.close().catch(() => undefined);
    pool = { agent: createAgent(connection, credential, options.http2), material };
    return pool.agent;
  };
  return {
    send: async (request) => {
      const path = connection.base + assertApiPath(request.path);
      const credential = await credentials.current();
      return agentFor(credential).request({
        origin: connection.origin, path, method: request.method, signal: request.signal,
        headers: headersOf(request, credential, options.userAgent), body: request.body?.text ?? null,
        headersTimeout: HEADERS_MS_MAX, bodyTimeout: request.bodyTimeoutMs,
      });
    },
    unauthorized: () => credentials.forget(),
    close: async () => pool?.agent.destroy(),
  };
};

const createAgent = (connection: Connection, { ca, cert, key }: Credential, http2: boolean): Agent =>
  new Agent({
    allowH2: http2, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: RESPONSE_HEADER_BYTES_MAX,
    connect: {
      timeout: CONNECT_MS_MAX,
      // Said outright: NODE_TLS_REJECT_UNAUTHORIZED must not switch it off.
      rejectUnauthorized: true,
      ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }),
      ...(connection.servername !== undefined && { servername: connection.servername }),
    },
  });

const headersOf = (request: Sent, credential: Credential, userAgent: string): Record<string, string> => ({
  accept: request.accept ?? 'application/json',
  'user-agent': userAgent,
  ...(request.body && { 'content-type': request.body.contentType }),
  ...(credential.authorization !== undefined && { authorization: credential.authorization }),
});
