import type { Http2ServerResponse } from 'node:http2';
import { afterEach, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { keepBytes } from '../../../src/adapters/kubernetes/kept-bytes.ts';
import type { RawOutput } from '../../../src/app/cluster-port.ts';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX } from '../../../src/domain/limits.ts';
import { json, startServer, status, type Script } from './api-server.ts';
import { MAIN, OURS, POD, recording, TARGET } from './fixtures.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const read = async (script: Script): Promise<{ output: RawOutput; head: string; asked: readonly string[] }> => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  open.push(cluster, server);
  const output = await cluster.readOutput(TARGET, OURS);
  return { output, head: Buffer.from(output.head).toString(), asked: server.asked.map((asked) => asked.path) };
};

/** Writes `text` again and again until `bytes` or until the reader leaves. */
const pour = (response: Http2ServerResponse, text: string, bytes = Infinity): void => {
  let written = 0;
  const more = (): void => {
    while (!response.destroyed && written < bytes) {
      written += text.length;
      if (!response.write(text)) return void response.once('drain', more);
    }
    if (!response.destroyed) response.end('the last line\n');
  };
  more();
};

test('no output is no output', async () => {
  const { output } = await read((_asked, response) => response.end());
  expect(output).toStrictEqual({ head: new Uint8Array(), bytes: 0, lines: 0, complete: true });
});

test('bytes arrive as they were, whatever they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const { output } = await read((_asked, response) => response.end(bytes));
  expect(Buffer.from(output.head)).toStrictEqual(bytes);
});

test('more than is kept: head and tail of one reading', async () => {
  const { output, asked } = await read((_asked, response) => pour(response, 'a line of thirty-two characters\n', 3 * OUTPUT_KEPT_BYTES_MAX));
  expect(asked).toHaveLength(1);
  expect(output).toMatchObject({ bytes: 3 * OUTPUT_KEPT_BYTES_MAX + 14, complete: true });
  expect(output.head.byteLength).toBe(OUTPUT_KEPT_BYTES_MAX / 2);
  expect(output.tail?.byteLength).toBe(OUTPUT_KEPT_BYTES_MAX / 2);
  expect(Buffer.from(output.tail!).toString()).toMatch(/a line of thirty-two characters\nthe last line\n$/);
});

test('endless output: reading stops at its limit, memory stays flat, the tail is asked for once', async () => {
  const before = process.memoryUsage();
  const { output, asked } = await read((one, response) => (one.path.includes('tailLines') ? response.end('the end\n') : pour(response, 'y'.repeat(65_536))));
  expect(asked[1]).toBe(`/api/v1/namespaces/prod/pods/${POD}/log?container=${OURS}&tailLines=250&limitBytes=524288`);
  expect(asked).toHaveLength(2);
  expect(output).toMatchObject({ complete: false });
  expect(output.bytes).toBeLessThanOrEqual(OUTPUT_READ_BYTES_MAX);
  expect(output.bytes).toBeGreaterThan(OUTPUT_READ_BYTES_MAX - OUTPUT_KEPT_BYTES_MAX);
  expect(Buffer.from(output.tail!).toString()).toBe('the end\n');
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(24 * 1_048_576);
});

test('lines so long that 250 of them do not reach the end: fewer are asked for', async () => {
  const { output, asked } = await read((one, response) => {
    if (one.path.includes('tailLines=250')) return response.end('z'.repeat(OUTPUT_KEPT_BYTES_MAX / 2));
    return one.path.includes('tailLines') ? response.end('the very end\n') : pour(response, 'y'.repeat(65_536));
  });
  expect(asked.slice(1).map((path) => new URL(path, 'https://x').searchParams.get('tailLines'))).toStrictEqual(['250', '32']);
  expect(Buffer.from(output.tail!).toString()).toBe('the very end\n');
});

test('endless output whose tail cannot be read: the end of what was read', async () => {
  const { output } = await read((one, response) => (one.path.includes('tailLines') ? json(response, 500, {}) : pour(response, 'y'.repeat(65_536))));
  expect(output.tail?.byteLength).toBe(OUTPUT_KEPT_BYTES_MAX / 2);
});

test('a connection that breaks keeps what arrived', async () => {
  const { output, head } = await read((_asked, response) => {
    response.write('six by');
    setTimeout(() => response.socket.destroy(), 50);
  });
  expect(head).toBe('six by');
  expect(output).toMatchObject({ bytes: 6, complete: false });
  expect(output.unreadable).toBeUndefined();
});

test('a log that is not served yet is asked for again', async () => {
  const { head, asked } = await read((_asked, response, count) => (count < 3 ? json(response, 400, recording('get-log-waiting').response.body) : response.end('there\n')));
  expect(head).toBe('there\n');
  expect(asked).toHaveLength(3);
});

test.each<readonly [string, number, object, number, string]>([
  ['waits for ever', 400, recording('get-log-waiting').response.body as object, 4, 'unexpected_answer'],
  ['is forbidden', 403, status(403, 'Forbidden', 'pods "p" is forbidden: User "x" cannot get resource "pods/log"'), 1, 'forbidden'],
  ['went with its pod', 404, status(404, 'NotFound', 'pods "p" not found'), 1, 'pod_gone'],
  ['is on a node that does not answer', 500, status(500, 'InternalError', 'dial tcp 10.0.0.1:10250: i/o timeout'), 4, 'unexpected_answer'],
])('a log that %s is unreadable, with the reason', async (_what, code, body, tries, failure) => {
  const { output, asked } = await read((_asked, response) => json(response, code, body));
  expect(output).toMatchObject({ bytes: 0, complete: false, unreadable: { code: failure } });
  expect(asked).toHaveLength(tries);
});

test.each(['unable to retrieve container logs for containerd://33782dde1e0cba08a994', 'failed to try resolving symlinks in path "/var/log/pods/x/0.log": lstat: no such file or directory'])(
  'a node\'s error sent as if it were output is no output: %s', async (text) => {
    const { output } = await read((_asked, response) => response.end(text));
    expect(output).toMatchObject({ bytes: 0, unreadable: { code: 'unexpected_answer', detail: expect.stringContaining(text.slice(0, 30)) } });
  });

test('the same words within output are output', async () => {
  const { output } = await read((_asked, response) => response.end('log: unable to retrieve container logs for containerd://33\n'));
  expect(output.unreadable).toBeUndefined();
});

test('head and tail are exact at every size around the limits', () => {
  for (const total of [0, 1, 7, 8, 9, 12, 16, 17, 31, 100]) {
    for (const size of [1, 3, 5, 100]) {
      const all = Buffer.from(Array.from({ length: total }, (_, index) => index));
      const kept = keepBytes(8);
      for (let from = 0; from < total; from += size) kept.add(all.subarray(from, from + size));
      expect(kept.bytes()).toBe(total);
      expect(Buffer.from(kept.head())).toStrictEqual(total <= 8 ? all : all.subarray(0, 4));
      expect(kept.tail()).toStrictEqual(total <= 8 ? undefined : all.subarray(total - 4));
    }
  }
});
