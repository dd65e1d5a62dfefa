/** A process of its own for the simulated cluster, so that its work is not done in the process that measures. */
import { createKubelet, type SimulatedKubelet } from '../../src/playground/cluster/kubelet/kubelet.ts';
import { COREUTILS } from '../../src/playground/cluster/kubelet/image-table.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../src/playground/cluster/server.ts';
import { WORKER_RULES, WORKER_TOKEN, WORKER_USER } from '../../src/playground/local/rights.ts';
import { answerOf, idle } from './answer.ts';
import type { Answers, ClusterOrder, FromHost, Question, ToHost } from './cluster-words.ts';
import { IMAGES } from './workspace.ts';

const TABLE = {
  [IMAGES.answer]: { programs: [], shell: 'none', builtin: answerOf },
  [IMAGES.app]: { programs: [], shell: 'none', builtin: idle },
  [IMAGES.tools]: { programs: COREUTILS, shell: 'gnu' },
} as const;

const start = async ({ pods, namespaces, pace }: ClusterOrder): Promise<{ readonly cluster: SimulatedCluster; readonly kubelet: SimulatedKubelet }> => {
  const created: SimulatedKubelet[] = [];
  const cluster = await startSimulatedCluster({
    name: 'main',
    kubelet: (writer) => {
      const kubelet = createKubelet({ writer, pace, images: TABLE, namespaces: 'never' });
      created.push(kubelet);
      return kubelet;
    },
  });
  const [kubelet] = created;
  if (!kubelet) throw new Error('the simulated cluster started without its kubelet');
  cluster.control.addToken(WORKER_TOKEN, { user: WORKER_USER });
  cluster.control.grant({ users: [WORKER_USER], rules: WORKER_RULES });
  for (const namespace of namespaces) {
    cluster.control.addNamespace(namespace);
    for (const name of pods) cluster.control.addPod({ namespace, name, containers: [{ name: 'app', image: IMAGES.app }] });
  }
  return { cluster, kubelet };
};

const callsOf = ({ control }: SimulatedCluster): Answers['calls'] => {
  const counts: Record<string, number> = {};
  for (const { verb, resource, query } of control.requests()) {
    const call = `${verb} ${resource}${query.get('dryRun') === 'All' ? ' (dry run)' : ''}`;
    counts[call] = (counts[call] ?? 0) + 1;
  }
  return counts;
};

const timingsOf = ({ cluster, kubelet }: Awaited<ReturnType<typeof start>>, namespace: string, name: string) => {
  const pod = cluster.control.pod(namespace, name);
  const containers = (pod?.spec['ephemeralContainers'] ?? []) as readonly { readonly name: string }[];
  const newest = containers.at(-1)?.name;
  return pod === undefined || newest === undefined ? null : kubelet.timings({ namespace, name, uid: pod.metadata.uid }, newest) ?? null;
};

const answer = (world: Awaited<ReturnType<typeof start>>, question: Question): Answers[keyof Answers] => {
  const { control } = world.cluster;
  switch (question.about) {
    case 'calls': return callsOf(world.cluster);
    case 'forget calls': control.resetRequests(); return null;
    case 'connections': return { ...control.connections(), watches: control.watches() };
    case 'pods': return control.objects('pods', question.namespace).map(({ metadata: { name, uid } }) => ({ name, uid }));
    case 'timings': return question.pods.map((pod) => timingsOf(world, question.namespace, pod));
  }
};

const tell = (words: FromHost): void => { process.send?.(words); };

const world = await start(JSON.parse(process.argv[2] ?? '{}') as ClusterOrder);
process.on('message', ({ number, question }: ToHost) => { tell({ number, answer: answer(world, question) }); });
process.once('disconnect', () => { void world.cluster.close().finally(() => { process.exit(0); }); });
tell({ ready: { kubeconfig: world.cluster.kubeconfig(WORKER_TOKEN) } });
