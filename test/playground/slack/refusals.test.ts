import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { ACME, DEFAULT_SCOPES } from '../../../src/playground/slack/seed.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { actions, button, caller, output, section, textOf } from './caller.ts';

let slack: FakeSlack;
let call: ReturnType<typeof caller>;
let parent: string;
let reply: string;
let theirs: string;
let boxed: string;

const SEED = {
  ...ACME,
  channels: [...ACME.channels, { id: 'C0READONLY', name: 'read-only', kind: 'public' as const, members: ['U0ALICE', 'U0KDEBUG'], archived: false, externallyShared: false, postingRefusal: 'restricted_action_read_only_channel' }],
};

const post = async (args: JsonObject): Promise<string> => textOf(await call('chat.postMessage', { channel: 'C0INC42', ...args }), 'ts');

beforeAll(async () => {
  // The rates are tested elsewhere; here the burst of one table must not meet them.
  slack = await startFakeSlack({ seed: SEED, clockScale: 100_000 });
  call = caller(slack);
  parent = await post({ text: 'card', blocks: [section('card')] });
  reply = await post({ text: 'reply', thread_ts: parent });
  theirs = slack.people.say('U0ALICE', 'C0INC42', 'mine').ts;
  boxed = await post({ text: 'output', blocks: [output('a')] });
});
afterAll(() => slack.close());

