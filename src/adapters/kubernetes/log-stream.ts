import type { PodName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { failureOf, lostConnection } from './failures.ts';
import { parseJson } from './json.ts';
import { keepBytes, type KeptBytes } from './kept-bytes.ts';
import type { Transport } from './transport.ts';
import type { ApiPath } from './url.ts';

export type LogRead =
  /** `ended`: the server closed the log properly; `capped`: kdebug stopped reading. */
  | { readonly kind: 'read'; readonly kept: KeptBytes; readonly ended: boolean; readonly capped: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly failure: Failure };

export interface LogLimits {
  readonly readBytesMax: number;
  readonly keptBytesMax: number;
  readonly withinMs: number;
}

/** A log that is not followed comes at once; a node that pauses this long has gone. */
const SILENCE_MS_MAX = 10_000;
const ERROR_BYTES_MAX = 65_536;
/** Made once: without a reason every abort makes an error of its own, with its stack. */
const LEFT = new Error('nothing more is read');

/** How one stream of a log ended; what had come by then went to `take`. */
export type LogEnd =
  | { readonly kind: 'ended' }
  /** `take` wanted no more. */
  | { readonly kind: 'enough' }
  | { readonly kind: 'broken'; readonly failure: Failure }
  | { readonly kind: 'refused'; readonly status: number; readonly failure: Failure };

export interface LogRequest {
  readonly path: ApiPath;
  readonly pod: PodName;
  readonly signal: AbortSignal;
  readonly silenceMsMax: number;
}

/** One request for a log, chunk by chunk until its end or until `take` says false. Never throws. */
export const streamLog = async (transport: Transport, request: LogRequest, take: (chunk: Uint8Array) => boolean): Promise<LogEnd> => {
  const leaving = new AbortController();
  try {
    const signal = AbortSignal.any([leaving.signal, request.signal]);
    const response = await transport.send({ method: 'GET', path: request.path, accept: '*/*', signal, bodyTimeoutMs: request.silenceMsMax });
    if (response.statusCode === 401) transport.unauthorized();
    if (response.statusCode !== 200) return await refusal(response.statusCode, response.body, request.pod);
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) if (!take(chunk)) return { kind: 'enough' };
    return { kind: 'ended' };
  } catch (error) {
    return { kind: 'broken', failure: lostConnection(error) };
  } finally {
    leaving.abort(LEFT);
  }
};

const refusal = async (status: number, body: AsyncIterable<Uint8Array>, pod: PodName): Promise<LogEnd> => {
  const kept = keepBytes(ERROR_BYTES_MAX);
  for await (const chunk of body) {
    kept.add(chunk.subarray(0, ERROR_BYTES_MAX - kept.bytes()));
    if (kept.bytes() >= ERROR_BYTES_MAX) break;
  }
  return { kind: 'refused', status, failure: failureOf({ status, body: parseJson(Buffer.from(kept.head()).toString('utf8')) }, pod) };
};

/** One request for a log, read to its end or to a limit. Never throws; what arrived before a broken connection is kept. */
export const readLog = async (transport: Transport, path: ApiPath, pod: PodName, limits: LogLimits): Promise<LogRead> => {
  const kept = keepBytes(limits.keptBytesMax);
  const end = await streamLog(transport, { path, pod, signal: AbortSignal.timeout(limits.withinMs), silenceMsMax: SILENCE_MS_MAX }, (chunk) => {
    kept.add(chunk.subarray(0, limits.readBytesMax - kept.bytes()));
    return kept.bytes() < limits.readBytesMax;
  });
  if (end.kind === 'refused') return end;
  // What came before it broke off is output; a stream that broke before its first byte may be asked for again.
  if (end.kind === 'broken' && kept.bytes() === 0) return { kind: 'lost', failure: end.failure };
  return { kind: 'read', kept, ended: end.kind === 'ended', capped: end.kind === 'enough' };
};
