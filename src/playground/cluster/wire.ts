/** One exchange on the wire, whichever HTTP version: reading the request, writing the answer, breaking the connection. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Outlet, ReceivedRequest } from './exchange.ts';
import { REQUEST_BODY_BYTES_MAX, REQUEST_BODY_READ_BYTES_MAX } from './limits.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** Header lines by name, as they came: node would join several lines of one name into one. */
const headersOf = (raw: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? '']);
  }
  return headers;
};

export const readRequest = (incoming: Incoming): ReceivedRequest => {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)),
    headers: headersOf(incoming.rawHeaders),
  };
};

/** The body as text, or undefined when it is larger than REQUEST_BODY_BYTES_MAX. Rejects when the client leaves half-way. */
export const readBody = async (incoming: Incoming): Promise<string | undefined> => {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REQUEST_BODY_READ_BYTES_MAX) break;
    // Read on without keeping: a client that is still sending would not see the answer.
    if (bytes <= REQUEST_BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > REQUEST_BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString();
};

const streamOf = (outgoing: Outgoing): ServerResponse['socket'] | Http2ServerResponse['stream'] =>
  'stream' in outgoing ? outgoing.stream : outgoing.socket;

/** Breaks the connection under this exchange, and with it every other exchange on it. */
export const cutConnection = (incoming: Incoming): void => {
  if (incoming instanceof Http2ServerRequest) incoming.stream.session?.destroy();
  else incoming.socket.destroy();
};

export const outletOf = (outgoing: Outgoing): Outlet => {
  let closed = false;
  const listeners: (() => void)[] = [];
  const close = (): void => {
    closed = true;
    for (const listener of listeners.splice(0)) listener();
  };
  outgoing.once('close', close);
  outgoing.on('error', () => undefined);
  return {
    write: (chunk) => {
      if (!closed && !outgoing.writableEnded) (outgoing as ServerResponse).write(chunk);
    },
    pendingBytes: () => (streamOf(outgoing)?.writableLength ?? 0),
    drained: () => new Promise((resolve) => {
      if (closed) resolve();
      outgoing.once('drain', resolve);
      listeners.push(resolve);
    }),
    end: () => {
      if (!closed && !outgoing.writableEnded) outgoing.end();
    },
    closed: () => closed || outgoing.writableEnded,
    onClose: (listener) => {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
};
