import type { Http2ServerResponse } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { keepBytes } from '../../../src/adapters/kubernetes/kept-bytes.ts';
import { createResumedLog } from '../../../src/adapters/kubernetes/resumed-log.ts';
import { createTimestampReader } from '../../../src/adapters/kubernetes/timestamped.ts';
import type { Follower, RawOutput } from '../../../src/app/cluster-port.ts';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX } from '../../../src/domain/limits.ts';
import { json, startServer, status, type Asked, type Script } from './api-server.ts';
import { MAIN, OURS, recording, TARGET } from './fixtures.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const follow = async (script: Script, signal = new AbortController().signal): Promise<{ follower: Follower; asked: Asked[] }> => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  open.push(cluster, server);
  return { follower: cluster.follow(TARGET, OURS, signal), asked: server.asked };
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(5);
};
const textOf = (output: RawOutput): string => Buffer.from(output.head).toString();
const queryOf = (asked: Asked): Record<string, string> => Object.fromEntries(new URL(asked.path, 'https://x').searchParams);
const isFollowing = (asked: Asked): boolean => asked.path.includes('follow=true');

/** Line n of second s, as the kubelet shows it. */
const at = (second: number, nanoseconds: number, text: string): string => `2026-11-22T13:00:0${second}.${String(nanoseconds).padStart(9, '0')}Z ${text}`;
const FIRST = [at(1, 1, 'one\n'), at(1, 2, 'two\n'), at(1, 2, 'two again\n'), at(2, 5, 'three\n')];
const ALL = [...FIRST, at(2, 6, 'four\n'), at(3, 0, 'five\n')];
const WHOLE = 'one\ntwo\ntwo again\nthree\nfour\nfive\n';

/** What a real kubelet sends: all from that second on. */
const since = (asked: Asked, lines: readonly string[]): string => {
  const from = queryOf(asked)['sinceTime'];
  return lines.filter((line) => from === undefined || line.slice(0, 19) >= from.slice(0, 19)).join('');
};

describe('a stream that', () => {
  test('ends with its container: the rest is read once more, and nothing twice', async () => {
    const { follower, asked } = await follow((one, response) => response.end(since(one, ALL)));
    await until(() => follower.progress().lines === 6);
    const output = await follower.finish();
    expect(textOf(output)).toBe(WHOLE);
    expect(output).toMatchObject({ bytes: WHOLE.length, complete: true });
    expect(output.tail).toBeUndefined();
    expect(asked.map(queryOf)).toStrictEqual([
      { container: OURS, follow: 'true', timestamps: 'true' },
      { container: OURS, timestamps: 'true', sinceTime: '2026-11-22T13:00:03Z' },
    ]);
  });

  test.each<readonly [string, (response: Http2ServerResponse) => void]>([
    ['ends cleanly while the command runs', (response) => response.end()],
    ['is reset', (response) => { setTimeout(() => response.socket.destroy(), 20); }],
  ])('%s is opened again where it stopped', async (_what, stops) => {
    // It stops within the last line, and in the middle of two lines of one timestamp.
    for (const cut of [FIRST.join('').length - 3, FIRST[0]!.length + FIRST[1]!.length, FIRST[0]!.length + 10]) {
      const { follower, asked } = await follow((one, response, count) => {
        if (count > 1) return response.end(since(one, ALL));
        response.write(FIRST.join('').slice(0, cut));
        stops(response);
      });
      await until(() => follower.progress().bytes === WHOLE.length);
      const output = await follower.finish();
      expect(textOf(output)).toBe(WHOLE);
      expect(output.complete).toBe(true);
      expect(queryOf(asked[1]!)).toMatchObject({ follow: 'true', sinceTime: expect.stringMatching(/^2026-11-22T13:00:0[12]Z$/) });
    }
  });

  test('was rotated away meanwhile keeps what it had, and is not called whole', async () => {
    const { follower } = await follow((_one, response, count) => response.end(count === 1 ? FIRST.join('') : at(4, 1, 'much later\n')));
    await until(() => follower.progress().lines === 5);
    expect(await follower.finish()).toMatchObject({ bytes: 35, complete: false });
  });

  test('is not there yet is asked for again', async () => {
    const { follower } = await follow((one, response, count) => (count < 3 ? json(response, 400, recording('get-log-waiting').response.body) : response.end(since(one, ALL))));
    await until(() => follower.progress().lines === 6);
    expect(await follower.finish()).toMatchObject({ complete: true });
  });

  test('never ends is left after three seconds, and the rest is read', async () => {
    const { follower, asked } = await follow((one, response) => (isFollowing(one) ? response.write(FIRST.join('')) : response.end(since(one, ALL))));
    await until(() => follower.progress().lines === 4);
    const began = performance.now();
    expect(textOf(await follower.finish())).toBe(WHOLE);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(asked).toHaveLength(2);
  });

  test('was never answered, because others are followed, is not waited for: the log is read at once', async () => {
    const { follower } = await follow((one, response) => (isFollowing(one) ? undefined : response.end(since(one, ALL))));
    const began = performance.now();
    const output = await follower.finish();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect([textOf(output), output.complete]).toStrictEqual([WHOLE, true]);
  });

  test('is not answered at all ends within 40 s', async () => {
    const { follower } = await follow((one, response) => (isFollowing(one) ? response.write(FIRST.join('')) : undefined));
    await until(() => follower.progress().lines === 4);
    expect(await follower.finish()).toMatchObject({ bytes: 24, complete: false });
  }, 45_000);
});

