import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../../src/app/slack-port.ts';
import type { ChannelId, MessageTs, PodName } from '../../../src/domain/names.ts';
import { REASON_INPUT } from '../../../src/adapters/slack/render/modals.ts';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import type { Tamper } from '../../../src/playground/slack/people/who.ts';
import { at, given, ID, INCIDENT, runCommand, STATES, T0 } from '../../fixtures/requests.ts';
import { openWorkspace, type Mode, type Workspace } from './workspace.ts';

interface Parts { readonly actions: readonly object[]; readonly user: object; readonly container: object }

const ACCEPTED: Answer = { kind: 'accepted', request: ID, command: runCommand('prod api-7f9 -- ss'), normalised: [] };
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// The same conversation by both ways that Slack delivers.
describe.each<Mode>(['socket', 'http'])('over %s', (mode) => {
  let place: Workspace;
  const said = (user: string): string => place.slack.world.ephemerals(user).at(-1)?.text ?? '';
  const slash = (text: string, tamper: Tamper = (content) => content) => place.slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', text, { tamper });
  /** One for all: Slack takes one message a second. */
  let posted: MessageTs | undefined;
  const postCard = async (): Promise<MessageTs> => {
    if (posted !== undefined) return posted;
    const sent = await place.connection.chat.card(given(...STATES.awaiting_approval), { channel: INCIDENT }, false);
    if (sent.kind !== 'sent') throw new Error(JSON.stringify(sent));
    posted = sent.ts;
    return posted;
  };

  beforeAll(async () => { place = await openWorkspace(mode); });
  afterAll(() => place.close());
  beforeEach(() => {
    place.slack.faults.clear();
    for (const list of Object.values(place.heard)) list.length = 0;
    place.played.command = () => Promise.resolve(ACCEPTED);
    place.played.click = () => Promise.resolve({ kind: 'done' });
    place.played.deny = () => Promise.resolve({ kind: 'done' });
    place.played.details = () => Promise.resolve({ kind: 'unavailable' });
  });

  it('knows who it is', () => {
    expect(place.connection.identity()).toMatchObject({ team: 'T0ACME', botUser: 'U0KDEBUG', botId: 'B0KDEBUG', appId: 'A0KDEBUG' });
  });

  it('hands a command over as typed and answers it at once, to its author alone', async () => {
    const outcome = await slash('prod api-7f9 —image netshoot');
    expect(outcome.ok).toBe(true);
    expect(outcome.ackMs).toBeLessThan(500);
    expect(place.heard.commands).toEqual([{
      user: 'U0ALICE', team: 'T0ACME', channel: 'C0INC42', channelName: 'inc-42', text: 'prod api-7f9 —image netshoot', escaped: false, trigger: expect.any(String), source: 'slash',
    }]);
    expect(said('U0ALICE')).toBe('Looking for api-7f9 in prod… (kd-8fk20000)');
    expect(place.slack.world.ephemerals('U0BOB')).toEqual([]);
  });

  it('says honestly after its deadline that it does not know, and then what came of it', async () => {
    place.played.command = () => pause(2_000).then(() => ({ kind: 'unavailable' }));
    const outcome = await slash('prod api -- slow');
    expect(outcome.ok).toBe(true);
    expect(outcome.ackMs).toBeLessThan(1_800);
    expect(said('U0ALICE')).toMatch(/^I do not know yet whether your request was saved\. If a card appears, it was accepted\./);
    await vi.waitFor(() => expect(said('U0ALICE')).toBe('I could not save your request, so nothing will run. Try again in a minute.'), 3_000);
  });

  it('answers with a sentence when a handler throws before the acknowledgement', async () => {
    place.played.command = () => { throw new Error('our own bug'); };
    expect((await slash('prod api -- x')).ok).toBe(true);
    expect(said('U0ALICE')).toMatch(/^I do not know yet/);
    expect(said('U0ALICE')).not.toContain('our own bug');
  });

  it('stays silent to a delivery that was answered before', async () => {
    const before = place.slack.world.ephemerals('U0ALICE').length;
    place.played.command = () => Promise.resolve({ kind: 'duplicate' });
    expect((await slash('prod api -- again')).ok).toBe(true);
    expect(place.slack.world.ephemerals('U0ALICE')).toHaveLength(before);
  });

  it('gives a replayed delivery the same trigger, so that it is known again', async () => {
    const first = await slash('prod api -- once');
    await place.slack.attacks.replay(first.sent);
    expect(new Set(place.heard.commands.map(({ trigger }) => trigger)).size).toBe(1);
    expect(place.heard.commands).toHaveLength(2);
  });

  it.each<readonly [string, Record<string, unknown>]>([
    ['another workspace', { team_id: 'T0OTHER' }],
    ['another app', { api_app_id: 'A0FOREIGN' }],
    ['another organisation', { enterprise_id: 'E0OTHER' }],
    ['an installation for a whole organisation', { is_enterprise_install: 'true' }],
    ['a bot id for a user', { user_id: 'B0ROBOT' }],
    ['no user', { user_id: '' }],
    ['a name for a user', { user_id: 'alice' }],
    ['a prototype for a channel', { channel_id: '__proto__' }],
    ['no trigger', { trigger_id: '' }],
  ])('refuses a command of %s, with a sentence and nothing done', async (_what, change) => {
    const outcome = await slash('prod api -- x', (content) => ({ ...content, ...change }) as JsonObject);
    expect(outcome.ok).toBe(true);
    expect(place.heard.commands).toEqual([]);
    expect(place.heard.rejected).toMatchObject([{ what: 'command' }]);
    expect(said('U0ALICE')).toMatch(/so nothing was done|Only full members/);
  });

  it.each<readonly [string, unknown]>([['missing', undefined], ['null', null], ['an array', ['a', 'b']], ['an object', { a: 1 }], ['a number', 7]])('refuses a command whose text is %s', async (_what, text) => {
    if (mode === 'http') return; // a form holds only strings
    await slash('x', (content) => ({ ...content, text }) as JsonObject);
    expect(place.heard.commands).toEqual([]);
    expect(place.heard.rejected).toHaveLength(1);
  });

  it('hears a mention in a thread and whispers there', async () => {
    const ts = await postCard();
    await place.slack.people.mention('U0ALICE', 'C0INC42', 'prod api-7f9 -- grep a&b', ts);
    await vi.waitFor(() => expect(place.heard.commands).toMatchObject([{ user: 'U0ALICE', thread: ts, escaped: expect.any(Boolean), source: 'mention', channel: 'C0INC42' }]));
    expect(place.heard.commands[0]?.text).not.toContain('U0KDEBUG');
    await vi.waitFor(() => expect(place.slack.world.ephemerals('U0ALICE').at(-1)).toMatchObject({ via: 'postEphemeral', threadTs: ts, text: 'Looking for api-7f9 in prod… (kd-8fk20000)' }));
  });

  it.each<readonly [string, Record<string, unknown>]>([['an edit', { edited: { user: 'U0ALICE', ts: '1.1' } }], ['a subtype', { subtype: 'bot_message' }], ['a bot', { bot_id: 'B0OTHER' }]])('ignores a mention that is %s', async (_what, change) => {
    await place.slack.people.mention('U0ALICE', 'C0INC42', 'prod api -- x', undefined, { tamper: (content) => ({ ...content, event: { ...(content['event'] as object), ...change } }) as JsonObject });
    await pause(50);
    expect(place.heard.commands).toEqual([]);
  });

  it('hands a confirmed Approve over with where the card is, and Withdraw', async () => {
    const ts = await postCard();
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true });
    await place.slack.people.press('U0ALICE', 'C0INC42', ts, 'Withdraw');
    await vi.waitFor(() => expect(place.heard.clicks).toMatchObject([
      { action: 'approve', user: 'U0BOB', team: 'T0ACME', appId: 'A0KDEBUG', channel: 'C0INC42', ts, request: ID, trigger: expect.any(String) },
      { action: 'withdraw', user: 'U0ALICE', ts, request: ID },
    ]));
  });

  it('tells a refusal to the person who pressed, alone', async () => {
    const ts = await postCard();
    place.played.click = () => Promise.resolve({ kind: 'refused', refusal: { code: 'already_approved' } });
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true });
    await vi.waitFor(() => expect(place.slack.world.ephemerals('U0BOB').at(-1)).toMatchObject({ via: 'response_url', text: 'You have approved this already. It waits for somebody else.' }));
    expect(place.slack.world.message('C0INC42', ts)?.editedTs).toBeUndefined();
  });

  it('whispers in the channel when the address of the answer does not work', async () => {
    const ts = await postCard();
    place.slack.faults.add({ method: 'response_url', fault: { kind: 'status', status: 500 } });
    place.played.click = () => Promise.resolve({ kind: 'refused', refusal: { code: 'already_approved' } });
    await place.slack.people.press('U0CAROL', 'C0INC42', ts, 'Approve', { confirm: true });
    await vi.waitFor(() => expect(place.slack.world.ephemerals('U0CAROL').at(-1)).toMatchObject({ via: 'postEphemeral' }));
  });

  it('never calls an address that is not Slack\'s', async () => {
    const ts = await postCard();
    const called: unknown[] = [];
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(((real) => (url: string, init: RequestInit) => { called.push(url); return real(url, init); })(globalThis.fetch) as typeof fetch);
    place.played.click = () => Promise.resolve({ kind: 'refused', refusal: { code: 'already_approved' } });
    for (const response_url of ['http://169.254.169.254/latest/meta-data', 'https://hooks.slack.com.evil.example/x', 'https://hooks.slack.com@evil.example/x', 'file:///etc/passwd']) {
      await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true, tamper: (content) => ({ ...content, response_url }) });
    }
    await vi.waitFor(() => expect(place.heard.clicks).toHaveLength(4));
    await vi.waitFor(() => expect(called.length).toBeGreaterThanOrEqual(4));
    spy.mockRestore();
    expect(called.filter((url) => !String(url).startsWith(place.slack.apiUrl))).toEqual([]);
  });

  it.each<readonly [string, (content: Parts) => object]>([
    ['no action', () => ({ actions: [] })],
    ['two actions', ({ actions }) => ({ actions: [actions[0], actions[0]] })],
    ['actions that are no list', () => ({ actions: { length: 1 } })],
    ['a button in a foreign block', ({ actions }) => ({ actions: [{ ...actions[0], block_id: 'evil' }] })],
    ['a button that is not ours', ({ actions }) => ({ actions: [{ ...actions[0], action_id: 'kdebug.run' }] })],
    ['a value that is no request', ({ actions }) => ({ actions: [{ ...actions[0], value: '{"argv":["rm"]}' }] })],
    ['another workspace', () => ({ team: { id: 'T0OTHER' } })],
    ['a person of another workspace', ({ user }) => ({ user: { ...user, team_id: 'T0OTHER' } })],
    ['another app', () => ({ api_app_id: 'A0FOREIGN' })],
    ['another channel than its message', () => ({ channel: { id: 'C0OPS', name: 'ops' } })],
    ['a message only one person sees', ({ container }) => ({ container: { ...container, is_ephemeral: true } })],
    ['no user', () => ({ user: null })],
    ['no team', () => ({ team: null })],
  ])('refuses a click with %s', async (_what, change) => {
    const ts = await postCard();
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true, tamper: (content) => ({ ...content, ...change(content as unknown as Parts) }) });
    await pause(30);
    expect(place.heard.clicks).toEqual([]);
    // and the next good one is heard
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Approve', { confirm: true });
    await vi.waitFor(() => expect(place.heard.clicks).toHaveLength(1));
  });

  it('hears a choice of pod by its position, and no other', async () => {
    const candidates = ['api-1', 'api-2'].map((pod) => ({ pod: pod as PodName, ready: '1/1', status: 'Running', restarts: 0, createdAt: T0, node: 'eu-3' }));
    const choosing = given(...STATES.requested, { type: 'choosing', at: at(1), candidates, expiresAt: at(121) });
    const sent = await place.connection.chat.card(choosing, { channel: 'C0APPROVALS' as ChannelId }, false);
    const ts = sent.kind === 'sent' ? sent.ts : '';
    await place.slack.people.choose('U0ALICE', 'C0APPROVALS', ts, 'kdebug.choose', 'api-2');
    await vi.waitFor(() => expect(place.heard.choices).toMatchObject([{ user: 'U0ALICE', request: ID, position: 1, ts, channel: 'C0APPROVALS' }]));
    for (const value of ['kd-8fk20000 -1', 'kd-8fk20000', 'api-2 1', 'kd-8fk20000 1 2']) {
      await place.slack.people.choose('U0ALICE', 'C0APPROVALS', ts, 'kdebug.choose', 'api-2', { tamper: (content) => ({ ...content, actions: [{ ...(content['actions'] as object[])[0], selected_option: { value } }] }) });
    }
    await vi.waitFor(() => expect(place.heard.rejected).toHaveLength(4));
    expect(place.heard.choices).toHaveLength(1);
  });

  it('asks why before it denies, and answers a refusal in the form', async () => {
    const ts = await postCard();
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Deny…');
    const view = await vi.waitUntil(() => place.slack.world.views('U0BOB').at(-1));
    const reason = { [REASON_INPUT]: 'not during the freeze' };
    await place.slack.people.submit('U0BOB', view.id, reason);
    expect(place.heard.denials).toMatchObject([{ user: 'U0BOB', channel: 'C0INC42', ts, request: ID, appId: 'A0KDEBUG', reason: 'not during the freeze' }]);
    expect(place.slack.world.views('U0BOB')).toEqual([]);

    place.played.deny = () => Promise.resolve({ kind: 'refused', refusal: { code: 'already_decided', state: 'queued' } });
    await place.slack.people.press('U0BOB', 'C0INC42', ts, 'Deny…');
    const again = await vi.waitUntil(() => place.slack.world.views('U0BOB').at(-1));
    await place.slack.people.submit('U0BOB', again.id, {});
    expect(place.heard.denials[1]?.reason).toBeNull();
    await vi.waitFor(() => expect(JSON.stringify(place.slack.world.views('U0BOB').at(-1)?.body)).toContain('This request is decided already: it is about to run.'));
    await place.slack.people.closeView('U0BOB', place.slack.world.views('U0BOB').at(-1)?.id ?? '');
  });

  it('refuses a form that names another card than one of ours', async () => {
    const ts = await postCard();
    await place.slack.people.press('U0DAVE', 'C0INC42', ts, 'Deny…');
    const view = await vi.waitUntil(() => place.slack.world.views('U0DAVE').at(-1));
    await place.slack.people.submit('U0DAVE', view.id, {}, { tamper: (content) => ({ ...content, view: { ...(content['view'] as object), private_metadata: 'kd-8fk20000; C0INC42' } }) });
    expect(place.heard.denials).toEqual([]);
    expect(place.heard.rejected).toMatchObject([{ what: 'view', user: 'U0DAVE' }]);
  });

  it('opens the details at once and fills them when they are read', async () => {
    const ts = await postCard();
    place.played.details = () => pause(200).then(() => ({ kind: 'shown', request: given(...STATES.awaiting_approval) }));
    await place.slack.people.press('U0CAROL', 'C0INC42', ts, 'Details');
    await vi.waitFor(() => expect(JSON.stringify(place.slack.world.views('U0CAROL').at(-1)?.body)).toContain('whole digest'));
    expect(place.heard.details).toMatchObject([{ user: 'U0CAROL', channel: 'C0INC42', ts, request: ID }]);
  });

  it('says so when a long output could not be attached', async () => {
    const ts = await postCard();
    place.slack.faults.add({ method: 'upload', fault: { kind: 'status', status: 500 } });
    const text = 'x\n'.repeat(5_000);
    await place.connection.chat.result(given(...STATES.finished), 0, { head: text, summary: { bytes: text.length, lines: 5_000, complete: true, keptBytes: text.length, binary: false, redactions: [] } }, { channel: INCIDENT, thread: ts }, false);
    expect(place.slack.world.messages('C0INC42').find((message) => message.ts === ts)?.replies.at(-1)?.text).toBe('The whole output could not be attached as a file. What stands above is the beginning and the end of it.');
  });

  it('posts, updates in place, and answers in the thread with a long output as a file', async () => {
    const ts = await postCard();
    expect(await place.connection.chat.card(given(...STATES.queued), { channel: INCIDENT, ts }, false)).toMatchObject({ kind: 'sent', ts });
    expect(place.slack.world.message('C0INC42', ts)?.text).toMatch(/^▶️ About to run\./);
    const text = 'line <!channel>\n'.repeat(2_000);
    const sent = await place.connection.chat.result(given(...STATES.finished), 0, { head: text, summary: { bytes: text.length, lines: 2_000, complete: true, keptBytes: text.length, binary: false, redactions: [] } }, { channel: INCIDENT, thread: ts }, false);
    expect(sent.kind).toBe('sent');
    const thread = place.slack.world.messages('C0INC42').find((message) => message.ts === ts);
    expect(thread?.replies.slice(-2).map((reply) => reply.fileIds.length)).toEqual([0, 1]);
    expect(place.slack.world.files().at(-1)?.bytes.toString()).toBe(text);
    expect(place.slack.world.references('C0INC42').filter((reference) => reference.kind === 'everyone' || reference.kind === 'link')).toEqual([]);
  });
});
