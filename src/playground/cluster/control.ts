/** The in-process control surface: tests and the playground seed the world here and make it misbehave. */
import type { AdmissionPolicy } from './admission.ts';
import type { UserDescription } from './authn.ts';
import { deletePod } from './deletion.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { Journal, SeenRequest } from './journal.ts';
import { objectOf, stringOf } from './json.ts';
import type { Listener } from './listener.ts';
import { timeOf, type StoredObject } from './objects.ts';
import type { JsonObject, Pod } from './ports.ts';
import type { Grant } from './rbac.ts';
import { storedAs, apiVersionOf } from './resources.ts';
import { deploymentParts, type DeploymentDescription } from './seed/deployment.ts';
import { podFrom, type PodDescription } from './seed/pod.ts';
import { budgetFrom, namespaceFrom, serviceFrom, STORE_OF, workloadFrom, type BudgetDescription, type ServiceDescription, type WorkloadDescription } from './seed/workloads.ts';
import type { Draft } from './store.ts';
import type { World } from './world.ts';

export interface Control {
  addNamespace(name: string, labels?: Readonly<Record<string, string>>): void;
  /** Adds or replaces; a replacement has another uid, as a StatefulSet's new pod of the same name has. */
  addPod(description: PodDescription): Pod;
  /** A Deployment with its ReplicaSet and pods. */
  addDeployment(description: DeploymentDescription): { readonly replicaSet: string; readonly pods: readonly Pod[] };
  addWorkload(description: WorkloadDescription): void;
  addService(description: ServiceDescription): void;
  addBudget(description: BudgetDescription): void;
  /** Any object of a store (`pods`, `deployments.apps`, …) as it is; uid, times and kind are filled in when absent. */
  addObject(store: string, object: JsonObject): StoredObject;
  addAdmissionPolicy(policy: AdmissionPolicy): void;
  removeAdmissionPolicy(name: string): void;
  addToken(token: string, user: UserDescription): void;
  revokeToken(token: string): void;
  grant(grant: Grant): void;
  /** Takes away every grant that names this user or group. */
  revokeGrants(subject: string): void;
  pod(namespace: string, name: string): Pod | undefined;
  objects(store: string, namespace?: string): readonly StoredObject[];
  /** With the pod's own grace unless another is given; 0 removes it at once. */
  deletePod(namespace: string, name: string, graceSeconds?: number): void;
  /** The same pod under a new uid, without ephemeral containers. */
  replacePod(namespace: string, name: string): Pod;
  /** Changes a pod as a controller would: watchers see MODIFIED, the kubelet is told. */
  changePod(namespace: string, name: string, change: (pod: Pod) => JsonObject): Pod;
  requests(): readonly Readonly<SeenRequest>[];
  /** `patch pods/ephemeralcontainers` → times, since the last reset. */
  counts(): Readonly<Record<string, number>>;
  resetRequests(): void;
  connections(): { readonly accepted: number; readonly open: number };
  watches(): number;
  inject(rule: FaultRule): () => void;
  clearFaults(): void;
  closeWatches(): void;
  cutConnections(): void;
  /** Every resourceVersion and continue token handed out so far answers 410 from now on. */
  expireResourceVersions(): void;
}

export interface ControlParts {
  readonly world: World;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly listener: () => Listener;
}

