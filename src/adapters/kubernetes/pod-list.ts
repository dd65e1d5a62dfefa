import { POD_LIST_PAGE, POD_LIST_PAGES_MAX } from '../../domain/limits.ts';
import type { Namespace } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { failureIn, type Api } from './api.ts';
import { listAt, textAt, type Json } from './json.ts';
import { podRows, type PodRow } from './pod-rows.ts';
import { podsPath } from './url.ts';

/** Rows with names instead of whole pods; a server that knows no tables answers with a list. */
export const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

type Failed = { readonly kind: 'failure'; readonly failure: Failure };
/** `more`: there were more pages than are read. */
export type Rows = { readonly kind: 'rows'; readonly rows: readonly PodRow[]; readonly more: boolean } | Failed;
export type Pods = { readonly kind: 'pods'; readonly pods: readonly Json[]; readonly more: boolean } | Failed;

/** What the namespace's pods are called and how they are: 500 a page, 4 pages at most. A namespace that does not exist has none. */
export const listPodRows = async (api: Api, namespace: Namespace): Promise<Rows> => {
  const listed = await listPages(api, namespace, { accept: AS_TABLE }, podRows);
  return listed.kind === 'failure' ? listed : { kind: 'rows', rows: listed.found, more: listed.more };
};

/** Whole pods, by the same pages: to choose the best, or all, of a workload or a prefix. */
export const listPods = async (api: Api, namespace: Namespace, labelSelector?: string): Promise<Pods> => {
  const listed = await listPages(api, namespace, { ...(labelSelector !== undefined && { labelSelector }) }, (body) => listAt(body, 'items'));
  return listed.kind === 'failure' ? listed : { kind: 'pods', pods: listed.found, more: listed.more };
};

interface Listing {
  readonly labelSelector?: string;
  readonly accept?: string;
}

/** All pages of the namespace's pods that are read, each by `read`. */
export const listPages = async <One>(api: Api, namespace: Namespace, { labelSelector, accept }: Listing, read: (body: Json) => readonly One[]) => {
  const found: One[] = [];
  let next: string | undefined;
  for (let page = 0; page < POD_LIST_PAGES_MAX; page += 1) {
    const path = podsPath(namespace, { limit: POD_LIST_PAGE, ...(labelSelector !== undefined && { labelSelector }), continue: next });
    const answer = await api({ method: 'GET', path, ...(accept !== undefined && { accept }) });
    if (answer.kind !== 'ok') return { kind: 'failure', failure: failureIn(answer) } as const;
    found.push(...read(answer.body));
    next = textAt(answer.body, 'metadata', 'continue') || undefined;
    if (next === undefined) break;
  }
  return { kind: 'found', found, more: next !== undefined } as const;
};
