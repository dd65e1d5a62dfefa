/** The in-process control surface: tests and the playground seed the world here and make it misbehave. */
import type { AdmissionPolicy } from './admission.ts';
import type { UserDescription } from './authn.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { Journal, SeenRequest } from './journal.ts';
import type { Listener } from './listener.ts';
import type { StoredObject } from './objects.ts';
import type { JsonObject, Pod } from './ports.ts';
import type { Grant } from './rbac.ts';
import type { DeploymentDescription } from './seed/deployment.ts';
import type { PodDescription } from './seed/pod.ts';
import { seedObjects, seedPods } from './seed/seeding.ts';
import type { BudgetDescription, ServiceDescription, WorkloadDescription } from './seed/workloads.ts';
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

export const createControl = ({ world, journal, faults, listener }: ControlParts): Control => {
  return {
    ...seedPods(world),
    ...seedObjects(world),
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
