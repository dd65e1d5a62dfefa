import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClients, retryAfterMs, type Clients } from '../../../src/adapters/slack/clients.ts';
import { createFiles } from '../../../src/adapters/slack/files.ts';
import { isResponseUrl, isSlackFileHost, whyNotApiUrl } from '../../../src/adapters/slack/origins.ts';
import { createOutbound } from '../../../src/adapters/slack/outbound.ts';
import { worded, type Message } from '../../../src/adapters/slack/render/rich.ts';
import { say } from '../../../src/adapters/slack/wording/sentence.ts';
import type { ChannelId, MessageTs } from '../../../src/domain/names.ts';
import type { Fault } from '../../../src/playground/slack/faults.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { NO_BUDGET, quietLog } from './workspace.ts';

const OPS = 'C0OPS' as ChannelId;
const HELLO = worded(['hello']);

describe('the one writer', () => {
  let slack: FakeSlack;
  let clients: Clients;
  const post = (message: Message, channel = OPS, thread?: MessageTs) => createOutbound(clients, NO_BUDGET).post(message, { channel, ...(thread !== undefined && { thread }) });
  const count = (): number => slack.world.messages('C0OPS').length;

  beforeAll(async () => {
    slack = await startFakeSlack({ clockScale: 2_000 });
    clients = createClients(slack.botToken, slack.apiUrl, quietLog());
  });
  afterAll(() => slack.close());
  beforeEach(() => slack.faults.clear());

  it('posts, quietly: no unfurling, no names made of words', async () => {
    const sent = await post(worded(say`see https://evil.example and @here`));
    expect(sent).toMatchObject({ kind: 'sent', ts: expect.stringMatching(/^\d+\.\d+$/) });
    const { args } = slack.log.entries('chat.postMessage').at(-1)!;
    expect(args).toMatchObject({ parse: 'none', unfurl_links: 'false', unfurl_media: 'false', mrkdwn: 'false' });
    expect(args).not.toHaveProperty('link_names');
    expect(slack.world.references('C0OPS')).toEqual([]);
  });

  it.each<readonly [string, Fault, object, number]>([
    ['429 with 7 s', { kind: 'rate_limited', retryAfterS: 7 }, { kind: 'later', afterMs: 7_000 }, 0],
    ['429 with a day', { kind: 'rate_limited', retryAfterS: 86_400 }, { kind: 'later', afterMs: 600_000 }, 0],
    ['503 before', { kind: 'status', status: 503 }, { kind: 'uncertain' }, 0],
    ['500 after it was taken', { kind: 'status', status: 500, accepted: true }, { kind: 'uncertain' }, 1],
    ['404', { kind: 'status', status: 404 }, { kind: 'never', why: 'Slack answered with HTTP status 404' }, 0],
    ["a proxy's page", { kind: 'html' }, { kind: 'uncertain' }, 0],
    ['a connection cut before', { kind: 'cut', when: 'before' }, { kind: 'uncertain' }, 0],
    ['a connection cut after', { kind: 'cut', when: 'after' }, { kind: 'uncertain' }, 1],
    ['an answer cut in the middle', { kind: 'cut', when: 'mid_body' }, { kind: 'uncertain' }, 1],
    ['internal_error', { kind: 'error', error: 'internal_error' }, { kind: 'uncertain' }, 0],
    ['fatal_error', { kind: 'error', error: 'fatal_error' }, { kind: 'uncertain' }, 0],
    ['service_unavailable', { kind: 'error', error: 'service_unavailable' }, { kind: 'later', afterMs: 5_000 }, 0],
    ['invalid_auth', { kind: 'error', error: 'invalid_auth' }, { kind: 'never', why: 'Slack does not accept the bot token' }, 0],
    ['an unknown refusal', { kind: 'error', error: 'restricted_action_read_only_channel' }, { kind: 'never', why: 'Slack refuses it (restricted_action_read_only_channel)' }, 0],
  ])('reads %s for what it is, and never posts twice', async (_what, fault, expected, posted) => {
    const [before, calls] = [count(), slack.log.count('chat.postMessage')];
    slack.faults.add({ method: 'chat.postMessage', fault });
    expect(await post(HELLO)).toMatchObject(expected);
    expect(count() - before).toBe(posted);
    expect(slack.log.count('chat.postMessage') - calls).toBe(1);
  });

  it('knows that nothing arrived where nobody listened', async () => {
    await slack.faults.down();
    // a connection that was kept open may have taken it; a new one is refused
    await post(HELLO);
    expect(await post(HELLO)).toEqual({ kind: 'later', afterMs: 5_000 });
    await slack.faults.up();
  });

  it.each([['C0NOBOT', 'kdebug is not in that channel: invite it'], ['C0PRIVATE', 'kdebug cannot see that channel: invite it'], ['C0OLD', 'that channel is archived']])('says why a post to %s never goes', async (channel, why) => {
    expect(await post(HELLO, channel as ChannelId)).toMatchObject({ kind: 'never', why });
  });

  it('repeats an update without doubt, for it changes nothing twice', async () => {
    const sent = await post(HELLO);
    const ts = sent.kind === 'sent' ? sent.ts : '' as MessageTs;
    slack.faults.add({ method: 'chat.update', fault: { kind: 'cut', when: 'after' } });
    expect(await createOutbound(clients, NO_BUDGET).update(HELLO, { channel: OPS, ts })).toEqual({ kind: 'later', afterMs: 5_000 });
    slack.faults.clear();
    expect(await createOutbound(clients, NO_BUDGET).update(worded(['changed']), { channel: OPS, ts })).toMatchObject({ kind: 'sent', ts });
    expect(slack.world.message('C0OPS', ts)?.text).toBe('changed');
  });

  it.each<readonly [string, Message]>([
    ['no text', { text: '', blocks: HELLO.blocks }],
    ['too much text', { text: 'x'.repeat(3_001), blocks: HELLO.blocks }],
    ['no blocks', { text: 'x', blocks: [] }],
    ['51 blocks', { text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' as const })) }],
    ['12,001 characters', worded(['x'.repeat(12_001)])],
    ['2,500 ampersands, which count five each', worded(['&'.repeat(2_500)])],
  ])('refuses a message with %s before Slack does', async (_what, message) => {
    const calls = slack.log.count('chat.postMessage');
    expect(await post(message)).toMatchObject({ kind: 'never', why: expect.stringContaining('our own mistake') });
    expect(slack.log.count('chat.postMessage')).toBe(calls);
  });

  it('makes half an emoji whole instead of hanging', async () => {
    expect((await post({ text: 'half \ud83d', blocks: [{ type: 'section', text: { type: 'plain_text', text: '\udc00' } }] })).kind).toBe('sent');
  });

  it('waits for its budget, and takes nothing when it is spent or cannot be asked', async () => {
    const asked: [string, number][] = [];
    const outbound = createOutbound(clients, { take: (uses) => { asked.push(...uses.map(({ key, perMs }): [string, number] => [key, perMs])); return Promise.resolve({ use: 0, afterMs: 700 }); } });
    const calls = slack.log.entries().length;
    expect(await outbound.post(HELLO, { channel: OPS })).toEqual({ kind: 'later', afterMs: 700 });
    expect(await outbound.update(HELLO, { channel: OPS, ts: '1.1' as MessageTs })).toEqual({ kind: 'later', afterMs: 700 });
    expect(asked).toEqual([['post:C0OPS', 1_000], ['update', 2_000], ['update:C0OPS:1.1', 3_000]]);
    expect(await createOutbound(clients, { take: () => Promise.reject(new Error('redis')) }).post(HELLO, { channel: OPS })).toEqual({ kind: 'later', afterMs: 5_000 });
    expect(slack.log.entries()).toHaveLength(calls);
  });

  it('keeps clicks quick while posts are told to wait', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'rate_limited', retryAfterS: 60 } });
    await post(HELLO);
    const start = performance.now();
    expect(await createOutbound(clients, NO_BUDGET).whisper(HELLO, { user: 'U0BOB' as never, channel: OPS })).toBe(true);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('uploads a file and attaches it, trying again where Slack is busy', async () => {
    const sent = await post(HELLO);
    const files = createFiles(clients.output, slack.apiUrl, quietLog());
    const id = await files.upload('whole output');
    slack.faults.add({ method: 'files.completeUploadExternal', fault: { kind: 'error', error: 'service_unavailable' }, times: 1 });
    expect(await files.attach(id ?? '', 'Output', { channel: OPS, thread: sent.kind === 'sent' ? sent.ts : undefined as never })).toBe(true);
    slack.faults.add({ method: 'upload', fault: { kind: 'status', status: 500 } });
    expect(await files.upload('x')).toBeUndefined();
    expect(await files.attach('F0NONE', 'x', { channel: OPS })).toBe(false);
  });
});

