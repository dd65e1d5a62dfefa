import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { connectionOf } from '../../../src/adapters/kubernetes/connection.ts';
import { createCredentials, type Credentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { KubeconfigError, selectConnection, type Selected } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { writeKubeconfig } from './api-server.ts';
import { MAIN } from './fixtures.ts';

const dir = mkdtempSync(join(tmpdir(), 'kdebug-kubeconfig-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const HTTPS = { server: 'https://10.0.0.1:6443' };
const around = (env: Record<string, string> = {}) => ({ env, serviceAccountDir: dir });
const select = (user: object = { token: 't' }, cluster: object = HTTPS): Selected => selectConnection({ kubeconfig: writeKubeconfig(dir, user, cluster) }, around());
const credentials = (selected: Selected, clock?: () => number): Credentials => createCredentials(selected, connectionOf(selected), clock);
const write = (name: string, text: string, mode = 0o600): string => {
  writeFileSync(join(dir, name), text);
  chmodSync(join(dir, name), mode);
  return join(dir, name);
};

describe('what is refused, and the sentence that says so', () => {
  test.each<readonly [string, object, object, RegExp]>([
    ['insecure-skip-tls-verify', {}, { ...HTTPS, 'insecure-skip-tls-verify': true }, /insecure-skip-tls-verify is set; .*certificate-authority-data instead\.$/],
    ['plain http to another machine', {}, { server: 'http://10.0.0.1:8080' }, /http:\/\/10\.0\.0\.1:8080: .* in the clear; write https:\/\/\.$/],
    ['a server that is no URL', {}, { server: 'cluster' }, /is no URL: write https:\/\/HOST:PORT\.$/],
    ['a server with a query', {}, { server: 'https://h/?x=1' }, /more than host, port and a plain path/],
    ['a server with dots in its path', {}, { server: 'https://h/a/.hidden' }, /more than host, port and a plain path/],
    ['a proxy', {}, { ...HTTPS, 'proxy-url': 'http://p:3128' }, /proxy-url is set/],
    ['impersonation', { as: 'alice' }, HTTPS, /the user has "as"/],
    ['a password', { username: 'u', password: 'hunter2' }, HTTPS, /give a token, a client certificate or an exec plugin\.$/],
    ['an auth-provider', { 'auth-provider': { name: 'gcp' } }, HTTPS, /give an exec plugin\.$/],
  ])('%s', (_what, user, cluster, sentence) => {
    const refused = (): unknown => connectionOf(select(user, cluster));
    expect(refused).toThrow(KubeconfigError);
    expect(refused).toThrow(sentence);
    expect(refused).not.toThrow(/hunter2/);
  });

  test.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])('%s is this machine', (server) => {
    expect(connectionOf(select({}, { server })).origin).toBe(server);
  });

  test('a path before /api is kept', () => {
    expect(connectionOf(select({}, { server: 'https://rancher.example/k8s/clusters/c-1/' }))).toMatchObject({ origin: 'https://rancher.example', base: '/k8s/clusters/c-1' });
  });
});

describe('which entry is used', () => {
  const config = (name: string, current?: string): string => write(name, stringify({
    ...(current && { 'current-context': current }),
    clusters: [{ name: `${name}-c`, cluster: HTTPS }], users: [{ name: `${name}-u`, user: { token: name } }], contexts: [{ name, context: { cluster: `${name}-c`, user: `${name}-u` } }],
  }));

  test('files of KUBECONFIG are merged, the first current context wins, a context can be named', () => {
    const KUBECONFIG = [config('one'), config('two', 'two')].join(delimiter);
    expect(selectConnection({}, around({ KUBECONFIG })).user.token).toBe('two');
    expect(selectConnection({ context: 'one' }, around({ KUBECONFIG })).user.token).toBe('one');
    expect(() => selectConnection({ context: 'three' }, around({ KUBECONFIG }))).toThrow(/has no context three; it has one, two\.$/);
  });

  test('in a pod, its own service account', () => {
    const selected = selectConnection({}, around({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }));
    expect(connectionOf({ ...selected }).origin).toBe('https://[fd00::1]:6443');
    expect(selected).toMatchObject({ tokenFile: join(dir, 'token'), cluster: { caFile: join(dir, 'ca.crt') } });
  });

  test('nothing at all is an error that says what to do', () => {
    expect(() => selectConnection({}, around())).toThrow(/set KUBECONFIG, or run kdebug in a pod/);
  });

  test('a file that is not there or no YAML is named, its text is not shown', async () => {
    await expect(connectCluster({ name: MAIN, kubeconfig: join(dir, 'nope'), userAgent: 'x' })).rejects.toThrow(/nope cannot be read \(ENOENT\)/);
    const file = write('broken', 'users: [{user: {token: s3cr3t}]');
    await expect(connectCluster({ name: MAIN, kubeconfig: file, userAgent: 'x' })).rejects.toThrow(/broken cannot be read \(it is not YAML\)\.$/);
    await expect(connectCluster({ name: MAIN, kubeconfig: write('odd', 'clusters: [{}]'), userAgent: 'x' })).rejects.toThrow(/odd cannot be used: clusters\[0\]\.name is missing/);
  });
});

describe('credentials', () => {
  test.each(['tokenFile', 'token-file'])('%s is read again after a minute', async (key) => {
    write('token', ' first\n');
    let now = 0;
    const current = credentials(select({ [key]: 'token' }), () => now);
    expect(await current.current()).toStrictEqual({ authorization: 'Bearer first' });
    write('token', 'second');
    now = 59_999;
    expect(await current.current()).toStrictEqual({ authorization: 'Bearer first' });
    now = 60_000;
    expect(await current.current()).toStrictEqual({ authorization: 'Bearer second' });
  });

  test('certificates come from data or from files beside the kubeconfig', async () => {
    write('client.key', 'KEY');
    const selected = select({ 'client-certificate-data': Buffer.from('CERT').toString('base64'), 'client-key': 'client.key' }, { ...HTTPS, 'certificate-authority-data': Buffer.from('CA').toString('base64') });
    expect(await credentials(selected).current()).toStrictEqual({ ca: 'CA', cert: 'CERT', key: 'KEY' });
  });

  test('a file that cannot be read is one sentence', async () => {
    await expect(credentials(select({ tokenFile: 'gone' })).current()).rejects.toThrow(/^The credential file .*gone cannot be read \(ENOENT\)\.$/);
  });

  const plugin = (name: string, script: string): object => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: write(name, `#!/bin/sh\n${script}\n`, 0o700), args: ['get'], env: [{ name: 'WHO', value: 'me' }], interactiveMode: 'Never' } });

  test('a plugin is run once for everybody who waits, and again shortly before its token ends', async () => {
    const count = join(dir, 'count');
    const status = `{"expirationTimestamp":"1970-01-01T00:10:00Z","token":"'"$1-$WHO"'"}`;
    const selected = select(plugin('plugin', `echo "$KUBERNETES_EXEC_INFO" >>${count}; sleep 0.1; echo '{"status":${status}}'`));
    let now = 0;
    const current = credentials(selected, () => now);
    const all = await Promise.all([current.current(), current.current(), current.current()]);
    expect(all).toStrictEqual(Array.from({ length: 3 }, () => ({ authorization: 'Bearer get-me' })));
    now = 569_999;
    await current.current();
    const asked = readFileSync(count, 'utf8').trim().split('\n');
    expect(asked.map((line) => JSON.parse(line) as object)).toStrictEqual([{ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: { interactive: false, cluster: { server: 'https://10.0.0.1:6443' } } }]);
    now = 570_000;
    await current.current();
    expect(readFileSync(count, 'utf8').trim().split('\n')).toHaveLength(2);
    current.forget();
    await current.current();
    expect(readFileSync(count, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  test.each<readonly [string, () => object, RegExp]>([
    ['is not there', () => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } }), /is not on PATH/],
    ['fails', () => plugin('failing', 'echo token-in-error >&2; exit 3'), /failing failed \(exit 3\)\.$/],
    ['prints nothing', () => plugin('silent', 'true'), /printed no ExecCredential/],
    ['prints no token', () => plugin('empty', 'echo \'{"status":{}}\''), /printed no ExecCredential/],
    ['is of another age', () => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } }), /write client\.authentication\.k8s\.io\/v1\.$/],
  ])('a plugin that %s', async (_what, user, sentence) => {
    await expect(credentials(select(user())).current()).rejects.toThrow(sentence);
  });
});
