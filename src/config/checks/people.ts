import { quoted } from '../problem.ts';
import type { Mistake } from '../problem.ts';
import { entriesAt, itemsAt, textAt } from './draft.ts';

/** Identity by an empty map would know nobody. */
export const identityMistakes = (file: unknown): readonly Mistake[] => {
  const mode = textAt(file, 'identity', 'mode');
  const on = mode === 'review' || mode === 'impersonate';
  if (!on || textAt(file, 'identity', 'from') !== 'map' || entriesAt(file, 'identity', 'map').length > 0) return [];
  return [{ path: ['identity', 'from'], message: 'map knows nobody, for identity.map is empty; write map: { U0ALICE: { user: alice@example.org } }' }];
};

export const redactionMistakes = (file: unknown): readonly Mistake[] => {
  const seen = new Set<string>();
  return itemsAt(file, 'redaction', 'patterns').flatMap((entry, index) => {
    const name = textAt(entry, 'name');
    const twice = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    return twice ? [{ path: ['redaction', 'patterns', index, 'name'], message: `${quoted(name)} is the name of an earlier pattern; write another` }] : [];
  });
};
