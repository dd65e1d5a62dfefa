/**
 * In front of Bolt's HTTPReceiver: the body is read with a limit, its signature and time are verified in both directions,
 * and it must be what a receiver can take. Bolt verifies once more; what it does with a signed `null` is not our risk.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { isValidSlackRequest } from '@slack/bolt';
import { BODY_BYTES_MAX, SKEW_SECONDS_MAX } from './limits.ts';

export const EVENTS_PATH = '/slack/events';

const answer = (response: ServerResponse, status: number): void => {
  if (response.headersSent) return;
  response.writeHead(status, status === 413 ? { connection: 'close' } : {});
  response.end();
};

const TOO_LARGE = Symbol('too large');

/** At most BODY_BYTES_MAX; more is never buffered. Undefined when the sender went away. */
const readBody = (request: IncomingMessage): Promise<Buffer | typeof TOO_LARGE | undefined> => new Promise((resolve) => {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) {
    resolve(TOO_LARGE);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) {
      chunks.length = 0;
      request.pause();
      resolve(TOO_LARGE);
    } else chunks.push(chunk);
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('error', () => resolve(undefined));
  request.on('close', () => resolve(undefined));
});

const one = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' ? header : undefined);

/** A stamp from the future is as false as an old one: it would live on beyond the memory of replays. */
const isNow = (stamp: string | undefined, nowMs: number): boolean =>
  stamp !== undefined && /^\d{1,12}$/.test(stamp) && Math.abs(nowMs / 1_000 - Number(stamp)) <= SKEW_SECONDS_MAX;

const isSigned = ({ headers }: IncomingMessage, body: string, signingSecret: string, nowMs: number): boolean => {
  const [stamp, signature] = [one(headers['x-slack-request-timestamp']), one(headers['x-slack-signature'])];
  if (!isNow(stamp, nowMs) || signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  return isValidSlackRequest({ signingSecret, body, headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(stamp) } });
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const isJsonObject = (text: string): boolean => {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
};

const FORM = 'application/x-www-form-urlencoded';

/** A form with one payload or none, or a JSON object: everything else Bolt would trip over. */
const isReadable = ({ headers }: IncomingMessage, body: string): boolean => {
  if (headers['content-type'] !== FORM) return isJsonObject(body);
  const { payload } = parse(body);
  return payload === undefined || (typeof payload === 'string' && isJsonObject(payload));
};

/** The proxy or library in between may add a charset, which Bolt takes for another type. */
const bareType = (request: IncomingMessage): void => {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  if (type !== undefined && type.trim().toLowerCase() === FORM) request.headers['content-type'] = FORM;
};

const admit = async (request: IncomingMessage, response: ServerResponse, signingSecret: string): Promise<Buffer | undefined> => {
  const bytes = await readBody(request);
  if (bytes === undefined) return undefined;
  if (bytes === TOO_LARGE) {
    answer(response, 413);
    return undefined;
  }
  const body = bytes.toString('utf8');
  bareType(request);
  const status = !isSigned(request, body, signingSecret, Date.now()) ? 401 : isReadable(request, body) ? 200 : 400;
  if (status === 200) return bytes;
  answer(response, status);
  return undefined;
};

/** What shares the port and is not Slack's, by how its paths begin. */
export interface OtherPaths {
  readonly under: string;
  readonly listener: RequestListener;
}

/** `next` gets only what was admitted, with the body as `rawBody`, where Bolt looks for it. */
export const guarded = (next: RequestListener, signingSecret: string, others?: OtherPaths): RequestListener => (request, response) => {
  const [path = ''] = (request.url ?? '').split('?');
  if (others !== undefined && path.startsWith(others.under)) {
    others.listener(request, response);
    return;
  }
  if (path !== EVENTS_PATH || request.method !== 'POST') {
    answer(response, path === EVENTS_PATH ? 405 : 404);
    return;
  }
  const pass = async (): Promise<void> => {
    const rawBody = await admit(request, response, signingSecret);
    if (rawBody !== undefined) next(Object.assign(request, { rawBody }), response);
  };
  pass().catch(() => answer(response, 500));
};
