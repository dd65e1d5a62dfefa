import type { Http2ServerResponse } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { linesOf } from '../../../src/adapters/kubernetes/lines.ts';
import type { Cluster, WatchOptions } from '../../../src/app/cluster-port.ts';
import type { ContainerName, Instant } from '../../../src/domain/names.ts';
import { json, startServer, status, type Asked, type ScriptedServer } from './api-server.ts';
import { CONTAINER, MAIN, OURS, pod, podWith, recording, TARGET } from './fixtures.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const ENDED = podWith({ terminated: { exitCode: 0, reason: 'Completed', startedAt: '2026-11-22T13:00:01Z', finishedAt: '2026-11-22T13:00:02Z' } }, { metadata: { resourceVersion: '120' } });
const RUNNING = podWith({ running: { startedAt: '2026-11-22T13:00:01Z' } }, { metadata: { resourceVersion: '110' } });
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

type Windows = readonly ((response: Http2ServerResponse, asked: Asked) => unknown)[];

/** Each watch request takes the next window, the last one for ever; GET answers `current()`. */
const connected = async (windows: Windows, current: (response: Http2ServerResponse) => unknown = (response) => json(response, 200, RUNNING)): Promise<{ cluster: Cluster; server: ScriptedServer; watched: () => string[] }> => {
  let count = 0;
  const server = await startServer((asked, response) => {
    if (asked.method === 'PATCH') return json(response, 200, pod());
    if (!asked.path.includes('watch=true')) return current(response);
    count += 1;
    return windows[Math.min(count, windows.length) - 1]!(response, asked);
  });
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  open.push(cluster, server);
  await cluster.add(TARGET, CONTAINER);
  const watched = (): string[] => server.asked.filter((asked) => asked.path.includes('watch=true')).map((asked) => new URL(asked.path, 'https://x').searchParams.get('resourceVersion') ?? '');
  return { cluster, server, watched };
};

/** `speed` times the worker's clock: the bounds of a run are minutes. */
const options = (over: Partial<WatchOptions> = {}, speed = 1): WatchOptions => {
  const began = Date.now();
  return {
    resourceVersion: '100', notAfter: (began + 60_000) as Instant, timeoutMs: 30_000, bounded: true,
    now: () => (began + (Date.now() - began) * speed) as Instant, signal: new AbortController().signal, ...over,
  };
};
const hang = (response: Http2ServerResponse): void => void response.write(event('BOOKMARK', { metadata: { resourceVersion: '105' } }));
const gives = (...events: string[]) => (response: Http2ServerResponse): unknown => response.end(events.join(''));
const EXITED = { outcome: { kind: 'exited', code: 0 } };

test('a window that closes is followed by one from the last version seen, bookmarks included', async () => {
  const { cluster, watched } = await connected([gives(event('MODIFIED', RUNNING)), gives(event('BOOKMARK', { metadata: { resourceVersion: '115' } })), gives(event('MODIFIED', ENDED))]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(EXITED);
  expect(watched()).toStrictEqual(['100', '110', '115']);
});

test('a version that is too old (410 as an event, as a real API server sends it): the pod is looked at, then watched from there', async () => {
  const expired = recording('watch-too-old').response.events![0]!;
  const { cluster, watched } = await connected([gives(event(expired.type, expired.object)), gives(event('MODIFIED', ENDED))]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(EXITED);
  expect(watched()).toStrictEqual(['100', '110']);
});

test('a connection that breaks in the middle of an event loses nothing', async () => {
  const cut = (response: Http2ServerResponse): void => {
    response.write(event('MODIFIED', ENDED).slice(0, 40));
    setTimeout(() => response.stream.destroy(), 20);
  };
  const { cluster } = await connected([cut, gives(event('MODIFIED', ENDED))]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(EXITED);
});

test('where kdebug may not watch, it looks', async () => {
  let looks = 0;
  const { cluster } = await connected(
    [(response) => json(response, 403, status(403, 'Forbidden', 'pods is forbidden: User "x" cannot watch resource "pods"'))],
    (response) => json(response, 200, (looks += 1) < 2 ? RUNNING : ENDED),
  );
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(EXITED);
});

test.each<readonly [string, string, object]>([
  ['DELETED after its end', event('DELETED', ENDED), { outcome: { kind: 'exited', code: 0 }, logged: false }],
  ['DELETED while it ran', event('DELETED', RUNNING), { outcome: { kind: 'interrupted', by: 'deleted' }, logged: false }],
  ['replaced by another of its name', event('ADDED', pod({ metadata: { uid: 'other' } })), { outcome: { kind: 'interrupted', by: 'replaced' }, logged: false }],
])('a pod that was %s', async (_what, text, expected) => {
  const { cluster } = await connected([gives(event('MODIFIED', RUNNING), text)]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(expected);
});

test('a pod that vanished between two windows', async () => {
  const { cluster } = await connected([(response) => response.stream.destroy()], (response) => json(response, 404, status(404, 'NotFound', 'pods not found', { name: 'x' })));
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject({ outcome: { kind: 'interrupted', by: 'deleted' }, logged: false });
});

test('stuck states end though no further event comes', async () => {
  const { cluster } = await connected([(response) => response.write(event('MODIFIED', podWith({ waiting: { reason: 'ErrImagePull', message: 'not found' } })))]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({}, 20))).toMatchObject({ outcome: { kind: 'not_started', armed: true, failure: { code: 'image_not_pulled', detail: 'not found' } } });
});

test.each<readonly [string, Windows, string, boolean]>([
  ['a node that reports nothing', [hang], 'the node reported neither a start nor a failure', false],
  ['a node that froze while it ran', [(response) => response.write(event('MODIFIED', RUNNING))], 'the node reported no end; it may not be reachable', true],
])('%s ends as unknown at deadline + timeout + grace', async (_what, windows, detail, logged) => {
  const { cluster } = await connected(windows);
  const began = Date.now();
  // 60 + 30 + 15 s on a clock that runs a hundred times as fast.
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({}, 100))).toStrictEqual({ outcome: { kind: 'unknown', detail }, logged });
  expect(Date.now() - began).toBeGreaterThan(900);
});

test('a run that was killed long ago, taken over after its bound, is told as it ended', async () => {
  const killed = podWith({ terminated: { exitCode: 137, reason: 'Error', startedAt: '2026-11-22T13:00:01Z', finishedAt: '2026-11-22T13:00:02Z' } });
  const { cluster } = await connected([hang], (response) => json(response, 200, killed));
  const past = Date.parse('2026-11-22T13:00:00Z') as Instant;
  const now = (past + 86_400_000) as Instant;
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({ resourceVersion: '90', notAfter: past, now: () => now }))).toMatchObject({ outcome: { kind: 'exited', code: 137 } });
});

