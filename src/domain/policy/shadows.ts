import type { Catalogue } from '../catalogue.ts';
import { PROFILES, type Profile } from '../container.ts';
import type { ClusterName, ImageName } from '../names.ts';
import { matchesName } from './match.ts';
import type { Environment, Hours, Policy, Rule, When } from './rule.ts';

/** What a rule's names stand for; nothing outside it is ever asked for. */
export interface Realm {
  readonly clusters: readonly ClusterName[];
  readonly environments: readonly Environment[];
  readonly catalogue: Catalogue;
}

export interface Shadow {
  /** Never reached. */
  readonly rule: Rule;
  /** The earlier rule that matches whatever it would. */
  readonly by: Rule;
}

/**
 * Rules that an earlier rule always decides before. Sound: what is answered here is never reached. Not complete: a rule that several
 * earlier ones cover together is not found.
 */
export const shadowsOf = (policy: Policy, catalogue: Catalogue, clusters: readonly ClusterName[]): readonly Shadow[] => {
  const realm = { clusters, environments: policy.environments, catalogue };
  return policy.rules.flatMap((rule, index) => {
    const by = policy.rules.slice(0, index).find((earlier) => covers(earlier.when, rule.when, realm));
    return by ? [{ rule, by }] : [];
  });
};

/** Whatever the later `when` matches, the earlier one matches too; when in doubt, no. */
export const covers = (earlier: When, later: When, realm: Realm): boolean =>
  (Object.keys(COVERAGE) as readonly (keyof When)[]).every((key) => earlier[key] === undefined || COVERAGE[key](earlier, later, realm));

type Covers = (earlier: When, later: When, realm: Realm) => boolean;

const isSubset = <Item>(part: readonly Item[] | undefined, whole: readonly Item[] = []): boolean => {
  const known = new Set(whole.map((item) => JSON.stringify(item)));
  return part !== undefined && part.every((item) => known.has(JSON.stringify(item)));
};

const COVERAGE: { readonly [Key in keyof When]-?: Covers } = {
  clusters: (earlier, later, realm) => clustersOf(later, realm).every((cluster) => earlier.clusters?.includes(cluster)),
  environments: (earlier, later, realm) => isSubset(later.environments, earlier.environments) || holdsPlaces(earlier.environments ?? [], later, realm),
  namespaces: (earlier, later, realm) => namespacesOf(later, realm).every((pattern) => isWithinOneOf(pattern, earlier.namespaces ?? [])),
  labels: (earlier, later) => isSubset(Object.entries(earlier.labels ?? {}), Object.entries(later.labels ?? {})),
  requesters: (earlier, later) => isSubset(later.requesters, earlier.requesters),
  channels: (earlier, later) => isSubset(later.channels, earlier.channels),
  images: (earlier, later, realm) => imagesOf(later, realm).every((image) => earlier.images?.includes(image)),
  presets: (earlier, later) => isSubset(later.presets, earlier.presets),
  profiles: (earlier, later, realm) => profilesOf(later, realm).every((profile) => earlier.profiles?.includes(profile)),
  argv: (earlier, later) => isSubset(later.argv, earlier.argv),
  hours: (earlier, later) => earlier.hours !== undefined && (isAlways(earlier.hours) || (later.hours !== undefined && holdsHours(earlier.hours, later.hours))),
};

/** A `*` of the narrower pattern is only ever taken in by a `*` of the wider one. */
const isWithinOneOf = (narrower: string, wider: readonly string[]): boolean => wider.some((pattern) => matchesName(pattern, narrower));

const environmentsOf = ({ environments }: When, realm: Realm): readonly Environment[] =>
  realm.environments.filter(({ name }) => environments?.includes(name));

/** The clusters in which the rule can match at all. */
const clustersOf = (when: When, realm: Realm): readonly ClusterName[] =>
  realm.clusters.filter((cluster) =>
    (when.clusters?.includes(cluster) ?? true)
    && (when.environments === undefined || environmentsOf(when, realm).some(({ clusters }) => clusters.some((pattern) => matchesName(pattern, cluster)))));

/** Patterns that hold every namespace in which the rule can match. */
const namespacesOf = (when: When, realm: Realm): readonly string[] =>
  when.namespaces ?? (when.environments === undefined ? ['*'] : environmentsOf(when, realm).flatMap(({ namespaces }) => namespaces));

const holdsPlaces = (names: readonly string[], later: When, realm: Realm): boolean =>
  clustersOf(later, realm).every((cluster) => {
    const here = realm.environments.filter(({ name, clusters }) => names.includes(name) && clusters.some((pattern) => matchesName(pattern, cluster)));
    return namespacesOf(later, realm).every((namespace) => isWithinOneOf(namespace, here.flatMap(({ namespaces }) => namespaces)));
  });

const presetsOf = (when: When, { catalogue }: Realm) => catalogue.presets.filter(({ name }) => when.presets?.includes(name));

const imagesOf = (when: When, realm: Realm): readonly ImageName[] => {
  if (when.images !== undefined) return when.images;
  return when.presets === undefined ? realm.catalogue.images.map(({ name }) => name) : presetsOf(when, realm).map(({ image }) => image);
};

/** A preset without a profile may come to any that `auto` comes to. */
const profilesOf = (when: When, realm: Realm): readonly Profile[] => {
  if (when.profiles !== undefined) return when.profiles;
  return when.presets === undefined ? PROFILES : presetsOf(when, realm).flatMap(({ profile }) => profile ?? PROFILES);
};

const DAY_MINUTES = 24 * 60;
const WEEK_DAYS = 7;
const isAlways = ({ days, fromMinute, toMinute }: Hours): boolean => new Set(days).size === WEEK_DAYS && fromMinute === 0 && toMinute === DAY_MINUTES;

const holdsHours = (earlier: Hours, later: Hours): boolean => {
  const sameSpan = earlier.fromMinute === later.fromMinute && earlier.toMinute === later.toMinute;
  const withinDay = earlier.fromMinute <= later.fromMinute && later.fromMinute <= later.toMinute && later.toMinute <= earlier.toMinute;
  return earlier.zone === later.zone && isSubset(later.days, earlier.days) && (sameSpan || withinDay);
};