describe('what a follower says', () => {
  test.each<readonly [string, number, object, string]>([
    ['forbidden', 403, status(403, 'Forbidden', 'pods "p" is forbidden: User "x" cannot get resource "pods/log"'), 'forbidden'],
    ['gone with its pod', 404, status(404, 'NotFound', 'pods "p" not found'), 'pod_gone'],
  ])('a log that is %s is unreadable', async (_what, code, body, failure) => {
    const { follower } = await follow((_one, response) => json(response, code, body));
    expect(await follower.finish()).toMatchObject({ bytes: 0, complete: false, unreadable: { code: failure } });
  });

  test('a pod that goes after some output: what there was, not called whole', async () => {
    const { follower } = await follow((_one, response, count) => (count === 1 ? response.end(FIRST.join('')) : json(response, 404, status(404, 'NotFound', 'pods "p" not found'))));
    await until(() => follower.progress().lines === 4);
    const output = await follower.finish();
    expect(output).toMatchObject({ bytes: 24, complete: false });
    expect(output.unreadable).toBeUndefined();
  });

  test('no output is no output, and whole', async () => {
    const { follower } = await follow((_one, response) => response.end());
    expect(await follower.finish()).toStrictEqual({ head: new Uint8Array(), bytes: 0, complete: true });
  });

  test('a node\'s error sent as if it were output is no output', async () => {
    const { follower } = await follow((_one, response) => response.end('unable to retrieve container logs for containerd://33782dde1e0cba08a994'));
    expect(await follower.finish()).toMatchObject({ bytes: 0, unreadable: { code: 'unexpected_answer' } });
  });

  test('asked twice is read once', async () => {
    const { follower, asked } = await follow((one, response) => response.end(since(one, ALL)));
    const [first, second] = await Promise.all([follower.finish(), follower.finish()]);
    expect(second).toBe(first);
    expect(asked.filter((one) => !isFollowing(one))).toHaveLength(1);
  });

  test('after its worker gave up: what it has, at once, and no more questions', async () => {
    const leaving = new AbortController();
    const { follower, asked } = await follow((_one, response) => response.write(FIRST.join('')), leaving.signal);
    await until(() => follower.progress().lines === 4);
    leaving.abort();
    expect(await follower.finish()).toMatchObject({ bytes: 24, complete: false });
    expect(asked).toHaveLength(1);
  });
});

