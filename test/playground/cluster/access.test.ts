import { describe, expect, it } from 'vitest';
import { createClient } from './support/client.ts';
import { API, container, messageOf, patch, PODS, withCluster } from './support/cluster.ts';

const BOT = 'system:serviceaccount:kdebug:worker';

describe('RBAC', () => {
  const fixture = withCluster();
  const botMay = (rule: object, namespace?: string): void => {
    fixture.cluster.control.addToken('bot', { user: BOT });
    fixture.cluster.control.grant({ users: [BOT], ...(namespace === undefined ? {} : { namespace }), rules: [rule as { verbs: string[] }] });
  };

  it('lets a worker with the minimal role patch and watch, and nothing else', async () => {
    botMay({ apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] }, 'prod');
    botMay({ apiGroups: [''], resources: ['pods'], verbs: ['get', 'watch'] }, 'prod');
    const patched = await patch(fixture.admin, [container()], { token: 'bot' });
    const listed = await fixture.admin.ask({ path: PODS, token: 'bot' });
    const elsewhere = await fixture.admin.ask({ path: '/api/v1/namespaces/kube-system/pods/x', token: 'bot' });
    const logs = await fixture.admin.ask({ path: `${API}/log`, token: 'bot' });
    expect([patched.status, listed.status, elsewhere.status]).toEqual([200, 403, 403]);
    expect(messageOf(listed)).toBe(`pods is forbidden: User "${BOT}" cannot list resource "pods" in API group "" in the namespace "prod"`);
    expect(messageOf(logs)).toBe(`pods "api" is forbidden: User "${BOT}" cannot get resource "pods/log" in API group "" in the namespace "prod"`);
  });

  it('takes the name of a watch from its field selector', async () => {
    botMay({ apiGroups: [''], resources: ['pods'], verbs: ['watch'], resourceNames: ['api'] });
    const own = await fixture.admin.watch({ path: `${PODS}?watch=true&fieldSelector=metadata.name%3Dapi`, token: 'bot' });
    const other = await fixture.admin.ask({ path: `${PODS}?watch=true&fieldSelector=metadata.name%3Dweb`, token: 'bot' });
    expect([own.status, other.status, messageOf(other)]).toEqual([200, 403, expect.stringContaining('pods "web" is forbidden')]);
  });

  it('forbids before it looks whether the pod exists, and at the cluster scope in other words', async () => {
    botMay({ apiGroups: [''], resources: ['services'], verbs: ['get'] });
    const answers = await Promise.all([
      fixture.admin.ask({ path: `${PODS}/nope`, token: 'bot' }), fixture.admin.ask({ path: '/api/v1/namespaces', token: 'bot' }),
      fixture.admin.ask({ path: '/apis/apps/v1/namespaces/prod/deployments/x', token: 'bot' }), fixture.admin.ask({ path: '/metrics', token: 'bot' }),
    ]);
    expect(answers.map(messageOf)).toEqual([
      `pods "nope" is forbidden: User "${BOT}" cannot get resource "pods" in API group "" in the namespace "prod"`,
      `namespaces is forbidden: User "${BOT}" cannot list resource "namespaces" in API group "" at the cluster scope`,
      `deployments.apps "x" is forbidden: User "${BOT}" cannot get resource "deployments" in API group "apps" in the namespace "prod"`,
      `forbidden: User "${BOT}" cannot get path "/metrics"`,
    ]);
  });

  it('takes rights away again', async () => {
    botMay({ apiGroups: [''], resources: ['pods'], verbs: ['get'] });
    expect((await fixture.admin.ask({ path: API, token: 'bot' })).status).toBe(200);
    fixture.cluster.control.revokeGrants(BOT);
    expect((await fixture.admin.ask({ path: API, token: 'bot' })).status).toBe(403);
    fixture.cluster.control.revokeToken('bot');
    expect((await fixture.admin.ask({ path: API, token: 'bot' })).status).toBe(401);
  });

  it('counts what was used by verb and resource', async () => {
    fixture.cluster.control.resetRequests();
    await patch(fixture.admin, [container()]);
    await fixture.admin.ask({ path: API });
    await fixture.admin.ask({ path: '/apis/apps/v1/namespaces/prod/deployments/x' });
    expect(fixture.cluster.control.counts()).toEqual({ 'patch pods/ephemeralcontainers': 1, 'get pods': 1, 'get deployments.apps': 1 });
  });
});

