import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { watchResults, type Results } from '../load/results.ts';
import { type } from '../load/typed.ts';
import type { Measure } from '../measure/measure.ts';
import { median, percentile } from '../statistics.ts';
import { shown } from '../table.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import { channelsOf, configurationOf, IMAGES, NAMESPACE_OF, peopleOf } from '../world/workspace.ts';
import { createIndependentWatch, type IndependentWatch, type Place } from './independent.ts';
import { isKubectlThere, kubectlDebugMs } from './kubectl.ts';
import { CLUSTER_SCENES } from './scenes.ts';

const SCENE = CLUSTER_SCENES.quiet;
const PAIRS = 30;
/** A kubelet that has reported a pod a moment ago reports its next change later. */
const QUIET_MS = 3_000;
const RESULT_WITHIN_MS = 60_000;
/** kdebug refuses a pod with 50 ephemeral containers. */
const CONTAINERS_A_POD_MAX = 45;

/** Where the pairs are run. */
interface Ground {
  readonly kind: 'real' | 'simulated';
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly selector: string;
  readonly image: string;
  /** What kdebug is asked to run, and how it is written in Slack. */
  readonly command: string;
}

const REAL = { kind: 'real', namespace: 'staging', selector: 'app=api', image: 'busybox:1.36', command: '-- echo answered' } as const;

const realKubeconfig = (): string | undefined => {
  const file = process.env['KUBECONFIG'];
  return file !== undefined && existsSync(file) ? file : undefined;
};

const groundOf = (world: BenchWorld): Ground => {
  const kubeconfig = realKubeconfig();
  if (kubeconfig !== undefined) return { ...REAL, kubeconfig };
  return { kind: 'simulated', kubeconfig: world.env['KUBECONFIG'] ?? '', namespace: NAMESPACE_OF.open, selector: '', image: IMAGES.answer, command: '-- answer 0' };
};

/** The configuration of the bench, for the namespace and the image of the ground. */
const configured = (world: BenchWorld, { namespace, image }: Ground): string => {
  const file = join(world.env['KDEBUG_STATE_DIR'] ?? '', 'quiet.yaml');
  writeFileSync(file, configurationOf(SCENE).replace(IMAGES.answer, image).replace(`namespaces: [${NAMESPACE_OF.open}]`, `namespaces: [${namespace}]`));
  return file;
};

type Run = (pod: string, turn: number) => Promise<number>;

const kdebugRun = (world: BenchWorld, results: Results, { namespace, command }: Ground): Run => async (pod, turn) => {
  const [person, channel] = [peopleOf(SCENE)[turn % SCENE.people] ?? '', channelsOf(SCENE)[turn % SCENE.channels] ?? ''];
  const posted = results.next(channel, RESULT_WITHIN_MS);
  const [{ typedAt }, at] = await Promise.all([type(world.slack, { person, channel, pod, text: `${namespace} ${pod} ${command} n${turn}` }), posted]);
  return at - typedAt;
};

/** Each next run in the pod that has been quiet for longest, and for 3 s at least. */
const inQuietPods = (pods: readonly string[]) => {
  const endedAt = new Map(pods.map((pod) => [pod, -QUIET_MS]));
  return async (run: Run, turn: number): Promise<number> => {
    const [pod = '', since = 0] = [...endedAt].toSorted(([, one], [, other]) => one - other)[0] ?? [];
    await delay(Math.max(0, since + QUIET_MS - performance.now()));
    try {
      return await run(pod, turn);
    } finally {
      endedAt.set(pod, performance.now());
    }
  };
};

const podsFor = async (watch: IndependentWatch, { namespace, selector }: Ground, runs: number): Promise<readonly string[]> => {
  const pods = await watch.pods(namespace, selector);
  const needed = Math.ceil(runs / CONTAINERS_A_POD_MAX);
  if (pods.length < needed) throw new Error(`${PAIRS} pairs need ${needed} running pods ${selector} in ${namespace}, there are ${pods.length}: ephemeral containers stay in a pod until it goes.`);
  return pods;
};

