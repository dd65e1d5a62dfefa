import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bytes, session } from './support/scripted-kubelet.ts';
import { API, container, messageOf, patch, PODS, withCluster } from './support/cluster.ts';

describe('logs', () => {
  const fixture = withCluster();

  it('pass the options to the kubelet and its text back', async () => {
    fixture.kubelet.onLog = () => ({ status: 200, body: bytes('one\n', 'two\n') });
    const answer = await fixture.admin.ask({ path: `${API}/log?container=app&follow=true&tailLines=5&limitBytes=100&timestamps=true&sinceSeconds=3&previous=true` });
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'text/plain', 'one\ntwo\n']);
    expect(fixture.kubelet.logsAsked).toEqual([{ container: 'app', options: { follow: true, previous: true, timestamps: true, tailLines: 5, limitBytes: 100, sinceSeconds: 3 } }]);
  });

  it('arrive while the container still runs', async () => {
    let more: (text: string) => void = () => undefined;
    fixture.kubelet.onLog = () => ({ status: 200, body: (async function* lines() {
      yield Buffer.from('first\n');
      yield Buffer.from(await new Promise<string>((resolve) => { more = resolve; }));
    })() });
    const { request } = await import('undici');
    const answer = await request(`${fixture.cluster.url}${API}/log?follow=true`, { dispatcher: fixture.admin.agent, headers: { authorization: 'Bearer admin' } });
    const chunks = answer.body[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe('first\n');
    more('second\n');
    expect(String((await chunks.next()).value)).toBe('second\n');
    expect((await chunks.next()).done).toBe(true);
  });

  it('of an unscheduled pod are nothing', async () => {
    fixture.cluster.control.addPod({ namespace: 'prod', name: 'api', node: null, containers: [{ name: 'app', image: 'a:1' }] });
    expect((await fixture.admin.ask({ path: `${API}/log` })).status).toBe(204);
  });

  it.each([
    ['limitBytes=0', 422, 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['tailLines=-1', 422, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', 422, 'at most one of `sinceTime` or `sinceSeconds` may be specified'],
    ['stream=Stdout', 422, 'stream: Forbidden: may not be specified'],
    ['tailLines=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['container=nope', 400, 'container nope is not valid for pod api'],
  ])('are refused with %s', async (query, status, message) => {
    const answer = await fixture.admin.ask({ path: `${API}/log?${query}` });
    expect([answer.status, messageOf(answer)]).toEqual([status, expect.stringContaining(message)]);
  });

  it('carry the kubelet’s refusal', async () => {
    fixture.kubelet.onLog = () => ({ status: 500, message: 'the node is gone' });
    const answer = await fixture.admin.ask({ path: `${API}/log` });
    expect([answer.status, answer.json['reason'], messageOf(answer)]).toEqual([500, 'InternalError', 'the node is gone']);
  });
});

interface Execed { readonly protocol: string; readonly code: number; readonly frames: readonly (readonly [number, string])[] }

describe('exec', () => {
  const fixture = withCluster();
  const QUERY = '?container=app&command=kill&command=-TERM&stdout=true&stderr=true';
  const connect = (query = QUERY, protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'], token = 'admin', path = API): WebSocket =>
    new WebSocket(`${fixture.cluster.url.replace('https', 'wss')}${path}/exec${query}`, protocols, { ca: fixture.cluster.caPem, headers: { authorization: `Bearer ${token}` } });

  const run = (socket: WebSocket): Promise<Execed> =>
    new Promise((resolve, reject) => {
      const frames: (readonly [number, string])[] = [];
      socket.on('message', (message: Buffer) => frames.push([message[0]!, message.subarray(1).toString()]));
      socket.on('close', (code) => resolve({ protocol: socket.protocol, code, frames }));
      socket.on('error', reject);
    });

  const refusal = (socket: WebSocket): Promise<readonly [number, string]> =>
    new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        response.on('end', () => resolve([response.statusCode!, (JSON.parse(text) as { message: string }).message]));
      });
    });

  it('runs in the container and tells its output and a clean end by channel', async () => {
    const asked: unknown[] = [];
    fixture.kubelet.onExec = (name, argv) => {
      asked.push([name, argv]);
      return session('out', 'err', 0);
    };
    const done = await run(connect());
    expect([done.protocol, done.code, asked]).toEqual(['v5.channel.k8s.io', 1000, [['app', ['kill', '-TERM']]]]);
    expect([...done.frames].sort(([one], [other]) => one - other)).toEqual([[1, 'out'], [2, 'err'], [3, '{"metadata":{},"status":"Success"}']]);
  });

  it('tells the exit code, and speaks v4 too', async () => {
    fixture.kubelet.onExec = () => session('', '', 3);
    const done = await run(connect(QUERY, ['v4.channel.k8s.io']));
    expect(done.protocol).toBe('v4.channel.k8s.io');
    expect(JSON.parse(done.frames.at(-1)![1])).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
  });

  it('kills the command when the client leaves', async () => {
    const killed = new Promise<string>((resolve) => {
      fixture.kubelet.onExec = () => ({ stdout: bytes(), stderr: bytes(), exit: new Promise(() => undefined), kill: () => resolve('killed') });
    });
    const socket = connect();
    await new Promise((resolve) => { socket.once('open', resolve); });
    socket.terminate();
    await expect(killed).resolves.toBe('killed');
  });

  it('needs the right to create besides the right to get', async () => {
    const { control } = fixture.cluster;
    control.addToken('bot', { user: 'bot' });
    control.grant({ users: ['bot'], rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get'] }] });
    expect(await refusal(connect(QUERY, undefined, 'bot'))).toEqual([403, 'pods "api" is forbidden: User "bot" cannot create resource "pods/exec" in API group "" in the namespace "prod"']);
    control.grant({ users: ['bot'], rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }] });
    fixture.kubelet.onExec = () => session('', '', 0);
    expect((await run(connect(QUERY, undefined, 'bot'))).code).toBe(1000);
  });

  it.each([
    ['a container of nothing', '?container=nope&command=id&stdout=true', 400, 'container nope is not valid for pod api'],
    ['no command', '?container=app&stdout=true', 422, 'command: Required value'],
    ['no stream', '?container=app&command=id', 422, 'must specify at least one of stdin, stdout, stderr'],
  ])('refuses %s', async (_case, query, status, message) => {
    expect(await refusal(connect(query))).toEqual([status, expect.stringContaining(message)]);
  });

  it('refuses a finished pod, a missing pod, a bad token and a plain GET', async () => {
    fixture.cluster.control.addPod({ namespace: 'prod', name: 'done', phase: 'Succeeded', containers: [{ name: 'app', image: 'a:1' }] });
    expect(await refusal(connect(QUERY, undefined, 'admin', `${PODS}/done`))).toEqual([400, 'cannot exec into a container in a completed pod; current phase is Succeeded']);
    expect(await refusal(connect(QUERY, undefined, 'admin', `${PODS}/nope`))).toEqual([404, 'pods "nope" not found']);
    expect(await refusal(connect(QUERY, undefined, 'nobody'))).toEqual([401, 'Unauthorized']);
    const plain = await fixture.admin.ask({ path: `${API}/exec${QUERY}` });
    expect([plain.status, messageOf(plain)]).toEqual([400, 'Upgrade request required']);
  });

  it('reaches an ephemeral container', async () => {
    await patch(fixture.admin, [container()]);
    fixture.kubelet.onExec = (name) => session(name, '', 0);
    expect((await run(connect('?container=dbg&command=id&stdout=true'))).frames[0]).toEqual([1, 'dbg']);
  });
});
