/** Requests that are left in the turn that sends them, over a real HTTP/2 connection. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream, Http2Session } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectionOf } from '../../../src/adapters/kubernetes/connection.ts';
import { createCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { selectConnection } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { createTransport, type Transport } from '../../../src/adapters/kubernetes/transport.ts';
import { versionPath } from '../../../src/adapters/kubernetes/url.ts';
import { json, startServer } from './api-server.ts';
import { passOn, type Between } from './between.ts';

const LEFT = new Error('left');

const open = async (): Promise<{ transport: Transport; between: Between }> => {
  const server = await startServer((_asked, response) => json(response, 200, {}));
  const between = await passOn(Number(new URL(server.url).port));
  const kubeconfig = server.kubeconfig({ token: 'token-one' }, { server: `https://127.0.0.1:${between.port}` });
  const selected = selectConnection({ kubeconfig }, { env: {}, serviceAccountDir: '/nowhere' });
  const connection = connectionOf(selected);
  const transport = createTransport(connection, createCredentials(selected, connection), { userAgent: 'kdebug/0.1.0', http2: true });
  onTestFinished(async () => {
    await transport.close();
    between.close();
    await server.close();
  });
  return { transport, between };
};
const onCreated = (see: (stream: ClientHttp2Stream) => void): void => {
  const listener = (message: unknown): void => see((message as { stream: ClientHttp2Stream }).stream);
  subscribe('http2.client.stream.created', listener);
  onTestFinished(() => { unsubscribe('http2.client.stream.created', listener); });
};

test('the answer is refused, and the connection that breaks afterwards ends nothing else', async () => {
  const unasked: ClientHttp2Stream[] = [];
  const uncaught: unknown[] = [];
  const sessions = new Set<Http2Session>();
  let leaving: AbortController | undefined;
  onCreated((stream) => {
    queueMicrotask(() => leaving?.abort(LEFT));
    if (!stream.session || sessions.has(stream.session)) return;
    sessions.add(stream.session);
    stream.session.on('stream', (one: ClientHttp2Stream) => unasked.push(one));
  });
  const onUncaught = (error: unknown): void => { uncaught.push(error); };
  process.on('uncaughtException', onUncaught);
  onTestFinished(() => { process.off('uncaughtException', onUncaught); });
  const { transport, between } = await open();
  const get = (signal: AbortSignal) => transport.send({ method: 'GET', path: versionPath(), signal, bodyTimeoutMs: 5_000 });
  await (await get(new AbortController().signal)).body.dump();

  leaving = new AbortController();
  await expect(get(leaving.signal)).rejects.toBe(LEFT);
  await vi.waitFor(() => expect(unasked).toHaveLength(1));
  await vi.waitFor(() => expect(unasked[0]!.destroyed).toBe(true));
  between.reset();
  await sleep(100);
  expect(uncaught).toStrictEqual([]);
  expect([...sessions].map((session) => session.destroyed)).toStrictEqual([true]);
});
