import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { HANG_MS_MAX } from './limits.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const json = (body: JsonObject, headers: Readonly<Record<string, string>> = {}, status = 200): Answer =>
  ({ status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) });

/** The whole body, or undefined when it is longer than `max` bytes. */
export const readBody = async (request: IncomingMessage, max: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > max) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
};

/** Arguments of a form, of JSON, or of the query; undefined when JSON was announced and is not there. */
export const readArgs = (url: URL, contentType: string, body: Buffer): JsonObject | undefined => {
  const query = Object.fromEntries(url.searchParams);
  if (!contentType.startsWith('application/json')) return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
  const parsed = parseJson(body.toString('utf8'));
  return isObject(parsed) ? { ...query, ...parsed } : undefined;
};

const send = (response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
};

/** Announces the whole and delivers the half, then cuts. */
const sendHalf = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.destroy());
};

const hang = async (response: ServerResponse): Promise<void> => {
  await wait(HANG_MS_MAX, undefined, { ref: false });
  response.destroy();
};

const HTML: Answer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Please sign in to the guest network.</body></html>' };

/** Answers a request, spoilt by the fault if there is one. `act` does the work, at most once. */
export const respond = async (response: ServerResponse, fault: Fault | undefined, act: () => Answer): Promise<void> => {
  switch (fault?.kind) {
    case undefined: return send(response, act());
    case 'slow':
      await wait(fault.ms, undefined, { ref: false });
      return send(response, act());
    case 'rate_limited': return send(response, rateLimited(fault.retryAfterS));
    case 'html': return send(response, HTML);
    case 'error': return send(response, json({ ok: false, error: fault.error }));
    case 'status':
      if (fault.accepted === true) act();
      return send(response, { status: fault.status, headers: { 'content-type': 'text/plain' }, body: 'upstream error' });
    case 'hang':
      if (fault.accepted === true) act();
      return hang(response);
    case 'cut': return cut(response, fault.when, act);
  }
};

const cut = (response: ServerResponse, when: 'before' | 'after' | 'mid_body', act: () => Answer): void => {
  if (when === 'before') return void response.destroy();
  const answer = act();
  return when === 'after' ? void response.destroy() : sendHalf(response, answer);
};

export const rateLimited = (retryAfterS: number): Answer =>
  json({ ok: false, error: 'ratelimited' }, { 'retry-after': String(retryAfterS) }, 429);
