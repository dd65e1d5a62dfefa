import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as netConnect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectSlack, type SlackConnection } from '../../../src/adapters/slack/connect.ts';
import { CONNECTIONS_MAX } from '../../../src/adapters/slack/limits.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { signedHeaders } from '../../../src/playground/slack/transport/http.ts';
import { connectTo, NO_BUDGET, playedHandlers, quietLog, type Mode } from './workspace.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const started = async (): Promise<FakeSlack> => {
  const slack = await startFakeSlack({ clockScale: 200 });
  open.push(slack.close);
  return slack;
};
const connected = async (slack: FakeSlack, mode: Mode, played = playedHandlers()): Promise<SlackConnection & { readonly heard: ReturnType<typeof playedHandlers>['heard']; readonly log: ReturnType<typeof quietLog> }> => {
  const log = quietLog();
  const connection = await connectTo(slack, mode, played.handlers, log);
  open.push(() => connection.close());
  return { ...connection, heard: played.heard, log };
};
const isReady = (connection: SlackConnection) => vi.waitFor(() => { if (!connection.ready()) throw new Error('not ready'); }, { timeout: 15_000, interval: 20 });

describe.each<Mode>(['socket', 'http'])('with Slack down, over %s', (mode) => {
  it('starts, says that it is not ready, and is once Slack is back', async () => {
    const slack = await started();
    await slack.faults.down();
    const connection = await connected(slack, mode);
    await new Promise((resolve) => { setTimeout(resolve, 600); });
    expect(connection.ready()).toBe(false);
    expect(connection.identity()).toBeUndefined();
    await slack.faults.up();
    await isReady(connection);
    expect(connection.identity()?.team).toBe('T0ACME');
  });

  it('closes while it still waits', async () => {
    const slack = await started();
    await slack.faults.down();
    const connection = await connected(slack, mode);
    const start = performance.now();
    await connection.close();
    expect(performance.now() - start).toBeLessThan(5_500);
  });
});

describe('Socket Mode', () => {
  it('is connected again at once when Slack replaces the connection', async () => {
    const slack = await started();
    const connection = await connected(slack, 'socket');
    await isReady(connection);
    const start = performance.now();
    slack.socket.refresh();
    await vi.waitFor(() => { if (connection.ready()) throw new Error('still the old one'); }, { timeout: 3_000, interval: 2 });
    await isReady(connection);
    expect(performance.now() - start).toBeLessThan(2_000);
    // and it stays the new one
    const greetings = () => connection.log.lines.filter((line) => line.startsWith('connected to Slack')).length;
    const before = greetings();
    await new Promise((resolve) => { setTimeout(resolve, 900); });
    expect([greetings(), connection.ready(), slack.socket.connections()]).toEqual([before, true, 1]);
    expect((await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'help')).ok).toBe(true);
  });

  it('survives a cut and an outage in between', async () => {
    const slack = await started();
    const connection = await connected(slack, 'socket');
    await isReady(connection);
    slack.socket.cut();
    await slack.faults.down();
    await vi.waitFor(() => expect(connection.ready()).toBe(false), 3_000);
    await slack.faults.up();
    await isReady(connection);
    expect((await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'help')).ok).toBe(true);
  });

  it.each([
    ['an event without an event', { type: 'events_api', envelope_id: 'e1', payload: {} }],
    ['an envelope without a payload', { type: 'interactive', envelope_id: 'e2' }],
    ['a payload that is a list', { type: 'slash_commands', envelope_id: 'e3', payload: [] }],
    ['a payload of null', { type: 'slash_commands', envelope_id: 'e4', payload: null }],
  ])('survives %s', async (_what, envelope) => {
    const slack = await started();
    const connection = await connected(slack, 'socket');
    await isReady(connection);
    void slack.attacks.envelope(envelope);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    expect((await slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', 'help')).ok).toBe(true);
    expect(connection.ready()).toBe(true);
  });
});

describe('a wrong start', () => {
  it.each([['no address', 'slack'], ['no final /api/', 'https://slack.example/'], ['a token in the clear', 'http://slack.example/api/']])('with %s is refused in words', async (_what, apiUrl) => {
    await expect(connectSlack({ transport: { kind: 'http', signingSecret: 's', port: 0 }, botToken: 'xoxb-1', apiUrl, log: quietLog(), budget: NO_BUDGET, handlers: playedHandlers().handlers })).rejects.toThrow(/^SLACK_API_URL/);
  });
});

