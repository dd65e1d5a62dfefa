/**
 * What the rules could let a person reach, as far as it is known: for menus, type-ahead and lists, which show nothing
 * else. It errs on the side of showing: what is shown may still be refused once all is known; what is not shown would be.
 */
import type { Catalogue, Image, Preset } from '../catalogue.ts';
import type { Profile } from '../container.ts';
import { parseNamespace, type Namespace } from '../names.ts';
import { unmet, type Conditions } from './gate.ts';
import { matchEachKey, together, type Match, type Subject } from './match.ts';
import type { Policy, Rule, When } from './rule.ts';

/** A subject of which some things are not known yet. */
export type Known = Pick<Subject, 'is'> & Partial<Subject>;

const NEEDS: { readonly [Key in keyof Required<When>]: readonly (keyof Subject)[] } = {
  clusters: ['cluster'], environments: ['cluster', 'namespace'], namespaces: ['namespace'], labels: ['labels'], requesters: ['is'],
  channels: ['channel'], images: ['image'], presets: ['preset'], profiles: ['profiles'], argv: ['argv'], hours: ['now'],
};

/** Keys of a rule that nothing known answers. */
export const openKeys = (when: When, known: Known): readonly (keyof When)[] =>
  (Object.keys(when) as (keyof When)[]).filter((key) => when[key] !== undefined && NEEDS[key].some((need) => known[need] === undefined));

/** A rule held against what is known: a key that cannot be answered leaves it open unless another already fails. */
export const matchKnown = (when: When, policy: Pick<Policy, 'environments'>, known: Known): Match => {
  const open = openKeys(when, known);
  const answerable = Object.fromEntries(Object.entries(when).filter(([key]) => !open.includes(key as keyof When))) as When;
  // only keys whose part of the subject is there are asked
  const answered = together(matchEachKey(answerable, policy.environments, known as Subject));
  return answered === 'yes' && open.length > 0 ? 'unknown' : answered;
};

/** A reason can still be given, `--private` left out; an image stays what it is. */
const MENDABLE: ReadonlySet<string> = new Set(['reason_missing', 'private_refused']);

const opens = (rule: Rule, conditions: Conditions): boolean => unmet(rule, conditions).every(({ code }) => MENDABLE.has(code));

/** Whether any way through the rules is left open for what is known. */
export const mayReach = (policy: Policy, known: Known, conditions: Conditions): boolean => {
  for (const rule of policy.rules) {
    const match = matchKnown(rule.when, policy, known);
    if (match === 'no') continue;
    if (opens(rule, conditions)) return true;
    if (match === 'yes') return false;
  }
  return false;
};

const PROFILES: readonly Profile[] = ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'];

const conditionsOf = (image: Image): Conditions =>
  ({ reason: undefined, isPrivate: false, env: [], image: image.name, hasShell: image.shell, pinned: image.ref.includes('@sha256:'), stepUp: 'available', nodeAccess: 'not asked' });

export const reachableImages = (policy: Policy, { images }: Catalogue, known: Known): readonly Image[] =>
  images.filter((image) => PROFILES.some((profile) => mayReach(policy, { ...known, image: image.name, preset: null, profiles: [profile] }, conditionsOf(image))));

export const reachablePresets = (policy: Policy, { images, presets }: Catalogue, known: Known): readonly Preset[] =>
  presets.filter((preset) => {
    const image = images.find((one) => one.name === preset.image);
    if (image === undefined) return false;
    const argv = preset.parameters.length === 0 ? { argv: preset.command } : {};
    const profiles = preset.profile === undefined ? PROFILES : [preset.profile];
    return profiles.some((profile) => mayReach(policy, { ...known, ...argv, image: image.name, preset: preset.name, profiles: [profile] }, conditionsOf(image)));
  });

export const reachesAnything = (policy: Policy, catalogue: Catalogue, known: Known): boolean =>
  reachableImages(policy, catalogue, known).length > 0 || reachablePresets(policy, catalogue, known).length > 0;

/** The namespaces that configuration names in full, each once, in its order. */
export const namedNamespaces = (policy: Policy): readonly Namespace[] => {
  const patterns = [...policy.environments.flatMap(({ namespaces }) => namespaces), ...policy.rules.flatMap(({ when }) => when.namespaces ?? [])];
  return [...new Set(patterns.map(parseNamespace).filter((name) => name !== undefined))];
};
