import { Agent, type Dispatcher } from 'undici';
import { whyNotThisPerson, type KubernetesPerson } from '../../domain/person.ts';
import type { Connection } from './connection.ts';
import type { Credential, Credentials } from './credentials.ts';
import { dropUnaskedStreams } from './unasked-streams.ts';
import { assertApiPath, type ApiPath } from './url.ts';

export interface Sent {
  readonly method: 'GET' | 'PATCH' | 'POST';
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
  /** The same pool, every request as this person. A person who may not be acted as: PersonRefusedError, before a byte is sent. */
  actingAs(person: KubernetesPerson): Transport;
  /** The credential was refused. */
  unauthorized(): void;
  close(): Promise<void>;
}

/** Its message is for the person: it becomes a `forbidden`. */
export class PersonRefusedError extends Error {
  override readonly name = 'PersonRefusedError';
}

export const CONNECT_MS_MAX = 5_000;
export const HEADERS_MS_MAX = 10_000;
/**
 * An HTTP/2 connection is asked for a sign of life this often; one that gave none by the next time is dropped, its requests
 * with it, while there is still time to send them again. A peer that died in silence (a load balancer, a NAT) closes nothing.
 */
const PING_MS = 4_000;
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
  /** TCP connections at the same time; what is beyond them waits. Absent: as many as are needed, 100 requests to each over HTTP/2. */
  readonly connectionsMax?: number;
}

/** One pool of connections to one cluster; a changed certificate gets a new pool and lets the old one finish. */
export const createTransport = (connection: Connection, credentials: Credentials, options: TransportOptions): Transport => {
  if (options.http2) dropUnaskedStreams();
  let pool: { readonly agent: Agent; readonly material: string } | undefined;
  const agentFor = (credential: Credential): Agent => {
    const material = JSON.stringify([credential.ca, credential.cert, credential.key]);
    if (pool?.material === material) return pool.agent;
    pool?.agent.close().catch(() => undefined);
    pool = { agent: createAgent(connection, credential, options), material };
    return pool.agent;
  };
  const as = (person: KubernetesPerson | undefined): Transport => ({
    send: async (request) => {
      const path = connection.base + assertApiPath(request.path);
      const acting = person && impersonation(person, options.http2);
      const credential = await credentials.current();
      return agentFor(credential).request({
        origin: connection.origin, path, method: request.method, signal: request.signal,
        headers: { ...headersOf(request, credential, options.userAgent), ...acting }, body: request.body?.text ?? null,
        headersTimeout: HEADERS_MS_MAX, bodyTimeout: request.bodyTimeoutMs,
      });
    },
    actingAs: (other) => as(other),
    unauthorized: () => credentials.forget(),
    close: async () => pool?.agent.destroy(),
  });
  return as(undefined);
};

/**
 * One line for each group: over HTTP/2 undici joins them into one, which a server reads as one group of that long name
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
 */
const impersonation = (person: KubernetesPerson, http2: boolean): Record<string, string | string[]> => {
  const why = whyNotThisPerson(person);
  if (why !== undefined) throw new PersonRefusedError(why);
  if (http2) throw new Error('acting as a person needs HTTP/1.1: over HTTP/2 several groups would become one');
  return { 'impersonate-user': person.user, ...(person.groups.length > 0 && { 'impersonate-group': [...person.groups] }) };
};

const createAgent = (connection: Connection, { ca, cert, key }: Credential, { http2, connectionsMax }: TransportOptions): Agent =>
  new Agent({
    allowH2: http2, h2Options: { pingInterval: PING_MS }, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: RESPONSE_HEADER_BYTES_MAX, connections: connectionsMax ?? null,
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
