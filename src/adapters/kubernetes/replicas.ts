import type { Found, Replicas } from '../../app/cluster-port.ts';
import { isActive } from './active-pods.ts';
import { asFound } from './pods-found.ts';
import type { Json } from './json.ts';

/** All active pods of a ranked list, or the best so many of them; undefined when none is active. `more`: the list went on. */
export const theReplicas = (ranked: readonly Json[], { wanted, max }: Replicas, more: boolean): Found | undefined => {
  const active = ranked.filter(isActive);
  if (active.length === 0) return undefined;
  // Of a list that was not read to its end "all" is not known: the finished ones count too, and it is more than any limit.
  const isUnknown = wanted === 'all' && more;
  const count = isUnknown ? ranked.length : wanted === 'all' ? active.length : wanted;
  if (count > max || isUnknown) return { kind: 'failure', failure: { code: 'too_many_pods', count, max } };
  return asFound(active.slice(0, count));
};