const seedPods = ({ world }: ControlParts) => {
  const asPod = (object: StoredObject): Pod => object as unknown as Pod;
  const podAt = (namespace: string, name: string): StoredObject => {
    const found = world.store.get('pods', namespace, name);
    if (found === undefined) throw new Error(`there is no pod ${namespace}/${name} in the simulated cluster; add it first`);
    return found;
  };
  const put = (draft: Draft): Pod => {
    const pod = asPod(world.store.put('pods', draft));
    if (stringOf(objectOf(pod.spec)['nodeName']) !== '') world.kubelet().sync(pod);
    return pod;
  };
  const vanish = (namespace: string, name: string): void => {
    const old = world.store.get('pods', namespace, name);
    if (old !== undefined) deletePod(world, old, 0);
  };

  const addPod = (description: PodDescription): Pod => {
    vanish(description.namespace, description.name);
    return put(podFrom(description, description.uid ?? world.newUid(), world.now()));
  };
  return {
    addPod,
    pod: (namespace: string, name: string) => world.store.get('pods', namespace, name) as Pod | undefined,
    deletePod: (namespace: string, name: string, graceSeconds?: number): void => {
      deletePod(world, podAt(namespace, name), graceSeconds);
    },
    replacePod: (namespace: string, name: string): Pod => {
      const old = podAt(namespace, name);
      vanish(namespace, name);
      const { ephemeralContainers: _gone, ...spec } = objectOf(old['spec']);
      const { ephemeralContainerStatuses: _ended, ...status } = objectOf(old['status']);
      const { deletionTimestamp: _when, deletionGracePeriodSeconds: _grace, ...metadata } = old.metadata;
      return put({ ...old, metadata: { ...metadata, name, uid: world.newUid(), generation: 1, creationTimestamp: timeOf(world.now()) }, spec, status });
    },
    changePod: (namespace: string, name: string, change: (pod: Pod) => JsonObject): Pod => put(change(asPod(podAt(namespace, name))) as Draft),
    addDeployment: (description: DeploymentDescription) => {
      const parts = deploymentParts(description, { deployment: world.newUid(), replicaSet: world.newUid() });
      for (const part of [parts.deployment, parts.replicaSet]) world.store.put(STORE_OF[part.kind], workloadFrom(part, part.uid ?? world.newUid(), world.now()));
      return { replicaSet: parts.replicaSet.name, pods: parts.pods.map(addPod) };
    },
  };
};

const seedObjects = ({ world }: ControlParts) => {
  const filled = (store: string, object: JsonObject): Draft => {
    const resource = storedAs(store);
    const metadata = objectOf(object['metadata']);
    return {
      ...object, kind: resource.kind, apiVersion: apiVersionOf(resource),
      metadata: { creationTimestamp: timeOf(world.now()), ...metadata, name: stringOf(metadata['name']), uid: stringOf(metadata['uid']) || world.newUid() },
    };
  };
  return {
    addObject: (store: string, object: JsonObject): StoredObject => {
      const stored = world.store.put(store, filled(store, object));
      if (store === 'pods' && stringOf(objectOf(stored['spec'])['nodeName']) !== '') world.kubelet().sync(stored as unknown as Pod);
      return stored;
    },
    objects: (store: string, namespace?: string) => world.store.list(store, namespace),
    addNamespace: (name: string, labels: Readonly<Record<string, string>> = {}): void => {
      world.store.put('namespaces', namespaceFrom(name, labels, world.newUid(), world.now()));
    },
    addWorkload: (description: WorkloadDescription): void => {
      world.store.put(STORE_OF[description.kind], workloadFrom(description, description.uid ?? world.newUid(), world.now()));
    },
    addService: (description: ServiceDescription): void => {
      world.store.put('services', serviceFrom(description, world.newUid(), world.now()));
    },
    addBudget: (description: BudgetDescription): void => {
      world.store.put('poddisruptionbudgets.policy', budgetFrom(description, world.newUid(), world.now()));
    },
  };
};

export const createControl = (parts: ControlParts): Control => {
  const { world, journal, faults, listener } = parts;
  return {
    ...seedPods(parts),
    ...seedObjects(parts),
    addAdmissionPolicy: (policy) => {
      world.policies.set(policy.name, policy);
    },
    removeAdmissionPolicy: (name) => {
      world.policies.delete(name);
    },
    addToken: world.authenticator.add,
    revokeToken: world.authenticator.revoke,
    grant: world.authorizer.grant,
    revokeGrants: world.authorizer.revoke,
    requests: journal.requests,
    counts: journal.counts,
    resetRequests: journal.reset,
    connections: () => listener().connections(),
    watches: world.watches.count,
    inject: faults.inject,
    clearFaults: faults.clear,
    closeWatches: world.watches.closeAll,
    cutConnections: () => listener().cutAll(),
    expireResourceVersions: () => {
      world.store.compact();
      world.snapshots.expire();
    },
  };
};