/** `ways`, one after the other, so many times; the first way is the first every other time. */
const interleaved = async (pods: readonly string[], ways: readonly Run[]): Promise<readonly (readonly number[])[]> => {
  const inPod = inQuietPods(pods);
  for (const way of ways) await inPod(way, PAIRS);
  const timed: number[][] = ways.map(() => []);
  for (let turn = 0; turn < PAIRS; turn += 1) {
    const order = turn % 2 === 0 ? [...ways.keys()] : [...ways.keys()].toReversed();
    for (const index of order) timed[index]?.push(await inPod(ways[index] ?? fail, turn));
  }
  return timed;
};
const fail: Run = () => Promise.reject(new Error('there is no such way'));

const spreadNote = (differences: readonly number[], kdebug: readonly number[], other: readonly number[], of: string): string =>
  `p5 ${shown(percentile(differences, 5))}, p25 ${shown(percentile(differences, 25))}, p75 ${shown(percentile(differences, 75))}, p95 ${shown(percentile(differences, 95))} ms; medians: kdebug ${shown(median(kdebug))}, ${of} ${shown(median(other))} ms`;

const figureOf = (name: string, kdebug: readonly number[], other: readonly number[], of: string, target: Figure['target']): Figure => {
  const differences = kdebug.map((ms, turn) => ms - (other[turn] ?? Infinity));
  return { name, unit: 'ms', values: differences, note: spreadNote(differences, kdebug, other, of), ...(target && { target }) };
};

const measure = async (world: BenchWorld, ground: Ground, watch: IndependentWatch): Promise<readonly Figure[]> => {
  const withKubectl = ground.kind === 'real' && isKubectlThere();
  const place = (pod: string): Place => ({ namespace: ground.namespace, pod, image: ground.image });
  const pods = await podsFor(watch, ground, (PAIRS + 1) * (withKubectl ? 3 : 2));
  await world.start(['start'], { KUBECONFIG: ground.kubeconfig, KDEBUG_CONFIG: configured(world, ground) });
  const results = watchResults(world.slack);
  try {
    const ways = [kdebugRun(world, results, ground), (pod: string) => watch.run(place(pod)), ...(withKubectl ? [(pod: string) => kubectlDebugMs(place(pod))] : [])];
    const [kdebug = [], bare = [], kubectl] = await interleaved(pods, ways);
    const where = `${PAIRS} interleaved pairs, ${ground.kind} cluster`;
    return [
      figureOf(`slash to result, less PATCH to terminated of a watch by hand (${where})`, kdebug, bare, 'by hand', { rule: 'below', value: 150, holds: 'in the median' }),
      ...(kubectl ? [figureOf(`slash to result, less \`kubectl debug --attach\` (${where})`, kdebug, kubectl, 'kubectl', { rule: 'at most', value: 100, holds: 'in the median' })] : []),
    ];
  } finally {
    results.stop();
  }
};

/** What is left out here, by name. */
export const skippedIn = (kubeconfig: string | undefined): readonly string[] => [
  ...(kubeconfig === undefined ? ['quiet pods on a real cluster: KUBECONFIG names no file; the simulated cluster is a rehearsal', '`kubectl debug --attach`: needs a real cluster'] : []),
  ...(kubeconfig !== undefined && !isKubectlThere() ? ['`kubectl debug --attach`: there is no kubectl on PATH'] : []),
];

export const skippedHere = (): readonly string[] => skippedIn(realKubeconfig());

/** From the slash command to the result, beside a watch by hand and, on a real cluster, beside kubectl. */
export const measureQuiet: Measure = ({ profileDir }) => withWorld(SCENE, profileDir, async (world) => {
  const ground = groundOf(world);
  const watch = await createIndependentWatch(ground.kubeconfig);
  try {
    return await measure(world, ground, watch);
  } finally {
    await watch.close();
  }
});
