import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EphemeralContainer } from '../../../src/domain/container.ts';
import type { Image } from '../../../src/domain/catalogue.ts';
import type { ContainerName, ImageName, ImageRef, ClusterName, Namespace, PodName, PodUid, RequestId } from '../../../src/domain/names.ts';
import type { PlanTarget } from '../../../src/domain/plan.ts';
import type { Json } from '../../../src/adapters/kubernetes/json.ts';

export interface Recording {
  readonly request: { readonly path: string; readonly body?: Json };
  readonly response: { readonly status: number; readonly body?: Json; readonly events?: readonly { readonly type: string; readonly object: Json }[] };
}

export const recording = (name: string): Recording =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../recordings/kubernetes-1.36', `${name}.json`), 'utf8')) as Recording;

export const POD = 'api-6c9d84c9d6-2r6zw' as PodName;
export const UID = 'f2bfdb1d-af3d-4e61-a45f-38bd7c258c58' as PodUid;
export const PROD = 'prod' as Namespace;
export const MAIN = 'main' as ClusterName;
export const API = 'api' as ContainerName;
export const MARKER = 'kd-0123abcd' as RequestId;
export const OURS = 'kdebug-0123456789abcdef' as ContainerName;

export const TARGET: PlanTarget = { cluster: MAIN, namespace: PROD, pod: POD, uid: UID, container: API, node: 'node1' };

export const NETSHOOT: Image = { name: 'netshoot' as ImageName, ref: 'nicolaka/netshoot:v0.13' as ImageRef, isDefault: true, shell: true };

export const CONTAINER: EphemeralContainer = {
  name: OURS, image: NETSHOOT.ref, command: ['sh', '-c', 'wrapper', 'kdebug', '1700000000', '30', 'ss', '-tlnp'],
  targetContainerName: API, terminationMessagePolicy: 'File',
};

// Overlays of a test may hold anything a server could send.
const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;

/** A pod with one app container; the rest is laid over it. */
export const pod = (over: { metadata?: object; spec?: object; status?: object } = {}): Json => asJson({
  apiVersion: 'v1', kind: 'Pod',
  metadata: { name: POD, namespace: PROD, uid: UID, resourceVersion: '100', generation: 2, ...over.metadata },
  spec: { nodeName: 'node1', containers: [{ name: 'api', image: 'demo/api:1' }], ...over.spec },
  status: {
    phase: 'Running', observedGeneration: 2,
    containerStatuses: [{ name: 'api', restartCount: 0, state: { running: { startedAt: '2026-11-22T13:00:00Z' } }, lastState: {} }], ...over.status,
  },
});

/** The same pod with a status of our container. */
export const podWith = (state: object, over: { metadata?: object; spec?: object; status?: object; ours?: object } = {}): Json => pod({
  ...(over.metadata && { metadata: over.metadata }), ...(over.spec && { spec: over.spec }),
  status: { ephemeralContainerStatuses: [{ name: OURS, restartCount: 0, state, lastState: {}, imageID: 'sha256:abc', ...over.ours }], ...over.status },
});
