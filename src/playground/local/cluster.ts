import { createKubelet, type SimulatedKubelet } from '../cluster/kubelet/kubelet.ts';
import { DEFAULT_IMAGES, type ImageTable } from '../cluster/kubelet/image-table.ts';
import type { PaceChoice } from '../cluster/kubelet/pace.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../cluster/server.ts';
import { CANCEL_RULES, IDENTITY_RULES, RECYCLE_RULES, WORKER_RULES, WORKER_TOKEN, WORKER_USER } from './rights.ts';

export interface LocalCluster {
  readonly cluster: SimulatedCluster;
  readonly kubelet: SimulatedKubelet;
}

export interface LocalClusterOptions {
  readonly pace: PaceChoice;
  readonly images?: ImageTable;
  readonly programDirectories?: readonly string[];
  /** `false`: an empty cluster, for tests that seed their own. */
  readonly seeded?: boolean;
  /** The worker may stop what it runs: `pods/exec`, which without this it has not. */
  readonly cancel?: boolean;
  /** The worker may ask whether a person may: `subjectaccessreviews`. */
  readonly identity?: boolean;
  /** The worker may ask for evictions: `pods/eviction`. */
  readonly recycle?: boolean;
  /** `main` when left out. */
  readonly name?: string;
}

const APP_IMAGE = 'registry.example.org/shop/api:2.41.0';
const API_PORT = 8_080;

/** A cluster named `main` with a shop in production and staging, and one namespace that admits `restricted` only. */
export const startLocalCluster = async ({ pace, images = DEFAULT_IMAGES, programDirectories = [], seeded = true, cancel = false, identity = false, recycle = false, name = 'main' }: LocalClusterOptions): Promise<LocalCluster> => {
  let kubelet: SimulatedKubelet | undefined;
  const cluster = await startSimulatedCluster({
    name,
    kubelet: (writer) => {
      kubelet = createKubelet({
        writer, pace, images, programDirectories,
        // it listens, so that `ss` has something to show
        idleApp: (pod, container) => (container === 'api' && pod.metadata.name.startsWith('api-') ? { listen: API_PORT, title: 'api' } : {}),
      });
      return kubelet;
    },
  });
  if (!kubelet) throw new Error('the simulated cluster started without its kubelet');
  cluster.control.addToken(WORKER_TOKEN, { user: WORKER_USER });
  cluster.control.grant({ users: [WORKER_USER], rules: [...WORKER_RULES, ...(cancel ? CANCEL_RULES : []), ...(identity ? IDENTITY_RULES : []), ...(recycle ? RECYCLE_RULES : [])] });
  if (seeded) seed(cluster);
  return { cluster, kubelet };
};

const seed = ({ control }: SimulatedCluster): void => {
  control.addNamespace('kube-system');
  control.addNamespace('prod');
  control.addNamespace('staging');
  control.addNamespace('locked', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  for (const [namespace, hash] of [['prod', '7f9c4d8b6'], ['staging', '5d6f7b8c9']] as const) {
    control.addDeployment({
      namespace, name: 'api', labels: { app: 'api' }, podTemplateHash: hash, replicas: namespace === 'prod' ? 1 : 2,
      containers: [{ name: 'api', image: APP_IMAGE }],
    });
  }
  control.addDeployment({ namespace: 'prod', name: 'web', labels: { app: 'web' }, podTemplateHash: '86d5c9f4b', containers: [{ name: 'web', image: APP_IMAGE }] });
  control.addPod({
    namespace: 'locked', name: 'vault-0', labels: { app: 'vault' },
    containers: [{ name: 'vault', image: APP_IMAGE, securityContext: { runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } } }],
  });
};
