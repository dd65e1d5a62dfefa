import { at, listAt, numberAt, textAt, textsAt, type Json } from './json.ts';

/** Smaller is better; compared in order, the first that differs decides. */
type Rank = readonly number[];

/**
 * The pod kubectl would take for a workload (`ActivePods` in staging/src/k8s.io/kubectl/pkg/util/podutils): assigned,
 * running, ready, not being deleted, ready for longest, fewest restarts, oldest. Pods of `newest`, the current
 * pod-template-hash of a Deployment, come before all others.
 */
export const byActivity = (pods: readonly Json[], newest?: string): readonly Json[] =>
  pods.map((pod) => ({ pod, rank: rankOf(pod, newest) })).sort((left, right) => compare(left.rank, right.rank)).map(({ pod }) => pod);

/** Not finished and not going: what a controller counts as a replica (pkg/controller, `IsPodActive`). */
export const isActive = (pod: Json): boolean =>
  !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '') && at(pod, 'metadata', 'deletionTimestamp') === undefined;

const PHASES: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };
const FINISHED = 3;

const rankOf = (pod: Json, newest: string | undefined): Rank => {
  const phase = PHASES[textAt(pod, 'status', 'phase') ?? ''] ?? FINISHED;
  const ready = listAt(pod, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True');
  return [
    newest === undefined || textsAt(pod, 'metadata', 'labels')['pod-template-hash'] === newest ? 0 : 1,
    textAt(pod, 'spec', 'nodeName') ? 0 : 1,
    phase,
    ready === undefined ? 1 : 0,
    at(pod, 'metadata', 'deletionTimestamp') === undefined ? 0 : 1,
    time(textAt(ready, 'lastTransitionTime')),
    restarts(pod),
    time(textAt(pod, 'metadata', 'creationTimestamp')),
  ];
};

const restarts = (pod: Json): number => Math.max(0, ...listAt(pod, 'status', 'containerStatuses').map((one) => numberAt(one, 'restartCount') ?? 0));

const time = (text: string | undefined): number => {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? Number.MAX_SAFE_INTEGER : milliseconds;
};

const compare = (left: Rank, right: Rank): number => {
  const index = left.findIndex((value, position) => value !== right[position]);
  return index === -1 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
};
