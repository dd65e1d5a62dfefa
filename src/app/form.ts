import { parseCommand } from '../domain/command/parse.ts';
import { parseNamespace, parsePodNamePrefix, type ClusterName, type Namespace } from '../domain/names.ts';
import type { EntryHandlers, FormAnswer, FormWanted, Suggestion, Suggestions, SuggestWanted } from './entry-port.ts';
import type { Log, PodLookups } from './ports.ts';
import { reachOf, type Reach, type Reaching } from './reach.ts';

export interface Forming extends Reaching {
  readonly lookups: PodLookups;
  readonly limits: { readonly timeoutDefaultMs: number; readonly timeoutMaxMs: number };
  readonly log: Log;
}

/** Slack shows at most 100 options. */
const SUGGESTIONS_MAX = 50;

/** What the form offers this person; asks Slack who they are, and no cluster. */
export const formFor = async (world: Forming, wanted: FormWanted): Promise<FormAnswer> => {
  if (await world.directory.member(wanted.user, wanted.team) !== 'member') return { kind: 'refused', refusal: { code: 'not_a_member', user: wanted.user } };
  const reach = await reachOf(world, wanted);
  const cluster = reach.clusters.find((name) => name === wanted.cluster) ?? reach.clusters[0];
  if (cluster === undefined) return { kind: 'refused', refusal: { code: 'no_rule' } };
  const namespaces = reach.namespaces(cluster);
  const namespace = namespaceIn(reach, namespaces, cluster, wanted.namespace);
  const where = { cluster, ...(namespace !== null && { namespace }) };
  return { kind: 'form', choices: { cluster, clusters: reach.clusters, namespace, namespaces, images: reach.images(where), presets: reach.presets(where), ...timeouts(world) } };
};

/** The one that was chosen, or that the message named, if it can be reached; the only one need not be chosen. */
const namespaceIn = (reach: Reach, all: readonly Namespace[], cluster: ClusterName, wanted: Namespace | undefined): Namespace | null => {
  if (wanted !== undefined && reach.reaches({ cluster, namespace: wanted })) return wanted;
  const [only = null] = all;
  return all.length === 1 ? only : null;
};

const timeouts = ({ limits: { timeoutDefaultMs, timeoutMaxMs } }: Forming) => ({ timeoutDefaultMs, timeoutMaxMs });

const NOTHING: Suggestions = { suggestions: [], isBlind: false };

/** Only what the rules could let this person reach, and what they typed themselves as long as it can be meant. */
export const suggest: (world: Forming, wanted: SuggestWanted) => ReturnType<EntryHandlers['suggest']> = async (world, wanted) => {
  if (await world.directory.member(wanted.user, wanted.team) !== 'member') return NOTHING;
  const reach = await reachOf(world, wanted);
  if (wanted.of === 'namespace') return { suggestions: namespacesFor(reach, wanted), isBlind: false };
  return reach.reaches(wanted) ? podsFor(world, reach, wanted) : NOTHING;
};

const namespacesFor = (reach: Reach, { cluster, typed }: SuggestWanted): readonly Suggestion[] => {
  const text = typed.trim().toLowerCase();
  const matching = reach.namespaces(cluster).filter((name) => name.includes(text)).toSorted((left, right) => Number(right.startsWith(text)) - Number(left.startsWith(text)));
  const own = parseNamespace(text);
  const known = matching.slice(0, SUGGESTIONS_MAX).map((value): Suggestion => ({ value, kind: 'known' }));
  return own === undefined || matching.includes(own) || !reach.reaches({ cluster, namespace: own }) ? known : [...known, { value: own, kind: 'typed' }];
};

type PodWanted = Extract<SuggestWanted, { of: 'pod' }>;

const podsFor = async (world: Forming, reach: Reach, wanted: PodWanted): Promise<Suggestions> => {
  const { cluster, namespace, mentioned, typed } = wanted;
  const text = typed.trim().toLowerCase();
  const prefix = text === '' ? '' : parsePodNamePrefix(text);
  const answer = prefix === undefined ? { kind: 'pods' as const, pods: [] } : await world.lookups.ask(cluster, { namespace, prefix });
  const pods = answer?.kind === 'pods' ? answer.pods.filter(({ labels }) => reach.reaches({ cluster, namespace }, labels)) : [];
  const suggestions = [
    ...mentioned.filter((pod) => pod.startsWith(text)).map((value): Suggestion => ({ value, kind: 'mentioned' })),
    ...pods.filter(({ pod }) => !mentioned.includes(pod)).map(({ pod, ready, status }): Suggestion => ({ value: pod, kind: 'known', detail: `${ready} ${status}` })),
  ].slice(0, SUGGESTIONS_MAX);
  return { suggestions: [...suggestions, ...asTyped(wanted, suggestions)], isBlind: answer?.kind !== 'pods' };
};

/** `deploy/api`, or a name that no list showed. */
const asTyped = ({ cluster, namespace, typed }: PodWanted & { readonly namespace: Namespace }, others: readonly Suggestion[]): readonly Suggestion[] => {
  const text = typed.trim();
  if (text === '' || others.some(({ value }) => value === text)) return [];
  return parseCommand(`${cluster}/${namespace} ${text} -- x`).ok ? [{ value: text, kind: 'typed' }] : [];
};
