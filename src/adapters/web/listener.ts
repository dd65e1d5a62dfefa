/** `GET` and `POST /step-up/SECRET`, `GET /step-up/callback`: what may come in, and what every answer says of itself. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../app/ports.ts';
import type { StepUpHandlers } from '../../app/step-up-port.ts';
import { browserCookie } from './cookie.ts';
import { readForm } from './form.ts';
import { CONTENT_SECURITY_POLICY, NOT_FOUND, pageOf, type Page } from './page.ts';

export const STEP_UP_PATH = '/step-up/';
export const CALLBACK_PATH = `${STEP_UP_PATH}callback`;

export interface ListenerOptions {
  readonly handlers: StepUpHandlers;
  readonly newSecret: () => string;
  /** Where people reach us: `https://kdebug.example.org`. */
  readonly origin: () => string;
  readonly log: Log;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  // the address holds the secret: nobody else is told it, and our own form still says where it is from
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const send = (response: ServerResponse, { status, html }: Page, cookie?: string): void => {
  if (response.headersSent) return;
  response.writeHead(status, { ...HEADERS, ...(cookie !== undefined && { 'set-cookie': cookie }) }).end(html);
};

/** Of this browser and this link: whoever cannot read our page in this browser cannot make it. */
const proofOf = (browser: string, secret: string): string => createHash('sha256').update(`${browser} ${secret}`).digest('hex');

const isProof = (claimed: string, browser: string, secret: string): boolean => {
  const [expected, actual] = [Buffer.from(proofOf(browser, secret)), Buffer.from(claimed)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};

/** A browser says where a form is from; one that says nothing is held to the proof alone. */
const isFromUs = ({ headers }: IncomingMessage, origin: string): boolean =>
  (headers.origin === undefined || headers.origin === origin) && (headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin');

const FOREIGN: Page = pageOf({ kind: 'refused', refusal: { code: 'step_up_failed', why: 'another_browser' } }, '', '');

type Answering = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Takes what is under `/step-up/`; every other path is nobody's here. Never throws. */
export const createStepUpListener = ({ handlers, newSecret, origin, log }: ListenerOptions): RequestListener => {
  const cookie = () => browserCookie(origin().startsWith('https:'));

  const showPlan = async (request: IncomingMessage, response: ServerResponse, secret: string): Promise<void> => {
    const browser = cookie().read(request) ?? newSecret();
    const answer = await handlers.show(secret);
    send(response, pageOf(answer, `${STEP_UP_PATH}${secret}`, proofOf(browser, secret)), answer.kind === 'plan' ? cookie().write(browser) : undefined);
  };

  const begin = async (request: IncomingMessage, response: ServerResponse, secret: string): Promise<void> => {
    const [browser, form] = [cookie().read(request), await readForm(request)];
    const isOurs = browser !== undefined && isFromUs(request, origin()) && isProof(form?.get('proof') ?? '', browser, secret);
    send(response, isOurs ? pageOf(await handlers.begin(secret, browser), '', '') : FOREIGN);
  };

  const finish: Answering = async (request, response, { searchParams }) => {
    send(response, pageOf(await handlers.finish(searchParams, cookie().read(request) ?? ''), '', ''));
  };

  const answer: Answering = async (request, response, url) => {
    const secret = url.pathname.slice(STEP_UP_PATH.length);
    if (request.method === 'GET' && url.pathname === CALLBACK_PATH) return finish(request, response, url);
    if (!url.pathname.startsWith(STEP_UP_PATH) || !SECRET.test(secret)) return send(response, NOT_FOUND);
    if (request.method === 'GET') return showPlan(request, response, secret);
    return request.method === 'POST' ? begin(request, response, secret) : send(response, NOT_FOUND);
  };

  return (request, response) => {
    const address = `${origin()}${request.url ?? '/'}`;
    const url = request.url?.startsWith('/') && URL.canParse(address) ? new URL(address) : undefined;
    if (!url) { send(response, NOT_FOUND); return; }
    answer(request, response, url).catch((error: unknown) => {
      log.error({ error: error instanceof Error ? error.message : String(error) }, 'a page of the step-up failed');
      send(response, pageOf({ kind: 'unavailable' }, '', ''));
    });
  };
};
