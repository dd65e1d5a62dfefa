import { expect, test } from 'vitest';
import { NEEDED_RIGHTS } from '../../src/adapters/kubernetes/check.ts';
import { RECYCLE_RULES } from '../../src/playground/local/rights.ts';
import { objectsIn, patchIn, workload } from './manifests.ts';
import type { KubernetesObject } from './manifests.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `verb group/resource`, one line for each, sorted: a set that can be compared to the letter. */
const rights = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group === '' ? 'core' : group}/${resource}`)))).sort();

const ofKind = (kind: string): readonly KubernetesObject[] => objectsIn('.').filter((object) => object.kind === kind);
const rulesOf = (object: KubernetesObject): readonly Rule[] => (object as KubernetesObject & { readonly rules: readonly Rule[] }).rules;

test('the worker may do this and nothing else', () => {
  const roles = [...ofKind('ClusterRole'), ...ofKind('Role')];
  expect(roles.map(({ metadata }) => metadata.name).sort()).toEqual(['kdebug-worker', 'kdebug-worker-reviews']);
  expect(rights(roles.filter(({ metadata }) => metadata.name === 'kdebug-worker').flatMap(rulesOf))).toEqual([
    'create events.k8s.io/events',
    'get apps/daemonsets', 'get apps/deployments', 'get apps/replicasets', 'get apps/statefulsets',
    'get batch/jobs',
    'get core/namespaces', 'get core/pods', 'get core/pods/log', 'get core/services',
    'list apps/replicasets', 'list core/pods',
    'patch core/pods/ephemeralcontainers',
    'watch core/pods',
  ]);
});

test('kdebug doctor looks for each of them', () => {
  const role = rights(ofKind('ClusterRole').filter(({ metadata }) => metadata.name === 'kdebug-worker').flatMap(rulesOf));
  const looked = NEEDED_RIGHTS.map(({ verb, resource }) => {
    const [named = '', subresource] = resource.split('/');
    const [plural, ...group] = named.split('.');
    return `${verb} ${group.join('.') || 'core'}/${plural}${subresource === undefined ? '' : `/${subresource}`}`;
  });
  expect(looked.sort()).toEqual(role);
});

test.each([
  ['components/cancel/exec.yaml', ['create core/pods/exec', 'get core/pods/exec']],
  ['components/recycle/eviction.yaml', ['create core/pods/eviction']],
])('%s adds exactly %j', (file, added) => {
  const patch = patchIn(file);
  expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual(['add /rules/-']);
  expect(rights(patch.map(({ value }) => value as Rule))).toEqual(added);
});

test('what the simulated cluster grants for recycling is what the component adds', () => {
  expect(rights(RECYCLE_RULES as readonly Rule[])).toEqual(rights(patchIn('components/recycle/eviction.yaml').map(({ value }) => value as Rule)));
});

interface Binding extends KubernetesObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

test('of the whole cluster the worker may know one thing, where the component identity is named: whether a person may', () => {
  const [binding, ...others] = ofKind('ClusterRoleBinding') as readonly Binding[];
  expect([binding?.roleRef.name, binding?.subjects, others]).toEqual(['kdebug-worker-reviews', [{ kind: 'ServiceAccount', name: 'kdebug-worker', namespace: 'kdebug' }], []]);
  expect(rights(ofKind('ClusterRole').filter(({ metadata }) => metadata.name === 'kdebug-worker-reviews').flatMap(rulesOf))).toEqual(['create authorization.k8s.io/subjectaccessreviews']);
  expect(objectsIn('base').filter(({ kind }) => kind === 'ClusterRoleBinding')).toEqual([]);
});

test('every other right is bound namespace by namespace, to the worker alone', () => {
  const bindings = ofKind('RoleBinding') as readonly Binding[];
  expect(bindings.map(({ metadata }) => metadata.namespace)).toEqual(['prod', 'staging']);
  for (const { roleRef, subjects } of bindings) {
    expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'kdebug-worker' });
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'kdebug-worker', namespace: 'kdebug' }]);
  }
});

test('no service account mounts a token by itself', () => {
  const accounts = ofKind('ServiceAccount');
  expect(accounts.map(({ metadata }) => metadata.name).sort()).toEqual(['kdebug-serve', 'kdebug-worker', 'valkey']);
  for (const account of accounts) expect(account).toHaveProperty('automountServiceAccountToken', false);
});

const secretsOf = (name: string): readonly string[] =>
  (workload(name).spec.template.spec.volumes ?? []).flatMap(({ secret }) => {
    if (secret === undefined) return [];
    return secret.items?.map(({ key }) => `${secret.secretName}/${key}`) ?? [secret.secretName];
  }).sort();

test('serve has Slack\'s tokens and the signing key, and neither a token nor a right of the cluster', () => {
  const { serviceAccountName, automountServiceAccountToken, volumes = [] } = workload('kdebug-serve').spec.template.spec;
  expect({ serviceAccountName, automountServiceAccountToken }).toEqual({ serviceAccountName: 'kdebug-serve', automountServiceAccountToken: false });
  expect(volumes.filter(({ projected }) => projected !== undefined)).toEqual([]);
  expect(secretsOf('kdebug-serve')).toEqual(['kdebug-keys/record.key', 'kdebug-redis/url', 'kdebug-signing', 'kdebug-slack']);
});

test('the worker has neither Slack\'s tokens nor the signing key, and of the record keys that of its cluster only', () => {
  expect(secretsOf('kdebug-worker')).toEqual(['kdebug-redis/url', 'kdebug-worker-keys']);
  expect(JSON.stringify(workload('kdebug-worker'))).not.toMatch(/slack|SIGNING_KEY|signing\.key/i);
  expect(workload('kdebug-worker').spec.template.spec.containers[0]?.args).toEqual(['worker', '--cluster', 'main']);
});

test('the worker\'s own token lives an hour and is bound to its pod', () => {
  const { automountServiceAccountToken, volumes = [] } = workload('kdebug-worker').spec.template.spec;
  expect(automountServiceAccountToken).toBe(false);
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  expect(sources.map((source) => Object.keys(source)[0])).toEqual(['serviceAccountToken', 'configMap', 'downwardAPI']);
  expect(sources[0]).toEqual({ serviceAccountToken: { path: 'token', expirationSeconds: 3_600 } });
});

test('no secret is an environment variable: each is a file that a _FILE variable names', () => {
  for (const name of ['kdebug-serve', 'kdebug-worker']) {
    for (const { env = [], envFrom, volumeMounts = [] } of workload(name).spec.template.spec.containers) {
      expect(envFrom).toBeUndefined();
      const files = env.filter((variable) => variable.name.endsWith('_FILE')).map(({ value = '' }) => value);
      expect(files.length).toBeGreaterThan(2);
      expect(files.filter((file) => !volumeMounts.some(({ mountPath, readOnly }) => readOnly && file.startsWith(`${mountPath}/`)))).toEqual([]);
      for (const variable of env) expect(Object.keys(variable)).toEqual(['name', 'value']);
    }
  }
});
