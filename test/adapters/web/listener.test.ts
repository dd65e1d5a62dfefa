/** What may come in from anybody, before a use case hears of it. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStepUpListener } from '../../../src/adapters/web/listener.ts';
import { startWeb, type WebServer } from '../../../src/adapters/web/server.ts';
import type { StepUpAnswer } from '../../../src/app/step-up-port.ts';
import type { AwaitingApproval } from '../../../src/domain/request-states.ts';
import { given, held, planned, requested } from '../../fixtures/requests.ts';

const SECRET = 's'.repeat(43);
const BROWSER = 'b'.repeat(43);
const ORIGIN = 'https://kdebug.example.org';
const request = given(requested, planned, held()) as AwaitingApproval;
const plan: StepUpAnswer = { kind: 'plan', request, requester: 'Alice', approver: 'Bob', until: request.expiresAt };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the pages on their port', () => {
  const calls: string[] = [];
  const script: { show: StepUpAnswer | Error } = { show: plan };
  let web: WebServer;
  beforeAll(async () => {
    web = await startWeb(0, createStepUpListener({
      handlers: {
        show: async (secret) => { calls.push(`show ${secret}`); if (script.show instanceof Error) throw script.show; return script.show; },
        begin: async (secret, browser) => { calls.push(`begin ${secret} ${browser}`); return { kind: 'login', url: 'https://login.example.org/' }; },
        finish: async (answer, browser) => { calls.push(`finish ${answer.get('code')} ${browser}`); return { kind: 'approved', request }; },
      },
      newSecret: () => BROWSER, origin: () => ORIGIN, log: quiet,
    }));
  });
  afterAll(() => web.close());
  beforeEach(() => { calls.length = 0; script.show = plan; });

  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${web.port}${path}`, { redirect: 'manual', ...init });
  const proof = async (): Promise<string> => /name="proof" value="(\w+)"/.exec(await (await ask(`/step-up/${SECRET}`, { headers: { cookie: `__Host-kdebug-step-up=${BROWSER}` } })).text())?.[1] ?? '';
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    ask(`/step-up/${SECRET}`, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie: `__Host-kdebug-step-up=${BROWSER}`, ...headers } });

  it('say of themselves that they are not kept, framed, sniffed or told about', async () => {
    const { headers, status } = await ask(`/step-up/${SECRET}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store', 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/),
      'set-cookie': `__Host-kdebug-step-up=${BROWSER}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure`,
    });
  });
  it('a refusal sets no cookie', async () => {
    script.show = { kind: 'refused', refusal: { code: 'step_up_failed', why: 'unknown_link' } };
    const response = await ask(`/step-up/${SECRET}`);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });
  it('the button works from our own page, in the browser that saw it', async () => {
    expect((await post({ proof: await proof() }, { origin: ORIGIN, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(calls).toContain(`begin ${SECRET} ${BROWSER}`);
  });

  const refused: readonly [string, Record<string, string>, Record<string, string>][] = [
    ['without the proof', { proof: '' }, {}],
    ['with another proof', { proof: 'f'.repeat(64) }, {}],
    ['without the cookie', {}, { cookie: '' }],
    ['with two cookies of that name', {}, { cookie: `__Host-kdebug-step-up=${BROWSER}; __Host-kdebug-step-up=${BROWSER}` }],
    ['with the cookie of plain http', {}, { cookie: `kdebug-step-up=${BROWSER}` }],
    ['with a cookie that is none of ours', {}, { cookie: '__Host-kdebug-step-up=short' }],
    ['from another origin', {}, { origin: 'https://evil.example' }],
    ['from an origin that hides', {}, { origin: 'null' }],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['as something else than a form', {}, { 'content-type': 'text/plain' }],
    ['with a form that is too large', { more: 'x'.repeat(2_000) }, {}],
  ];
  it.each(refused)('the button %s does nothing', async (_name, fields, headers) => {
    const given = fields['proof'] ?? await proof();
    const response = await post({ proof: given, ...fields }, headers);
    expect(response.status).toBe(403);
    expect(calls.filter((call) => call.startsWith('begin'))).toEqual([]);
  });

  it('the callback is answered with the browser that it came in', async () => {
    expect((await ask('/step-up/callback?code=c&state=s', { headers: { cookie: `__Host-kdebug-step-up=${BROWSER}` } })).status).toBe(200);
    await ask('/step-up/callback?code=c&state=s');
    expect(calls).toEqual([`finish c ${BROWSER}`, 'finish c ']);
  });
  it.each([['/'], ['/step-up'], ['/step-up/'], ['/step-up/short'], [`/step-up/${SECRET}/more`], [`/step-up/${'é'.repeat(43)}`], ['/slack/events'], ['//evil.example/step-up/callback'], ['/step-up/callback/']])('%s is nobody\'s', async (path) => {
    expect((await ask(path)).status).toBe(404);
    expect(calls).toEqual([]);
  });
  it.each(['PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s is not understood', async (method) => {
    expect((await ask(`/step-up/${SECRET}`, { method })).status).toBe(404);
    expect(calls).toEqual([]);
  });
  it('a request line that is no address is answered', async () => {
    const status = await new Promise((resolve, reject) => { httpRequest({ port: web.port, path: 'http://[bad' }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject).end(); });
    expect(status).toBe(404);
  });
  it('what fails inside is told without a word of it', async () => {
    script.show = new Error('redis://user:password@inner');
    const response = await ask(`/step-up/${SECRET}`);
    expect([response.status, (await response.text()).includes('password')]).toEqual([503, false]);
  });
});
