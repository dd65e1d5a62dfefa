import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { createClient } from './support/client.ts';
import { API, PODS, withCluster } from './support/cluster.ts';

describe.each([['HTTP/2', true, '2.0'], ['HTTP/1.1', false, '1.1']] as const)('over %s', (_name, allowH2, version) => {
  const fixture = withCluster({}, allowH2);

  it('answers a pod, and the journal says by which version it was asked', async () => {
    const answer = await fixture.admin.ask({ path: API, headers: { 'user-agent': 'kdebug/1 job=x', 'audit-id': 'audit-1' } });
    expect([answer.status, answer.headers['content-type'], answer.headers['audit-id']]).toEqual([200, 'application/json', 'audit-1']);
    const [seen] = fixture.cluster.control.requests();
    expect(seen).toMatchObject({ httpVersion: version, verb: 'get', resource: 'pods', namespace: 'prod', name: 'api', user: 'root', userAgent: 'kdebug/1 job=x', status: 200 });
  });

  it.each([
    ['a path of nothing', '/nope', 404, '404 page not found\n'],
    ['a resource of nothing', '/api/v1/namespaces/prod/widgets', 404, '404 page not found\n'],
    ['readyz', '/readyz', 200, 'ok'],
    ['livez', '/livez', 200, 'ok'],
  ])('%s', async (_case, path, status, text) => {
    const answer = await fixture.admin.ask({ path });
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  it.each([
    ['no token', { authorization: '' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('refuses %s with 401', async (_case, headers) => {
    const answer = await fixture.admin.ask({ path: API, headers });
    expect([answer.status, answer.json['reason']]).toEqual([401, 'Unauthorized']);
  });

  it('refuses a method a resource does not serve with 405', async () => {
    const answer = await fixture.admin.ask({ method: 'PUT', path: API, contentType: 'application/json', body: {} });
    expect([answer.status, answer.json['reason'], answer.json['message']]).toEqual([405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource']);
  });

  it('refuses a body above three mebibytes with 413', async () => {
    const answer = await fixture.admin.ask({ method: 'PATCH', path: `${API}/ephemeralcontainers`, contentType: 'application/merge-patch+json', body: JSON.stringify('x'.repeat(3 * 1024 * 1024)) });
    expect([answer.status, answer.json['message']]).toEqual([413, 'Request entity too large: limit is 3145728']);
  });

  it('refuses a form it does not speak with 406', async () => {
    const answer = await fixture.admin.ask({ path: PODS, headers: { accept: 'application/yaml' } });
    expect([answer.status, answer.json['reason']]).toEqual([406, 'NotAcceptable']);
  });
});

describe('discovery and kubeconfig', () => {
  const fixture = withCluster({ name: 'main' });

  it('lists groups and resources as kubectl asks for them', async () => {
    const groups = await fixture.admin.ask({ path: '/apis' });
    const core = await fixture.admin.ask({ path: '/api/v1' });
    const names = (core.json['resources'] as readonly { readonly name: string }[]).map(({ name }) => name);
    expect((groups.json['groups'] as readonly { readonly name: string }[]).map(({ name }) => name)).toContain('apps');
    expect(names).toEqual(expect.arrayContaining(['pods', 'pods/ephemeralcontainers', 'namespaces']));
  });

  it('gives a kubeconfig the official client reads a pod with', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kdebug-')), 'kubeconfig');
    writeFileSync(file, fixture.cluster.kubeconfig('root'));
    const config = new KubeConfig();
    config.loadFromFile(file);
    const pod = await config.makeApiClient(CoreV1Api).readNamespacedPod({ name: 'api', namespace: 'prod' });
    expect([config.getCurrentContext(), pod.metadata?.name, pod.spec?.containers[0]?.image]).toEqual(['main', 'api', 'api:1']);
  });

  it('is not trusted without its certificate', async () => {
    const stranger = createClient(fixture.cluster.url, '', 'admin');
    await expect(stranger.ask({ path: API })).rejects.toThrow(/self-signed|certificate/);
    await stranger.close();
  });

  it('has no kubeconfig for somebody it does not know', () => {
    expect(() => fixture.cluster.kubeconfig('mallory')).toThrow('no token or user "mallory"');
  });
});
