/** What `kdebug doctor` asks of a cluster: does it answer, may kdebug do there what it is for, and does the guard stand in front. */
import type { Image } from '../../domain/catalogue.ts';
import type { EphemeralContainer } from '../../domain/container.ts';
import type { ContainerName, ImageName, ImageRef, Namespace, PodNamePrefix, RequestId } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { reviewOwnAccess } from './access-review.ts';
import { createApi, failureIn, type Api } from './api.ts';
import { buildContainer } from './build.ts';
import type { ClusterOptions } from './connect.ts';
import { connectionOf } from './connection.ts';
import { createCredentials } from './credentials.ts';
import { textAt } from './json.ts';
import { selectConnection, SERVICE_ACCOUNT_DIR } from './kubeconfig.ts';
import { findPods } from './find.ts';
import { dryRunContainer } from './patch.ts';
import { suggestPods } from './suggest.ts';
import { createTransport } from './transport.ts';
import { versionPath } from './url.ts';

/** `resource` as kubectl writes it; `without`: what does not work when it is missing. */
export interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly without: string;
  readonly isClusterWide?: true;
}

/** What the Role of deploy/ grants in every namespace. */
export const NEEDED_RIGHTS: readonly Right[] = [
  ...['get', 'list', 'watch'].map((verb) => ({ verb, resource: 'pods', without: 'no pod is found' })),
  { verb: 'patch', resource: 'pods/ephemeralcontainers', without: 'nothing can be run' },
  { verb: 'get', resource: 'pods/log', without: 'no output is read' },
  { verb: 'get', resource: 'namespaces', without: 'the Pod Security level is not known beforehand' },
  { verb: 'get', resource: 'services', without: 'svc/NAME finds nothing' },
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((one) => ({ verb: 'get', resource: `${one}.apps`, without: `${one} are not found by name` })),
  { verb: 'list', resource: 'replicasets.apps', without: 'the newest pods of a deployment are not known' },
  { verb: 'get', resource: 'jobs.batch', without: 'job/NAME finds nothing' },
  { verb: 'create', resource: 'events.events.k8s.io', without: 'no event says in the pod what was run' },
];

/** `yes`: another image than the catalogue's is refused by admission. */
export type Guarded = 'yes' | 'no' | 'no pod' | Failure;

export interface ClusterCheck {
  /** `v1.36.1`, or why there is none. */
  version(): Promise<string | Failure>;
  /** Those of `rights` that are missing in the namespace. */
  missing(namespace: Namespace, rights: readonly Right[]): Promise<readonly Right[] | Failure>;
  /** By a dry run on some pod of the namespace: nothing is left behind. */
  guarded(namespace: Namespace): Promise<Guarded>;
  close(): Promise<void>;
}

/** Nothing is sent yet. Rejects with a KubeconfigError when there is no usable entry. */
export const openClusterCheck = (options: ClusterOptions): ClusterCheck => {
  const selected = selectConnection(options, { env: process.env, serviceAccountDir: SERVICE_ACCOUNT_DIR });
  const connection = connectionOf(selected);
  const transport = createTransport(connection, createCredentials(selected, connection), { userAgent: options.userAgent, http2: false });
  const api = createApi(transport);
  return {
    version: async () => {
      const answer = await api({ method: 'GET', path: versionPath() });
      return answer.kind === 'ok' ? textAt(answer.body, 'gitVersion') ?? 'unknown version' : failureIn(answer);
    },
    missing: (namespace, rights) => missingRights(api, namespace, rights),
    guarded: async (namespace) => {
      const target = await somePod(api, options, namespace);
      if (target === undefined) return 'no pod';
      return 'code' in target ? target : isRefused(api, target);
    },
    close: () => transport.close(),
  };
};

const missingRights = async (api: Api, namespace: Namespace, rights: readonly Right[]): Promise<readonly Right[] | Failure> => {
  const missing: Right[] = [];
  for (const right of rights) {
    const review = await reviewOwnAccess(api, right.isClusterWide ? null : namespace, right.verb, right.resource);
    if (typeof review !== 'string') return review;
    if (review === 'denied') missing.push(right);
  }
  return missing;
};

const somePod = async (api: Api, { name: cluster }: ClusterOptions, namespace: Namespace): Promise<PlanTarget | Failure | undefined> => {
  const listed = await suggestPods(api, namespace, '', 1);
  if (listed.kind === 'failure') return listed.failure;
  const [first] = listed.pods;
  if (first === undefined) return undefined;
  const found = await findPods(api, namespace, { kind: 'name', name: first.pod as string as PodNamePrefix });
  if (found.kind === 'failure') return found.failure;
  const [pod] = found.kind === 'pods' ? found.pods : [];
  return pod && { cluster, namespace, pod: pod.name, uid: pod.uid, container: null };
};

/** Of no registry (RFC 6761, section 6.4), so that no catalogue has it and no node could pull it. */
const STRANGE: Image = { name: 'doctor' as ImageName, ref: 'registry.invalid/kdebug-doctor:0' as ImageRef, isDefault: false, shell: true };
const PROBE_MS = 1_000;
/** As the Pod Security standard `restricted` wants it: what refuses it is no level of a namespace. */
const PROBE: EphemeralContainer = {
  name: 'kdebug-0000000000000000' as ContainerName,
  ...buildContainer({ image: STRANGE, profile: 'restricted', argv: ['true'], env: [], target: null, timeoutMs: PROBE_MS, marker: 'kd-00000000' as RequestId }),
};

const isRefused = async (api: Api, target: PlanTarget): Promise<Guarded> => {
  const answer = await dryRunContainer(api, target, PROBE);
  if (answer.kind === 'admitted') return 'no';
  return answer.failure.code === 'admission' ? 'yes' : answer.failure;
};
