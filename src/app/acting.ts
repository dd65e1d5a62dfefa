import type { Failure } from '../domain/outcome.ts';
import type { Request } from '../domain/request-states.ts';
import type { Cluster } from './cluster-port.ts';
import type { Identity } from './identity.ts';

interface Acting<Known extends keyof Identity> {
  readonly cluster: Cluster;
  readonly identity: Pick<Identity, Known>;
}

/** Mode `impersonate`: the cluster sees the person who asked, with the person's rights. */
export const clusterFor = ({ cluster, identity }: Acting<'mode'>, { ask }: Request): Cluster =>
  (identity.mode === 'impersonate' && ask.person ? cluster.actingAs(ask.person) : cluster);

/** Mode `review`: kdebug acts with its own rights, but only where the cluster would let this person, now. Undefined: it would. */
export const whyNotInTheirName = async ({ cluster, identity }: Acting<'mode' | 'review'>, { ask }: Request): Promise<Failure | undefined> => {
  if (identity.mode !== 'review' || !ask.person) return undefined;
  const { verb, resource } = identity.review;
  const review = await cluster.review(ask.person, ask.command.namespace, verb, resource);
  if (review === 'allowed') return undefined;
  return review === 'denied' ? { code: 'forbidden', detail: `${ask.person.user} may not ${verb} ${resource} in ${ask.command.namespace}` } : review;
};
