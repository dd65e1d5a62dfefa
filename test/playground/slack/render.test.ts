import { afterEach, beforeEach, expect, it } from 'vitest';
import { columns } from '../../../src/playground/slack/render/width.ts';
import { renderText, renderView } from '../../../src/playground/slack/render/conversation.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { ACME } from '../../../src/playground/slack/seed.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { actions, button, caller, output, plain, section, textOf } from './caller.ts';

let slack: FakeSlack;
let call: ReturnType<typeof caller>;
beforeEach(async () => {
  slack = await startFakeSlack({ clockScale: 1_000 });
  call = caller(slack);
});
afterEach(() => slack.close());

const shown = (channel = 'C0INC42', viewer?: string): string =>
  renderText(slack.world, channel, viewer === undefined ? {} : { viewer }).replaceAll(/\d\d:\d\d:\d\d/g, 'HH:MM:SS');

it('shows a conversation as Slack would: names, dates, buttons, a box, the thread, what only one person sees', async () => {
  slack.people.say('U0ALICE', 'C0INC42', 'api is slow');
  const { ts } = await call('chat.postMessage', {
    channel: 'C0INC42', text: 'card',
    blocks: [
      section(':hourglass_flowing_sand: *Waiting for approval*: 1 of 1 needed'),
      section('<@U0ALICE> asks to run `ss` in <https://example.org|prod / api>, cc <!subteam^S0SRE>; &lt;!channel&gt; stays text'),
      { type: 'section', fields: [{ type: 'mrkdwn', text: 'image  netshoot' }, { type: 'mrkdwn', text: 'expires <!date^0^{time}|soon>' }] },
      actions(button('Approve'), button('Deny…'), { type: 'static_select', placeholder: plain('More'), options: [{ text: plain('a'), value: 'a' }] }),
    ],
  });
  await call('chat.postMessage', { channel: 'C0INC42', text: 'Exit code 0', thread_ts: ts, blocks: [section('Exit code 0'), output('State\tRecv-Q\n@channel *x*')] });
  await call('chat.postEphemeral', { channel: 'C0INC42', user: 'U0ALICE', text: 'You asked for this, so *somebody else* has to approve it.' });
  expect(shown().split('\n').slice(1)).toEqual([
    '',
    'alice  HH:MM:SS',
    '  api is slow',
    '',
    'kdebug APP  HH:MM:SS',
    '  ⏳ Waiting for approval: 1 of 1 needed',
    '  @alice asks to run `ss` in prod / api, cc @sre; <!channel> stays text',
    `  ${'image  netshoot'.padEnd(48)}  expires 00:00`,
    '  [ Approve ]  [ Deny… ]  [ More ▾ ]',
    '  ╷',
    '  │ kdebug APP  HH:MM:SS',
    '  │   Exit code 0',
    `  │   ┌${'─'.repeat(92)}┐`,
    `  │   │ ${'State   Recv-Q'.padEnd(90)} │`,
    `  │   │ ${'@channel *x*'.padEnd(90)} │`,
    `  │   └${'─'.repeat(92)}┘`,
    '',
    'kdebug APP  HH:MM:SS  · Only @alice sees',
    '  You asked for this, so somebody else has to approve it.',
    '',
  ]);
});

it('shows what one person sees and hides what others were told', async () => {
  await call('chat.postEphemeral', { channel: 'C0INC42', user: 'U0ALICE', text: 'for alice' });
  await call('chat.postEphemeral', { channel: 'C0INC42', user: 'U0BOB', text: 'for bob' });
  expect(shown('C0INC42', 'U0BOB')).toContain('for bob');
  expect(shown('C0INC42', 'U0BOB')).not.toContain('for alice');
  expect(shown()).toContain('for alice');
});

it('never passes 100 columns, whatever stands in it', async () => {
  const { ts } = await call('chat.postMessage', { channel: 'C0INC42', text: 'x', blocks: [
    section(`${'word '.repeat(60)}${'x'.repeat(250)} ${'😀'.repeat(80)}`),
    output(`${'y'.repeat(300)}\n${'漢'.repeat(90)}`),
    actions(...Array.from({ length: 8 }, (_, index) => button(`A rather long button ${index}`))),
    { type: 'context', elements: [plain('z'.repeat(130)), plain('and more')] },
  ] });
  await call('chat.postMessage', { channel: 'C0INC42', text: 'w '.repeat(200), thread_ts: ts });
  const widths = shown().split('\n').map(columns);
  expect(Math.max(...widths)).toBe(100);
  expect(shown()).toContain('y'.repeat(94));
});

it('shows files, direct messages, lists and quotes', async () => {
  const ticket = await call('files.getUploadURLExternal', { filename: 'out.log', length: 3 });
  await fetch(textOf(ticket, 'upload_url'), { method: 'POST', body: 'abc' });
  await call('files.completeUploadExternal', { files: [{ id: textOf(ticket, 'file_id'), title: 'Output' }], channel_id: 'C0INC42' });
  expect(shown()).toContain('📄 Output (out.log, 3 bytes)');
  await call('chat.postMessage', { channel: 'U0BOB', text: 'x', blocks: [{ type: 'rich_text', elements: [
    { type: 'rich_text_list', style: 'ordered', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'ss' }] }, { type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0BOB' }] }] },
    { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] },
  ] }] });
  const direct = shown('D0BOB');
  expect(direct).toContain('━━ @bob and @kdebug');
  expect(direct).toContain('  1. ss\n  2. @bob\n  ▏ said');
});

it('shows a form with what was refused', () => {
  const view = {
    id: 'V1', rootId: 'V1', hash: 'h', viewer: 'U0ALICE', type: 'modal' as const, errors: { command: 'Not that.' }, values: {},
    body: { type: 'modal', title: plain('Debug a pod'), submit: plain('Run'), blocks: [{ type: 'input', block_id: 'command', label: plain('Command'), element: { type: 'plain_text_input', placeholder: plain('ss -tlnp') } }] },
  };
  expect(renderView(slack.world, view, { width: 40 })).toBe(`━━ Debug a pod ${'━'.repeat(25)}\n\nCommand\n  [ ss -tlnp ]\n! Not that.\n\n[ Cancel ]  [ Run ]\n`);
});

it('shows control characters as pictures, never raw', async () => {
  await call('chat.postMessage', { channel: 'C0INC42', text: 'x', blocks: [output('\u001b[2Jgone\u009b\r')] });
  expect(shown()).toContain('␛[2Jgone␡␍');
  // oxlint-disable-next-line eslint/no-control-regex -- they are what must not be there
  expect(shown()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

it('says how many messages are no longer kept', async () => {
  const small = await startFakeSlack({ seed: ACME, messagesPerChannelMax: 1 });
  for (const text of ['a', 'b', 'c']) small.people.say('U0ALICE', 'C0OPS', text);
  expect(renderText(small.world, 'C0OPS')).toContain('(2 older messages are no longer kept)');
  await small.close();
});
