import type { Mistake } from '../problem.ts';
import { at, isMapping, itemsAt, rulesOf, textAt, textsAt } from './draft.ts';
import type { Mapping } from './draft.ts';

const profileOf = (file: unknown, preset: string): string | undefined =>
  textAt(file, 'presets', preset, 'profile') ?? textAt(file, 'images', textAt(file, 'presets', preset, 'image') ?? '', 'profile');

const names = (rule: Mapping, key: string): readonly string[] => textsAt(rule, 'when', key).map(([, name]) => name);

/** A rule for presets alone reaches what those presets fix; any other rule what people write after --profile. */
const reachesSysadmin = (file: unknown, rule: Mapping): boolean => {
  if (at(rule, 'when', 'profiles') !== undefined) return false;
  const presets = names(rule, 'presets');
  return presets.length === 0 || presets.some((preset) => profileOf(file, preset) === 'sysadmin');
};

const sameJson = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Whether the earlier condition holds wherever the later one does; when in doubt, no. */
const follows = (earlier: unknown, later: unknown): boolean => {
  if (Array.isArray(earlier)) {
    return Array.isArray(later) && later.length > 0 && later.every((item) => earlier.some((candidate) => candidate === '*' || sameJson(candidate, item)));
  }
  if (isMapping(earlier) && isMapping(later)) return Object.entries(earlier).every(([key, value]) => sameJson(value, at(later, key)));
  return false;
};

const catchesSysadmin = (earlier: Mapping, later: Mapping): boolean => {
  const when = at(earlier, 'when');
  if (!isMapping(when)) return false;
  return Object.entries(when).every(([key, condition]) =>
    key === 'profiles' ? itemsAt(when, 'profiles').includes('sysadmin') : follows(condition, at(later, 'when', key)),
  );
};

/**
 * An `allow` rule that hands out sysadmin (a privileged container: the node itself) must say so in `when.profiles`,
 * unless an earlier rule always decides about sysadmin first.
 */
export const sysadminMistakes = (file: unknown): readonly Mistake[] => {
  const rules = rulesOf(file);
  return rules
    .filter(([, rule]) => textAt(rule, 'decide') === 'allow' && isMapping(at(rule, 'when')) && reachesSysadmin(file, rule))
    .filter(([index, rule]) => !rules.some(([before, earlier]) => before < index && catchesSysadmin(earlier, rule)))
    .map(([index]) => ({
      path: ['rules', index, 'decide'],
      message: 'allow would let people use the profile sysadmin, which is root on the node; write when.profiles: with the profiles you mean, or a rule for sysadmin above',
    }));
};
