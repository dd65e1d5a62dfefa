/** What a server, or what stands before it, may answer to the upgrade and say in the session. */
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { describe, expect, test, type TestContext } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { createFrameReader, FrameError } from '../../../src/adapters/kubernetes/frames.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import { startServer, status, writeKubeconfig } from './api-server.ts';
import { MAIN, MARKER, OURS, TARGET } from './fixtures.ts';

type Finished = TestContext['onTestFinished'];

/** A raw HTTP/1.1 server on loopback; `answer` gets the request as it was sent. */
const connected = async (onTestFinished: Finished, answer: (socket: Socket, request: string) => unknown): Promise<Cluster> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => answer(socket, bytes.toString()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { dir, close } = await startServer(() => undefined);
  const file = writeKubeconfig(dir, { token: 'x' }, { server: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
  const cluster = await connectCluster({ name: MAIN, kubeconfig: file, userAgent: 'kdebug/0.1.0' });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await cluster.close();
    await close();
  });
  return cluster;
};
const refusing = (code: number, body: string) => (socket: Socket): void => void socket.end(`HTTP/1.1 ${code} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
const accepted = (request: string): string => {
  const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-protocol: v5.channel.k8s.io\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
};
const frame = (bytes: Uint8Array, first = 0x82): Buffer => {
  const length = bytes.byteLength < 126 ? Buffer.of(bytes.byteLength) : Buffer.of(126, bytes.byteLength >> 8, bytes.byteLength & 0xff);
  return Buffer.concat([Buffer.of(first), length, bytes]);
};
const ended = (value: object): Buffer => frame(Buffer.concat([Buffer.of(3), Buffer.from(JSON.stringify(value))]));
const exitCode = (code: string): object => ({ status: 'Failure', reason: 'NonZeroExitCode', message: `exit status ${code}`, details: { causes: [{ reason: 'ExitCode', message: code }] } });
const CLOSE = frame(Buffer.of(0x03, 0xe8), 0x88);
const saying = (...frames: readonly Uint8Array[]) => (socket: Socket, request: string): void => void socket.write(Buffer.concat([Buffer.from(accepted(request)), ...frames]));
const SUCCESS = ended({ metadata: {}, status: 'Success' });

describe.concurrent('the kill command', () => {
  test.for<readonly [string, (socket: Socket, request: string) => unknown, object | undefined]>([
    ['carried out', saying(SUCCESS, CLOSE), undefined],
    ['carried out, with a complaint of the shell first', saying(frame(Buffer.from('\u0002no such process')), SUCCESS, CLOSE), undefined],
    ['carried out, told in pieces and between pings', saying(frame(Buffer.of(), 0x89), frame(SUCCESS.subarray(2, 9), 0x02), frame(SUCCESS.subarray(9), 0x80), CLOSE), undefined],
    ['killed with the container it ended', saying(ended(exitCode('137')), CLOSE), undefined],
    ['that found nobody', saying(ended(exitCode('3')), CLOSE), { code: 'unexpected_answer', detail: 'no process of this run was found in its container' }],
    ['that left somebody', saying(ended(exitCode('4')), CLOSE), { code: 'unexpected_answer', detail: 'the kill command ended with exit code 4' }],
    ['whose image has no sh', refusing(500, JSON.stringify(status(500, 'InternalError', 'OCI runtime exec failed: exec: "sh": executable file not found in $PATH'))), { code: 'unexpected_answer', detail: expect.stringContaining('executable file not found') }],
    ['that is forbidden', refusing(403, JSON.stringify(status(403, 'Forbidden', 'pods "p" is forbidden: User "x" cannot create resource "pods/exec"'))), { code: 'forbidden' }],
    ['in a pod that is gone', refusing(404, JSON.stringify(status(404, 'NotFound', 'pods "p" not found'))), { code: 'pod_gone' }],
    ['with a token that is not taken', refusing(401, ''), { code: 'unauthorized' }],
    ['behind a proxy that knows no upgrade', refusing(200, '<html>'), { code: 'unexpected_answer' }],
    ['refused without end', (socket) => { socket.write('HTTP/1.1 500 X\r\n\r\n'); const more = (): void => { while (!socket.destroyed && socket.write('x'.repeat(65_536))); socket.once('drain', more); }; more(); }, { code: 'unexpected_answer' }],
    ['accepted by something that is no WebSocket', (socket) => socket.write('HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: no\r\n\r\n'), { code: 'unexpected_answer' }],
    ['that is something else than HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), { code: expect.stringMatching(/^un/) }],
    ['whose session breaks off', (socket, request) => socket.end(accepted(request)), { code: 'unexpected_answer', detail: 'the kill command did not tell how it ended' }],
    ['whose end is no JSON', saying(frame(Buffer.from('\u0003{"status')), CLOSE), { code: 'unexpected_answer' }],
    ['whose end says nothing', saying(ended({}), CLOSE), { code: 'unexpected_answer' }],
    ['whose exit code is text', saying(ended(exitCode('seven')), CLOSE), { code: 'unexpected_answer' }],
    ['told in a masked frame', saying(Buffer.of(0x82, 0x81, 1, 2, 3, 4, 5)), { code: 'unexpected_answer' }],
    ['told in a frame of a terabyte', saying(Buffer.of(0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0)), { code: 'unexpected_answer' }],
    ['told in pieces without end', (socket, request) => { socket.write(accepted(request)); const more = (): void => { while (!socket.destroyed && socket.write(frame(Buffer.alloc(1_000), 0x00))); socket.once('drain', more); }; more(); }, { code: 'unexpected_answer' }],
    ['that a connection is closed to', (socket) => socket.destroy(), { code: 'unreachable' }],
  ])('%s', async ([_what, answer, failure], { expect: expectHere, onTestFinished }) => {
    const cluster = await connected(onTestFinished, answer);
    const told = await cluster.stop(TARGET, OURS, MARKER);
    if (failure) expectHere(told).toMatchObject(failure);
    else expectHere(told).toBeUndefined();
  });

  test('is asked for once, with the token, as a WebSocket and nothing else', async ({ expect: expectHere, onTestFinished }) => {
    const asked: string[] = [];
    const cluster = await connected(onTestFinished, (socket, request) => {
      asked.push(request);
      saying(SUCCESS, CLOSE)(socket, request);
    });
    await cluster.stop(TARGET, OURS, MARKER);
    expectHere(asked).toHaveLength(1);
    expectHere(asked[0]).toMatch(/^GET \/api\/v1\/namespaces\/prod\/pods\/[a-z0-9-]+\/exec\?container=kdebug-0123456789abcdef&stdout=true&stderr=true&command=sh&command=-c&/);
    for (const header of [/^authorization: Bearer x\r$/im, /^upgrade: websocket\r$/im, /^sec-websocket-protocol: v5\.channel\.k8s\.io, v4\.channel\.k8s\.io\r$/im, /^user-agent: kdebug\/0\.1\.0\r$/im]) expectHere(asked[0]).toMatch(header);
  });

  test.for<readonly [string, (socket: Socket, request: string) => unknown]>([
    ['is not answered', () => undefined],
    ['is accepted, and then nothing is said', (socket, request) => socket.write(accepted(request))],
  ])('that %s ends within 16 s', { timeout: 25_000 }, async ([_what, answer], { expect: expectHere, onTestFinished }) => {
    const cluster = await connected(onTestFinished, answer);
    const began = performance.now();
    expectHere(await cluster.stop(TARGET, OURS, MARKER)).toStrictEqual({ code: 'unreachable', detail: 'no complete answer in time' });
    expectHere(performance.now() - began).toBeLessThan(16_000);
  });
});

test('frames arrive whole however the bytes are cut', () => {
  const all = Buffer.concat([frame(Buffer.from('one')), frame(Buffer.from('tw'), 0x02), frame(Buffer.from('ping'), 0x89), frame(Buffer.from('o'), 0x80), frame(Buffer.alloc(300, 'x')), CLOSE]);
  for (let size = 1; size <= all.byteLength; size += 1) {
    const read = createFrameReader();
    const messages: string[] = [];
    for (let from = 0; from < all.byteLength; from += size) {
      for (const message of read(all.subarray(from, from + size))) messages.push(message.kind === 'data' ? Buffer.from(message.bytes).toString() : 'CLOSE');
    }
    expect(messages).toStrictEqual(['one', 'two', 'x'.repeat(300), 'CLOSE']);
  }
  expect(() => createFrameReader()(Buffer.of(0x82, 0x80))).toThrow(FrameError);
});
