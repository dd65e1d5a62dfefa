import type { Found, Replicas } from '../../app/cluster-port.ts';
import type { Target } from '../../domain/command/command.ts';
import { parsePodName, type Namespace, type PodName, type PodNamePrefix } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { byActivity } from './active-pods.ts';
import { failureIn, type Answer, type Api } from './api.ts';
import { textAt, type Json } from './json.ts';
import { nearest } from './near.ts';
import { listPodRows, listPods } from './pod-list.ts';
import { asFound } from './pods-found.ts';
import { theReplicas } from './replicas.ts';
import { podPath } from './url.ts';
import { selectionOf } from './workload.ts';

/** What a person can still choose from at a glance. */
export const CANDIDATES_MAX = 10;

/** The pods that were meant, those to choose from, or why there are none. */
export const findPods = (api: Api, namespace: Namespace, target: Target, replicas?: Replicas): Promise<Found> => {
  if (target.kind === 'name') return byName(api, namespace, target.name, replicas);
  return target.kind === 'workload' ? byWorkload(api, namespace, target, replicas) : bySelector(api, namespace, { selector: target.selector, shown: target.selector }, replicas);
};

// A whole name costs one request; only when there is no such pod is the namespace listed.
const byName = async (api: Api, namespace: Namespace, typed: PodNamePrefix, replicas: Replicas | undefined): Promise<Found> => {
  const name = parsePodName(typed);
  const exact = name === undefined ? undefined : await api({ method: 'GET', path: podPath(namespace, name) });
  const absent = exact === undefined || (exact.kind === 'refused' && exact.status === 404);
  if (!absent) return foundIn(exact);
  return replicas ? allByPrefix(api, namespace, typed, replicas) : byPrefix(api, namespace, typed);
};

const byPrefix = async (api: Api, namespace: Namespace, prefix: PodNamePrefix): Promise<Found> => {
  const listed = await listPodRows(api, namespace);
  if (listed.kind === 'failure') return listed;
  const matching = listed.rows.filter(({ pod }) => pod.startsWith(prefix));
  const [only, ...others] = matching;
  if (only === undefined) return failed(notFound(prefix, listed.rows.map(({ pod }) => pod)));
  // A match in a list that was not read to its end is not known to be the only one, nor several to be all.
  if (matching.length > CANDIDATES_MAX || listed.more) return failed(ambiguous(prefix, matching.map(({ pod }) => pod), listed.more));
  if (others.length > 0) return { kind: 'several', candidates: matching };
  return foundIn(await api({ method: 'GET', path: podPath(namespace, only.pod) }), only.pod);
};

const notFound = (prefix: string, names: readonly PodName[]): Failure => ({ code: 'pod_not_found', prefix, near: nearest(prefix, names) });

const ambiguous = (prefix: string, pods: readonly PodName[], more: boolean): Failure =>
  ({ code: 'pods_ambiguous', prefix, pods: pods.slice(0, CANDIDATES_MAX), more: more || pods.length > CANDIDATES_MAX });

const allByPrefix = async (api: Api, namespace: Namespace, prefix: PodNamePrefix, replicas: Replicas): Promise<Found> => {
  const listed = await listPods(api, namespace);
  if (listed.kind === 'failure') return listed;
  const matching = listed.pods.filter((pod) => (textAt(pod, 'metadata', 'name') ?? '').startsWith(prefix));
  return theReplicas(byActivity(matching), replicas, listed.more) ?? failed(notFound(prefix, namesOf(listed.pods)));
};

const namesOf = (pods: readonly Json[]): readonly PodName[] => pods.flatMap((pod) => parsePodName(textAt(pod, 'metadata', 'name')) ?? []);

const byWorkload = async (api: Api, namespace: Namespace, { resource, name }: Extract<Target, { kind: 'workload' }>, replicas: Replicas | undefined): Promise<Found> => {
  const selection = await selectionOf(api, namespace, resource, name);
  return selection.kind === 'failure' ? selection : bySelector(api, namespace, { ...selection, shown: `${resource}/${name}` }, replicas);
};

interface Selecting {
  readonly selector: string;
  readonly shown: string;
  readonly newest?: string;
}

const bySelector = async (api: Api, namespace: Namespace, { selector, shown, newest }: Selecting, replicas: Replicas | undefined): Promise<Found> => {
  const listed = await listPods(api, namespace, selector);
  if (listed.kind === 'failure') return listed;
  const ranked = byActivity(listed.pods, newest);
  const [best] = ranked;
  const alone = best === undefined ? undefined : asFound([best]);
  return (replicas ? theReplicas(ranked, replicas, listed.more) : alone) ?? failed({ code: 'no_pod_of_target', target: shown });
};

const failed = (failure: Failure): Found => ({ kind: 'failure', failure });

const foundIn = (answer: Answer, pod?: PodName): Found => {
  if (answer.kind === 'ok') return asFound([answer.body]);
  const gone = pod !== undefined && answer.kind === 'refused' && answer.status === 404;
  return failed(gone ? { code: 'pod_gone', pod } : failureIn(answer));
};
