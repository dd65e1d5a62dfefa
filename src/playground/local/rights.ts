import type { PolicyRule } from '../cluster/rbac.ts';

/** The worker's rights, literally those of deploy/: the journeys use them wholly and never exceed them. */
export const WORKER_USER = 'system:serviceaccount:kdebug:kdebug-worker';
export const WORKER_TOKEN = 'simulated-worker-token';

export const WORKER_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: [''], resources: ['namespaces', 'services'], verbs: ['get'] },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], verbs: ['get'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
];

/** What deploy/kustomize/components/cancel adds. */
export const CANCEL_RULES: readonly PolicyRule[] = [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] }];

/** What deploy/kustomize/components/identity adds: to ask whether a person may, not to act as one. */
export const IDENTITY_RULES: readonly PolicyRule[] = [{ apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] }];

/** What deploy/kustomize/components/recycle adds: to ask for an eviction, which budgets may refuse; never to delete. */
export const RECYCLE_RULES: readonly PolicyRule[] = [{ apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] }];