interface Reply { readonly status: number; readonly body: string }

/** A request as an attacker makes it: any headers, any body, in any number of pieces. */
const post = (port: number | undefined, headers: Readonly<Record<string, string | string[]>>, body: string | Buffer, path = '/slack/events', method = 'POST'): Promise<Reply> => new Promise((resolve, reject) => {
  const request = httpRequest({ port, path, method, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
  });
  request.on('error', reject);
  request.end(body);
});

describe('HTTP mode', () => {
  const COMMAND = new URLSearchParams({ command: '/kdebug', text: 'prod api -- ls', team_id: 'T0ACME', api_app_id: 'A0KDEBUG', user_id: 'U0ALICE', channel_id: 'C0INC42', trigger_id: '1.2.3', response_url: 'https://hooks.slack.com/commands/1' }).toString();
  const FORM = 'application/x-www-form-urlencoded';
  const now = () => Math.floor(Date.now() / 1_000);
  const world = async () => {
    const slack = await started();
    const played = playedHandlers();
    played.played.command = () => Promise.resolve({ kind: 'lines', listing: { of: 'presets', presets: [] } });
    const connection = await connected(slack, 'http', played);
    await isReady(connection);
    const signed = (body: string, seconds = now(), type = FORM): Record<string, string> => ({ ...signedHeaders(slack.signingSecret, seconds, body, type) });
    return { slack, connection, heard: played.heard, signed, port: connection.port() };
  };

  it('hears what Slack signed, and answers in the acknowledgement', async () => {
    const { port, signed, heard } = await world();
    const reply = await post(port, signed(COMMAND), COMMAND);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ response_type: 'ephemeral', text: 'There are no presets that you may use.' });
    expect(heard.commands).toHaveLength(1);
  });

  it('takes a content type with a charset for what it is', async () => {
    const { port, signed } = await world();
    expect((await post(port, { ...signed(COMMAND), 'content-type': `${FORM}; charset=utf-8` }, COMMAND)).status).toBe(200);
  });

  it.each<readonly [string, (headers: Record<string, string>) => Record<string, string | string[]>]>([
    ['no signature', ({ 'x-slack-signature': _gone, ...rest }) => rest],
    ['an empty signature', (headers) => ({ ...headers, 'x-slack-signature': '' })],
    ['a short signature', (headers) => ({ ...headers, 'x-slack-signature': headers['x-slack-signature']!.slice(0, -1) })],
    ['version 1', (headers) => ({ ...headers, 'x-slack-signature': headers['x-slack-signature']!.replace('v0=', 'v1=') })],
    ['a wrong signature', (headers) => ({ ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` })],
    ['two signatures', (headers) => ({ ...headers, 'x-slack-signature': [headers['x-slack-signature']!, headers['x-slack-signature']!] })],
    ['no time', ({ 'x-slack-request-timestamp': _gone, ...rest }) => rest],
    ['a time that is none', (headers) => ({ ...headers, 'x-slack-request-timestamp': 'NaN' })],
    ['a negative time', (headers) => ({ ...headers, 'x-slack-request-timestamp': '-1' })],
  ])('answers 401 to %s', async (_what, change) => {
    const { port, signed, heard } = await world();
    expect((await post(port, change(signed(COMMAND)), COMMAND)).status).toBe(401);
    expect(heard.commands).toEqual([]);
  });

  it.each([['301 s old', -301], ['301 s in the future', 302], ['a year in the future', 31_536_000]])('answers 401 to a request that is %s, rightly signed', async (_what, seconds) => {
    const { port, signed, heard } = await world();
    expect((await post(port, signed(COMMAND, now() + seconds), COMMAND)).status).toBe(401);
    expect(heard.commands).toEqual([]);
  });

  it.each([['290 s old', -290], ['290 s in the future', 290]])('hears one that is %s', async (_what, seconds) => {
    const { port, signed } = await world();
    expect((await post(port, signed(COMMAND, now() + seconds), COMMAND)).status).toBe(200);
  });

  it('answers 401 to a body that was changed by one byte, and to ssl_check with a command in it', async () => {
    const { port, signed, heard } = await world();
    expect((await post(port, signed(COMMAND), COMMAND.replace('ls', 'rm'))).status).toBe(401);
    expect((await post(port, { 'content-type': FORM }, `ssl_check=1&${COMMAND}`)).status).toBe(401);
    expect(heard.commands).toEqual([]);
  });

  it.each([
    ['null', 'null', 'application/json'], ['a list', '[]', 'application/json'], ['a number', '7', 'application/json'], ['no JSON', '{', 'application/json'],
    ['nothing', '', 'application/json'], ['two payloads', 'payload=%7B%7D&payload=%7B%7D', FORM], ['a payload that is no object', 'payload=null', FORM], ['a payload that is no JSON', 'payload=%7B', FORM],
  ])('answers 400 to signed %s, and lives', async (_what, body, type) => {
    const { port, signed } = await world();
    expect((await post(port, signed(body, now(), type), body)).status).toBe(400);
    expect((await post(port, signed(COMMAND), COMMAND)).status).toBe(200);
  });

  it.each([['an unknown interaction', { type: 'shortcut', team: { id: 'T0ACME' }, user: { id: 'U0ALICE' }, trigger_id: 't' }], ['a click without a team and a user', { type: 'block_actions', actions: [{}] }]])('answers signed %s', async (_what, payload) => {
    const { port, signed } = await world();
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
    expect([200, 400]).toContain((await post(port, signed(body), body)).status);
  });

  it('answers 413 to more than 256 KiB, said or sent, without keeping it', async () => {
    const { port } = await world();
    const headers = { 'content-type': FORM };
    expect((await post(port, headers, Buffer.alloc(300 * 1_024)).catch(() => ({ status: 413 }))).status).toBe(413);
    const before = process.memoryUsage().rss;
    const status = await new Promise<string>((resolve) => {
      const socket = netConnect(port ?? 0, '127.0.0.1', () => {
        socket.write('POST /slack/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
        const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
        const more = (): void => { while (!socket.destroyed && socket.write(piece)); };
        socket.on('drain', more);
        more();
      });
      socket.on('data', (chunk) => { resolve(chunk.toString().split('\r\n')[0] ?? ''); socket.destroy(); });
      socket.on('error', () => undefined);
    });
    expect(status).toContain('413');
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1_024 * 1_024);
  });

  it('cuts connections that say nothing within seconds, and holds a limited number of them', async () => {
    const { port, signed } = await world();
    const silent = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, async () => {
      const socket = netConnect(port ?? 0, '127.0.0.1').on('error', () => undefined).resume();
      await once(socket, 'connect');
      return socket;
    }));
    open.push(async () => { for (const socket of silent) socket.destroy(); });
    expect(await post(port, signed(COMMAND), COMMAND).catch(() => 'cut')).toBe('cut');
    await expect.poll(() => post(port, signed(COMMAND), COMMAND).then(({ status }) => status, () => 'cut'), { timeout: 9_000, interval: 200 }).toBe(200);
  });

  it.each([['GET', '/slack/events', 405], ['POST', '/slack/install', 404], ['GET', '/', 404]])('answers %s %s with %i', async (method, path, status) => {
    const { port } = await world();
    expect((await post(port, {}, '', path, method)).status).toBe(status);
  });

  it('says that it is starting as long as Slack has not said who it is', async () => {
    const slack = await started();
    slack.faults.add({ method: 'auth.test', fault: { kind: 'status', status: 500 } });
    const played = playedHandlers();
    const connection = await connected(slack, 'http', played);
    const headers = { ...signedHeaders(slack.signingSecret, now(), COMMAND, FORM) };
    const reply = await post(connection.port(), headers, COMMAND);
    expect(JSON.parse(reply.body)).toMatchObject({ text: 'kdebug is still connecting to Slack, so nothing was done. Try again in a minute.' });
    expect(played.heard.commands).toEqual([]);
    slack.faults.clear();
    await isReady(connection);
  });

  it('keeps tokens and signatures out of its log', async () => {
    const { slack, connection, port } = await world();
    slack.faults.add({ method: '*', fault: { kind: 'cut', when: 'before' } });
    await connection.directory.member('U0ALICE' as never, 'T0ACME' as never);
    await post(port, {}, COMMAND);
    const log = (connection as unknown as { log: ReturnType<typeof quietLog> }).log;
    expect(log.lines.join('\n')).not.toMatch(/xox[abp]-|xapp-|v0=/);
  });
});
