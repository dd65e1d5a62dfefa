import { globMatches } from '../glob.ts';
import { choice } from '../nearest.ts';
import { quoted } from '../problem.ts';
import type { Mistake } from '../problem.ts';
import { entriesAt, keysAt, rulesOf, textsAt } from './draft.ts';

/** What a rule names under `when`, and the section that declares it, has the same key in kdebug.yaml. */
const SECTIONS = ['clusters', 'environments', 'images', 'presets'] as const;

const unknownNames = (file: unknown, section: string): readonly Mistake[] => {
  const known = keysAt(file, section) ?? (section === 'clusters' || section === 'images' ? undefined : []);
  if (known === undefined) return [];
  return rulesOf(file).flatMap(([index, rule]) =>
    textsAt(rule, 'when', section)
      .filter(([, name]) => !known.includes(name))
      .map(([item, name]) => ({ path: ['rules', index, 'when', section, item], message: `${quoted(name)} is not in ${section}:; ${choice(name, known)}` })),
  );
};

const environmentMistakes = (file: unknown): readonly Mistake[] => {
  const clusters = keysAt(file, 'clusters');
  if (clusters === undefined) return [];
  return entriesAt(file, 'environments').flatMap(([name, environment]) =>
    textsAt(environment, 'clusters')
      .filter(([, pattern]) => !clusters.some((cluster) => globMatches(pattern, cluster)))
      .map(([item, pattern]) => ({ path: ['environments', name, 'clusters', item], message: `${quoted(pattern)} matches none of clusters:; ${choice(pattern, clusters)}` })),
  );
};

/** Names that are used and never declared. */
export const referenceMistakes = (file: unknown): readonly Mistake[] => [
  ...SECTIONS.flatMap((section) => unknownNames(file, section)),
  ...environmentMistakes(file),
];