test('a clock that stands still does not make it wait for ever', async () => {
  const now = Date.now() as Instant;
  const { cluster } = await connected([hang]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({ now: () => now, notAfter: (now - 15_000) as Instant, timeoutMs: 1_000 }))).toMatchObject({ outcome: { kind: 'unknown' } });
});

test('an abort ends it at once and closes the stream', async () => {
  const closed = Promise.withResolvers<void>();
  const aborting = new AbortController();
  const { cluster } = await connected([(response) => {
    response.on('close', () => closed.resolve());
    hang(response);
    setTimeout(() => aborting.abort(), 50);
  }]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({ signal: aborting.signal }))).toStrictEqual({ outcome: { kind: 'unknown', detail: 'kdebug stopped watching before the command ended' }, logged: false });
  await closed.promise;
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options({ signal: AbortSignal.abort() }))).toMatchObject({ outcome: { kind: 'unknown' } });
});

test('two runs in one pod share one stream; the first to end does not close it', async () => {
  const second = { ...CONTAINER, name: 'kdebug-fedcba9876543210' as ContainerName };
  const both = pod({ metadata: { resourceVersion: '130' }, status: { ephemeralContainerStatuses: [OURS, second.name].map((name) => ({ name, restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } })) } });
  const { cluster, watched } = await connected([async (response) => {
    await sleep(100);
    response.write(event('MODIFIED', ENDED));
    await sleep(100);
    response.write(event('MODIFIED', both));
  }]);
  await cluster.add(TARGET, second);
  const ends = await Promise.all([cluster.awaitEnd(TARGET, CONTAINER, options()), cluster.awaitEnd(TARGET, second, options())]);
  expect(ends).toMatchObject([EXITED, EXITED]);
  expect(watched()).toStrictEqual(['100']);
});

test('a stream of garbage, then of an endless line, does not stop the run from being followed', async () => {
  const endless = (response: Http2ServerResponse): void => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  const { cluster } = await connected([gives('this is no JSON\n'), gives(event('MODIFIED', {})), gives(event('MODIFIED', { metadata: {} })), endless, gives(event('MODIFIED', ENDED))]);
  expect(await cluster.awaitEnd(TARGET, CONTAINER, options())).toMatchObject(EXITED);
});

test('lines are joined across chunks and bounded', async () => {
  const read = async (chunks: readonly string[], bytesMax: number): Promise<string[]> => {
    const lines: string[] = [];
    for await (const line of linesOf((async function* () { for (const chunk of chunks) yield Buffer.from(chunk); })(), bytesMax)) lines.push(line);
    return lines;
  };
  expect(await read(['a', 'b\nc', '\n\nd'], 10)).toStrictEqual(['ab', 'c', '']);
  await expect(read(['1234', '5678', '9'], 8)).rejects.toThrow('a line of more than 8 bytes');
});
