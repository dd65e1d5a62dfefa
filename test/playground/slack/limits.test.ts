import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import type { FakeSlack, FakeSlackOptions } from '../../../src/playground/slack/options.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { createClock } from '../../../src/playground/slack/clock.ts';
import { createFiles } from '../../../src/playground/slack/world/files.ts';
import { createSecrets } from '../../../src/playground/slack/world/secrets.ts';
import { POSTS_BURST, RESPONSE_URL_WINDOW_MS, TRIGGER_WINDOW_MS } from '../../../src/playground/slack/limits.ts';
import { caller } from './caller.ts';

let slack: FakeSlack | undefined;
afterEach(() => slack?.close());
const start = async (options: FakeSlackOptions = {}): Promise<FakeSlack> => {
  slack = await startFakeSlack(options);
  return slack;
};

const postUntilRefused = async (fake: FakeSlack, channel: string): Promise<number> => {
  for (let sent = 0; sent < 50; sent += 1) {
    const answer = await caller(fake)('chat.postMessage', { channel, text: String(sent) });
    if (answer['error'] === 'ratelimited') return sent;
  }
  return 50;
};

describe('metered as Slack meters', () => {
  it('lets a burst into a channel, then one a second; another channel has its own', async () => {
    const fake = await start();
    expect(await postUntilRefused(fake, 'C0INC42')).toBe(POSTS_BURST);
    expect(await postUntilRefused(fake, 'C0OPS')).toBe(POSTS_BURST);
    const refused = await fetch(`${fake.apiUrl}chat.postMessage`, { method: 'POST', headers: { authorization: `Bearer ${fake.botToken}` }, body: new URLSearchParams({ channel: 'C0INC42', text: 'x' }) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await caller(fake)('users.info', { user: 'U0ALICE' })).toMatchObject({ ok: true });
  });

  it('lets chat.update pass 50 times a minute, whatever the channel', async () => {
    const fake = await start();
    const call = caller(fake);
    const { ts = '' } = await call('chat.postMessage', { channel: 'C0INC42', text: 'card' });
    const answers: JsonObject[] = [];
    for (let update = 0; update < 52; update += 1) answers.push(await call('chat.update', { channel: 'C0INC42', ts, text: String(update) }));
    expect(answers.slice(0, 50).every((answer) => answer['ok'] === true)).toBe(true);
    expect(answers.at(-1)).toMatchObject({ error: 'ratelimited' });
  });

  it('refills on the quickened clock', async () => {
    const fake = await start({ clockScale: 100 });
    await postUntilRefused(fake, 'C0INC42');
    await vi.waitFor(async () => expect(await caller(fake)('chat.postMessage', { channel: 'C0INC42', text: 'again' })).toMatchObject({ ok: true }));
  });

  it('passes everything unmetered, and says so once', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const fake = await start({ metering: 'unmetered' });
    expect(await postUntilRefused(fake, 'C0INC42')).toBe(50);
    expect(said.mock.calls.filter(([line]) => String(line).includes('unmetered'))).toHaveLength(1);
    said.mockRestore();
  });
});

describe('memory that stays flat', () => {
  it('forgets the oldest messages, counts them, and still takes updates of them', async () => {
    const fake = await start({ metering: 'unmetered', messagesPerChannelMax: 3 });
    const call = caller(fake);
    const first = await call('chat.postMessage', { channel: 'C0OPS', text: 'first' });
    for (const text of ['a', 'b', 'c', 'd']) await call('chat.postMessage', { channel: 'C0OPS', text });
    expect(fake.world.messages('C0OPS').map((message) => message.text)).toEqual(['b', 'c', 'd']);
    expect(fake.world.droppedMessages('C0OPS')).toBe(2);
    expect(await call('chat.update', { channel: 'C0OPS', ts: first['ts'], text: 'changed' })).toMatchObject({ ok: true });
    expect(await call('chat.postMessage', { channel: 'C0OPS', thread_ts: first['ts'], text: 'reply' })).toMatchObject({ ok: true });
  });
});

describe('files that stay few', () => {
  it('lose their bytes, the oldest first, and keep their names', () => {
    const files = createFiles(10);
    const file = (id: string, bytes: string) => files.put({ id, name: `${id}.log`, title: id, length: bytes.length, state: 'uploaded', bytes: Buffer.from(bytes), shares: [] });
    file('F1', 'sixsix');
    file('F2', 'four');
    expect(files.list().map((each) => each.bytes.length)).toEqual([6, 4]);
    file('F3', 'one');
    expect(files.list().map((each) => [each.name, each.bytes.length])).toEqual([['F1.log', 0], ['F2.log', 4], ['F3.log', 3]]);
  });
});

describe('what expires', () => {
  const clockAt = (at: { ms: number }) => ({ ...createClock(), nowMs: () => at.ms, elapsedMs: () => at.ms });
  const ids = (): ((prefix: string) => string) => {
    let count = 0;
    return (prefix) => `${prefix}${(count += 1)}`;
  };

  it('a trigger after 3 s, or once used', () => {
    const at = { ms: 0 };
    const secrets = createSecrets(clockAt(at), 'T0ACME', ids());
    const [early, late] = [secrets.issueTrigger('U0ALICE'), secrets.issueTrigger('U0ALICE')];
    at.ms = TRIGGER_WINDOW_MS;
    expect(secrets.exchangeTrigger(early)).toBe('U0ALICE');
    expect(() => secrets.exchangeTrigger(early)).toThrow('exchanged_trigger_id');
    at.ms = TRIGGER_WINDOW_MS + 1;
    expect(() => secrets.exchangeTrigger(late)).toThrow('expired_trigger_id');
  });

  it('a response_url after 5 uses, or 30 minutes', () => {
    const at = { ms: 0 };
    const secrets = createSecrets(clockAt(at), 'T0ACME', ids());
    const place = { source: 'commands', channel: 'C0OPS', user: 'U0ALICE' } as const;
    const [used, old] = [secrets.issueResponsePath(place), secrets.issueResponsePath(place)];
    for (let use = 0; use < 5; use += 1) expect(secrets.useResponsePath(used)).toEqual(place);
    expect(() => secrets.useResponsePath(used)).toThrow('used_url');
    at.ms = RESPONSE_URL_WINDOW_MS + 1;
    expect(() => secrets.useResponsePath(old)).toThrow('expired_url');
  });
});