describe('impersonation', () => {
  const fixture = withCluster();
  const as = (user: string, groups: readonly string[] = []): Record<string, string | string[]> => ({ 'impersonate-user': user, ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }) });
  const bot = (...rules: readonly object[]): void => {
    fixture.cluster.control.addToken('bot', { user: BOT });
    fixture.cluster.control.grant({ users: [BOT], rules: rules as readonly { verbs: string[] }[] });
  };
  const alice = (): void => fixture.cluster.control.grant({ users: ['alice'], groups: ['sre'], rules: [{ apiGroups: [''], resources: ['pods', 'pods/ephemeralcontainers'], verbs: ['get', 'patch', 'delete'] }] });

  it('takes each group header as one group', async () => {
    alice();
    // undici joins several values into one header line over HTTP/2 and sends a line each over HTTP/1.1.
    const separate = createClient(fixture.cluster.url, fixture.cluster.caPem, 'admin', false);
    const both = await separate.ask({ path: API, headers: as('bob', ['dev', 'sre']) });
    const joined = await fixture.admin.ask({ path: API, headers: as('bob', ['dev', 'sre']) });
    await separate.close();
    expect([both.status, joined.status]).toEqual([200, 403]);
  });

  it('with the legacy verb allows all the person may do', async () => {
    alice();
    bot({ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['alice'] });
    const own = await fixture.admin.ask({ path: API, token: 'bot' });
    const asAlice = await fixture.admin.ask({ path: API, token: 'bot', headers: as('alice') });
    const asBob = await fixture.admin.ask({ path: API, token: 'bot', headers: as('bob') });
    expect([own.status, asAlice.status, asBob.status]).toEqual([403, 200, 403]);
    expect(fixture.cluster.control.requests().at(-1)).toMatchObject({ user: BOT, impersonated: 'bob' });
  });

  it('constrained allows only the verbs named', async () => {
    alice();
    bot(
      { apiGroups: ['authentication.k8s.io'], resources: ['users'], verbs: ['impersonate:user-info'], resourceNames: ['alice'] },
      { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['impersonate-on:user-info:patch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['impersonate-on:user-info:get'] },
    );
    const patched = await patch(fixture.admin, [container()], { token: 'bot', headers: as('alice') });
    const got = await fixture.admin.ask({ path: API, token: 'bot', headers: as('alice') });
    const deleted = await fixture.admin.ask({ method: 'DELETE', path: API, token: 'bot', headers: as('alice') });
    const grouped = await fixture.admin.ask({ path: API, token: 'bot', headers: as('alice', ['sre']) });
    expect([patched.status, got.status, deleted.status, grouped.status]).toEqual([200, 200, 403, 403]);
    expect(messageOf(deleted)).toContain('cannot impersonate-on:user-info:delete resource "pods"');
    expect(messageOf(grouped)).toContain('groups.authentication.k8s.io "sre" is forbidden');
  });

  it('is refused for a group without a user', async () => {
    expect((await fixture.admin.ask({ path: API, headers: { 'impersonate-group': 'sre' } })).status).toBe(400);
  });
});

describe('access reviews', () => {
  const fixture = withCluster();
  const review = (kind: string, group: string, spec: object, token = 'admin') =>
    fixture.admin.ask({ method: 'POST', path: `/apis/${group}/v1/${kind.toLowerCase()}s`, contentType: 'application/json', token, body: { apiVersion: `${group}/v1`, kind, spec } });
  const pods = { namespace: 'prod', verb: 'get', resource: 'pods' };

  it('answer for oneself and for others by the same rules', async () => {
    const { control } = fixture.cluster;
    control.addToken('carol', { user: 'carol', groups: ['sre'] });
    control.grant({ groups: ['sre'], namespace: 'prod', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] });
    const allowed = async (answer: ReturnType<typeof review>): Promise<unknown> => ((await answer).json as unknown as { status: { allowed: boolean } }).status.allowed;
    expect(await allowed(review('SelfSubjectAccessReview', 'authorization.k8s.io', { resourceAttributes: pods }, 'carol'))).toBe(true);
    expect(await allowed(review('SelfSubjectAccessReview', 'authorization.k8s.io', { resourceAttributes: { ...pods, namespace: 'x' } }, 'carol'))).toBe(false);
    expect(await allowed(review('SubjectAccessReview', 'authorization.k8s.io', { user: 'dan', groups: ['sre'], resourceAttributes: pods }))).toBe(true);
    expect(await allowed(review('SubjectAccessReview', 'authorization.k8s.io', { user: 'carol', resourceAttributes: pods }))).toBe(false);
  });

  it('tell who one is', async () => {
    fixture.cluster.control.addToken('bot', { user: BOT, uid: 'u1' });
    const answer = await review('SelfSubjectReview', 'authentication.k8s.io', {}, 'bot');
    expect([answer.status, (answer.json as unknown as { status: object }).status]).toEqual([201, { userInfo: { username: BOT, uid: 'u1', groups: ['system:serviceaccounts', 'system:serviceaccounts:kdebug', 'system:authenticated'] } }]);
  });

  it('are themselves a right, except about oneself', async () => {
    fixture.cluster.control.addToken('bot', { user: BOT });
    expect((await review('SubjectAccessReview', 'authorization.k8s.io', { user: 'dan', resourceAttributes: pods }, 'bot')).status).toBe(403);
  });

  it('refuse a review of nothing', async () => {
    expect((await review('SelfSubjectAccessReview', 'authorization.k8s.io', {})).status).toBe(422);
    expect((await review('SubjectAccessReview', 'authorization.k8s.io', { resourceAttributes: pods })).status).toBe(422);
  });
});
