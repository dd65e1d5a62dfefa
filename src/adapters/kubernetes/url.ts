import type { WorkloadResource } from '../../domain/command/command.ts';
import type { Branded, ContainerName, Namespace, PodName, RequestId } from '../../domain/names.ts';
import { STOP_NAME, STOP_SCRIPT } from './stop-script.ts';

/** Path and query of one request, proven against the grammar below. */
export type ApiPath = Branded<string, 'ApiPath'>;

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const NAME = `${LABEL}(?:\\.${LABEL})*`;
const VALUE = '(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*';
const PARAMETER = `(?:${[
  'fieldManager', 'fieldValidation', 'dryRun', 'watch', 'allowWatchBookmarks', 'timeoutSeconds', 'resourceVersion',
  'fieldSelector', 'labelSelector', 'limit', 'continue', 'container', 'tailLines', 'limitBytes',
  'follow', 'timestamps', 'sinceTime',
].join('|')})=${VALUE}`;

// encodeURIComponent leaves !'()* as they are; the grammar does not.
const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** The one argv that is ever run by exec; only the marker, a request id, is different. */
const STOP_COMMAND = ['sh', '-c', STOP_SCRIPT, STOP_NAME].map((word) => `command=${encode(word)}`).join('&');
const EXEC = new RegExp(
  `^/api/v1/namespaces/${LABEL}/pods/${NAME}/exec\\?container=${LABEL}&stdout=true&stderr=true&` +
    `${STOP_COMMAND.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}&command=kd-[0-9a-z]{8}$`,
);

/**
 * All that kdebug can ever ask of an API server: no Secret, no exec but the kill command, no other subresource. A generated client encodes
 * `/` but not `..`, and its log helper encodes nothing: so the finished path is checked, not only the names in it.
 */
const GRAMMAR = new RegExp(
  '^/(?:version' +
    `|api/v1/namespaces/${LABEL}(?:/(?:services/${NAME}|pods(?:/${NAME}(?:/(?:log|ephemeralcontainers|eviction))?)?))?` +
    `|apis/apps/v1/namespaces/${LABEL}/(?:(?:deployments|statefulsets|daemonsets|replicasets)/${NAME}|replicasets)` +
    `|apis/batch/v1/namespaces/${LABEL}/jobs/${NAME}` +
    `|apis/events\\.k8s\\.io/v1/namespaces/${LABEL}/events` +
    '|apis/authorization\\.k8s\\.io/v1/(?:self)?subjectaccessreviews' +
    '|apis/authentication\\.k8s\\.io/v1/selfsubjectreviews' +
    `)(?:\\?${PARAMETER}(?:&${PARAMETER})*)?$`,
);
/** A label selector of TEXT_CHARS_MAX, each character encoded as three, is the longest. */
const PATH_CHARS_MAX = 32_768;

/** A bug of ours, so it is thrown: a name that no parser made would have reached the API server. */
export class ApiPathError extends Error {
  override readonly name = 'ApiPathError';
}

/** Throws ApiPathError before a byte is sent. */
export const assertApiPath = (path: string): ApiPath => {
  if (path.length > PATH_CHARS_MAX || !(GRAMMAR.test(path) || EXEC.test(path))) throw new ApiPathError(`kdebug would have asked for ${JSON.stringify(path.slice(0, 200))}, which is no path it may use.`);
  return path as ApiPath;
};

type Query = Readonly<Record<string, string | number | undefined>>;

const build = (path: string, query: Query = {}): ApiPath => {
  const parameters = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encode(String(value))}`]));
  return assertApiPath(parameters.length === 0 ? path : `${path}?${parameters.join('&')}`);
};

const core = (namespace: Namespace, rest = ''): string => `/api/v1/namespaces/${namespace}${rest}`;

export const versionPath = (): ApiPath => build('/version');
export const namespacePath = (namespace: Namespace): ApiPath => build(core(namespace));
export const podPath = (namespace: Namespace, pod: PodName): ApiPath => build(core(namespace, `/pods/${pod}`));

export const podsPath = (namespace: Namespace, query: { readonly limit: number; readonly continue?: string | undefined; readonly labelSelector?: string }): ApiPath =>
  build(core(namespace, '/pods'), query);

/** Strict: a field the server does not know is a refusal, not a silently other container. */
export const ephemeralContainersPath = (namespace: Namespace, pod: PodName, dryRun: boolean): ApiPath =>
  build(core(namespace, `/pods/${pod}/ephemeralcontainers`), { fieldManager: 'kdebug', fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined });

export const evictionPath = (namespace: Namespace, pod: PodName, dryRun: boolean): ApiPath =>
  build(core(namespace, `/pods/${pod}/eviction`), { dryRun: dryRun ? 'All' : undefined });

export const watchPath = (namespace: Namespace, pod: PodName, resourceVersion: string, timeoutSeconds: number): ApiPath =>
  build(core(namespace, '/pods'), { watch: 'true', fieldSelector: `metadata.name=${pod}`, resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds });

export interface LogQuery {
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly follow?: 'true';
  readonly timestamps?: 'true';
  /** RFC 3339; the kubelet cuts it to whole seconds. */
  readonly sinceTime?: string;
}

export const logPath = (namespace: Namespace, pod: PodName, container: ContainerName, query: LogQuery = {}): ApiPath =>
  build(core(namespace, `/pods/${pod}/log`), { container, ...query });

/** `sh -c STOP_SCRIPT kdebug-cancel MARKER` in the container; its stdin stays closed. */
export const stopPath = (namespace: Namespace, pod: PodName, container: ContainerName, marker: RequestId): ApiPath =>
  assertApiPath(`${core(namespace, `/pods/${pod}/exec`)}?container=${encode(container)}&stdout=true&stderr=true&${STOP_COMMAND}&command=${encode(marker)}`);

export const eventsPath = (namespace: Namespace): ApiPath => build(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`);
export const accessReviewsPath = (): ApiPath => build('/apis/authorization.k8s.io/v1/subjectaccessreviews');
export const selfReviewsPath = (): ApiPath => build('/apis/authentication.k8s.io/v1/selfsubjectreviews');
export const selfAccessReviewsPath = (): ApiPath => build('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews');

const WORKLOADS: Readonly<Record<WorkloadResource, (namespace: Namespace) => string>> = {
  deploy: (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  sts: (namespace) => `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
  ds: (namespace) => `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  rs: (namespace) => `/apis/apps/v1/namespaces/${namespace}/replicasets`,
  job: (namespace) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  svc: (namespace) => core(namespace, '/services'),
};

export const workloadPath = (resource: WorkloadResource, namespace: Namespace, name: string): ApiPath => build(`${WORKLOADS[resource](namespace)}/${name}`);
export const replicaSetsPath = (namespace: Namespace, labelSelector: string, limit: number): ApiPath => build(WORKLOADS.rs(namespace), { labelSelector, limit });
