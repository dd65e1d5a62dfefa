import { createServer } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { actions, button, plain, section } from './caller.ts';

/** What the little app heard, in its own order. */
export interface Heard {
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const CARD = [section('May I?'), actions(
  button('Approve', { action_id: 'approve', value: 'kd-1', confirm: { title: plain('Sure?'), text: plain('Run it?'), confirm: plain('Yes'), deny: plain('No') } }),
  button('Deny…', { action_id: 'deny', value: 'kd-1' }),
)];

const FORM = {
  type: 'modal' as const, callback_id: 'form', title: plain('Debug a pod'), submit: plain('Run'), notify_on_close: true,
  blocks: [
    { type: 'input', block_id: 'command', label: plain('Command'), element: { type: 'plain_text_input', action_id: 'text', min_length: 2 } },
    { type: 'input', block_id: 'pod', optional: true, label: plain('Pod'), element: { type: 'external_select', action_id: 'pods', min_query_length: 0, placeholder: plain('Pod') } },
  ],
};

/** A real Bolt app that does a little of everything. */
const listen = (app: App, heard: Heard[]): void => {
  const hear = (what: string, body: object): void => void heard.push({ what, body: body as Heard['body'] });
  app.command('/kdebug', async ({ ack, command, client, respond }) => {
    hear('command', command);
    if (command.text === 'slow') return;
    if (command.text === 'quiet') return ack();
    if (command.text === 'form') {
      await client.views.open({ trigger_id: command.trigger_id, view: FORM as never });
      return ack();
    }
    await ack(command.text === 'bad' ? { text: 'x', blocks: [{ type: 'nothing' }] } : `Looking for ${command.text}…`);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's, not the window's
    await client.chat.postMessage({ channel: command.channel_id, text: 'May I?', blocks: CARD as never });
    await respond({ text: 'The card is in the channel.' });
  });
  app.action('approve', async ({ ack, body, respond, client }) => {
    hear('approve', body);
    await ack();
    await respond({ text: 'Not you.' });
    if (body.type === 'block_actions' && body.message?.['app_id'] === 'A0KDEBUG' && body.channel !== undefined) {
      await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'Done', blocks: [section('Done')] as never });
    }
  });
  app.options('pods', async ({ ack, options }) => {
    hear('options', options);
    await ack({ options: [{ text: { type: 'plain_text', text: `api-${options.value}` }, value: 'uid-1' }] });
  });
  app.view('form', async ({ ack, body, view }) => {
    hear('view', body);
    await (view.state.values['command']?.['text']?.value === 'rm' ? ack({ response_action: 'errors', errors: { command: 'Not that.' } }) : ack());
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
    hear('closed', body);
    await ack();
  });
  app.shortcut('from_message', async ({ ack, body }) => {
    hear('shortcut', body);
    await ack();
  });
  app.event('app_mention', async ({ event, body, say }) => {
    hear('mention', body);
    await say({ text: 'Here.', thread_ts: event.thread_ts ?? event.ts });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    hear('home', event);
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Hello')] as never } });
  });
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

export interface BoltApp {
  readonly heard: Heard[];
  readonly stop: () => Promise<unknown>;
}

const settings = (slack: FakeSlack) => ({ token: slack.botToken, clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }, logLevel: LogLevel.ERROR, convoStore: false as const });

export const startSocketApp = async (slack: FakeSlack): Promise<BoltApp> => {
  const heard: Heard[] = [];
  const receiver = new SocketModeReceiver({ appToken: slack.appToken, logLevel: LogLevel.ERROR, installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } } });
  const app = new App({ ...settings(slack), receiver });
  listen(app, heard);
  await app.start();
  return { heard, stop: () => app.stop() };
};

export const startHttpApp = async (slack: FakeSlack): Promise<BoltApp> => {
  const heard: Heard[] = [];
  const port = await freePort();
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, port, logLevel: LogLevel.ERROR });
  const app = new App({ ...settings(slack), receiver });
  listen(app, heard);
  await app.start();
  await slack.connectApp(`http://127.0.0.1:${port}/slack/events`);
  return { heard, stop: () => app.stop() };
};
