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

/** One request for a log, read to its end or to a limit. Never throws; what arrived before a broken connection is kept. */
export const readLog = async (transport: Transport, path: ApiPath, pod: PodName, limits: LogLimits): Promise<LogRead> => {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(limits.withinMs)]);
  try {
    const response = await transport.send({ method: 'GET', path, accept: '*/*', signal, bodyTimeoutMs: SILENCE_MS_MAX });
    if (response.statusCode === 401) transport.unauthorized();
    const isLog = response.statusCode === 200;
    const kept = keepBytes(isLog ? limits.keptBytesMax : ERROR_BYTES_MAX);
    const end = await readInto(kept, response.body, isLog ? limits.readBytesMax : ERROR_BYTES_MAX);
    if (!isLog) return { kind: 'refused', status: response.statusCode, failure: failureOf({ status: response.statusCode, body: parseJson(Buffer.from(kept.head()).toString('utf8')) }, pod) };
    return { kind: 'read', kept, ...end };
  } catch (error) {
    return { kind: 'lost', failure: lostConnection(error) };
  } finally {
    stopping.abort();
  }
};

const readInto = async (kept: KeptBytes, body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<{ readonly ended: boolean; readonly capped: boolean }> => {
  try {
    for await (const chunk of body) {
      kept.add(chunk.subarray(0, bytesMax - kept.bytes()));
      // Leaving the loop destroys the body, and with it the request.
      if (kept.bytes() >= bytesMax) return { ended: false, capped: true };
    }
    return { ended: true, capped: false };
  } catch {
    return { ended: false, capped: false };
  }
};
