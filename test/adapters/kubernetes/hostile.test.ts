import { createServer, type Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { ApiPathError } from '../../../src/adapters/kubernetes/url.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import type { Namespace } from '../../../src/domain/names.ts';
import { json, startServer, status, writeKubeconfig, type Script, type ScriptedServer } from './api-server.ts';
import { passOn } from './between.ts';
import { CONTAINER, MAIN, OURS, pod, PROD, TARGET } from './fixtures.ts';

type Finished = TestContext['onTestFinished'];

const connected = async (onTestFinished: Finished, script: Script): Promise<{ cluster: Cluster; server: ScriptedServer }> => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  onTestFinished(() => cluster.close().then(server.close));
  return { cluster, server };
};
const OVERLOADED = status(429, 'TooManyRequests', 'too many requests');

describe.concurrent('answers that may be asked for again', () => {
  test.for<readonly [string, number, Record<string, string>, number, number]>([
    ['429, Retry-After 1', 429, { 'retry-after': '1' }, 1_000, 2_500],
    ['429, no Retry-After', 429, {}, 200, 2_000],
    ['429, Retry-After negative', 429, { 'retry-after': '-7' }, 200, 2_000],
    ['429, Retry-After a date that has passed', 429, { 'retry-after': 'Sun, 22 Nov 2020 13:00:00 GMT' }, 0, 1_000],
    ['409', 409, {}, 200, 2_000],
    ['500', 500, {}, 200, 2_000],
    ['503', 503, {}, 200, 2_000],
  ])('%s, then 200', async ([_what, code, headers, atLeastMs, atMostMs], { expect, onTestFinished }) => {
    const { cluster, server } = await connected(onTestFinished, (_asked, response, count) => (count === 1 ? json(response, code, OVERLOADED, headers) : json(response, 200, pod())));
    const began = performance.now();
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ kind: 'added' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(atLeastMs);
    expect(performance.now() - began).toBeLessThan(atMostMs);
    expect(new Set(server.asked.map((asked) => asked.body)).size).toBe(1);
  });

  test('a connection that died in silence, without being closed, is given up for another', async ({ expect, onTestFinished }) => {
    const server = await startServer((_asked, response) => json(response, 200, pod()));
    const between = await passOn(Number(new URL(server.url).port));
    const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig({ token: 'token-one' }, { server: `https://127.0.0.1:${between.port}` }), userAgent: 'kdebug/0.1.0' });
    onTestFinished(async () => { await cluster.close(); between.close(); await server.close(); });
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ kind: 'added' });
    between.freeze();
    const began = performance.now();
    expect(await Promise.all(Array.from({ length: 5 }, () => cluster.add(TARGET, CONTAINER)))).toMatchObject(Array.from({ length: 5 }, () => ({ kind: 'added' })));
    expect(performance.now() - began).toBeLessThan(12_000);
    expect(between.connections()).toBe(2);
  }, 20_000);

  test('429 with a huge Retry-After is "not now", at once', async ({ expect, onTestFinished }) => {
    const { cluster, server } = await connected(onTestFinished, (_asked, response) => json(response, 429, OVERLOADED, { 'retry-after': '99999999' }));
    expect(await cluster.add(TARGET, CONTAINER)).toStrictEqual({ kind: 'failure', failure: { code: 'overloaded', detail: 'too many requests' } });
    expect(server.asked).toHaveLength(1);
  });

  test('429 for ever ends after four tries', async ({ expect, onTestFinished }) => {
    const { cluster, server } = await connected(onTestFinished, (_asked, response) => json(response, 429, OVERLOADED));
    expect(await cluster.dryRun(TARGET, CONTAINER)).toMatchObject({ failure: { code: 'overloaded' } });
    expect(server.asked).toHaveLength(4);
  });

  test.for([400, 403, 404, 422])('%d is not asked again', async (code, { expect, onTestFinished }) => {
    const { cluster, server } = await connected(onTestFinished, (_asked, response) => json(response, code, status(code, 'x', 'no')));
    expect(await cluster.dryRun(TARGET, CONTAINER)).toMatchObject({ kind: 'failure' });
    expect(server.asked).toHaveLength(1);
  });
});

