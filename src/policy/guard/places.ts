/** In which namespaces the rules can let an image run with a profile: all that the rest of a rule asks for is taken as met. */
import { isPinned } from '../../app/judge.ts';
import type { Settings } from '../../config/settings.ts';
import type { Image } from '../../domain/catalogue.ts';
import type { RunCommand } from '../../domain/command/command.ts';
import type { Profile } from '../../domain/container.ts';
import type { ClusterName } from '../../domain/names.ts';
import { matchesName } from '../../domain/policy/match.ts';
import type { Rule } from '../../domain/policy/rule.ts';
import { resolve } from '../../domain/resolve.ts';

/** A set of namespaces, as what an admission policy can ask about one. */
export type Places =
  | { readonly kind: 'all' | 'none' }
  | { readonly kind: 'named'; readonly patterns: readonly string[] }
  | { readonly kind: 'not'; readonly of: Places }
  | { readonly kind: 'and' | 'or'; readonly of: readonly [Places, Places] };

const ALL: Places = { kind: 'all' };
const NONE: Places = { kind: 'none' };
const isSame = (one: Places, other: Places): boolean => JSON.stringify(one) === JSON.stringify(other);

const both = (one: Places, other: Places): Places => {
  if (one.kind === 'none' || other.kind === 'none') return NONE;
  if (one.kind === 'all' || isSame(one, other)) return other;
  return other.kind === 'all' ? one : { kind: 'and', of: [one, other] };
};
const either = (one: Places, other: Places): Places => {
  if (one.kind === 'all' || other.kind === 'all') return ALL;
  if (one.kind === 'none' || isSame(one, other)) return other;
  return other.kind === 'none' ? one : { kind: 'or', of: [one, other] };
};
const outside = (of: Places): Places => (of.kind === 'all' ? NONE : of.kind === 'none' ? ALL : { kind: 'not', of });
const named = (patterns: readonly string[]): Places =>
  patterns.includes('*') ? ALL : patterns.length === 0 ? NONE : { kind: 'named', patterns: [...new Set(patterns)] };

/** Whether the namespace is one of them. */
export const holds = (places: Places, namespace: string): boolean => {
  switch (places.kind) {
    case 'all': return true;
    case 'none': return false;
    case 'named': return places.patterns.some((pattern) => matchesName(pattern, namespace));
    case 'not': return !holds(places.of, namespace);
    case 'and': return places.of.every((part) => holds(part, namespace));
    case 'or': return places.of.some((part) => holds(part, namespace));
  }
};

/** What somebody could ask for, and where. */
export interface Asking {
  readonly settings: Settings;
  readonly cluster: ClusterName;
  readonly image: Image;
  readonly profile: Profile;
}

/** Never too few: a namespace that is left out is one where no rule lets this image run with this profile, whoever asks. */
export const placesOf = (asking: Asking): Places =>
  asking.settings.policy.rules.toReversed().reduce<Places>((behind, rule) => {
    const here = placesOfRule(rule, asking);
    if (!isClosed(rule, asking.image)) return either(here, behind);
    // a refusal that hangs on who asks, or on the pod, leaves the rules behind it for the others
    return hangsOnMore(rule) ? behind : both(outside(here), behind);
  }, NONE);

/** The rule refuses, or wants of the image what it does not have. */
const isClosed = (rule: Rule, image: Image): boolean =>
  rule.decide === 'refuse' || (rule.digestRequired && !isPinned(image.ref)) || (!image.shell && !rule.unbounded);

const hangsOnMore = ({ when }: Rule): boolean =>
  [when.labels, when.requesters, when.channels, when.presets, when.argv, when.hours].some((key) => key !== undefined);

const placesOfRule = ({ when }: Rule, asking: Asking): Places => {
  const { settings: { policy }, cluster, image, profile } = asking;
  const canMatch = (when.clusters?.includes(cluster) ?? true)
    && (when.images?.includes(image.name) ?? true)
    && (when.profiles?.includes(profile) ?? true)
    && (when.presets === undefined || isOfPresets(when.presets, asking));
  if (!canMatch) return NONE;
  const environments = policy.environments.filter(({ name, clusters }) => when.environments?.includes(name) && clusters.some((pattern) => matchesName(pattern, cluster)));
  return both(
    when.environments === undefined ? ALL : named(environments.flatMap(({ namespaces }) => namespaces)),
    when.namespaces === undefined ? ALL : named(when.namespaces),
  );
};

const isOfPresets = (names: readonly string[], { settings, image, profile }: Asking): boolean =>
  settings.catalogue.presets.some((preset) => names.includes(preset.name) && preset.image === image.name
    && (preset.profile === undefined ? profilesOfAuto(settings, image).includes(profile) : preset.profile === profile));

/** What `--profile auto` may come to: the very ladder that a plan climbs down. */
const profilesOfAuto = ({ catalogue }: Settings, image: Image): readonly Profile[] => {
  const resolution = resolve({ options: { image: image.name }, argv: [] } as unknown as RunCommand, catalogue);
  return resolution.ok ? resolution.resolved.profiles : [];
};
