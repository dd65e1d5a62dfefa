import type { Namespace, PodName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { Api } from './api.ts';
import { failureOf, lostConnection } from './failures.ts';
import { numberAt, at, parseJson, textAt, type Json } from './json.ts';
import { linesOf } from './lines.ts';
import type { Transport } from './transport.ts';
import { podPath, watchPath } from './url.ts';

/** What is seen of one pod. `trouble` is only for the record: the watch goes on by itself. */
export type Look =
  | { readonly kind: 'pod'; readonly pod: Json; readonly deleted: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'trouble'; readonly failure: Failure };

export interface Watched {
  readonly namespace: Namespace;
  readonly pod: PodName;
}

/** The API server closes a watch after this and sends a bookmark each minute before. */
const WINDOW_SECONDS = 290;
const SILENCE_MS_MAX = 100_000;
const WINDOW_MS_MAX = (WINDOW_SECONDS + 30) * 1_000;

/** How one window ended: go on from this version, or look at the whole pod first. */
export type WindowEnd = { readonly kind: 'from'; readonly resourceVersion: string } | { readonly kind: 'look'; readonly failure?: Failure };

/** One watch request, from a version to its end. Never throws. */
export const watchWindow = async (
  transport: Transport, watched: Watched, resourceVersion: string, signal: AbortSignal, onLook: (look: Look) => void,
): Promise<WindowEnd> => {
  const path = watchPath(watched.namespace, watched.pod, resourceVersion, WINDOW_SECONDS);
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(WINDOW_MS_MAX)]);
    const response = await transport.send({ method: 'GET', path, signal: bounded, bodyTimeoutMs: SILENCE_MS_MAX });
    if (response.statusCode === 401) transport.unauthorized();
    if (response.statusCode !== 200) return { kind: 'look', failure: await refusal(response.statusCode, response.body) };
    return await readEvents(response.body, resourceVersion, onLook);
  } catch (error) {
    return { kind: 'look', ...(!signal.aborted && { failure: lostConnection(error) }) };
  }
};

const readEvents = async (body: AsyncIterable<Uint8Array>, from: string, onLook: (look: Look) => void): Promise<WindowEnd> => {
  let resourceVersion = from;
  for await (const line of linesOf(body)) {
    const event = parseJson(line);
    const [type, object] = [textAt(event, 'type'), at(event, 'object')];
    // 410 Gone comes as an event on a stream that began with 200: the version is too old, not the pod.
    if (type === 'ERROR') return { kind: 'look', ...(numberAt(object, 'code') !== 410 && { failure: failureOf({ status: numberAt(object, 'code') ?? 500, body: object }) }) };
    if (object === undefined || (type !== 'BOOKMARK' && !isPod(object))) return { kind: 'look', failure: NO_POD };
    resourceVersion = textAt(object, 'metadata', 'resourceVersion') ?? resourceVersion;
    if (type !== 'BOOKMARK') onLook({ kind: 'pod', pod: object, deleted: type === 'DELETED' });
  }
  return { kind: 'from', resourceVersion };
};

const NO_POD: Failure = { code: 'unexpected_answer', detail: 'the cluster sent something that is no pod' };

// Without a uid it would look like another pod, and a run like one that was interrupted.
const isPod = (object: Json): boolean => textAt(object, 'metadata', 'uid') !== undefined;

const REFUSAL_BYTES_MAX = 65_536;

const refusal = async (status: number, body: AsyncIterable<Uint8Array>): Promise<Failure> => {
  let text = '';
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.length > REFUSAL_BYTES_MAX) break;
  }
  return failureOf({ status, body: parseJson(text) });
};

/** GET of the pod as a look, and the version to watch from. */
export const lookOnce = async (api: Api, watched: Watched): Promise<{ readonly look: Look; readonly resourceVersion?: string }> => {
  const answer = await api({ method: 'GET', path: podPath(watched.namespace, watched.pod) });
  if (answer.kind === 'refused' && answer.status === 404) return { look: { kind: 'gone' } };
  if (answer.kind !== 'ok') return { look: { kind: 'trouble', failure: answer.kind === 'lost' ? answer.failure : failureOf(answer) } };
  if (!isPod(answer.body)) return { look: { kind: 'trouble', failure: NO_POD } };
  const resourceVersion = textAt(answer.body, 'metadata', 'resourceVersion');
  return { look: { kind: 'pod', pod: answer.body, deleted: false }, ...(resourceVersion !== undefined && { resourceVersion }) };
};
