import { describe, expect, it } from 'vitest';
import { SMP } from './support/client.ts';
import { API, container, messageOf, patch, withCluster } from './support/cluster.ts';

const EC = `${API}/ephemeralcontainers`;
const namesIn = (json: object): readonly string[] =>
  ((json as { spec: { ephemeralContainers?: readonly { name: string }[] } }).spec.ephemeralContainers ?? []).map(({ name }) => name);

describe('adding ephemeral containers', () => {
  const fixture = withCluster();

  it('puts the new one first, fills in defaults and tells the kubelet', async () => {
    await patch(fixture.admin, [container({ name: 'one' })]);
    const answer = await patch(fixture.admin, [container({ name: 'two', image: 'busybox' })]);
    expect(namesIn(answer.json)).toEqual(['two', 'one']);
    const [two, one] = (answer.json['spec'] as { ephemeralContainers: readonly object[] }).ephemeralContainers;
    expect(two).toEqual({ name: 'two', image: 'busybox', command: ['id'], resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'Always' });
    expect(one).toMatchObject({ imagePullPolicy: 'IfNotPresent' });
    expect(fixture.kubelet.synced.at(-1)?.metadata['generation']).toBe(3);
  });

  it('takes the same patch twice, or a part of it, as no change', async () => {
    const first = await patch(fixture.admin, [container()]);
    const again = await patch(fixture.admin, [container()]);
    const part = await patch(fixture.admin, [{ name: 'dbg', image: 'busybox:1.36' }]);
    expect([again.text, part.text]).toEqual([first.text, first.text]);
  });

  it('keeps the order that kubectl asks for', async () => {
    await patch(fixture.admin, [container({ name: 'one' })]);
    const answer = await fixture.admin.ask({ method: 'PATCH', path: EC, contentType: SMP, body: { spec: { '$setElementOrder/ephemeralContainers': [{ name: 'one' }, { name: 'two' }], ephemeralContainers: [container({ name: 'two' })] } } });
    expect(namesIn(answer.json)).toEqual(['one', 'two']);
  });

  it('leaves nothing behind of a dry run', async () => {
    const before = await fixture.admin.ask({ path: API });
    const dry = await patch(fixture.admin, [container()], { query: '?dryRun=All' });
    const after = await fixture.admin.ask({ path: API });
    expect([dry.status, namesIn(dry.json), after.text, fixture.kubelet.synced.length]).toEqual([200, ['dbg'], before.text, 1]);
  });

  it('takes twenty at once, all of them kept', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => patch(fixture.admin, [container({ name: `n${String(index)}` })])));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(namesIn((await fixture.admin.ask({ path: API })).json)).toHaveLength(20);
  });

  it('drops labels that come along', async () => {
    const answer = await patch(fixture.admin, [container()], { metadata: { labels: { app: 'stolen' } } });
    expect(answer.json['metadata']).toMatchObject({ labels: { app: 'api' } });
  });

  it('admits a finished, an unscheduled and a terminating pod', async () => {
    const { control } = fixture.cluster;
    control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'app', image: 'api:1' }], phase: 'Succeeded' });
    expect((await patch(fixture.admin, [container()])).status).toBe(200);
    control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'app', image: 'api:1' }], node: null });
    expect((await patch(fixture.admin, [container()])).status).toBe(200);
    control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'app', image: 'api:1' }] });
    control.deletePod('prod', 'api', 30);
    expect((await patch(fixture.admin, [container()])).status).toBe(200);
  });

  it.each([
    ['a port', { ports: [{ containerPort: 1 }] }, 'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container'],
    ['resources', { resources: { limits: { cpu: '1' } } }, 'resources: Forbidden: cannot be set'],
    ['a startup probe', { startupProbe: { exec: { command: ['id'] } } }, 'startupProbe: Forbidden: cannot be set'],
    ['a restart policy', { restartPolicy: 'Always' }, 'restartPolicy: Forbidden: cannot be set'],
    ['no name', { name: '' }, 'spec.ephemeralContainers[0].name: Required value'],
    ['a name of 64 characters', { name: 'a'.repeat(64) }, 'must be no more than 63 characters'],
    ['the name of the app', { name: 'app' }, 'spec.ephemeralContainers[0].name: Duplicate value: "app"'],
    ['the name of an init container', { name: 'setup' }, 'name: Duplicate value: "setup"'],
    ['no image', { image: '' }, 'spec.ephemeralContainers[0].image: Required value'],
    ['a blank after the image', { image: 'busybox ' }, 'image: Invalid value: "busybox ": must not have leading or trailing whitespace'],
    ['a pull policy of nothing', { imagePullPolicy: 'Sometimes' }, 'imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"'],
    ['a target of nothing', { targetContainerName: 'nope' }, 'targetContainerName: Not found: "nope"'],
    ['a volume of nothing', { volumeMounts: [{ name: 'nope', mountPath: '/x' }] }, 'volumeMounts[0].name: Not found: "nope"'],
    ['an environment variable without a name', { env: [{ name: '', value: 'x' }] }, 'env[0].name: Required value'],
    ['a negative uid', { securityContext: { runAsUser: -1 } }, 'securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
    ['privilege without escalation', { securityContext: { privileged: true, allowPrivilegeEscalation: false } }, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'],
    ['a command that is no list', { command: 'id' }, 'cannot restore slice from string'],
  ])('refuses %s with 422', async (_case, more, message) => {
    const answer = await patch(fixture.admin, [container(more)]);
    expect([answer.status, answer.json['reason']]).toEqual([422, 'Invalid']);
    expect(messageOf(answer)).toContain(message);
  });

  it.each([
    ['an image that is none', { image: '!!! not an image' }],
    ['an init container as target', { targetContainerName: 'setup' }],
    ['a terminal without stdin', { tty: true }],
    ['a secret that does not exist', { envFrom: [{ secretRef: { name: 'nope' } }] }],
  ])('accepts %s as the real one does', async (_case, more) => {
    expect((await patch(fixture.admin, [container(more)])).status).toBe(200);
  });

  it('names every mistake of a patch', async () => {
    const answer = await patch(fixture.admin, [container({ image: '', targetContainerName: 'nope' })]);
    expect(messageOf(answer)).toBe('Pod "api" is invalid: [spec.ephemeralContainers[0].image: Required value, spec.ephemeralContainers[0].targetContainerName: Not found: "nope"]');
  });

  it('warns of an unknown field, refuses it when asked to be strict, is silent when asked to ignore it', async () => {
    const warned = await patch(fixture.admin, [container({ colour: 'red' })], { query: '?dryRun=All' });
    const strict = await patch(fixture.admin, [container({ colour: 'red' })], { query: '?dryRun=All&fieldValidation=Strict' });
    const ignored = await patch(fixture.admin, [container({ colour: 'red' })], { query: '?dryRun=All&fieldValidation=Ignore' });
    expect([warned.status, warned.headers['warning']]).toEqual([200, String.raw`299 - "unknown field \"spec.ephemeralContainers[0].colour\""`]);
    expect([strict.status, ignored.status, ignored.headers['warning']]).toEqual([422, 200, undefined]);
  });
});