describe('how long Slack asks to wait', () => {
  it.each([['7', 7_000], ['0', 1_000], ['-5', 30_000], ['99999999', 600_000], [null, 30_000], ['Wed, 21 Oct 2026 07:28:00 GMT', 30_000], ['1e9', 30_000]])('of %j is %i ms', (header, ms) => {
    expect(retryAfterMs(header)).toBe(ms);
  });
});

describe('addresses that kdebug calls', () => {
  const LOCAL = 'http://127.0.0.1:4000/api/';
  it.each([
    ['https://hooks.slack.com/commands/T/1/x', undefined, true],
    ['https://hooks.slack.com:443/x', undefined, true],
    ['http://hooks.slack.com/x', undefined, false],
    ['https://hooks.slack.com.evil.example/x', undefined, false],
    ['https://hooks.slack.com@evil.example/x', undefined, false],
    ['https://user:pw@hooks.slack.com/x', undefined, false],
    ['https://evil.example/?https://hooks.slack.com', undefined, false],
    ['http://169.254.169.254/latest', LOCAL, false],
    ['http://127.0.0.1:4000/actions/1', LOCAL, true],
    ['http://127.0.0.1:4001/actions/1', LOCAL, false],
    ['http://127.0.0.1:4000/actions/1', undefined, false],
    ['https://slack.internal.example/x', 'https://slack.internal.example/api/', false],
    ['javascript:alert(1)', LOCAL, false],
    ['', LOCAL, false],
    [undefined, LOCAL, false],
    [{ href: 'https://hooks.slack.com/' }, LOCAL, false],
  ])('%j as a response_url with %j: %s', (url, api, allowed) => {
    expect(isResponseUrl(url, api)).toBe(allowed);
  });

  it('sends files to Slack alone', () => {
    expect(isSlackFileHost('https://files.slack.com/upload/v1/x', undefined)).toBe(true);
    expect(isSlackFileHost('https://hooks.slack.com/upload', undefined)).toBe(false);
    expect(isSlackFileHost('http://127.0.0.1:4000/upload/F1', LOCAL)).toBe(true);
  });

  it.each([['https://slack.example/api/', true], ['http://localhost:1/api/', true], ['http://[::1]:1/api/', true], ['http://slack.example/api/', false], ['https://slack.example/api', false], ['nonsense', false]])('%s is a SLACK_API_URL: %s', (url, good) => {
    expect(whyNotApiUrl(url) === undefined).toBe(good);
  });
});
