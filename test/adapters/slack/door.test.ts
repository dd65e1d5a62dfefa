import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/adapters/slack/identity.ts';
import { dispatch } from '../../../src/adapters/slack/listeners/dispatch.ts';
import type { Listening } from '../../../src/adapters/slack/listeners/listener.ts';
import { wordsOf } from '../../../src/adapters/slack/listeners/message-words.ts';
import { typedIn } from '../../../src/adapters/slack/listeners/mention-text.ts';
import type { TeamId, UserId } from '../../../src/domain/names.ts';
import { ID, runCommand } from '../../fixtures/requests.ts';
import { playedHandlers, quietLog } from './workspace.ts';

const IDENTITY: Identity = { team: 'T0ACME' as TeamId, enterprise: null, url: null, botUser: 'U0KDEBUG' as UserId, botId: 'B0KDEBUG', appId: 'A0KDEBUG', scopes: [] };

const listening = () => {
  const played = playedHandlers();
  const log = quietLog();
  const outbound = {
    post: () => Promise.resolve({ kind: 'uncertain' as const }), direct: () => Promise.resolve({ kind: 'uncertain' as const }), update: () => Promise.resolve({ kind: 'uncertain' as const }),
    whisper: () => Promise.resolve(true), openView: () => Promise.resolve('V1'), updateView: () => Promise.resolve(), publishHome: () => Promise.resolve(true),
  };
  const all: Listening = { handlers: played.handlers, outbound, respond: () => Promise.resolve(true), log, identity: () => IDENTITY };
  return { ...played, log, all };
};

describe('what a mention says', () => {
  const rich = (...elements: object[]) => [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
  const bot = { type: 'user', user_id: 'U0KDEBUG' };
  const text = (content: string, code = false) => ({ type: 'text', text: content, ...(code && { style: { code: true } }) });

  it.each<readonly [string, string, readonly object[] | undefined, string, boolean]>([
    ['plain words', '<@U0KDEBUG> prod api -- grep a&amp;b', undefined, 'prod api -- grep a&amp;b', true],
    ['a mention with a label', ' <@U0KDEBUG|kdebug>  prod api -- ls', undefined, 'prod api -- ls', true],
    ['no mention at its beginning', 'prod api -- echo <@U0KDEBUG>', undefined, 'prod api -- echo <@U0KDEBUG>', true],
    ['a mention of somebody else first', '<@U0BOB> prod', undefined, '<@U0BOB> prod', true],
    ['code ticks', '<@U0KDEBUG> `prod api -- ls —all`', rich(bot, text(' '), text('prod api -- ls —all', true)), 'prod api -- ls —all', false],
    ['a fence', '<@U0KDEBUG> ```x```', [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [bot, text(' ')] }, { type: 'rich_text_preformatted', elements: [text('prod api -- ls <x>')] }] }], 'prod api -- ls <x>', false],
    ['code that is only a part', '<@U0KDEBUG> prod api -- grep `x`', rich(bot, text(' prod api -- grep '), text('x', true)), 'prod api -- grep `x`', true],
    ['two stretches of code', '<@U0KDEBUG> `a` `b`', rich(bot, text(' '), text('a', true), text(' '), text('b', true)), '`a` `b`', true],
    ['code and a mention of somebody', '<@U0KDEBUG> `a` <@U0BOB>', rich(bot, text('a', true), { type: 'user', user_id: 'U0BOB' }), '`a` <@U0BOB>', true],
    ['blocks of no known form', '<@U0KDEBUG> a', [{ type: 7 }], 'a', true],
  ])('with %s', (_what, typed, blocks, expected, escaped) => {
    expect(typedIn({ text: typed, blocks }, 'U0KDEBUG')).toEqual({ text: expected, escaped });
  });
});

describe('the words of a message', () => {
  it.each<readonly [string, unknown, string]>([
    ['plain text, unescaped once', { text: 'a &lt;b&gt; &amp;amp;' }, 'a <b> &amp;'],
    ['blocks', { text: '', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'in a section' } }, { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'rich' }] }] }] }, 'in a section\nrich'],
    ['fields of an attachment, each with its title', { attachments: [{ fallback: 'f', fields: [{ title: 'pod', value: 'api-0', short: true }] }] }, 'f\npod: api-0\npod\napi-0'],
    ['no message at all', null, ''],
    ['what is deeper than anybody writes', { blocks: [[[[[[[[[[{ text: 'deep' }]]]]]]]]]] }, ''],
  ])('of %s', (_what, message, expected) => {
    expect(wordsOf(message)).toBe(expected);
  });
});

describe('the door', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const key = fc.constantFrom('command', 'type', 'team', 'team_id', 'user', 'user_id', 'channel', 'channel_id', 'actions', 'view', 'event', 'container', 'text', 'trigger_id', 'api_app_id', 'response_url', 'event_id', '__proto__', 'constructor');
  const value = fc.oneof(json, fc.constantFrom('block_actions', 'view_submission', 'block_suggestion', 'message_action', 'kdebug.form', 'kdebug_from_message', 'event_callback', 'T0ACME', 'U0ALICE', 'C0INC42', 'A0KDEBUG', '/kdebug'), fc.constant({ id: 'U0ALICE' }), fc.constant({ type: 'app_mention' }));
  const body = fc.oneof(fc.dictionary(key, value, { maxKeys: 19 }), json.filter((one): one is never => typeof one === 'object' && one !== null && !Array.isArray(one)));

  it('never throws, hands nothing malformed on, and acknowledges exactly once, whatever comes', async () => {
    await fc.assert(fc.asyncProperty(body, async (delivered: object) => {
      const { all, heard } = listening();
      let acks = 0;
      await dispatch(all, delivered, () => { acks += 1; return Promise.resolve(); });
      expect(acks).toBe(1);
      expect([...heard.clicks, ...heard.denials, ...heard.details, ...heard.choices, ...heard.forms, ...heard.suggests, ...heard.insteads]).toEqual([]);
    }), { numRuns: 2_000 });
  });

  it('survives a socket that is gone at the acknowledgement', async () => {
    const { all, log } = listening();
    await dispatch(all, { command: '/kdebug' }, () => Promise.reject(new Error('gone')));
    expect(log.lines.join('\n')).toContain('an acknowledgement did not reach Slack');
  });
});

describe('speed', () => {
  it('an acknowledged command costs less than 2 ms of our CPU', async () => {
    const { all, played } = listening();
    const command = runCommand('prod api-7f9 --image netshoot -- ss -tlnp');
    played.command = () => Promise.resolve({ kind: 'accepted', request: ID, command, normalised: [] });
    const delivered = { command: '/kdebug', text: 'prod api-7f9 -- ss -tlnp', team_id: 'T0ACME', api_app_id: 'A0KDEBUG', user_id: 'U0ALICE', channel_id: 'C0INC42', trigger_id: '1.2.3' };
    const run = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) await dispatch(all, delivered, () => Promise.resolve());
    };
    await run(200);
    const before = process.cpuUsage();
    await run(1_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000 / 1_000).toBeLessThan(2);
  });
});
