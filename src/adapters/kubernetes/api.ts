import type { Dispatcher } from 'undici';
import type { Failure } from '../../domain/outcome.ts';
import { isBudget } from './budget.ts';
import { failureOf, lostConnection, type Refused } from './failures.ts';
import { parseJson, type Json } from './json.ts';
import { KubeconfigError } from './kubeconfig.ts';
import { isTransient, retryAfter, retrying, type Attempt } from './retry.ts';
import { sentence } from './sentence.ts';
import { PersonRefusedError, type Transport } from './transport.ts';
import { ApiPathError, type ApiPath } from './url.ts';
import { warningsOf } from './warnings.ts';

export interface Call {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: ApiPath;
  readonly accept?: string;
  readonly body?: { readonly contentType: string; readonly text: string };
}

export type Answer =
  /** `isRepeat`: an earlier try, whose answer never came, may have been carried out. */
  | { readonly kind: 'ok'; readonly body: Json; readonly warnings: readonly string[]; readonly isRepeat?: true }
  | ({ readonly kind: 'refused' } & Refused)
  | { readonly kind: 'lost'; readonly failure: Failure };

/** JSON in, JSON out, never throws for what a server or a network does; retries what is safe, at most 15 s in all. */
export type Api = (call: Call) => Promise<Answer>;

const TRY_MS_MAX = 10_000;
/** 500 whole pods of 32 KiB each; a pod is at most 1.5 MiB. */
const ANSWER_BYTES_MAX = 16_777_216;

export const createApi = (transport: Transport): Api => (call) => {
  let [renewed, isRepeat] = [false, false];
  return retrying(async (leftMs) => {
    const tried = await attempt(transport, call, Math.min(leftMs, TRY_MS_MAX));
    if (isRepeat && tried.result.kind === 'ok') return { result: { ...tried.result, isRepeat } };
    isRepeat ||= mayBeCarriedOut(tried.result);
    if (renewed || tried.result.kind !== 'refused' || tried.result.status !== 401) return tried;
    // A token may have been replaced a moment ago: it is read anew, once.
    renewed = true;
    transport.unauthorized();
    return { result: tried.result, again: 0 };
  });
};

const attempt = async (transport: Transport, call: Call, withinMs: number): Promise<Attempt<Answer>> => {
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(withinMs)));
  try {
    const response = await transport.send({ ...call, signal, bodyTimeoutMs: TRY_MS_MAX });
    const answer = answerOf(response, await readText(response.body));
    return answer.kind === 'refused' && isTransient(answer.status) && !isSettled(call, answer) ? { result: answer, again: pause(response) } : { result: answer };
  } catch (error) {
    return whenThrown(error);
  }
};

// What was to be created is there already, or a budget says not now: asking again at once changes nothing.
const isSettled = (call: Call, refused: Refused): boolean => call.method === 'POST' && (refused.status === 409 || isBudget(refused));

/** Whoever refuses with a 4xx has done nothing. */
const mayBeCarriedOut = (answer: Answer): boolean => answer.kind === 'lost' || (answer.kind === 'refused' && answer.status >= 500);

const pause = (response: Dispatcher.ResponseData): number | null => {
  const header = response.headers['retry-after'];
  return retryAfter(Array.isArray(header) ? header[0] : header, Date.now()) ?? null;
};

const answerOf = (response: Dispatcher.ResponseData, text: string): Answer => {
  const body = parseJson(text);
  if (response.statusCode < 200 || response.statusCode > 299) return { kind: 'refused', status: response.statusCode, body };
  if (body === undefined) return { kind: 'lost', failure: { code: 'unexpected_answer', detail: 'the answer was no complete JSON' } };
  return { kind: 'ok', body, warnings: warningsOf(response.headers['warning']) };
};

class AnswerTooLong extends Error {}

/** A path outside the grammar is the caller's bug; everything else a connection can die of is a value. */
const whenThrown = (error: unknown): Attempt<Answer> => {
  if (error instanceof ApiPathError) throw error;
  if (error instanceof AnswerTooLong) return { result: { kind: 'lost', failure: { code: 'unexpected_answer', detail: `the answer was longer than ${ANSWER_BYTES_MAX} bytes` } } };
  if (error instanceof KubeconfigError) return { result: { kind: 'lost', failure: { code: 'unauthorized', detail: sentence(error.message) } } };
  if (error instanceof PersonRefusedError) return { result: { kind: 'lost', failure: lostConnection(error) } };
  return { result: { kind: 'lost', failure: lostConnection(error) }, again: null };
};

const readText = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new AnswerTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** What went wrong, in the words of the port. */
export const failureIn = (answer: Exclude<Answer, { kind: 'ok' }>): Failure => (answer.kind === 'lost' ? answer.failure : failureOf(answer));
