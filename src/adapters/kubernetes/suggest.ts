import type { SuggestedPod, SuggestedPods } from '../../app/cluster-port.ts';
import type { Namespace } from '../../domain/names.ts';
import type { Api } from './api.ts';
import { at, listAt, textsAt, type Json } from './json.ts';
import { AS_TABLE, listPages } from './pod-list.ts';
import { podRows } from './pod-rows.ts';

/** Names and labels of the pods that a person may be typing; a namespace that does not exist has none. */
export const suggestPods = async (api: Api, namespace: Namespace, prefix: string, limit: number): Promise<SuggestedPods> => {
  const listed = await listPages(api, namespace, { accept: AS_TABLE }, suggestedIn);
  if (listed.kind === 'failure') return listed;
  const matching = listed.found.filter(({ pod }) => pod.startsWith(prefix));
  return { kind: 'pods', pods: matching.toSorted((left, right) => (left.pod < right.pod ? -1 : 1)).slice(0, limit) };
};

/** A row of the Table carries the pod's metadata; of a server that knows no tables the item does. */
const suggestedIn = (body: Json): readonly SuggestedPod[] => {
  const labels = new Map([...listAt(body, 'rows').map((row) => at(row, 'object')), ...listAt(body, 'items')].map((pod) => [at(pod, 'metadata', 'name'), textsAt(pod, 'metadata', 'labels')]));
  return podRows(body).map(({ pod, ready, status }) => ({ pod, ready, status, labels: labels.get(pod) ?? {} }));
};
