/** What the control surface does to the world's objects. */
import { deletePod } from '../deletion.ts';
import { objectOf, stringOf } from '../json.ts';
import { timeOf, type StoredObject } from '../objects.ts';
import type { JsonObject, Pod } from '../ports.ts';
import { apiVersionOf, storedAs } from '../resources.ts';
import type { Draft } from '../store.ts';
import type { World } from '../world.ts';
import { deploymentParts, type DeploymentDescription } from './deployment.ts';
import { podFrom, type PodDescription } from './pod.ts';
import { budgetFrom, namespaceFrom, serviceFrom, STORE_OF, workloadFrom, type BudgetDescription, type ServiceDescription, type WorkloadDescription } from './workloads.ts';

const asPod = (object: StoredObject): Pod => object as unknown as Pod;

const existing = (world: World, namespace: string, name: string): StoredObject => {
  const found = world.store.get('pods', namespace, name);
  if (found === undefined) throw new Error(`there is no pod ${namespace}/${name} in the simulated cluster; add it first`);
  return found;
};

/** Only a pod that has a node has a kubelet to be told. */
const putAndSync = (world: World, store: string, draft: Draft): StoredObject => {
  const stored = world.store.put(store, draft);
  if (store === 'pods' && stringOf(objectOf(stored['spec'])['nodeName']) !== '') world.kubelet().sync(asPod(stored));
  return stored;
};

/** Adding, changing and losing pods from outside the API. */
export const seedPods = (world: World) => {
  const podAt = (namespace: string, name: string): StoredObject => existing(world, namespace, name);
  const put = (draft: Draft): Pod => asPod(putAndSync(world, 'pods', draft));
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

/** Everything else that can be seeded. */
export const seedObjects = (world: World) => {
  const filled = (store: string, object: JsonObject): Draft => {
    const resource = storedAs(store);
    const metadata = objectOf(object['metadata']);
    return {
      ...object, kind: resource.kind, apiVersion: apiVersionOf(resource),
      metadata: { creationTimestamp: timeOf(world.now()), ...metadata, name: stringOf(metadata['name']), uid: stringOf(metadata['uid']) || world.newUid() },
    };
  };
  return {
    addObject: (store: string, object: JsonObject): StoredObject => putAndSync(world, store, filled(store, object)),
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
