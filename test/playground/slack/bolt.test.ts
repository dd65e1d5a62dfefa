import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../../src/playground/slack/transport/delivery.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { startHttpApp, startSocketApp, type BoltApp, type Heard } from './bolt.ts';
import { caller, section } from './caller.ts';

// One suite, both ways a real Bolt app is connected.
describe.each([
  ['Socket Mode', startSocketApp],
  ['signed HTTP', startHttpApp],
])('a real Bolt app over %s', (mode, start) => {
  let slack: FakeSlack;
  let app: BoltApp;
  const last = (what: string): Heard['body'] => app.heard.filter((each) => each.what === what).at(-1)?.body ?? {};
  const count = (what: string): number => app.heard.filter((each) => each.what === what).length;
  const cardTs = (): string => slack.world.messages('C0INC42').findLast((message) => message.text === 'May I?')?.ts ?? '';
  const newCard = async (): Promise<string> => {
    await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'card');
    await vi.waitFor(() => expect(cardTs()).not.toBe(''));
    return cardTs();
  };

  beforeAll(async () => {
    slack = await startFakeSlack({ clockScale: 1_000, ackWindowMs: 1_500 });
    app = await start(slack);
  });
  afterAll(async () => {
    await app.stop();
    await slack.close();
  });

  it('hears a command, answers it at once and later', async () => {
    const outcome = await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'prod api —image netshoot');
    expect(outcome).toMatchObject({ ok: true, status: 200 });
    expect(last('command')).toMatchObject({ text: 'prod api —image netshoot', user_id: 'U0ALICE', channel_id: 'C0INC42', channel_name: 'inc-42', api_app_id: 'A0KDEBUG', team_id: 'T0ACME' });
    await vi.waitFor(() => expect(slack.world.ephemerals('U0ALICE').map(({ via, text }) => [via, text])).toEqual([
      ['ack', 'Looking for prod api —image netshoot…'], ['response_url', 'The card is in the channel.'],
    ]));
    expect(slack.world.ephemerals('U0BOB')).toEqual([]);
    expect(slack.world.messages('C0INC42')).toMatchObject([{ text: 'May I?', user: 'U0KDEBUG' }]);
  });

  it('tells the person when the app does not acknowledge in time', async () => {
    expect(await slack.people.slash('U0BOB', 'C0OPS', '/kdebug', 'slow')).toMatchObject({ ok: false, error: 'operation_timeout' });
    expect(slack.world.ephemerals('U0BOB').at(-1)).toMatchObject({ via: 'slackbot', text: '/kdebug failed with the error "operation_timeout"' });
  });

  it('refuses an acknowledgement with blocks Slack does not know', async () => {
    expect(await slack.people.slash('U0CAROL', 'C0OPS', '/kdebug', 'bad')).toMatchObject({ ok: false, error: 'dispatch_failed', detail: expect.stringContaining('invalid_blocks') });
  });

  it('hears a press as Slack sends it, and changes the message', async () => {
    const ts = await newCard();
    const outcome = await slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true });
    expect(outcome.ok).toBe(true);
    expect(last('approve')).toMatchObject({
      type: 'block_actions', api_app_id: 'A0KDEBUG', team: { id: 'T0ACME' }, user: { id: 'U0BOB', team_id: 'T0ACME' }, channel: { id: 'C0INC42' },
      container: { type: 'message', message_ts: ts, channel_id: 'C0INC42', is_ephemeral: false }, message: { ts, app_id: 'A0KDEBUG' },
      trigger_id: expect.any(String), response_url: expect.stringContaining(`${slack.origin}/actions/T0ACME/`),
      actions: [{ type: 'button', action_id: 'approve', value: 'kd-1', block_id: expect.any(String), action_ts: expect.any(String) }],
    });
    await vi.waitFor(() => expect(slack.world.message('C0INC42', ts)).toMatchObject({ text: 'Done' }));
    await vi.waitFor(() => expect(slack.world.ephemerals('U0BOB').at(-1)).toMatchObject({ text: 'Not you.', via: 'response_url' }));
    await expect(slack.people.press('U0BOB', 'C0INC42', ts, 'Approve')).rejects.toThrow('there is: nothing');
  });

  it('sends nothing when the person says no, and knows which buttons ask', async () => {
    const ts = await newCard();
    const before = count('approve');
    expect(await slack.people.press('U0BOB', 'C0INC42', ts, 'approve', { confirm: false })).toEqual({ ok: false, error: 'not_confirmed' });
    expect(count('approve')).toBe(before);
    await expect(slack.people.press('U0BOB', 'C0INC42', ts, 'Deny…', { confirm: true })).rejects.toThrow('asks for no confirmation');
    await expect(slack.people.press('U0STRANGER', 'C0INC42', ts, 'Approve')).rejects.toThrow('is not in inc-42');
  });

  it('opens a form, refuses an answer, takes another', async () => {
    await slack.people.slash('U0DAVE', 'C0OPS', '/kdebug', 'form');
    const [form] = slack.world.views('U0DAVE');
    const id = form?.id ?? '';
    await expect(slack.people.submit('U0DAVE', id, {})).rejects.toThrow('Please complete this required field (Command)');
    await expect(slack.people.submit('U0DAVE', id, { command: 'x' })).rejects.toThrow('at least 2');
    await expect(slack.people.submit('U0DAVE', id, { command: 'ss', colour: 'red' })).rejects.toThrow('no field colour');
    expect(await slack.people.suggest('U0DAVE', id, 'pods', '7f9')).toMatchObject([{ value: 'uid-1', text: { text: 'api-7f9' } }]);
    expect(await slack.people.submit('U0DAVE', id, { command: 'rm' })).toMatchObject({ ok: true });
    expect(slack.world.views('U0DAVE')).toMatchObject([{ id, errors: { command: 'Not that.' } }]);
    // The app has no listener for the choice itself, so Bolt acknowledges nothing; the form keeps it all the same.
    expect(await slack.people.chooseInView('U0DAVE', id, 'pods', 'uid-1', { query: '7f9' })).toMatchObject({ ok: false, error: 'operation_timeout' });
    await slack.people.submit('U0DAVE', id, { text: 'ss -tlnp' });
    expect(slack.world.views('U0DAVE')).toEqual([]);
    expect(last('view')).toMatchObject({ type: 'view_submission', view: { state: { values: {
      command: { text: { type: 'plain_text_input', value: 'ss -tlnp' } }, pod: { pods: { type: 'external_select', selected_option: { value: 'uid-1' } } },
    } } } });
  });

  it('hears a form closed', async () => {
    await slack.people.slash('U0DAVE', 'C0OPS', '/kdebug', 'form');
    const id = slack.world.views('U0DAVE')[0]?.id ?? '';
    expect(await slack.people.closeView('U0DAVE', id)).toMatchObject({ ok: true });
    expect(last('closed')).toMatchObject({ type: 'view_closed', user: { id: 'U0DAVE' } });
  });

  it('hears a mention in a thread and answers there; not where the bot is not', async () => {
    const parent = slack.people.say('U0ALICE', 'C0OPS', 'it is slow & <odd>');
    expect(parent.text).toBe('it is slow &amp; &lt;odd&gt;');
    expect(await slack.people.mention('U0ALICE', 'C0OPS', 'prod api -- ss', parent.ts)).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(slack.world.messages('C0OPS').find((thread) => thread.ts === parent.ts)).toMatchObject({ replies: [{ text: '<@U0KDEBUG> prod api -- ss' }, { text: 'Here.' }] }));
    expect(last('mention')).toMatchObject({ event_id: expect.any(String), event: { thread_ts: parent.ts, user: 'U0ALICE' } });
    await expect(slack.people.mention('U0ALICE', 'C0NOBOT', 'hello')).rejects.toThrow('The bot is not in nobot');
  });

  it('hears the message shortcut and the Home tab', async () => {
    const { ts } = slack.people.say('U0ALICE', 'C0OPS', 'look');
    expect(await slack.people.messageShortcut('U0ALICE', 'C0OPS', ts, 'from_message')).toMatchObject({ ok: true });
    expect(last('shortcut')).toMatchObject({ type: 'message_action', message_ts: ts, message: { text: 'look' } });
    await slack.people.openHome('U0CAROL');
    await vi.waitFor(() => expect(slack.world.home('U0CAROL')).toMatchObject({ type: 'home', body: { blocks: [{ text: { text: 'Hello' } }] } }));
  });

  it('lets a test send what an attacker would', async () => {
    const ts = await newCard();
    const other = slack.attacks.copyMessage('C0INC42', ts, 'C0OPS');
    await slack.people.press('U0BOB', 'C0OPS', other.ts, 'Approve', { tamper: (content) => ({ ...content, team: { id: 'T0EVIL', domain: 'evil' } }) });
    expect(last('approve')).toMatchObject({ team: { id: 'T0EVIL' }, channel: { id: 'C0OPS' }, message: { app_id: 'A0FOREIGN' } });
    const before = count('approve');
    const outcome = await slack.people.press('U0BOB', 'C0INC42', ts, 'Approve') as Outcome;
    await slack.attacks.replay(outcome.sent);
    expect(count('approve')).toBe(before + 2);
  });

  it('keeps a trigger for one use', async () => {
    await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'form');
    const trigger_id = String(last('command')['trigger_id']);
    const view = { type: 'modal', title: { type: 'plain_text', text: 'Again' }, blocks: [section('a')] };
    expect(await caller(slack)('views.open', { trigger_id, view })).toMatchObject({ ok: false, error: 'exchanged_trigger_id' });
  });

  it(`is really reached by ${mode}`, () => {
    expect(slack.socket.connections()).toBe(mode === 'Socket Mode' ? 1 : 0);
  });
});
