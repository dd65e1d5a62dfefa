/** What the suite does to a cluster beside the adapter: makes pods of its own and takes them away again. */
import type { Fields } from './rest.ts';

export interface PodWanted {
  readonly namespace: string;
  readonly name: string;
  /** Beside `app`, a second container that ends at once, again and again; the pod then names `app` as its default. */
  readonly crashing?: true;
}

/** `undefined`: granted. Otherwise why the case is skipped: the right that is missing. */
export type Lacking = string | undefined;

export interface Hands {
  lacks(verb: string, resource: string, namespace?: string): Promise<Lacking>;
  createNamespace(name: string, labels: Readonly<Record<string, string>>): Promise<void>;
  createPod(pod: PodWanted): Promise<void>;
  /** Two pods of it, named `NAME-HASH-…`. */
  createDeployment(namespace: string, name: string): Promise<void>;
  createService(namespace: string, name: string, app: string): Promise<void>;
  /** Where the suite decides about rights, the optional ones of `deploy/kustomize/components/cancel`, in this namespace. */
  grantStopping(namespace: string): Promise<void>;
  /** With the pod's own grace, APP_GRACE_SECONDS. */
  deletePod(namespace: string, name: string): Promise<void>;
  /** The whole pod as the API server holds it; undefined when there is none. */
  pod(namespace: string, name: string): Promise<Fields | undefined>;
  /** Waits until the container `crashing` of a pod that was made so lies between two crashes. */
  crashed(namespace: string, name: string): Promise<void>;
  podsLabelled(namespace: string, app: string): Promise<readonly Fields[]>;
  /** Takes away all that was created; answers with what it could not. */
  tidy(): Promise<readonly string[]>;
}

/** It traps TERM, so a pod goes within a second or two. */
export const APP_GRACE_SECONDS = 2;
export const APP_PORT = 8_080;
/** Seen in `ps` and in /proc/1/cmdline of whoever shares the app's processes. */
export const APP_MARK = 'contract-app';
export const APP_IMAGE = 'busybox:1.36';
/** On everything that the suite creates: `kubectl delete pods -A -l kdebug-contract` after a run that was killed. */
export const LABEL = 'kdebug-contract';

const APP_SCRIPT = `httpd -f -p ${APP_PORT} -h /tmp & trap 'exit 0' TERM; while :; do sleep 1; done`;

export interface AppContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly securityContext: Readonly<Record<string, string | number | boolean | { readonly drop: readonly string[] } | { readonly type: string }>>;
}

/** What every Pod Security level admits, so that only the debug container decides. */
const securityContext = {
  runAsNonRoot: true, runAsUser: 1_000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
};
const APP: AppContainer = { name: 'app', image: APP_IMAGE, command: ['sh', '-c', APP_SCRIPT, APP_MARK], securityContext };
const CRASHING: AppContainer = { name: 'crashing', image: APP_IMAGE, command: ['false'], securityContext };

export const containersOf = (pod: Pick<PodWanted, 'crashing'>): readonly AppContainer[] => (pod.crashing ? [CRASHING, APP] : [APP]);
export const annotationsOf = (pod: Pick<PodWanted, 'crashing'>): Readonly<Record<string, string>> =>
  (pod.crashing ? { 'kubectl.kubernetes.io/default-container': 'app' } : {});

export const containerStatus = (pod: Fields | undefined, name: string): Fields | undefined => {
  const status = (pod?.['status'] ?? {}) as Readonly<Record<string, readonly Fields[] | undefined>>;
  return [...status['containerStatuses'] ?? [], ...status['ephemeralContainerStatuses'] ?? []].find((one) => one['name'] === name);
};
export const isRunning = (pod: Fields | undefined, container: string): boolean => ((containerStatus(pod, container)?.['state'] ?? {}) as Fields)['running'] !== undefined;
export const waitingFor = (pod: Fields | undefined, container: string): unknown =>
  (((containerStatus(pod, container)?.['state'] ?? {}) as Fields)['waiting'] as Fields | undefined)?.['reason'];