describe('what may not change', () => {
  const fixture = withCluster();

  it('shows the difference when the same name comes with another command', async () => {
    await patch(fixture.admin, [container({ command: ['ss', '-tlnp'] })]);
    const answer = await patch(fixture.admin, [container({ command: ['id'] })]);
    expect(messageOf(answer)).toBe('Pod "api" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be changed\n@@ -2,8 +2,7 @@\n  "Name": "dbg",\n  "Image": "busybox:1.36",\n  "Command": [\n-  "ss",\n-  "-tlnp"\n+  "id"\n  ],\n  "Args": null,\n  "WorkingDir": "",\n');
  });

  it.each([
    ['$patch: delete', SMP, { spec: { ephemeralContainers: [{ name: 'dbg', $patch: 'delete' }] } }],
    ['a merge patch with only the new one', 'application/merge-patch+json', { spec: { ephemeralContainers: [container({ name: 'other' })] } }],
  ])('refuses to remove one by %s', async (_case, contentType, body) => {
    await patch(fixture.admin, [container()]);
    const answer = await fixture.admin.ask({ method: 'PATCH', path: EC, contentType, body });
    expect([answer.status, messageOf(answer).split('\n')[0]]).toEqual([422, 'Pod "api" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be removed']);
  });

  it('adds to a list by JSON patch only when there is one', async () => {
    const ask = () => fixture.admin.ask({ method: 'PATCH', path: EC, contentType: 'application/json-patch+json', body: [{ op: 'add', path: '/spec/ephemeralContainers/-', value: container({ name: 'two' }) }] });
    const without = await ask();
    await patch(fixture.admin, [container()]);
    const first = await ask();
    const second = await ask();
    expect([without.status, messageOf(without)]).toEqual([422, 'the server rejected our request due to an error in our request']);
    expect([first.status, namesIn(first.json)]).toEqual([200, ['dbg', 'two']]);
    expect([second.status, messageOf(second)]).toEqual([422, 'Pod "api" is invalid: spec.ephemeralContainers[2].name: Duplicate value: "two"']);
  });

  it.each([
    ['JSON', 'application/json', {}, 415],
    ['server-side apply', 'application/apply-patch+yaml', {}, 415],
    ['no JSON at all', SMP, 'not json', 400],
    ['a list', SMP, [], 400],
    ['another name than the URL', SMP, { metadata: { name: 'other' } }, 400],
    ['a stale version', SMP, { metadata: { resourceVersion: '1' }, spec: { ephemeralContainers: [container()] } }, 409],
    ['another uid', SMP, { metadata: { uid: 'other' }, spec: { ephemeralContainers: [container()] } }, 422],
  ])('answers %s with its own code', async (_case, contentType, body, status) => {
    expect((await fixture.admin.ask({ method: 'PATCH', path: EC, contentType, body })).status).toBe(status);
  });

  it('lets one of twenty PUTs of one version through', async () => {
    const { json } = await fixture.admin.ask({ path: EC });
    const put = (name: string) => fixture.admin.ask({ method: 'PUT', path: EC, contentType: 'application/json', body: { ...json, spec: { ...(json['spec'] as object), ephemeralContainers: [container({ name })] } } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => put(`n${String(index)}`)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('refuses dryRun with another value than All', async () => {
    const answer = await patch(fixture.admin, [container()], { query: '?dryRun=Some' });
    expect([answer.status, messageOf(answer)]).toEqual([422, 'PatchOptions "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"']);
  });
});

describe('a server without privileged containers, and Windows', () => {
  const fixture = withCluster({ allowPrivileged: false });

  it('forbids privileged', async () => {
    const answer = await patch(fixture.admin, [container({ securityContext: { privileged: true } })]);
    expect([answer.status, messageOf(answer)]).toEqual([422, 'Pod "api" is invalid: spec.ephemeralContainers[0].securityContext.privileged: Forbidden: disallowed by cluster policy']);
  });

  it('forbids Linux security settings in a Windows pod', async () => {
    fixture.cluster.control.addPod({ namespace: 'prod', name: 'api', os: 'windows', containers: [{ name: 'app', image: 'api:1' }] });
    const answer = await patch(fixture.admin, [container({ securityContext: { runAsUser: 1 } })]);
    expect(messageOf(answer)).toBe('Pod "api" is invalid: spec.ephemeralContainers[0].securityContext.runAsUser: Forbidden: cannot be set for a windows pod');
  });
});
