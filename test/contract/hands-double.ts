import type { LocalCluster } from '../../src/playground/local/cluster.ts';
import { WORKER_USER } from '../../src/playground/local/rights.ts';
import { annotationsOf, APP_GRACE_SECONDS, containersOf, LABEL, waitingFor, type Hands } from './hands.ts';
import type { Fields, Rest } from './rest.ts';
import { until } from './until.ts';

/** Through the control surface of the simulated cluster, which may do everything; subresources are the worker's own. */
export const doubleHands = ({ cluster: { control }, kubelet }: LocalCluster, rest: Rest, id: string): Hands => ({
  lacks: async (verb, resource, namespace) =>
    (resource.startsWith('pods/') && !(await rest.may(verb, resource, namespace)) ? `may not ${verb} ${resource}${namespace === undefined ? '' : ` in ${namespace}`}` : undefined),
  createNamespace: (name, labels) => Promise.resolve(control.addNamespace(name, labels)),
  createPod: async (pod) => {
    control.addPod({
      namespace: pod.namespace, name: pod.name, labels: { [LABEL]: id, app: pod.name }, annotations: annotationsOf(pod),
      containers: containersOf(pod), terminationGracePeriodSeconds: APP_GRACE_SECONDS,
    });
  },
  createDeployment: async (namespace, name) => {
    control.addDeployment({ namespace, name, labels: { app: name }, replicas: 2, containers: containersOf({}), pod: { terminationGracePeriodSeconds: APP_GRACE_SECONDS } });
  },
  createService: (namespace, name, app) => Promise.resolve(control.addService({ namespace, name, selector: { app } })),
  grantStopping: (namespace) => Promise.resolve(control.grant({ users: [WORKER_USER], namespace, rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] }] })),
  deletePod: (namespace, name) => Promise.resolve(control.deletePod(namespace, name)),
  pod: (namespace, name) => Promise.resolve(control.pod(namespace, name) as Fields | undefined),
  // At once, a crash is over in milliseconds; here it lasts.
  crashed: async (namespace, name) => {
    await until(`the first crash in ${name}`, async () => waitingFor(control.pod(namespace, name) as Fields | undefined, 'crashing') === 'CrashLoopBackOff');
    await kubelet.faults.stopApp({ namespace, name, uid: control.pod(namespace, name)?.metadata.uid ?? '' }, 'crashing');
  },
  podsLabelled: (namespace, app) =>
    Promise.resolve((control.objects('pods', namespace) as unknown as readonly Fields[]).filter((pod) => ((pod['metadata'] as Fields)['labels'] as Fields | undefined)?.['app'] === app)),
  tidy: () => Promise.resolve([]),
});
