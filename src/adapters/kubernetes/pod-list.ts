import { POD_LIST_PAGE, POD_LIST_PAGES_MAX } from '../../domain/limits.ts';
import { parsePodName, type Namespace, type PodName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { failureIn, type Api } from './api.ts';
import { at, listAt, textAt, type Json } from './json.ts';
import { podsPath } from './url.ts';

/** Rows with names instead of whole pods; a server that knows no tables answers with a list. */
const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export type PodNames =
  | { readonly kind: 'names'; readonly names: readonly PodName[]; /** There were more pages than are read. */ readonly more: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** The names of a namespace's pods: 500 a page, 4 pages at most. A namespace that does not exist has none. */
export const listPodNames = async (api: Api, namespace: Namespace): Promise<PodNames> => {
  const names: PodName[] = [];
  let next: string | undefined;
  for (let page = 0; page < POD_LIST_PAGES_MAX; page += 1) {
    const answer = await api({ method: 'GET', path: podsPath(namespace, { limit: POD_LIST_PAGE, continue: next }), accept: AS_TABLE });
    if (answer.kind !== 'ok') return { kind: 'failure', failure: failureIn(answer) };
    names.push(...namesIn(answer.body));
    next = textAt(answer.body, 'metadata', 'continue') || undefined;
    if (next === undefined) break;
  }
  return { kind: 'names', names, more: next !== undefined };
};

const namesIn = (body: Json): readonly PodName[] =>
  [...listAt(body, 'rows').map((row) => at(row, 'object')), ...listAt(body, 'items')].flatMap((object) => {
    const name = parsePodName(at(object, 'metadata', 'name'));
    return name === undefined ? [] : [name];
  });

export type Pods = { readonly kind: 'pods'; readonly pods: readonly Json[] } | { readonly kind: 'failure'; readonly failure: Failure };

/** Whole pods, one page: to choose one of a workload. */
export const listPods = async (api: Api, namespace: Namespace, labelSelector: string): Promise<Pods> => {
  const answer = await api({ method: 'GET', path: podsPath(namespace, { limit: POD_LIST_PAGE, labelSelector }) });
  return answer.kind === 'ok' ? { kind: 'pods', pods: listAt(answer.body, 'items') } : { kind: 'failure', failure: failureIn(answer) };
};
