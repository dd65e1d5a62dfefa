import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import { caller, textOf } from './caller.ts';

type Frame = Readonly<Record<string, unknown>>;

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack({ clockScale: 1_000, ackWindowMs: 300 });
});
afterEach(() => slack.close());

const link = async (): Promise<string> => textOf(await caller(slack)('apps.connections.open', {}, slack.appToken), 'url');

const connect = async (answer: (frame: Frame) => object | undefined = () => undefined) => {
  const frames: Frame[] = [];
  const socket = new WebSocket(await link());
  socket.on('message', (text: Buffer) => {
    const frame = JSON.parse(text.toString('utf8')) as Frame;
    frames.push(frame);
    const reply = frame['envelope_id'] === undefined ? undefined : answer(frame);
    if (reply !== undefined) socket.send(JSON.stringify(reply));
  });
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0));
  return { frames, socket };
};
const acking = (frame: Frame): object => ({ envelope_id: frame['envelope_id'] });

describe('Socket Mode', () => {
  it('greets with the number of connections and the app', async () => {
    await connect();
    const second = await connect();
    expect(second.frames[0]).toMatchObject({ type: 'hello', num_connections: 2, connection_info: { app_id: 'A0KDEBUG' } });
  });

  it('takes a ticket once, and no other', async () => {
    const url = await link();
    await once(new WebSocket(url), 'open');
    for (const refused of [url, url.replace(/ticket=[^&]*/, 'ticket=made-up')]) {
      const [error] = await once(new WebSocket(refused), 'error') as [Error];
      expect(error.message).toContain('401');
    }
  });

  it('refuses the eleventh connection', async () => {
    for (let count = 0; count < 10; count += 1) await connect();
    expect((await connect()).frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.socket.connections()).toBe(10);
  });

  it('sends each envelope to one connection, in turn', async () => {
    const apps = [await connect(acking), await connect(acking)];
    for (const text of ['a', 'b', 'c', 'd']) expect(await slack.people.slash('U0ALICE', 'C0OPS', '/kdebug', text)).toMatchObject({ ok: true });
    expect(apps.map(({ frames }) => frames.length)).toEqual([3, 3]);
    expect(apps[0]?.frames[1]).toMatchObject({ type: 'slash_commands', accepts_response_payload: true, envelope_id: expect.any(String), payload: { command: '/kdebug' } });
  });

  it('shows the payload of an acknowledgement', async () => {
    await connect((frame) => ({ envelope_id: frame['envelope_id'], payload: { text: 'Everybody', response_type: 'in_channel' } }));
    await slack.people.slash('U0ALICE', 'C0NOBOT', '/kdebug', 'x');
    expect(slack.world.messages('C0NOBOT')).toMatchObject([{ text: 'Everybody', user: 'U0KDEBUG' }]);
  });

  it('offers an event again under the same envelope_id when nobody acknowledged', async () => {
    let offers = 0;
    const { frames } = await connect((frame) => ((offers += 1) < 3 ? undefined : acking(frame)));
    expect(await slack.people.mention('U0ALICE', 'C0OPS', 'x')).toMatchObject({ ok: false, error: 'operation_timeout' });
    await vi.waitFor(() => expect(frames).toHaveLength(4), 3_000);
    const envelopes = frames.slice(1);
    expect(new Set(envelopes.map((frame) => frame['envelope_id'])).size).toBe(1);
    expect(envelopes.map((frame) => frame['retry_attempt'])).toEqual([0, 1, 2]);
  });

  it('ends at once when the connection goes away unacknowledged', async () => {
    const { socket } = await connect(() => {
      socket.terminate();
      return undefined;
    });
    expect(await slack.people.slash('U0ALICE', 'C0OPS', '/kdebug', 'x')).toMatchObject({ ok: false, detail: expect.stringContaining('closed') });
  });

  it('duplicates an envelope, and counts acknowledgements nobody waits for', async () => {
    const { frames, socket } = await connect(acking);
    const outcome = await slack.people.slash('U0ALICE', 'C0OPS', '/kdebug', 'x');
    expect(await slack.attacks.replay(outcome.sent)).toMatchObject({ ok: true });
    expect(frames[1]).toEqual(frames[2]);
    socket.send(JSON.stringify({ envelope_id: frames[1]?.['envelope_id'] }));
    await vi.waitFor(() => expect(slack.socket.strayAcks()).toBe(1));
  });

  it('asks for a refresh, and can be switched off', async () => {
    const { frames, socket } = await connect();
    slack.socket.refresh();
    await once(socket, 'close');
    expect(frames.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    slack.socket.disable();
    expect((await connect()).frames[0]).toMatchObject({ type: 'disconnect', reason: 'link_disabled' });
  });
});
