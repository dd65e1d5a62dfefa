/**
 * The floor of a run: what Slack, BullMQ and the cluster cost when nothing is decided, recorded or proven. Three chained
 * jobs: a post; PATCH, watch and log; a post. Same libraries, same pooled client, same queue settings, same Redis.
 */
import { Queue, Worker, type Job } from 'bullmq';
import { connectCluster } from '../../src/adapters/kubernetes/connect.ts';
import { connectProducer, connectWorker } from '../../src/adapters/redis/client.ts';
import { createClients } from '../../src/adapters/slack/clients.ts';
import type { EphemeralContainer } from '../../src/domain/container.ts';
import type { ClusterName, ContainerName, Instant, Namespace, PodName, PodUid, RequestId } from '../../src/domain/names.ts';
import type { PlanTarget } from '../../src/domain/plan.ts';
import type { Image } from '../../src/domain/catalogue.ts';
import { IMAGES } from '../world/workspace.ts';
import type { FloorRun, PipelineOrder, PipelineReport } from './pipeline-words.ts';

const { SLACK_API_URL: apiUrl = '', SLACK_BOT_TOKEN: token = '', REDIS_URL: redisUrl = '', KUBECONFIG: kubeconfig = '' } = process.env;
const NAME = 'main' as ClusterName;
const PREFIX = '{floor}';
const QUEUES = ['card', 'run', 'result'] as const;
const RUNS_AT_ONCE = 20;
const OTHERS_AT_ONCE = 50;
const TIMEOUT_MS = 60_000;
const START_WITHIN_MS = 600_000;
/** Where the wrapper takes its deadline: after `sh -c WRAPPER kdebug`. */
const DEADLINE_AT = 4;
const DAY_SECONDS = 86_400;
const JOB_OPTIONS = {
  attempts: 3, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { age: DAY_SECONDS, count: 1_000 }, removeOnFail: { age: 7 * DAY_SECONDS, count: 5_000 },
} as const;
const WORKER_OPTIONS = { prefix: PREFIX, lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 3 } as const;
const IMAGE = { name: 'answer', ref: IMAGES.answer, isDefault: true, shell: true } as Image;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const [producer, blocking] = [connectProducer(redisUrl), connectWorker(redisUrl)];
const { output: slack } = createClients(token, apiUrl, silent);
const cluster = await connectCluster({ name: NAME, kubeconfig, userAgent: 'floor' });
const queues = new Map(QUEUES.map((name) => [name, new Queue(name, { connection: producer, prefix: PREFIX, defaultJobOptions: JOB_OPTIONS, streams: { events: { maxLen: 1_000 } } })]));
const add = async (name: (typeof QUEUES)[number], body: Posted): Promise<void> => { await queues.get(name)?.add(name, body, { jobId: `${body.id}.${name}` }); };

interface Posted extends FloorRun {
  readonly thread?: string;
  readonly text?: string;
}

const targetOf = ({ namespace, pod, uid }: FloorRun): PlanTarget =>
  ({ cluster: NAME, namespace: namespace as Namespace, pod: pod as PodName, uid: uid as PodUid, container: null });

const containerOf = ({ id }: FloorRun, now: number): EphemeralContainer => {
  const container = cluster.build({ image: IMAGE, profile: 'general', argv: ['answer', '0'], env: [], target: null, timeoutMs: TIMEOUT_MS, marker: `kd-${id}` as RequestId });
  const deadline = String(Math.floor((now + START_WITHIN_MS) / 1_000));
  return { name: `floor-${id}` as ContainerName, ...container, command: container.command.toSpliced(DEADLINE_AT, 0, deadline) };
};

const post = async (channel: string, text: string, thread?: string): Promise<string | undefined> =>
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's, not a window's
  (await slack.chat.postMessage({ channel, text, ...(thread !== undefined && { thread_ts: thread }) })).ts;

const card = async ({ data }: Job<Posted>): Promise<void> => {
  const thread = await post(data.channel, `${data.id} runs`);
  await add('run', { ...data, ...(thread !== undefined && { thread }) });
};

const run = async ({ data }: Job<Posted>): Promise<void> => {
  const [target, container] = [targetOf(data), containerOf(data, Date.now())];
  const added = await cluster.add(target, container);
  if (added.kind === 'failure') throw new Error(`The floor's container was refused: ${JSON.stringify(added.failure)}.`);
  await cluster.awaitEnd(target, container, {
    resourceVersion: added.resourceVersion, notAfter: (Date.now() + START_WITHIN_MS) as Instant, timeoutMs: TIMEOUT_MS, bounded: true,
    now: () => Date.now() as Instant, signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { head } = await cluster.readOutput(target, container.name);
  await add('result', { ...data, text: Buffer.from(head).toString('utf8') });
};

const state = { left: 0, done: Promise.withResolvers<void>() };
const result = async ({ data }: Job<Posted>): Promise<void> => {
  await post(data.channel, data.text ?? '', data.thread);
  state.left -= 1;
  if (state.left === 0) state.done.resolve();
};

const STEPS = { card, run, result } as const;
const workers = QUEUES.map((name) => new Worker<Posted>(name, STEPS[name], { ...WORKER_OPTIONS, connection: blocking, concurrency: name === 'run' ? RUNS_AT_ONCE : OTHERS_AT_ONCE }));
for (const worker of workers) worker.on('failed', (_job, error) => { state.done.reject(error); }).on('error', () => undefined);

const perform = async ({ runs }: PipelineOrder): Promise<PipelineReport> => {
  Object.assign(state, { left: runs.length, done: Promise.withResolvers<void>() });
  const start = performance.now();
  await Promise.all(runs.map((one) => add('card', one)));
  await state.done.promise;
  return { ms: performance.now() - start };
};

process.on('message', (order: PipelineOrder) => {
  perform(order).then((report) => process.send?.(report), (error: unknown) => { process.stderr.write(`${String(error)}\n`); process.exit(1); });
});
process.once('disconnect', () => process.exit(0));
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
process.send?.('ready');
