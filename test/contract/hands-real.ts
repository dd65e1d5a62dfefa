import { setTimeout as delay } from 'node:timers/promises';
import { annotationsOf, APP_GRACE_SECONDS, containersOf, LABEL, waitingFor, type Hands, type PodWanted } from './hands.ts';
import type { Answered, Fields, Rest } from './rest.ts';
import { until } from './until.ts';

const TRIES_MAX = 20;
const RETRY_MS = 500;

/** Over the API of the real cluster. A refusal that no access review foretold (quota, policy) fails the case with its words. */
export const realHands = (rest: Rest, id: string): Hands => {
  const pod: Hands['pod'] = async (namespace, name) => {
    const { status, body } = await rest.send('GET', `${core(namespace, 'pods')}/${name}`);
    return status === 200 ? body : undefined;
  };
  const created: string[] = [];
  const labels = { [LABEL]: id };
  const create = async (path: string, object: Fields & { readonly metadata: Fields }): Promise<void> => {
    const answer = await createdAt(rest, path, object);
    if (answer.status !== 201) throw new Error(`the cluster did not create ${path}/${String(object.metadata['name'])}: ${String(answer.body['message'])}`);
    created.unshift(`${path}/${String(object.metadata['name'])}`);
  };
  return {
    lacks: async (verb, resource, namespace) =>
      ((await rest.may(verb, resource, namespace)) ? undefined : `may not ${verb} ${resource}${namespace === undefined ? '' : ` in ${namespace}`}`),
    createNamespace: (name, more) => create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels, ...more } } }),
    createPod: (pod) => create(core(pod.namespace, 'pods'), { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.name, labels: { ...labels, app: pod.name }, annotations: annotationsOf(pod) }, spec: podSpec(pod) }),
    createDeployment: (namespace, name) => create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels },
      spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { ...labels, app: name } }, spec: podSpec({}) } },
    }),
    createService: (namespace, name, app) => create(core(namespace, 'services'), {
      apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec: { selector: { app }, ports: [{ port: 80 }] },
    }),
    grantStopping: () => Promise.resolve(),
    deletePod: async (namespace, name) => { await rest.send('DELETE', `${core(namespace, 'pods')}/${name}`); },
    pod,
    crashed: async (namespace, name) => { await until(`the first crash in ${name}`, async () => waitingFor(await pod(namespace, name), 'crashing') === 'CrashLoopBackOff'); },
    podsLabelled: async (namespace, app) => ((await rest.send('GET', `${core(namespace, 'pods')}?labelSelector=app%3D${app}`)).body['items'] ?? []) as readonly Fields[],
    tidy: async () => {
      const left: string[] = [];
      for (const path of created) {
        const { status } = await rest.send('DELETE', path);
        if (status > 299 && status !== 404) left.push(path);
      }
      return left;
    },
  };
};

const core = (namespace: string, resource: string): string => `/api/v1/namespaces/${namespace}/${resource}`;

// A namespace has its service account a moment later; a pod before that is refused.
const createdAt = async (rest: Rest, path: string, object: Fields): Promise<Answered> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await rest.send('POST', path, object);
    if (tries === TRIES_MAX || !/serviceaccount "default" not found/.test(String(answer.body['message']))) return answer;
    await delay(RETRY_MS);
  }
};

const podSpec = (pod: Pick<PodWanted, 'crashing'>): Fields => ({
  containers: containersOf(pod), terminationGracePeriodSeconds: APP_GRACE_SECONDS, automountServiceAccountToken: false,
});
