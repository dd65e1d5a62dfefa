import { hostname } from 'node:os';
import { connectCluster } from '../adapters/kubernetes/connect.ts';
import { createSanitiser } from '../adapters/redaction/sanitiser.ts';
import { startLookupWorker } from '../adapters/redis/lookups.ts';
import { startWorker, type StepResult } from '../adapters/redis/workers.ts';
import { planStep } from '../app/plan-step.ts';
import { recycleStep } from '../app/recycle/step.ts';
import { runStep } from '../app/run-step.ts';
import type { ClusterName } from '../domain/names.ts';
import { failureInShort } from '../domain/outcome.ts';
import { REDACTION_MS_MAX } from '../domain/limits.ts';
import { createGrantVerifier } from '../ops/grants.ts';
import { alarmed } from './alarm.ts';
import type { Part, WorkerGround } from './part.ts';
import { openStores, pingRedis } from './stores.ts';

const DONE: StepResult = { kind: 'done' };
/** A plan is three short calls. No more than needed: BullMQ fetches until all places are taken before it begins the first. */
const PLANS_AT_ONCE = 15;
/** One short call each; a pod at a time is what budgets allow anyway. */
const RECYCLES_AT_ONCE = 5;
/** More than a menu shows, because the rules may leave some out. */
const SUGGESTED_PODS_MAX = 100;

/** The half that holds one cluster's rights and no Slack token. It reports facts and decides nothing. */
export const startWorkerPart = async (ground: WorkerGround, name: ClusterName): Promise<Part> => {
  const { settings, log, redis, keys, kubeconfig, version } = ground;
  const found = settings.clusters.find((cluster) => cluster.name === name);
  if (!found) throw new Error(`There is no cluster ${name} in kdebug.yaml: there are ${settings.clusters.map((cluster) => cluster.name).join(', ')}.`);
  const cluster = await connectCluster({
    name, userAgent: `kdebug/${version}`, ...(kubeconfig !== undefined && { kubeconfig }), ...(found.context !== undefined && { context: found.context }),
    onTrouble: (sentence) => { log.warn({ cluster: name }, sentence); },
  });
  // asked ahead, and again by the first plan should the cluster be away
  void cluster.ownAccount();
  const stores = openStores(ground);
  const sanitiser = createSanitiser({
    patterns: settings.redaction.patterns, own: ground.secrets, digestKey: ground.seals.digestKey(name),
    keptBytesMax: settings.limits.outputKeptBytes, msMax: REDACTION_MS_MAX,
  });
  const { identity } = settings;
  const planning = { ...stores, log, cluster, identity, catalogue: settings.catalogue, policyVersion: settings.policy.version, limits: settings.limits };
  const executing = { ...stores, log, cluster, identity, sanitiser, verifier: createGrantVerifier(ground.signingPubkey), worker: `${hostname()}:${process.pid}`, clock: () => Date.now() };
  await stores.queues.limitRuns(name, settings.limits.runsPerCluster);
  const workers = [
    startWorker({ redis: redis.worker, keys, queue: `plan-${name}`, concurrency: PLANS_AT_ONCE, log, step: alarmed(stores.ledger, log, (id, generation) => planStep(planning, id, generation).then(() => DONE)) }),
    startWorker({ redis: redis.worker, keys, queue: `run-${name}`, concurrency: settings.limits.runsPerCluster, log, step: alarmed(stores.ledger, log, (id, generation, signal) => runStep(executing, id, generation, signal)) }),
    startWorker({ redis: redis.worker, keys, queue: `recycle-${name}`, concurrency: RECYCLES_AT_ONCE, log, step: alarmed(stores.ledger, log, (id, generation) => recycleStep(executing, id, generation)) }),
  ];
  const lookups = startLookupWorker({ redis: redis.worker, producer: redis.producer, keys, cluster: name, log, answer: ({ namespace, prefix }) => cluster.suggestPods(namespace, prefix, SUGGESTED_PODS_MAX) });
  return {
    alive: { [`worker ${name}`]: () => (workers.every((worker) => worker.isRunning()) ? undefined : 'a queue is not being worked') },
    ready: { redis: pingRedis(ground) },
    clusters: { [`cluster ${name}`]: async () => { const failure = await cluster.ping(); return failure && failureInShort(failure); } },
    close: async (graceMs) => {
      await Promise.all([...workers, lookups].map((worker) => worker.close(graceMs)));
      await Promise.all([stores.queues.close(), stores.lookups.close(), sanitiser.close(), cluster.close()]);
    },
  };
};
