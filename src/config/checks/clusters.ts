import type { Mistake } from '../problem.ts';
import { at, entriesAt } from './draft.ts';

/** Exactly one cluster is the default; a single one is it without saying so. */
export const clusterMistakes = (file: unknown): readonly Mistake[] => {
  const clusters = entriesAt(file, 'clusters');
  const defaults = clusters.filter(([, cluster]) => at(cluster, 'default') === true).map(([name]) => name);
  if (clusters.length > 1 && defaults.length === 0) {
    return [{ path: ['clusters'], onKey: true, message: 'has several clusters and no default one; write default: true at one of them' }];
  }
  return defaults.slice(1).map((name) => ({
    path: ['clusters', name, 'default'],
    message: `is a second default beside ${defaults[0] ?? ''}; keep one`,
  }));
};
