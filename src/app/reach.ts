import type { Catalogue } from '../domain/catalogue.ts';
import type { ClusterName, Instant, Namespace } from '../domain/names.ts';
import { namedNamespaces, reachableImages, reachablePresets, reachesAnything, type Known } from '../domain/policy/reach.ts';
import type { Policy } from '../domain/policy/rule.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Directory } from './chat-port.ts';
import { askRights, RECENT_MS } from './rights.ts';
import type { Entrant } from './entry-port.ts';

export interface Reaching {
  readonly directory: Directory;
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  readonly clusters: readonly { readonly name: ClusterName; readonly isDefault: boolean }[];
  readonly ownNamespace: string | undefined;
}

/** What the rules could let one person reach from one channel. */
export interface Reach {
  /** What is known of every request of this person. */
  readonly known: Known;
  /** The default one first. */
  readonly clusters: readonly ClusterName[];
  /** Some rule lets this person approve. */
  readonly mayDecide: boolean;
  images(where?: Partial<Where>): Catalogue['images'];
  presets(where?: Partial<Where>): Catalogue['presets'];
  /** Those that configuration names in full. */
  namespaces(cluster?: ClusterName): readonly Namespace[];
  reaches(where: Where, labels?: Readonly<Record<string, string>>): boolean;
}

export interface Where {
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
}

/** `now` absent: at any time, which is what lists are for. */
export const reachOf = async (world: Reaching, { user, channel }: Pick<Entrant, 'user'> & Partial<Pick<Entrant, 'channel'>>, now?: Instant): Promise<Reach> => {
  const { policy, catalogue } = world;
  const rights = await askRights(world.directory, policy, RECENT_MS);
  const known: Known = { is: (principal) => rights.is(user, principal), ...(channel !== undefined && { channel }), ...(now !== undefined && { now }) };
  const reaches: Reach['reaches'] = ({ cluster, namespace }, labels) =>
    namespace !== world.ownNamespace && reachesAnything(policy, catalogue, { ...known, cluster, namespace, ...(labels !== undefined && { labels }) });
  return {
    known, reaches,
    clusters: defaultFirst(world).filter((cluster) => reachesAnything(policy, catalogue, { ...known, cluster })),
    mayDecide: policy.rules.some((rule) => rule.decide === 'approve' && rights.isOneOf(user, rule.approvers)),
    images: (where) => reachableImages(policy, catalogue, { ...known, ...where }),
    presets: (where) => reachablePresets(policy, catalogue, { ...known, ...where }),
    namespaces: (wanted) => namedNamespaces(policy).filter((namespace) => defaultFirst(world).some((cluster) => (wanted ?? cluster) === cluster && reaches({ cluster, namespace }))),
  };
};

export const defaultFirst = ({ clusters }: Pick<Reaching, 'clusters'>): readonly ClusterName[] =>
  clusters.toSorted((left, right) => Number(right.isDefault) - Number(left.isDefault)).map(({ name }) => name);

/** What is told of a name that is not there: those that the rules could let this person use, and no others. */
export const onlyReachable = async (world: Reaching, entrant: Pick<Entrant, 'user' | 'channel'>, refusal: Refusal): Promise<Refusal> => {
  const reach = await reachOf(world, entrant);
  if (refusal.code === 'cluster_unknown') return { ...refusal, clusters: reach.clusters };
  if (refusal.code !== 'not_planned') return refusal;
  const { failure } = refusal;
  if (failure.code === 'image_unknown') return { ...refusal, failure: { ...failure, images: reach.images().map(({ name }) => name) } };
  return failure.code === 'preset_unknown' ? { ...refusal, failure: { ...failure, presets: reach.presets().map(({ name }) => name) } } : refusal;
};
