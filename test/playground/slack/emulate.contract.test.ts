import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../src/playground/slack/json.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { textOf } from './caller.ts';

/**
 * A second opinion: Vercel's `emulate` (pinned exactly at 0.12.2, another package lives under later versions) answers the
 * same calls. It has no Socket Mode, commands, groups, rates or block checks, so only what both have is compared.
 */
interface Workspace {
  readonly apiUrl: string;
  readonly token: string;
  /** Names become ids only while it runs. */
  readonly channel: string;
  readonly user: string;
  readonly close: () => Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(isObject(address) ? Number(address['port']) : 0));
    });
  });

const post = async (apiUrl: string, token: string | undefined, method: string, args: JsonObject): Promise<JsonObject> => {
  const fields = Object.entries(args).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  const response = await fetch(`${apiUrl}${method}`, { method: 'POST', headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, body: new URLSearchParams(fields) });
  const body: unknown = await response.json();
  return isObject(body) ? body : {};
};

const ours = async (): Promise<Workspace> => {
  const slack = await startFakeSlack({ clockScale: 1_000 });
  return { apiUrl: slack.apiUrl, token: slack.botToken, channel: 'C0OPS', user: 'U0ALICE', close: slack.close };
};

const TOKEN = 'xoxb-contract';

/** A token of emulate must name a person, not a bot, or auth.test answers invalid_auth. */
const theirs = async (): Promise<Workspace> => {
  const emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: {
      tokens: { [TOKEN]: { login: 'alice', scopes: ['chat:write', 'channels:read', 'users:read', 'files:write'] } },
      slack: { team: { name: 'Acme', domain: 'acme' }, users: [{ name: 'alice', email: 'alice@example.org' }], channels: [{ name: 'ops' }] },
    },
  });
  const apiUrl = `${emulator.url}/api/`;
  const listed = await post(apiUrl, TOKEN, 'conversations.list', {});
  const channels = Array.isArray(listed['channels']) ? listed['channels'].filter(isObject) : [];
  const channel = textOf(channels.find((each) => each['name'] === 'ops'), 'id');
  const user = textOf(await post(apiUrl, TOKEN, 'auth.test', {}), 'user_id');
  return { apiUrl, token: TOKEN, channel, user, close: () => emulator.close() };
};

describe.each([
  ['the fake', ours],
  ['emulate 0.12.2', theirs],
])('what both answer alike: %s', (_name, start) => {
  let workspace: Workspace;
  const call = (method: string, args: JsonObject = {}): Promise<JsonObject> => post(workspace.apiUrl, workspace.token, method, args);
  beforeAll(async () => {
    workspace = await start();
  });
  afterAll(() => workspace.close());

  it('auth.test says who we are', async () => {
    expect(await call('auth.test')).toMatchObject({ ok: true, team: 'Acme', user_id: expect.stringMatching(/^U/), team_id: expect.stringMatching(/^T/) });
  });

  // A wrong token is not compared: emulate takes any.
  it('auth.test refuses no token', async () => {
    expect(await post(workspace.apiUrl, undefined, 'auth.test', {})).toMatchObject({ ok: false, error: 'not_authed' });
  });

  it('a message is posted, changed and deleted under one ts', async () => {
    const { channel } = workspace;
    const posted = await call('chat.postMessage', { channel, text: 'before' });
    expect(posted).toMatchObject({ ok: true, channel, ts: expect.stringMatching(/^\d{10}\.\d{6}$/), message: { type: 'message', text: 'before' } });
    const ts = textOf(posted, 'ts');
    expect(await call('chat.update', { channel, ts, text: 'after' })).toMatchObject({ ok: true, channel, ts, text: 'after' });
    expect(await call('chat.delete', { channel, ts })).toMatchObject({ ok: true, channel, ts });
    expect(await call('chat.update', { channel, ts, text: 'gone' })).toMatchObject({ ok: false, error: 'message_not_found' });
  });

  it('a reply hangs on its parent', async () => {
    const { channel } = workspace;
    const parent = await call('chat.postMessage', { channel, text: 'parent' });
    expect(await call('chat.postMessage', { channel, text: 'reply', thread_ts: textOf(parent, 'ts') })).toMatchObject({ ok: true, message: { thread_ts: parent['ts'] } });
  });

  it.each<readonly [string, JsonObject, string]>([
    ['chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: '', text: 'x' }, 'channel_not_found'],
    ['conversations.info', { channel: 'C0NOWHERE' }, 'channel_not_found'],
    ['users.info', { user: 'U0NOBODY' }, 'user_not_found'],
  ])('%s refuses %j', async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ ok: false, error });
  });

  it('a post without text is refused', async () => {
    expect(await call('chat.postMessage', { channel: workspace.channel })).toMatchObject({ ok: false, error: 'no_text' });
  });

  it('a channel and a person are described', async () => {
    expect(await call('conversations.info', { channel: workspace.channel })).toMatchObject({ ok: true, channel: { id: workspace.channel, name: 'ops', is_archived: false, is_private: false } });
    expect(await call('users.info', { user: workspace.user })).toMatchObject({ ok: true, user: { id: workspace.user, name: 'alice', deleted: false, is_bot: false } });
  });

  it('a file is announced, uploaded and shared', async () => {
    const bytes = 'State Recv-Q\n';
    const ticket = await call('files.getUploadURLExternal', { filename: 'out.log', length: bytes.length });
    expect(ticket).toMatchObject({ ok: true, file_id: expect.stringMatching(/^F/), upload_url: expect.stringMatching(/^http/) });
    expect((await fetch(textOf(ticket, 'upload_url'), { method: 'POST', body: bytes })).status).toBe(200);
    const shared = await call('files.completeUploadExternal', { files: [{ id: textOf(ticket, 'file_id'), title: 'Output' }], channel_id: workspace.channel });
    expect(shared).toMatchObject({ ok: true, files: [{ id: ticket['file_id'], title: 'Output' }] });
  });

  it('a file nobody uploaded cannot be shared', async () => {
    expect(await call('files.completeUploadExternal', { files: [{ id: 'F0NONE' }], channel_id: workspace.channel })).toMatchObject({ ok: false, error: 'file_not_found' });
  });
});

it('the second opinion is the pinned one', async () => {
  const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
  expect(manifest.devDependencies.emulate).toBe('0.12.2');
});
