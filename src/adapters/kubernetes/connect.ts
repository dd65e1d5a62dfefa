import type { Cluster } from '../../app/cluster-port.ts';
import type { ClusterName, ContainerName, Namespace } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { reviewAccess } from './access-review.ts';
import { createApi, failureIn, type Api } from './api.ts';
import { awaitEnd } from './await-end.ts';
import { buildContainer } from './build.ts';
import { connectionOf } from './connection.ts';
import { createCredentials } from './credentials.ts';
import { evictPod } from './evict.ts';
import { findPods } from './find.ts';
import { followLog, type LogTransports } from './follow.ts';
import { textsAt } from './json.ts';
import { selectConnection, SERVICE_ACCOUNT_DIR } from './kubeconfig.ts';
import { readOutput } from './logs.ts';
import { addContainer, dryRunContainer, inspectContainer } from './patch.ts';
import { rememberPods, type RememberedPods } from './remembered.ts';
import { createOwnAccount } from './own-account.ts';
import { createRecorder } from './record.ts';
import { stopRun } from './stop.ts';
import { suggestPods } from './suggest.ts';
import { createTransport, type Transport } from './transport.ts';
import { createUpgrades } from './upgrade.ts';
import { namespacePath, versionPath } from './url.ts';
import { createPodWatches } from './watch.ts';
import { lookOnce, type Look } from './watch-stream.ts';

export interface ClusterOptions {
  readonly name: ClusterName;
  /** A kubeconfig file; else $KUBECONFIG, ~/.kube/config, or the service account of the pod kdebug runs in. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** `kdebug/1.4.0`: in the API server's audit log of every request. */
  readonly userAgent: string;
  /** Credentials that cannot be read now (a plugin that fails, a file that is not there yet); each request reads them anew. */
  readonly onTrouble?: (sentence: string) => void;
}

/** 300 logs are followed at the same time; of a run beyond them the log is read once it ended, as of a short one. */
const FOLLOWING_CONNECTIONS_MAX = 3;
/** A log is read in milliseconds, and a thousand runs may end at once: with 10 for their watches they stay below 20. */
const READING_CONNECTIONS_MAX = 5;

/**
 * Reads the credentials and opens the pools; nothing is sent yet. Rejects with a KubeconfigError, one sentence for the
 * operator, when there is no usable entry. Credentials that cannot be read may be there later, so of them only `onTrouble`
 * is told. What the cluster answers later is a value (see the port).
 */
export const connectCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const selected = selectConnection(options, { env: process.env, serviceAccountDir: SERVICE_ACCOUNT_DIR });
  const connection = connectionOf(selected);
  const credentials = createCredentials(selected, connection);
  // not waited for: a plugin may take its time, and other clusters must not wait for this one
  void credentials.current().catch((error: unknown) => { options.onTrouble?.(error instanceof Error ? error.message : String(error)); });
  const transport = createTransport(connection, credentials, { userAgent: options.userAgent, http2: true });
  // Pools of their own: a log that is read slowly must not hold back the answers of a shared connection.
  const logs: LogTransports = {
    following: createTransport(connection, credentials, { userAgent: options.userAgent, http2: true, connectionsMax: FOLLOWING_CONNECTIONS_MAX }),
    reading: createTransport(connection, credentials, { userAgent: options.userAgent, http2: false, connectionsMax: READING_CONNECTIONS_MAX }),
  };
  // By HTTP/1.1: over HTTP/2 the groups of a person would become one.
  const persons = createTransport(connection, credentials, { userAgent: options.userAgent, http2: false });
  const upgrades = createUpgrades(connection, credentials, options.userAgent);
  const closing = new AbortController();
  const own = createApi(transport);
  const record = createRecorder(own);
  const ownAccount = createOwnAccount(own);
  const view = (calls: Transport, reads: LogTransports): Cluster => ({
    name: options.name,
    ...callsOf(calls, reads, closing.signal),
    build: buildContainer,
    podSecurity: (namespace) => enforcedLevel(own, namespace),
    stop: (target, container, marker) => stopRun(upgrades, target, container, marker),
    record, ownAccount,
    evict: (target, options) => evictPod(own, target, options?.dryRun === true),
    review: (person, namespace, verb, resource) => reviewAccess(own, person, namespace, verb, resource),
    actingAs: (person) => {
      const acting = persons.actingAs(person);
      return view(acting, { following: acting, reading: acting });
    },
    ping: () => pingServer(own),
    close: async () => {
      closing.abort();
      await Promise.all([transport, logs.following, logs.reading, persons].map((pool) => pool.close()));
    },
  });
  return view(transport, logs);
};

const pingServer = async (api: Api): Promise<Failure | undefined> => {
  const answer = await api({ method: 'GET', path: versionPath() });
  return answer.kind === 'ok' ? undefined : failureIn(answer);
};

type AsSomebody = Pick<Cluster, 'find' | 'suggestPods' | 'dryRun' | 'add' | 'inspect' | 'awaitEnd' | 'readOutput' | 'follow'>;

/** What is asked with the rights of whoever the transports act as: kdebug itself, or a person. */
const callsOf = (calls: Transport, reads: LogTransports, closing: AbortSignal): AsSomebody => {
  const api = createApi(calls);
  const watches = createPodWatches(api, calls, closing);
  const seen = rememberPods();
  return {
    find: (namespace, target, replicas) => findPods(api, namespace, target, replicas),
    suggestPods: (namespace, prefix, limit) => suggestPods(api, namespace, prefix, limit),
    dryRun: (target, container) => dryRunContainer(api, target, container),
    add: (target, container) => addContainer(api, seen.remember, target, container),
    inspect: (target, container) => inspectContainer(api, seen.remember, target, container),
    awaitEnd: async (target, container, watch) => awaitEnd(watches, target, container, watch, await firstLook(api, seen, target, container.name, watch.resourceVersion)),
    readOutput: (target, container) => readOutput(reads.reading, target, container),
    follow: (target, container, signal) => followLog(reads, target, container, signal),
  };
};

// Without a GET when this very process added or inspected the container.
const firstLook = async (api: Api, seen: RememberedPods, target: PlanTarget, container: ContainerName, resourceVersion: string): Promise<Look> => {
  const pod = seen.recall(target, container, resourceVersion);
  return pod === undefined ? (await lookOnce(api, target)).look : { kind: 'pod', pod, deleted: false };
};

const enforcedLevel = async (api: Api, namespace: Namespace): Promise<string | null> => {
  const answer = await api({ method: 'GET', path: namespacePath(namespace) });
  return answer.kind === 'ok' ? textsAt(answer.body, 'metadata', 'labels')['pod-security.kubernetes.io/enforce'] ?? null : null;
};
