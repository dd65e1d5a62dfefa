/** What must not get far: names as people type them, what a cluster may answer, what a command may print. One row each. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster, WatchOptions } from '../../../src/app/cluster-port.ts';
import type { Target } from '../../../src/domain/command/command.ts';
import { parseContainerName, parseNamespace, parsePodName, parsePodNamePrefix, type Instant } from '../../../src/domain/names.ts';
import { whyNotThisPod } from '../../../src/domain/pod.ts';
import { json, startServer, status, type Script, type ScriptedServer } from './api-server.ts';
import { CONTAINER, MAIN, OURS, pod, podWith, POD, PROD, TARGET } from './fixtures.ts';

let server: ScriptedServer;
let cluster: Cluster;
let answer: Script;
beforeAll(async () => {
  server = await startServer((...all) => answer(...all));
  cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
});
afterAll(async () => {
  await cluster.close();
  await server.close();
});
const answering = (script: Script): void => {
  server.asked.length = 0;
  answer = script;
};

describe('names and paths', () => {
  const names: readonly (readonly [string, unknown])[] = [
    ['..', '..'], ['.', '.'], ['dots encoded', 'api%2e%2e'], ['a subresource', 'api/log'], ['a fragment', 'api#x'], ['a query', 'api?x=1'], ['a shell', 'api;id'], ['an underscore', 'api_7f9'],
    ['a dash at the beginning', '-api'], ['a dash at the end', 'api-'], ['an empty label', 'api..7f9'], ['a kind', 'pod/api'], ['__proto__', '__proto__'], ['upper case', 'toString'],
    ['a Cyrillic look-alike', 'арі'], ['a zero-width space', 'a\u200bpi'], ['a byte order mark', '\ufeffapi'], ['a line feed', 'api\n'], ['NUL', 'api\0'], ['254 characters', 'a'.repeat(254)],
    ['nothing', ''], ['a number', 7], ['null', null], ['a list', ['api']],
  ];
  test.each(names)('%s is no pod, no namespace, no container, and no path', async (_what, name) => {
    expect([parsePodName(name), parseNamespace(name), parseContainerName(name)]).toStrictEqual([undefined, undefined, undefined]);
    if (typeof name !== 'string') return;
    answering((_asked, response) => json(response, 200, pod()));
    await expect(cluster.add({ ...TARGET, pod: name as never }, CONTAINER)).rejects.toThrow('no path it may use');
    await expect(cluster.stop({ ...TARGET, pod: name as never }, OURS, 'kd-0123abcd' as never)).rejects.toThrow('no path it may use');
    expect(server.asked).toHaveLength(0);
  });

  test.each([['a pod of digits', '123'], ['constructor', 'constructor'], ['a name with dots', 'db-0.a']])('%s is a name like any other', async (_what, name) => {
    answering((_asked, response) => json(response, 404, status(404, 'NotFound', 'pods not found', { name, kind: 'pods' })));
    expect(parsePodNamePrefix(name)).toBe(name);
    expect(await cluster.find(PROD, { kind: 'name', name } as Target)).toMatchObject({ kind: 'failure' });
    expect(server.asked[0]!.path).toBe(`/api/v1/namespaces/prod/pods/${name}`);
  });
});

describe('cluster replies: to GET pod', () => {
  const find = (): Promise<unknown> => cluster.find(PROD, { kind: 'name', name: POD } as unknown as Target);
  test.each<readonly [string, object, object]>([
    ['no uid', { metadata: { uid: undefined } }, { failure: { code: 'unexpected_answer' } }],
    ['a uid of the wrong type', { metadata: { uid: 7 } }, { failure: { code: 'unexpected_answer' } }],
    ['a uid with a path in it', { metadata: { uid: '../x' } }, { failure: { code: 'unexpected_answer' } }],
    ['another namespace\'s bad name', { metadata: { namespace: '../kube-system' } }, { failure: { code: 'unexpected_answer' } }],
    ['containers that are no list', { spec: { containers: { length: 3 } } }, { kind: 'pods', pods: [{ containers: [] }] }],
    ['a container without a name', { spec: { containers: [{}, { name: '../x' }, { name: 'api' }] } }, { kind: 'pods', pods: [{ containers: [{ name: 'api' }] }] }],
    ['an annotation of 256 KiB', { metadata: { annotations: { x: 'y'.repeat(262_144) } } }, { kind: 'pods', pods: [{ name: POD }] }],
    ['annotations named as members of every object', { metadata: { annotations: JSON.parse('{"__proto__":"x","constructor":"y"}') as object } }, { kind: 'pods', pods: [{ mirror: false }] }],
    ['fifty debug containers', { spec: { ephemeralContainers: Array.from({ length: 50 }, (_, index) => ({ name: `d-${index}` })) } }, { kind: 'pods', pods: [{ ephemeralContainers: 50 }] }],
  ])('%s', async (_what, over, expected) => {
    answering((_asked, response) => json(response, 200, pod(over)));
    expect(await find()).toMatchObject(expected);
  });

  test('fifty debug containers are refused by the plan', async () => {
    answering((_asked, response) => json(response, 200, pod({ spec: { ephemeralContainers: Array.from({ length: 50 }, () => ({})) } })));
    const found = await cluster.find(PROD, { kind: 'name', name: POD } as unknown as Target);
    expect(found.kind === 'pods' && whyNotThisPod(found.pods[0]!)).toMatchObject({ code: 'too_many_containers', count: 50 });
  });

  test('another uid at the second look is another pod', async () => {
    answering((_asked, response) => json(response, 200, pod({ metadata: { uid: 'other' } })));
    expect(await cluster.inspect(TARGET, CONTAINER)).toMatchObject({ failure: { code: 'pod_replaced' } });
    expect(await cluster.awaitEnd(TARGET, CONTAINER, watching())).toMatchObject({ outcome: { kind: 'interrupted', by: 'replaced' } });
  });
});

const watching = (over: Partial<WatchOptions> = {}): WatchOptions => ({
  resourceVersion: '99', notAfter: (Date.now() + 60_000) as Instant, timeoutMs: 30_000, bounded: true, now: () => Date.now() as Instant, signal: new AbortController().signal, ...over,
});

describe('cluster replies: how a container ended', () => {
  const TIMES = { startedAt: '2026-11-22T13:00:01Z', finishedAt: '2026-11-22T13:00:02Z' };
  const LONG = `\u001b[31m<!channel> *bold* \u202e${'x'.repeat(1_048_576)}`;
  test.each<readonly [string, object, object]>([
    ['no exit code', { terminated: { reason: 'Error', ...TIMES } }, { kind: 'unknown' }],
    ['an exit code that is text', { terminated: { exitCode: '0', ...TIMES } }, { kind: 'unknown' }],
    ['exit code -1', { terminated: { exitCode: -1, reason: 'Error', ...TIMES } }, { kind: 'exited', code: -1 }],
    ['exit code 2^31', { terminated: { exitCode: 2_147_483_648, reason: 'Error', ...TIMES } }, { kind: 'exited', code: 2_147_483_648 }],
    ['exit code 137, OOMKilled', { terminated: { exitCode: 137, reason: 'OOMKilled', ...TIMES } }, { kind: 'exited', code: 137, outOfMemory: true }],
    ['times that are none', { terminated: { exitCode: 0, reason: 'Completed', startedAt: 'now', finishedAt: {} } }, { kind: 'exited', code: 0, durationMs: 0 }],
    ['an end before its beginning', { terminated: { exitCode: 0, startedAt: TIMES.finishedAt, finishedAt: TIMES.startedAt } }, { kind: 'exited', code: 0, durationMs: 0 }],
    ['a message of a megabyte with marks and escapes', { terminated: { exitCode: 128, reason: 'StartError', message: LONG, ...TIMES } }, { kind: 'not_started', failure: { detail: expect.stringMatching(/^<!channel> \*bold\* x{281}…$/) } }],
    ['an invalid image name with a message of a megabyte', { waiting: { reason: 'InvalidImageName', message: LONG } }, { kind: 'not_started', failure: { code: 'image_invalid', detail: expect.stringMatching(/^.{300}$/) } }],
  ])('%s', async (_what, state, outcome) => {
    answering((_asked, response) => json(response, 200, podWith(state)));
    expect((await cluster.awaitEnd(TARGET, CONTAINER, watching())).outcome).toMatchObject(outcome);
  });

  test.each<readonly [string, string]>([
    ['a line that is no JSON', '{"type":"MODIFIED","obj\n'], ['an event without an object', '{"type":"MODIFIED"}\n'], ['an event of something else', '{"type":"MODIFIED","object":{"kind":"Secret"}}\n'],
    ['410 Gone as an event', `${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired', 'too old resource version') })}\n`], ['a type that is not known', '{"type":"SURPRISE","object":{}}\n'],
  ])('a watch that says %s is looked at anew, and the end is seen', async (_what, line) => {
    let [looks, running] = [0, 0];
    answering((asked, response) => {
      if (asked.path.includes('watch=true')) return response.end(line);
      looks += 1;
      return json(response, 200, looks === 1 ? podWith({ running: {} }) : podWith({ terminated: { exitCode: 5, reason: 'Error', ...TIMES } }));
    });
    expect((await cluster.awaitEnd(TARGET, CONTAINER, watching({ onRunning: () => { running += 1; } }))).outcome).toMatchObject({ kind: 'exited', code: 5 });
    expect(running).toBe(1);
  });
});

describe('cluster replies: to a dry run', () => {
  test.each<readonly [number, string, object | undefined, string]>([
    [400, 'a Status', status(400, 'BadRequest', 'no'), 'unexpected_answer'], [401, 'nothing', undefined, 'unauthorized'], [403, 'nothing', undefined, 'forbidden'], [403, 'a list', [], 'forbidden'],
    [404, 'nothing', undefined, 'unexpected_answer'], [410, 'a Status', status(410, 'Expired', 'gone'), 'unexpected_answer'], [413, 'a Status', status(413, 'RequestEntityTooLarge', 'limit is 3145728'), 'invalid'],
    [422, 'nothing', undefined, 'invalid'], [422, 'causes that are no list', { ...status(422, 'Invalid', 'no'), details: { causes: 'x' } }, 'invalid'], [418, 'nothing', undefined, 'unexpected_answer'], [302, 'nothing', undefined, 'unexpected_answer'],
  ])('%d with %s', async (code, _body, body, failure) => {
    answering((_asked, response) => {
      response.writeHead(code, { location: 'https://elsewhere.example/' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
    expect(await cluster.dryRun(TARGET, CONTAINER)).toMatchObject({ kind: 'failure', failure: { code: failure } });
  });
});

describe('output bytes: as they were written, read after the end or followed', () => {
  test.each<readonly [string, Uint8Array]>([
    ['nothing', Buffer.alloc(0)],
    ['random bytes', randomBytes(100_000)],
    ['UTF-16 with its mark', Buffer.from('\ufeffhallo', 'utf16le')],
    ['an environment with NUL between', Buffer.from('A=1\0B=2\0')],
    ['bidi, zero-width and tag characters', Buffer.from('a\u202eb\u200bc\u{e0041}d')],
    ['fences and mentions', Buffer.from('```\n<!channel> <@U0BOB> <https://x|y> :rm:\n```')],
    ['kdebug\'s own words', Buffer.from('Approved by @alice\nkdebug: expired before start; not run\n')],
    ['a line that looks like a timestamp of the kubelet', Buffer.from('2026-11-22T13:00:01.000000001Z not a timestamp\n')],
    ['half a character at its end', Buffer.from('€').subarray(0, 2)],
  ])('%s', async (_what, bytes) => {
    const stamped = (): Buffer => {
      const lines: Buffer[] = [];
      for (let from = 0; from < bytes.byteLength;) {
        const end = bytes.indexOf(10, from);
        const to = end === -1 ? bytes.byteLength : end + 1;
        lines.push(Buffer.from('2026-11-22T13:00:01.000000001Z '), Buffer.from(bytes.subarray(from, to)));
        from = to;
      }
      return Buffer.concat(lines);
    };
    answering((asked, response) => response.end(asked.path.includes('timestamps=true') ? stamped() : bytes));
    const after = await cluster.readOutput(TARGET, OURS);
    const followed = await cluster.follow(TARGET, OURS, new AbortController().signal).finish();
    for (const output of [after, followed]) {
      expect(Buffer.from(output.head).equals(bytes)).toBe(true);
      expect(output).toMatchObject({ bytes: bytes.byteLength, complete: true });
    }
  });
});
