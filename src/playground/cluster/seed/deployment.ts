/** A Deployment with its ReplicaSet and pods, named and labelled as the controllers do. */
import type { ContainerDescription, PodDescription } from './pod.ts';
import type { WorkloadDescription } from './workloads.ts';

export interface DeploymentDescription {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerDescription[];
  readonly replicas?: number;
  /** The suffix of the ReplicaSet's name and its pods' label. */
  readonly podTemplateHash?: string;
  /** What every pod has besides. */
  readonly pod?: Partial<Omit<PodDescription, 'namespace' | 'name' | 'containers' | 'labels' | 'owner'>>;
}

export interface DeploymentParts {
  readonly deployment: WorkloadDescription;
  readonly replicaSet: WorkloadDescription;
  readonly pods: readonly PodDescription[];
}

const DEFAULT_HASH = '6c9d84c9d6';
const SUFFIXES = ['2r6zw', '9zpkz', 'sln2b', 'x4k7d', 'vh5bn', 'mdvst', 'q8w2c', 'tf9zl', 'b6n4g', 'hr5xp'];

/** @param uids one for the Deployment, one for the ReplicaSet */
export const deploymentParts = (description: DeploymentDescription, uids: { readonly deployment: string; readonly replicaSet: string }): DeploymentParts => {
  const hash = description.podTemplateHash ?? DEFAULT_HASH;
  const replicas = description.replicas ?? 1;
  const setName = `${description.name}-${hash}`;
  const labels = { ...description.labels, 'pod-template-hash': hash };
  const { namespace } = description;
  return {
    deployment: { kind: 'Deployment', namespace, name: description.name, labels: description.labels, replicas, uid: uids.deployment, annotations: { 'deployment.kubernetes.io/revision': '1' } },
    replicaSet: {
      kind: 'ReplicaSet', namespace, name: setName, labels, replicas, uid: uids.replicaSet, annotations: { 'deployment.kubernetes.io/revision': '1' },
      owner: { apiVersion: 'apps/v1', kind: 'Deployment', name: description.name, uid: uids.deployment },
    },
    pods: Array.from({ length: replicas }, (_, index) => ({
      ...description.pod, namespace, name: `${setName}-${SUFFIXES[index] ?? `pod${String(index)}`}`, labels, containers: description.containers,
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: setName, uid: uids.replicaSet },
    })),
  };
};