describe.concurrent('answers that are none', () => {
  test.for<readonly [string, Script, string]>([
    ['truncated JSON', (_asked, response) => response.end('{"kind":"Pod","metadata":{"na'), 'unexpected_answer'],
    ['no JSON', (_asked, response) => response.end('<html>login</html>'), 'unexpected_answer'],
    ['nothing', (_asked, response) => response.end(), 'unexpected_answer'],
    ['JSON that is no pod', (_asked, response) => json(response, 200, []), 'unexpected_answer'],
    ['a redirect elsewhere', (_asked, response) => { response.writeHead(302, { location: 'https://elsewhere.example/' }); response.end(); }, 'unexpected_answer'],
    ['a stream that is reset', (_asked, response) => response.stream.destroy(), 'unreachable'],
    ['403 without a body', (_asked, response) => { response.writeHead(403); response.end(); }, 'forbidden'],
    ['more than a cluster can have to say', (_asked, response) => { const more = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))); response.once('drain', more); }; more(); }, 'unexpected_answer'],
  ])('%s', async ([_what, script, code], { expect, onTestFinished }) => {
    const { cluster } = await connected(onTestFinished, script);
    expect(await cluster.add(TARGET, CONTAINER)).toMatchObject({ kind: 'failure', failure: { code } });
  });

  // A raw HTTP/1.1 server on loopback: no library would send these.
  const raw = async (onTestFinished: Finished, answer: (socket: Socket) => unknown): Promise<Cluster> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('readable', () => answer(socket));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { dir, close } = await startServer(() => undefined);
    const file = writeKubeconfig(dir, { token: 'x' }, { server: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
    const cluster = await connectCluster({ name: MAIN, kubeconfig: file, userAgent: 'kdebug/0.1.0' });
    onTestFinished(() => { server.close(); return cluster.close().then(close); });
    return cluster;
  };
  test.for<readonly [string, (socket: Socket) => void, readonly string[]]>([
    ['a body shorter than its Content-Length', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{}'), ['unreachable', 'unexpected_answer']],
    ['a body longer than its Content-Length', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{"more":1}'), ['unreachable', 'unexpected_answer']],
    ['something that is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), ['unexpected_answer']],
    ['a connection that is closed', (socket) => socket.destroy(), ['unreachable']],
  ])('%s', async ([_what, answer, codes], { expect, onTestFinished }) => {
    const cluster = await raw(onTestFinished, answer);
    const added = await cluster.add(TARGET, CONTAINER);
    expect(codes).toContain(added.kind === 'failure' && added.failure.code);
  });

  test.for<readonly [string, (socket: Socket) => unknown]>([
    ['one byte a second', (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 1_000);
      socket.on('close', () => clearInterval(timer));
    }],
    ['silence', () => undefined],
  ])('%s ends within 16 s', { timeout: 20_000 }, async ([_what, answer], { expect, onTestFinished }) => {
    const cluster = await raw(onTestFinished, answer);
    const began = performance.now();
    expect(await cluster.ping()).toMatchObject({ code: 'unreachable' });
    expect(performance.now() - began).toBeLessThan(16_000);
  });
});

describe.concurrent('the connection', () => {
  test('nothing listens there', async ({ expect, onTestFinished }) => {
    const { dir, close } = await startServer(() => undefined);
    onTestFinished(close);
    const cluster = await connectCluster({ name: MAIN, kubeconfig: writeKubeconfig(dir, {}, { server: 'https://127.0.0.1:9' }), userAgent: 'kdebug/0.1.0' });
    expect(await cluster.ping()).toStrictEqual({ code: 'unreachable', detail: 'nothing listens at its address' });
    await cluster.close();
  });

  test('a certificate that was not signed by the kubeconfig\'s authority is refused, whatever the environment says', async ({ expect, onTestFinished }) => {
    const server = await startServer((_asked, response) => json(response, 200, {}));
    onTestFinished(server.close);
    const cluster = await connectCluster({ name: MAIN, kubeconfig: writeKubeconfig(server.dir, { token: 'secret' }, { server: server.url }), userAgent: 'kdebug/0.1.0' });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    expect(await cluster.ping()).toMatchObject({ code: 'unreachable', detail: expect.stringContaining('its certificate was not accepted') });
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    expect(server.asked).toHaveLength(0);
    await cluster.close();
  });

  test('a hundred calls share one connection', async ({ expect, onTestFinished }) => {
    const ports = new Set<number | undefined>();
    const { cluster } = await connected(onTestFinished, (_asked, response) => {
      ports.add(response.stream.session?.socket.remotePort);
      json(response, 200, {});
    });
    await cluster.ping();
    await Promise.all(Array.from({ length: 100 }, () => cluster.ping()));
    expect(ports.size).toBe(1);
  });

  test('a token that was replaced in its file is read after a 401, once', async ({ expect, onTestFinished }) => {
    const server = await startServer((asked, response) => json(response, asked.headers['authorization'] === 'Bearer new' ? 200 : 401, {}));
    onTestFinished(server.close);
    const file = join(server.dir, 'token');
    writeFileSync(file, 'old\n');
    const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig({ tokenFile: 'token' }), userAgent: 'kdebug/0.1.0' });
    expect(await cluster.ping()).toMatchObject({ code: 'unauthorized' });
    expect(server.asked).toHaveLength(2);
    writeFileSync(file, 'new\n');
    expect(await cluster.ping()).toBeUndefined();
    await cluster.close();
  });

  test('names that no parser made are thrown back before a byte is sent', async ({ expect, onTestFinished }) => {
    const { cluster, server } = await connected(onTestFinished, (_asked, response) => json(response, 200, {}));
    for (const hostile of ['..', '../../kube-system', 'a/b', 'a?x=1', 'A', '', 'a\r\nb']) {
      await expect(cluster.podSecurity(hostile as Namespace)).rejects.toThrow(ApiPathError);
      await expect(cluster.add({ ...TARGET, pod: hostile as never }, CONTAINER)).rejects.toThrow(ApiPathError);
      await expect(cluster.readOutput({ ...TARGET, namespace: hostile as never }, OURS)).rejects.toThrow(ApiPathError);
      await expect(cluster.find(PROD, { kind: 'workload', resource: 'deploy', name: hostile as never })).rejects.toThrow(ApiPathError);
    }
    expect(server.asked).toHaveLength(0);
  });
});
