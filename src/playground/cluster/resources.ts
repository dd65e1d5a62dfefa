/** The resources this server knows. A row is all it takes to serve get, list and watch of another one. */

export interface Resource {
  /** Where its objects are stored: `pods`, `deployments.apps`. Two API groups may show the same objects (events). */
  readonly store: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly kind: string; readonly verbs: readonly string[] }[];
}

const READ = ['get', 'list', 'watch'];

const resource = (group: string, version: string, plural: string, kind: string, more: Partial<Resource> = {}): Resource => ({
  store: group === '' ? plural : `${plural}.${group}`,
  group, version, plural, kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames: [],
  verbs: READ,
  subresources: [],
  ...more,
});

const POD_SUBRESOURCES = [
  { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  { name: 'eviction', kind: 'Eviction', verbs: ['create'] },
  { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'log', kind: 'Pod', verbs: ['get'] },
];

export const RESOURCES: readonly Resource[] = [
  resource('', 'v1', 'pods', 'Pod', { shortNames: ['po'], verbs: [...READ, 'patch', 'delete'], subresources: POD_SUBRESOURCES }),
  resource('', 'v1', 'services', 'Service', { shortNames: ['svc'] }),
  resource('', 'v1', 'namespaces', 'Namespace', { shortNames: ['ns'], namespaced: false }),
  resource('', 'v1', 'nodes', 'Node', { shortNames: ['no'], namespaced: false }),
  resource('', 'v1', 'replicationcontrollers', 'ReplicationController', { shortNames: ['rc'] }),
  resource('', 'v1', 'events', 'Event', { shortNames: ['ev'], verbs: [...READ, 'create'] }),
  resource('events.k8s.io', 'v1', 'events', 'Event', { store: 'events', shortNames: ['ev'], verbs: [...READ, 'create'] }),
  resource('apps', 'v1', 'deployments', 'Deployment', { shortNames: ['deploy'] }),
  resource('apps', 'v1', 'replicasets', 'ReplicaSet', { shortNames: ['rs'] }),
  resource('apps', 'v1', 'statefulsets', 'StatefulSet', { shortNames: ['sts'] }),
  resource('apps', 'v1', 'daemonsets', 'DaemonSet', { shortNames: ['ds'] }),
  resource('batch', 'v1', 'jobs', 'Job'),
  resource('batch', 'v1', 'cronjobs', 'CronJob', { shortNames: ['cj'] }),
  resource('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { shortNames: ['pdb'] }),
];

const REVIEWS: readonly Resource[] = [
  resource('authorization.k8s.io', 'v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', { namespaced: false, verbs: ['create'] }),
  resource('authorization.k8s.io', 'v1', 'subjectaccessreviews', 'SubjectAccessReview', { namespaced: false, verbs: ['create'] }),
  resource('authentication.k8s.io', 'v1', 'selfsubjectreviews', 'SelfSubjectReview', { namespaced: false, verbs: ['create'] }),
];

export const SERVED: readonly Resource[] = [...RESOURCES, ...REVIEWS];

const BY_KEY = new Map(SERVED.map((entry) => [`${entry.group}/${entry.version}/${entry.plural}`, entry]));

export const findResource = (group: string, version: string, plural: string): Resource | undefined =>
  BY_KEY.get(`${group}/${version}/${plural}`);

export const apiVersionOf = (entry: Resource): string => (entry.group === '' ? entry.version : `${entry.group}/${entry.version}`);

const BY_STORE = new Map(RESOURCES.filter((entry) => entry.store !== 'events' || entry.group === '').map((entry) => [entry.store, entry]));

/** The resource whose form objects of this store are kept in. */
export const storedAs = (store: string): Resource => {
  const found = BY_STORE.get(store);
  if (found === undefined) throw new Error(`no resource is stored as ${JSON.stringify(store)}; add a row to RESOURCES`);
  return found;
};
