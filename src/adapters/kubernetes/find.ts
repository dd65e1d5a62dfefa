import type { Found } from '../../app/cluster-port.ts';
import type { Target } from '../../domain/command/command.ts';
import { parsePodName, type Namespace, type PodName, type PodNamePrefix } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { byActivity } from './active-pods.ts';
import { failureIn, type Answer, type Api } from './api.ts';
import type { Json } from './json.ts';
import { nearest } from './near.ts';
import { podFacts } from './pod-facts.ts';
import { listPodNames, listPods } from './pod-list.ts';
import { podPath } from './url.ts';
import { selectionOf } from './workload.ts';

/** What a person can still choose from at a glance. */
const AMBIGUOUS_SHOWN_MAX = 10;

/** The one pod that was meant, or why there is none. */
export const findPod = (api: Api, namespace: Namespace, target: Target): Promise<Found> => {
  if (target.kind === 'name') return byName(api, namespace, target.name);
  return target.kind === 'workload' ? byWorkload(api, namespace, target) : bySelector(api, namespace, target.selector, target.selector);
};

// A whole name costs one request; only when there is no such pod is the namespace listed.
const byName = async (api: Api, namespace: Namespace, typed: PodNamePrefix): Promise<Found> => {
  const name = parsePodName(typed);
  const exact = name === undefined ? undefined : await api({ method: 'GET', path: podPath(namespace, name) });
  const absent = exact === undefined || (exact.kind === 'refused' && exact.status === 404);
  return absent ? byPrefix(api, namespace, typed) : foundIn(exact);
};

const byPrefix = async (api: Api, namespace: Namespace, prefix: PodNamePrefix): Promise<Found> => {
  const listed = await listPodNames(api, namespace);
  if (listed.kind === 'failure') return listed;
  const matching = listed.names.filter((name) => name.startsWith(prefix));
  const [only, ...others] = matching;
  if (only === undefined) return failed({ code: 'pod_not_found', prefix, near: nearest(prefix, listed.names) });
  // One match in a list that was not read to its end is not known to be the only one.
  if (others.length > 0 || listed.more) return failed(ambiguous(prefix, matching, listed.more));
  return foundIn(await api({ method: 'GET', path: podPath(namespace, only) }), only);
};

const ambiguous = (prefix: string, pods: readonly PodName[], more: boolean): Failure =>
  ({ code: 'pods_ambiguous', prefix, pods: pods.slice(0, AMBIGUOUS_SHOWN_MAX), more: more || pods.length > AMBIGUOUS_SHOWN_MAX });

const byWorkload = async (api: Api, namespace: Namespace, { resource, name }: Extract<Target, { kind: 'workload' }>): Promise<Found> => {
  const selection = await selectionOf(api, namespace, resource, name);
  return selection.kind === 'failure' ? selection : bySelector(api, namespace, selection.selector, `${resource}/${name}`, selection.newest);
};

const bySelector = async (api: Api, namespace: Namespace, selector: string, shown: string, newest?: string): Promise<Found> => {
  const listed = await listPods(api, namespace, selector);
  if (listed.kind === 'failure') return listed;
  const [best] = byActivity(listed.pods, newest);
  return best === undefined ? failed({ code: 'no_pod_of_target', target: shown }) : asFound(best);
};

const failed = (failure: Failure): Found => ({ kind: 'failure', failure });

const foundIn = (answer: Answer, pod?: PodName): Found => {
  if (answer.kind === 'ok') return asFound(answer.body);
  const gone = pod !== undefined && answer.kind === 'refused' && answer.status === 404;
  return failed(gone ? { code: 'pod_gone', pod } : failureIn(answer));
};

const asFound = (body: Json): Found => {
  const pod = podFacts(body);
  return pod ? { kind: 'pods', pods: [pod] } : failed({ code: 'unexpected_answer', detail: 'the answer was no pod with a name and a uid' });
};
