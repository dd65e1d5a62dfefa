/** Workloads, services and budgets from compact descriptions. */
import { withoutAbsent } from '../json.ts';
import { timeOf } from '../objects.ts';
import type { JsonObject } from '../ports.ts';
import type { Draft } from '../store.ts';

export interface WorkloadDescription {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job';
  readonly namespace: string;
  readonly name: string;
  /** `matchLabels` of its selector and labels of its template. */
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string };
  readonly uid?: string;
}

export const STORE_OF = {
  Deployment: 'deployments.apps', ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps', DaemonSet: 'daemonsets.apps', Job: 'jobs.batch',
} as const;

const metadataOf = (of: { name: string; namespace?: string; labels?: JsonObject; annotations?: JsonObject; ownerReferences?: readonly JsonObject[] }, uid: string, now: number): Draft['metadata'] =>
  withoutAbsent({ ...of, uid, creationTimestamp: timeOf(now) }) as Draft['metadata'];

export const workloadFrom = (description: WorkloadDescription, uid: string, now: number): Draft => {
  const replicas = description.replicas ?? 1;
  const isJob = description.kind === 'Job';
  return {
    kind: description.kind, apiVersion: isJob ? 'batch/v1' : 'apps/v1',
    metadata: {
      ...metadataOf({
        name: description.name, namespace: description.namespace, labels: description.labels,
        ...(description.annotations === undefined ? {} : { annotations: description.annotations }),
        ...(description.owner === undefined ? {} : { ownerReferences: [{ ...description.owner, controller: true, blockOwnerDeletion: true }] }),
      }, uid, now),
      generation: 1,
    },
    spec: withoutAbsent({
      replicas: isJob || description.kind === 'DaemonSet' ? undefined : replicas,
      selector: { matchLabels: description.labels },
      template: { metadata: { labels: description.labels }, spec: { containers: [] } },
    }),
    status: isJob ? { active: replicas } : { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas },
  };
};

export const namespaceFrom = (name: string, labels: Readonly<Record<string, string>>, uid: string, now: number): Draft => ({
  kind: 'Namespace', apiVersion: 'v1',
  metadata: metadataOf({ name, labels: { 'kubernetes.io/metadata.name': name, ...labels } }, uid, now),
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

export interface ServiceDescription {
  readonly namespace: string;
  readonly name: string;
  /** Absent for a service that somebody fills with endpoints by hand. */
  readonly selector?: Readonly<Record<string, string>>;
}

export const serviceFrom = (description: ServiceDescription, uid: string, now: number): Draft => ({
  kind: 'Service', apiVersion: 'v1',
  metadata: metadataOf({ name: description.name, namespace: description.namespace }, uid, now),
  spec: withoutAbsent({ ports: [{ protocol: 'TCP', port: 80, targetPort: 8080 }], selector: description.selector, clusterIP: '10.96.254.198', type: 'ClusterIP' }),
  status: { loadBalancer: {} },
});

export interface BudgetDescription {
  readonly namespace: string;
  readonly name: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
}

export const budgetFrom = (description: BudgetDescription, uid: string, now: number): Draft => ({
  kind: 'PodDisruptionBudget', apiVersion: 'policy/v1',
  metadata: metadataOf({ name: description.name, namespace: description.namespace }, uid, now),
  spec: withoutAbsent({ minAvailable: description.minAvailable, maxUnavailable: description.maxUnavailable, selector: { matchLabels: description.matchLabels } }),
  status: {},
});
