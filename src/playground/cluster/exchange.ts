/** One request and its answer, free of HTTP/1.1 and HTTP/2 differences. */
import type { JsonObject } from './ports.ts';
import { jsonTextOf } from './objects.ts';
import { statusObject, type Failure } from './status.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Each header line by lower-case name, one entry per line: several Impersonate-Group lines stay several. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

export const headerOf = (request: ReceivedRequest, name: string): string | undefined => request.headers.get(name)?.[0];

/** Where a streamed answer goes. */
export interface Outlet {
  write(chunk: string | Uint8Array): void;
  /** Bytes written and not yet taken by the network. */
  pendingBytes(): number;
  /** Settles when the network took what was written, or the reader left. */
  drained(): Promise<void>;
  end(): void;
  closed(): boolean;
  onClose(listener: () => void): void;
}

export type Answer =
  | { readonly kind: 'whole'; readonly status: number; readonly headers: Readonly<Record<string, string | readonly string[]>>; readonly body: string }
  | { readonly kind: 'stream'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly start: (out: Outlet) => void };

const JSON_TYPE = { 'content-type': 'application/json' };

/** A `Warning: 299` header value: the text quoted as RFC 7234 wants it. */
const warningOf = (text: string): string => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

export const jsonText = (status: number, body: string, warnings: readonly string[] = []): Answer => ({
  kind: 'whole', status, body,
  headers: warnings.length === 0 ? JSON_TYPE : { ...JSON_TYPE, warning: warnings.map(warningOf) },
});

export const json = (status: number, object: JsonObject, warnings: readonly string[] = []): Answer =>
  jsonText(status, jsonTextOf(object), warnings);

export const text = (status: number, body: string): Answer => ({ kind: 'whole', status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body });

export const failed = (failure: Failure): Answer => {
  const answer = json(failure.code, statusObject(failure));
  if (failure.retryAfterSeconds === undefined || answer.kind === 'stream') return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(failure.retryAfterSeconds) } };
};
