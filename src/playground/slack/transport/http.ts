import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { performance } from 'node:perf_hooks';
import { parseJson, textIn, type Json, type JsonObject } from '../json.ts';
import { REQUEST_BODY_BYTES_MAX } from '../limits.ts';
import { FIRST_OFFER, type DeliveryKind, type Outcome, type Retry, type Sent } from './delivery.ts';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const sign = (secret: string, timestampS: number, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestampS}:${body}`).digest('hex')}`;

export const signedHeaders = (secret: string, timestampS: number, body: string, contentType: string): Readonly<Record<string, string>> => ({
  // Exactly this type, no charset: receivers compare it as it is.
  'content-type': contentType,
  'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
  'x-slack-request-timestamp': String(timestampS),
  'x-slack-signature': sign(secret, timestampS, body),
});

export const FORM = 'application/x-www-form-urlencoded';

const formOf = (fields: JsonObject): string =>
  new URLSearchParams(Object.entries(fields).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value ?? '')])).toString();

/** The body of each kind: a form for commands, a form with one JSON field for interactions, JSON for events. */
export const bodyOf = (kind: DeliveryKind, content: JsonObject): { readonly body: string; readonly contentType: string } => {
  if (kind === 'events_api') return { body: JSON.stringify(content), contentType: 'application/json' };
  if (kind === 'interactive') return { body: formOf({ payload: JSON.stringify(content) }), contentType: FORM };
  return { body: formOf(content), contentType: FORM };
};

interface Reply {
  readonly status: number;
  readonly body: string;
}

const CONNECTION_REFUSED = 'the app did not answer';

/** One POST with its own connection, as Slack makes it, given up after `windowMs`. */
const post = (url: string, headers: Readonly<Record<string, string>>, body: string, windowMs: number): Promise<Reply | 'timeout' | { readonly failure: string }> =>
  new Promise((resolve) => {
    const request = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > REQUEST_BODY_BYTES_MAX) request.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      response.on('end', () => finish({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    const timer = setTimeout(() => finish('timeout'), windowMs);
    const finish = (reply: Reply | 'timeout' | { readonly failure: string }): void => {
      clearTimeout(timer);
      resolve(reply);
      if (reply === 'timeout') request.destroy();
    };
    request.on('error', (error) => finish({ failure: error.message === '' ? CONNECTION_REFUSED : error.message }));
    request.end(body);
  });

const bodyAsJson = (body: string): Json => (body === '' ? '' : (parseJson(body) ?? body));

export interface HttpTransport {
  readonly prepare: (kind: DeliveryKind, content: JsonObject, retry?: Retry) => Sent;
  readonly send: (sent: Extract<Sent, { transport: 'http' }>) => Promise<Outcome>;
  readonly verify: () => Promise<void>;
}

/** Signed requests to the app's URL. */
export const createHttpTransport = (url: () => string, secret: string, nowMs: () => number, windowMs: number): HttpTransport => {
  const prepare = (kind: DeliveryKind, content: JsonObject, retry = FIRST_OFFER): Extract<Sent, { transport: 'http' }> => {
    const { body, contentType } = bodyOf(kind, content);
    const headers = signedHeaders(secret, Math.floor(nowMs() / 1_000), body, contentType);
    const retried = { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason };
    return { transport: 'http', headers: retry.attempt === 0 ? headers : { ...headers, ...retried }, body };
  };

  const send = async (sent: Extract<Sent, { transport: 'http' }>): Promise<Outcome> => {
    const start = performance.now();
    const reply = await post(url(), sent.headers, sent.body, windowMs);
    const ackMs = performance.now() - start;
    if (reply === 'timeout') return { ok: false, error: 'operation_timeout', ackMs, detail: `no answer within ${windowMs} ms`, sent };
    if ('failure' in reply) return { ok: false, error: 'dispatch_failed', ackMs, detail: reply.failure, sent };
    const body = bodyAsJson(reply.body);
    if (reply.status === 200) return { ok: true, ackMs, status: 200, body, sent };
    return { ok: false, error: 'dispatch_failed', ackMs, status: reply.status, body, detail: `the app answered ${reply.status}`, sent };
  };

  const verify = async (): Promise<void> => {
    const challenge = `challenge-${nowMs()}`;
    const outcome = await send(prepare('events_api', { type: 'url_verification', token: 'deprecated', challenge }));
    const echoed = outcome.ok && (outcome.body === challenge || textIn(outcome.body, 'challenge') === challenge);
    if (!echoed) throw new Error(`Your URL did not answer with the value of the challenge: ${url()} (${outcome.ok ? JSON.stringify(outcome.body) : outcome.detail}).`);
  };

  return { prepare, send, verify };
};