const REFUSED: readonly (readonly [string, string, () => JsonObject, string])[] = [
  ['a method nobody has', 'chat.shout', () => ({}), 'unknown_method'],
  ['a channel that is not there', 'chat.postMessage', () => ({ channel: 'C0NOWHERE', text: 'x' }), 'channel_not_found'],
  ['no channel at all', 'chat.postMessage', () => ({ text: 'x' }), 'channel_not_found'],
  ['a private channel without the bot', 'chat.postMessage', () => ({ channel: 'C0PRIVATE', text: 'x' }), 'channel_not_found'],
  ['information on a private channel without the bot', 'conversations.info', () => ({ channel: 'C0PRIVATE' }), 'channel_not_found'],
  ['a public channel without the bot', 'chat.postMessage', () => ({ channel: 'C0NOBOT', text: 'x' }), 'not_in_channel'],
  ['an archived channel', 'chat.postMessage', () => ({ channel: 'C0OLD', text: 'x' }), 'is_archived'],
  ['a channel where posting is restricted', 'chat.postMessage', () => ({ channel: 'C0READONLY', text: 'x' }), 'restricted_action_read_only_channel'],
  ['a deactivated person', 'chat.postMessage', () => ({ channel: 'U0GONE', text: 'x' }), 'channel_not_found'],
  ['neither text nor blocks', 'chat.postMessage', () => ({ channel: 'C0INC42' }), 'no_text'],
  ['blocks that are not JSON', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', blocks: '[{' }), 'invalid_blocks_format'],
  ['legacy attachments', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', attachments: [{ text: 'y' }] }), 'invalid_attachments'],
  ['51 blocks', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }), 'invalid_blocks'],
  ['more than 13,200 counted characters', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_700))) }), 'msg_blocks_too_long'],
  ['HTML that passes 13,200 only when escaped', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', blocks: [output('<'.repeat(3_400))] }), 'msg_blocks_too_long'],
  ['a text of 40,001 characters', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x'.repeat(40_001) }), 'msg_too_long'],
  ['a thread hung on a reply', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', thread_ts: reply }), 'cannot_reply_to_message'],
  ['a thread hung on nothing', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', thread_ts: '1700000000.000100' }), 'cannot_reply_to_message'],
  ['metadata without an event type', 'chat.postMessage', () => ({ channel: 'C0INC42', text: 'x', metadata: { event_payload: {} } }), 'invalid_metadata_schema'],
  ['a whisper to somebody who is not in the channel', 'chat.postEphemeral', () => ({ channel: 'C0INC42', user: 'U0STRANGER', text: 'x' }), 'user_not_in_channel'],
  ['a whisper where the bot is not', 'chat.postEphemeral', () => ({ channel: 'C0NOBOT', user: 'U0ALICE', text: 'x' }), 'not_in_channel'],
  ['an update of 4,001 bytes in 2,001 characters', 'chat.update', () => ({ channel: 'C0INC42', ts: parent, text: `x${'é'.repeat(2_000)}` }), 'msg_too_long'],
  ['an update of another\'s message', 'chat.update', () => ({ channel: 'C0INC42', ts: theirs, text: 'x' }), 'cant_update_message'],
  ['an update of no message', 'chat.update', () => ({ channel: 'C0INC42', ts: '1700000000.000100', text: 'x' }), 'message_not_found'],
  ['an update that turns output into a card', 'chat.update', () => ({ channel: 'C0INC42', ts: boxed, text: 'x', blocks: [section('x')] }), 'block_mismatch'],
  ['the deletion of another\'s message', 'chat.delete', () => ({ channel: 'C0INC42', ts: theirs }), 'cant_delete_message'],
  ['a link to no message', 'chat.getPermalink', () => ({ channel: 'C0INC42', message_ts: '1.1' }), 'message_not_found'],
  ['a person who is not there', 'users.info', () => ({ user: 'U0NOBODY' }), 'user_not_found'],
  ['direct messages with somebody deactivated', 'conversations.open', () => ({ users: 'U0GONE' }), 'user_disabled'],
  ['a group that is not there', 'usergroups.users.list', () => ({ usergroup: 'S0NONE' }), 'no_such_subteam'],
  ['a form without a trigger', 'views.open', () => ({ view: {} }), 'invalid_arguments'],
  ['a form with a made-up trigger', 'views.open', () => ({ trigger_id: '1.2.3', view: {} }), 'invalid_trigger_id'],
  ['an update of a form that is not open', 'views.update', () => ({ view_id: 'V0NONE', view: {} }), 'not_found'],
  ['an empty file', 'files.getUploadURLExternal', () => ({ filename: 'out.log', length: 0 }), 'invalid_arguments'],
  ['the sharing of a file that was never uploaded', 'files.completeUploadExternal', () => ({ files: [{ id: 'F0NONE' }], channel_id: 'C0INC42' }), 'file_not_found'],
];

describe('what Slack refuses, the fake refuses', () => {
  it.each(REFUSED)('%s', async (_name, method, args, error) => {
    expect(await call(method, args())).toMatchObject({ ok: false, error });
  });

  it.each([
    ['conversations.history', { channel: 'C0INC42' }, 'channels:history'],
    ['conversations.join', { channel: 'C0NOBOT' }, 'channels:join'],
    ['conversations.info', { channel: 'D0ALICE' }, 'im:read'],
    ['files.info', { file: 'F1' }, 'files:read'],
    ['team.info', {}, 'team:read'],
  ])('%s without its scope', async (method, args, needed) => {
    await call('conversations.open', { users: 'U0ALICE' });
    expect(await call(method, args)).toMatchObject({ ok: false, error: 'missing_scope', needed, provided: DEFAULT_SCOPES.join(',') });
  });

  it.each([
    ['no token', null, 'not_authed'],
    ['a wrong token', 'xoxb-wrong', 'invalid_auth'],
  ])('%s', async (_name, token, error) => {
    expect(await call('auth.test', {}, token)).toMatchObject({ ok: false, error });
  });

  it('the app token where the bot token belongs, and the other way round', async () => {
    expect(await call('auth.test', {}, slack.appToken)).toMatchObject({ error: 'not_allowed_token_type' });
    expect(await call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' });
  });

  it('a file shared twice, and one file in a thread of two channels', async () => {
    const ticket = await call('files.getUploadURLExternal', { filename: 'out.log', length: 5 });
    const id = textOf(ticket, 'file_id');
    expect((await fetch(textOf(ticket, 'upload_url'), { method: 'POST', body: 'four' })).status).toBe(400);
    expect((await fetch(textOf(ticket, 'upload_url'), { method: 'POST', body: 'fives' })).status).toBe(200);
    expect(await call('files.completeUploadExternal', { files: [{ id }], channels: 'C0INC42,C0OPS', thread_ts: parent })).toMatchObject({ error: 'invalid_arguments' });
    expect(await call('files.completeUploadExternal', { files: [{ id, title: 'Output' }], channel_id: 'C0INC42', thread_ts: parent })).toMatchObject({ ok: true });
    expect(await call('files.completeUploadExternal', { files: [{ id }], channel_id: 'C0INC42' })).toMatchObject({ error: 'file_already_completed' });
    expect(slack.world.files()[0]).toMatchObject({ state: 'shared', shares: [{ channel: 'C0INC42', threadTs: parent }] });
  });
});

describe('what Slack takes, the fake takes and shows', () => {
  it('a form-encoded body with blocks as JSON', async () => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}` },
      body: new URLSearchParams({ channel: 'C0OPS', text: 'hello', blocks: JSON.stringify([actions(button('Go'))]) }),
    });
    expect(response.headers.get('x-oauth-scopes')).toBe(DEFAULT_SCOPES.join(','));
    expect(await response.json()).toMatchObject({ ok: true, channel: 'C0OPS', message: { text: 'hello', app_id: 'A0KDEBUG' } });
    expect(slack.world.messages('C0OPS')[0]?.blocks[0]).toMatchObject({ block_id: expect.any(String), elements: [{ action_id: expect.any(String) }] });
  });

  it('a thread under its parent, a tombstone when the parent goes', async () => {
    const ts = await post({ text: 'parent' });
    await post({ text: 'child', thread_ts: ts });
    expect(await call('chat.delete', { channel: 'C0INC42', ts })).toMatchObject({ ok: true });
    expect(slack.world.messages('C0INC42').find((thread) => thread.ts === ts)).toMatchObject({ tombstone: true, replies: [{ text: 'child' }] });
  });

  it('an update with text alone takes the blocks away', async () => {
    const ts = await post({ text: 'before', blocks: [section('before')] });
    await call('chat.update', { channel: 'C0INC42', ts, text: 'after' });
    expect(slack.world.message('C0INC42', ts)).toMatchObject({ text: 'after', blocks: [] });
  });

  it('a message to a person, in their direct messages', async () => {
    expect(await call('chat.postMessage', { channel: 'U0DAVE', text: 'psst' })).toMatchObject({ ok: true, channel: 'D0DAVE' });
    expect(slack.world.directMessages('U0DAVE')).toMatchObject([{ text: 'psst' }]);
  });

  it('people with what is known of them, and the members of groups', async () => {
    expect(await call('users.info', { user: 'U0GUEST' })).toMatchObject({ user: { is_restricted: true, profile: { email: 'guest@example.org' } } });
    expect(await call('users.info', { user: 'U0STRANGER' })).toMatchObject({ user: { is_stranger: true, team_id: 'T0OTHER' } });
    expect(await call('usergroups.users.list', { usergroup: 'S0SRE' })).toMatchObject({ users: ['U0BOB', 'U0CAROL'] });
    expect(await call('conversations.info', { channel: 'C0SHARED' })).toMatchObject({ channel: { is_ext_shared: true } });
  });

  it('a text, with what Slack would make of its words', async () => {
    const text = 'see https://a.example, @alice and <!here>';
    const kinds = async (args: JsonObject): Promise<readonly string[]> => {
      const ts = await post({ text, ...args });
      return slack.world.message('C0INC42', ts)?.references.map((reference) => reference.kind) ?? [];
    };
    expect(await kinds({})).toEqual(['everyone', 'link']);
    expect(await kinds({ parse: 'none' })).toEqual(['everyone']);
    expect(await kinds({ parse: 'none', link_names: true })).toEqual(['everyone', 'person']);
    expect(await kinds({ parse: 'full' })).toEqual(['everyone', 'link', 'person']);
    expect(slack.world.references('C0INC42').filter((reference) => reference.kind === 'everyone')).toHaveLength(4);
  });

  it('a list page by page', async () => {
    const first = await call('conversations.list', { limit: 2 });
    const cursor = (first['response_metadata'] as JsonObject)['next_cursor'] ?? '';
    expect(cursor).toBe('2');
    expect(await call('conversations.list', { limit: 100, cursor })).toMatchObject({ response_metadata: { next_cursor: '' } });
  });

  it('no e-mail address for a token that may not read it', async () => {
    const narrow = await startFakeSlack({ seed: { ...ACME, scopes: ['users:read'] } });
    const answer = await caller(narrow)('users.info', { user: 'U0ALICE' });
    await narrow.close();
    expect(answer).toMatchObject({ ok: true, user: { profile: { display_name: 'alice' } } });
    expect(JSON.stringify(answer)).not.toContain('@example.org');
  });
});