describe('flat memory', () => {
  /** Writes again and again until the reader leaves. */
  const pour = (response: Http2ServerResponse, text: string): void => {
    const more = (): void => {
      while (!response.destroyed && response.write(text));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };

  test.each([
    ['lines without end', at(1, 1, `${'x'.repeat(200)}\n`).repeat(200)],
    ['one line of a gigabyte', 'y'.repeat(65_536)],
  ])('%s: reading stops at its limit, the tail is asked for once', async (_what, text) => {
    const before = process.memoryUsage();
    const { follower, asked } = await follow((one, response) => (one.path.includes('tailLines') ? response.end('the end\n') : pour(response, text)));
    let last = -1;
    await until(() => {
      const { bytes } = follower.progress();
      const isStill = bytes === last && bytes > OUTPUT_KEPT_BYTES_MAX;
      last = bytes;
      return isStill;
    });
    await sleep(200);
    const output = await follower.finish();
    expect(output.complete).toBe(false);
    expect(output.bytes).toBeLessThanOrEqual(OUTPUT_READ_BYTES_MAX);
    expect(output.bytes).toBeGreaterThan(OUTPUT_READ_BYTES_MAX / 2);
    expect(output.head.byteLength).toBe(OUTPUT_KEPT_BYTES_MAX / 2);
    expect(Buffer.from(output.tail!).toString()).toBe('the end\n');
    expect(asked).toHaveLength(2);
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(24 * 1_048_576);
  });
});

describe('timestamps come off', () => {
  const read = (text: string, size: number): { lines: readonly string[]; stamps: readonly string[] } => {
    const lines: string[] = [];
    const stamps: string[] = [];
    const reader = createTimestampReader({
      begin: (stamp) => { stamps.push(stamp); lines.push(''); },
      text: (bytes) => { lines.push((lines.pop() ?? '') + Buffer.from(bytes).toString()); },
    });
    const all = Buffer.from(text);
    for (let from = 0; from < all.length; from += size) reader.take(all.subarray(from, from + size));
    reader.end();
    return { lines, stamps };
  };
  const Z = '2026-11-22T13:00:01.123456789Z';
  const OFFSET = '2026-11-22T13:00:01.5+01:00';

  test.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['lines', `${Z} one\n${OFFSET} two\n`, ['one\n', 'two\n'], [Z, OFFSET]],
    ['an empty line', `${Z} \n${Z} x`, ['\n', 'x'], [Z, Z]],
    ['a line that is a timestamp itself', `${Z} ${Z} x\n`, [`${Z} x\n`], [Z]],
    ['a line of words', `${Z} a b c\n`, ['a b c\n'], [Z]],
    ['lines of a server that gives none', 'one two\nthree\nfour', ['one two\n', 'three\n', 'four'], ['', '', '']],
    ['a long first word without a space', `${'w'.repeat(80)}\n`, [`${'w'.repeat(80)}\n`], ['']],
    ['an end within a timestamp', `${Z} one\n2026-11-22T13:00`, ['one\n'], [Z]],
    ['nothing', '', [], []],
  ])('%s', (_what, text, lines, stamps) => {
    for (const size of [1, 2, 7, 31, 36, 1_000]) expect(read(text, size)).toStrictEqual({ lines, stamps });
  });

  test('at whatever byte a stream breaks, and however it is cut, the log put together is the log', () => {
    const all = Buffer.from(ALL.join(''));
    for (let cut = 0; cut <= all.length; cut += 1) {
      for (const size of [1, 5, 64]) {
        const kept = keepBytes(all.length);
        const log = createResumedLog((bytes) => kept.add(bytes));
        const take = (bytes: Buffer): void => {
          log.resume();
          const reader = createTimestampReader(log);
          for (let from = 0; from < bytes.length; from += size) reader.take(bytes.subarray(from, Math.min(bytes.length, from + size)));
        };
        take(all.subarray(0, cut));
        const from = log.since();
        take(Buffer.from(ALL.filter((line) => from === undefined || line.slice(0, 19) >= from.slice(0, 19)).join('')));
        expect(Buffer.from(kept.head()).toString()).toBe(WHOLE);
        expect([log.hasGap(), log.isCaughtUp(), kept.lines()]).toStrictEqual([false, true, 6]);
      }
    }
  });
});
