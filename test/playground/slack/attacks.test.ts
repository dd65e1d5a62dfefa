import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import type { RawRequest } from '../../../src/playground/slack/people/attacks.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { startHttpApp, type BoltApp } from './bolt.ts';
import { actions, button, caller, section } from './caller.ts';

let slack: FakeSlack;
let app: BoltApp;
beforeAll(async () => {
  slack = await startFakeSlack({ clockScale: 1_000 });
  app = await startHttpApp(slack);
});
afterAll(async () => {
  await app.stop();
  await slack.close();
});

describe('raw requests against a real receiver', () => {
  const body = new URLSearchParams({ command: '/kdebug', text: 'quiet', team_id: 'T0ACME', user_id: 'U0ALICE', channel_id: 'C0OPS', api_app_id: 'A0KDEBUG', response_url: 'http://127.0.0.1:9/x', trigger_id: '1' }).toString();
  it.each<readonly [string, Partial<RawRequest>, number]>([
    ['signed with another secret', { secret: 'wrong' }, 401],
    ['not signed', { secret: null }, 401],
    ['signed ten minutes ago', { ageS: 600 }, 401],
    ['a body that is not what was signed', { headers: { 'x-slack-signature': 'v0=00' } }, 401],
    ['a content type with charset', { contentType: 'application/x-www-form-urlencoded; charset=utf-8' }, 400],
  ])('%s', async (_name, request, status) => {
    expect(await slack.attacks.request({ body, ...request })).toMatchObject({ ok: false, error: 'dispatch_failed', status });
  });

  it('rightly signed, and again byte for byte', async () => {
    const before = app.heard.length;
    const outcome = await slack.attacks.request({ body });
    expect(outcome).toMatchObject({ ok: true, status: 200 });
    expect(await slack.attacks.replay(outcome.sent)).toMatchObject({ ok: true, sent: outcome.sent });
    expect(app.heard.length).toBe(before + 2);
  });
});

describe('response_url', () => {
  const say = async (url: string, args: JsonObject): Promise<readonly [number, unknown]> => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) });
    return [response.status, await response.json()];
  };
  const commandUrl = async (): Promise<string> => {
    await slack.people.slash('U0CAROL', 'C0NOBOT', '/kdebug', 'form');
    return String(app.heard.findLast((each) => each.what === 'command')?.body['response_url']);
  };

  it('speaks to the person, or to the channel even without the bot, five times', async () => {
    const url = await commandUrl();
    expect(await say(url, { text: 'only you' })).toEqual([200, { ok: true }]);
    expect(await say(url, { text: 'all of you', response_type: 'in_channel' })).toEqual([200, { ok: true }]);
    expect(await say(url, {})).toMatchObject([400, { error: 'no_text' }]);
    expect(await say(url, { text: 'x', blocks: [{ type: 'nothing' }] })).toMatchObject([400, { error: 'invalid_blocks' }]);
    expect(await say(url, { delete_original: true })).toMatchObject([400, { error: 'no_original_message' }]);
    expect(await say(url, { text: 'sixth' })).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(slack.world.ephemerals('U0CAROL').at(-1)).toMatchObject({ text: 'only you', channel: 'C0NOBOT' });
    expect(slack.world.messages('C0NOBOT')).toMatchObject([{ text: 'all of you' }]);
    expect(await say(`${slack.origin}/commands/T0ACME/1/2`, { text: 'x' })).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  it('replaces and deletes the private message whose button was pressed', async () => {
    await caller(slack)('chat.postEphemeral', { channel: 'C0OPS', user: 'U0DAVE', text: 'Which?', blocks: [section('Which?'), actions(button('This', { action_id: 'approve' }))] });
    const ts = slack.world.ephemerals('U0DAVE').at(-1)?.ts ?? '';
    await slack.people.press('U0DAVE', 'C0OPS', ts, 'This');
    const clicked = await vi.waitFor(() => {
      const found = app.heard.findLast((each) => each.what === 'approve');
      expect(found).toBeDefined();
      return found?.body;
    });
    expect(clicked).toMatchObject({ container: { message_ts: ts, is_ephemeral: true } });
    expect(clicked).not.toHaveProperty('message');
    const url = String(clicked?.['response_url']);
    await say(url, { replace_original: true, text: 'This one.' });
    expect(slack.world.ephemerals('U0DAVE').find((each) => each.ts === ts)).toMatchObject({ text: 'This one.', blocks: [] });
    await say(url, { delete_original: true });
    expect(slack.world.ephemerals('U0DAVE').find((each) => each.ts === ts)).toBeUndefined();
    await expect(slack.people.press('U0CAROL', 'C0OPS', ts, 'This')).rejects.toThrow('sees no message');
  });
});
