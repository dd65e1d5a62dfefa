import type { WorkloadResource } from '../../domain/command/command.ts';
import type { Namespace } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { failureIn, type Api } from './api.ts';
import { at, listAt, textAt, textsAt, type Json } from './json.ts';
import { replicaSetsPath, workloadPath } from './url.ts';

export type Selection =
  | { readonly kind: 'selector'; readonly selector: string; /** The current pod-template-hash of a Deployment. */ readonly newest?: string }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** Revisions of one Deployment: its revisionHistoryLimit is 10 by default. */
const REPLICA_SETS_MAX = 50;
const REVISION = 'deployment.kubernetes.io/revision';

/** Which pods a workload has, by its own selector; a Service or a Deployment without one selects nothing. */
export const selectionOf = async (api: Api, namespace: Namespace, resource: WorkloadResource, name: string): Promise<Selection> => {
  const answer = await api({ method: 'GET', path: workloadPath(resource, namespace, name) });
  if (answer.kind === 'refused' && answer.status === 404) return { kind: 'failure', failure: { code: 'workload_not_found', resource, name } };
  if (answer.kind !== 'ok') return { kind: 'failure', failure: failureIn(answer) };
  const selector = resource === 'svc' ? equalities(textsAt(answer.body, 'spec', 'selector')) : selectorText(at(answer.body, 'spec', 'selector'));
  if (selector === '') return { kind: 'failure', failure: { code: 'no_pod_of_target', target: `${resource}/${name}` } };
  const newest = resource === 'deploy' ? await newestHash(api, namespace, selector, textAt(answer.body, 'metadata', 'uid')) : undefined;
  return { kind: 'selector', selector, ...(newest !== undefined && { newest }) };
};

const equalities = (labels: Readonly<Record<string, string>>): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');

const EXPRESSIONS: Readonly<Record<string, (key: string, values: string) => string>> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

/** A LabelSelector object as the text that the `labelSelector` parameter takes. */
const selectorText = (selector: Json | undefined): string => {
  const expressions = listAt(selector, 'matchExpressions').map((one) =>
    EXPRESSIONS[textAt(one, 'operator') ?? '']?.(textAt(one, 'key') ?? '', listAt(one, 'values').filter((value) => typeof value === 'string').join(',')) ?? '');
  return [equalities(textsAt(selector, 'matchLabels')), ...expressions].filter((part) => part !== '').join(',');
};

// A preference, not a condition: where kdebug may not read ReplicaSets, any active pod will do.
const newestHash = async (api: Api, namespace: Namespace, selector: string, uid: string | undefined): Promise<string | undefined> => {
  const answer = await api({ method: 'GET', path: replicaSetsPath(namespace, selector, REPLICA_SETS_MAX) });
  if (answer.kind !== 'ok' || uid === undefined) return undefined;
  const own = listAt(answer.body, 'items').filter((set) => listAt(set, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid));
  const newest = own.map((set) => ({ set, revision: Number(textsAt(set, 'metadata', 'annotations')[REVISION] ?? 0) })).sort((left, right) => right.revision - left.revision)[0];
  return newest && textsAt(newest.set, 'metadata', 'labels')['pod-template-hash'];
};
