import { quoted } from '../problem.ts';
import type { Mistake } from '../problem.ts';
import { at, entriesAt, itemsAt, keysAt, rulesOf, textAt, textsAt } from './draft.ts';
import type { Mapping } from './draft.ts';

const APPROVE_ONLY = ['approvals', 'approvers', 'expires', 'step_up', 'mention'] as const;
const NEVER_REFUSE = ['reason', 'digest', 'unbounded', 'private', 'node_access'] as const;

const misplacedKeys = (index: number, rule: Mapping): readonly Mistake[] => {
  const decide = textAt(rule, 'decide');
  if (decide !== 'allow' && decide !== 'refuse' && decide !== 'approve') return [];
  const wrong = [
    ...(decide === 'approve' ? [] : APPROVE_ONLY),
    ...(decide === 'refuse' ? NEVER_REFUSE : (['message'] as const)),
  ].filter((key) => Object.hasOwn(rule, key));
  return wrong.map((key) => ({ path: ['rules', index, key], onKey: true, message: `means nothing where decide: ${decide}; take it out, or write another decide:` }));
};

const approverMistakes = (index: number, rule: Mapping): readonly Mistake[] => {
  if (textAt(rule, 'decide') !== 'approve') return [];
  if (at(rule, 'approvers') === undefined) {
    return [{ path: ['rules', index, 'approvers'], message: 'is missing; write who may approve, such as approvers: ["usergroup:S0SRE"]' }];
  }
  const approvers = itemsAt(rule, 'approvers');
  const people = new Set(approvers);
  const needed = at(rule, 'approvals') ?? 1;
  const onlyUsers = approvers.length > 0 && approvers.every((approver) => typeof approver === 'string' && approver.startsWith('user:'));
  if (!onlyUsers || typeof needed !== 'number' || needed <= people.size) return [];
  return [{ path: ['rules', index, 'approvals'], message: `${needed} approvals can never be had from ${people.size} named ${people.size === 1 ? 'person' : 'people'}; write ${people.size} or less, or name more` }];
};

const nameMistakes = (file: unknown): readonly Mistake[] => {
  const first = new Map<string, number>();
  return rulesOf(file).flatMap(([index, rule]) => {
    const name = textAt(rule, 'name');
    if (name === undefined) return [];
    const known = first.get(name);
    if (known === undefined) first.set(name, index);
    return known === undefined ? [] : [{ path: ['rules', index, 'name'], message: `${quoted(name)} is already the name of rules.${known}; write another name` }];
  });
};

const hoursMistakes = (index: number, rule: Mapping): readonly Mistake[] => {
  const from = textAt(rule, 'when', 'hours', 'from');
  if (from === '24:00') return [{ path: ['rules', index, 'when', 'hours', 'from'], message: '"24:00" begins the next day; write "00:00"' }];
  if (from === undefined || from !== textAt(rule, 'when', 'hours', 'to')) return [];
  return [{ path: ['rules', index, 'when', 'hours', 'to'], message: `${quoted(from)} is also from:, so no minute is left; write "00:00" and "24:00" for a whole day` }];
};

/** `unbounded` on images that are all bounded would wait there for the day somebody changes the catalogue. */
const unboundedMistakes = (index: number, rule: Mapping, file: unknown): readonly Mistake[] => {
  const images = textsAt(rule, 'when', 'images').map(([, name]) => name);
  const known = keysAt(file, 'images') ?? [];
  const allBounded = images.length > 0 && images.every((name) => known.includes(name) && at(file, 'images', name, 'shell') === true);
  if (at(rule, 'unbounded') !== true || !allBounded) return [];
  return [{ path: ['rules', index, 'unbounded'], message: 'is needless: every image of this rule has sh and timeout (shell: true); write false or take it out' }];
};

const neverMatches = (index: number, rule: Mapping, file: unknown): readonly Mistake[] => {
  const presets = textsAt(rule, 'when', 'presets').map(([, name]) => name);
  const images = new Set(textsAt(rule, 'when', 'images').map(([, name]) => name));
  const declared = new Map(entriesAt(file, 'presets'));
  const usable = presets.some((name) => {
    const image = textAt(declared.get(name), 'image');
    return image === undefined || images.has(image);
  });
  if (presets.length === 0 || images.size === 0 || usable) return [];
  return [{ path: ['rules', index, 'when', 'images'], message: 'is the image of none of the presets beside it, so the rule never matches; take one of the two out' }];
};

export const ruleMistakes = (file: unknown): readonly Mistake[] => [
  ...nameMistakes(file),
  ...rulesOf(file).flatMap(([index, rule]) => [
    ...misplacedKeys(index, rule),
    ...approverMistakes(index, rule),
    ...hoursMistakes(index, rule),
    ...unboundedMistakes(index, rule, file),
    ...neverMatches(index, rule, file),
  ]),
];
