import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/playground/slack/faults.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { ACME, DEFAULT_SCOPES } from '../../../src/playground/slack/seed.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { caller } from './caller.ts';

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack();
});
afterEach(() => slack.close());

const post = (timeoutMs = 2_000): Promise<Response> =>
  fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'C0INC42', text: 'hello' }),
    signal: AbortSignal.timeout(timeoutMs),
  });
const posted = (): number => slack.world.messages('C0INC42').length;
const spoil = (fault: FaultRule['fault'], times = 1): (() => number) => slack.faults.add({ method: 'chat.postMessage', fault, times });

describe('what can go wrong on the way to Slack', () => {
  it('429 with Retry-After, then well again', async () => {
    spoil({ kind: 'rate_limited', retryAfterS: 7 });
    const response = await post();
    expect([response.status, response.headers.get('retry-after'), posted()]).toEqual([429, '7', 0]);
    expect((await post()).status).toBe(200);
    expect(slack.log.entries('chat.postMessage').map((entry) => entry.answer)).toEqual(['fault: rate_limited', 'ok']);
  });

  it.each([
    ['503 before anything happened', { kind: 'status', status: 503 } as const, 0],
    ['503 after the message is there', { kind: 'status', status: 503, accepted: true } as const, 1],
  ])('%s', async (_name, fault, messages) => {
    spoil(fault);
    expect((await post()).status).toBe(503);
    expect(posted()).toBe(messages);
  });

  it('a page of HTML with status 200', async () => {
    spoil({ kind: 'html' });
    expect(await (await post()).text()).toContain('<html>');
    expect(posted()).toBe(0);
  });

  it.each([
    ['cut before accepting', 'before', 0],
    ['cut after accepting', 'after', 1],
  ] as const)('%s', async (_name, when, messages) => {
    spoil({ kind: 'cut', when });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(posted()).toBe(messages);
  });

  it('cut in the middle of the answer, after accepting', async () => {
    spoil({ kind: 'cut', when: 'mid_body' });
    await expect(post().then((response) => response.text())).rejects.toThrow('terminated');
    expect(posted()).toBe(1);
  });

  it('no answer at all', async () => {
    spoil({ kind: 'hang' });
    await expect(post(200)).rejects.toThrow('timeout');
    expect(posted()).toBe(0);
  });

  it('a slow answer', async () => {
    spoil({ kind: 'slow', ms: 150 });
    const start = performance.now();
    await post();
    expect(performance.now() - start).toBeGreaterThan(140);
    expect(posted()).toBe(1);
  });

  it('only for the calls a predicate chooses', async () => {
    const stop = slack.faults.add({ method: '*', fault: { kind: 'error', error: 'internal_error' }, when: (args) => args['channel'] === 'C0OPS' });
    const call = caller(slack);
    expect(await call('chat.postMessage', { channel: 'C0OPS', text: 'a' })).toMatchObject({ error: 'internal_error' });
    expect(await call('chat.postMessage', { channel: 'C0INC42', text: 'a' })).toMatchObject({ ok: true });
    expect(stop()).toBe(1);
    expect(await call('chat.postMessage', { channel: 'C0OPS', text: 'a' })).toMatchObject({ ok: true });
  });

  it('Slack down, and back on the same port', async () => {
    await post();
    await slack.faults.down();
    await expect(post()).rejects.toThrow('fetch failed');
    await slack.faults.up();
    expect((await post()).status).toBe(200);
    expect(posted()).toBe(2);
  });

  it('never keeps a token in its log', async () => {
    await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body: new URLSearchParams({ token: slack.botToken }) });
    expect(slack.log.count('auth.test')).toBe(1);
    expect(JSON.stringify(slack.log.entries())).not.toContain(slack.botToken);
  });
});

describe('the app away', () => {
  it('tells the person that nothing is connected', async () => {
    expect(await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'x')).toMatchObject({ ok: false, error: 'dispatch_failed' });
    expect(slack.world.ephemerals('U0ALICE')).toMatchObject([{ via: 'slackbot', text: '/kdebug failed with the error "dispatch_failed"' }]);
  });

  it.each([
    ['commands', (narrow: FakeSlack) => narrow.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'x')],
    ['app_mentions:read', (narrow: FakeSlack) => narrow.people.mention('U0ALICE', 'C0INC42', 'x')],
  ] as const)('tells it nothing without the scope %s', async (scope, act) => {
    const narrow = await startFakeSlack({ seed: { ...ACME, scopes: DEFAULT_SCOPES.filter((each) => each !== scope) } });
    await expect(act(narrow)).rejects.toThrow(`has not the scope ${scope}`);
    await narrow.close();
  });

  it.each([
    ['a deactivated person', 'U0GONE', 'deactivated'],
    ['a person of another workspace', 'U0STRANGER', 'of another workspace'],
  ])('lets no %s type a command', async (_name, userId, message) => {
    await expect(slack.people.slash(userId, 'C0SHARED', '/kdebug', 'x')).rejects.toThrow(message);
  });

  it('offers an event again, with the reason, until the app takes it', async () => {
    const offers: (string | undefined)[] = [];
    const app = createServer((request, response) => {
      request.resume().on('end', () => {
        offers.push([request.headers['x-slack-retry-num']].flat()[0]);
        response.writeHead(offers.length < 4 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const address = app.address();
    const requestUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/slack/events`;
    const quick = await startFakeSlack({ clockScale: 1_000, requestUrl });
    expect(await quick.people.mention('U0ALICE', 'C0INC42', 'hello')).toMatchObject({ ok: false, error: 'dispatch_failed', status: 500 });
    await expect.poll(() => offers).toEqual([undefined, '1', '2', '3']);
    await quick.close();
    app.close();
  });

  it('keeps to the old way when the new URL fails the challenge', async () => {
    await expect(slack.connectApp('http://127.0.0.1:9/slack/events')).rejects.toThrow('challenge');
    expect(await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'x')).toMatchObject({ detail: expect.stringContaining('Socket Mode') });
  });
});
