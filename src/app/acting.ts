import type { Namespace } from '../domain/names.ts';
import type { Failure } from '../domain/outcome.ts';
import type { KubernetesPerson } from '../domain/person.ts';
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

/** Whether the cluster would let this person; undefined: it would. No answer is no yes. */
export const whyNotAllowed = async (cluster: Pick<Cluster, 'review'>, person: KubernetesPerson, namespace: Namespace, verb: string, resource: string): Promise<Failure | undefined> => {
  const review = await cluster.review(person, namespace, verb, resource);
  if (review === 'allowed') return undefined;
  return review === 'denied' ? { code: 'forbidden', detail: `${person.user} may not ${verb} ${resource} in ${namespace}` } : review;
};

/** Mode `review`: kdebug acts with its own rights, but only where the cluster would let this person, now. Undefined: it would. */
export const whyNotInTheirName = async ({ cluster, identity }: Acting<'mode' | 'review'>, { ask }: Request): Promise<Failure | undefined> => {
  if (identity.mode !== 'review' || !ask.person) return undefined;
  return whyNotAllowed(cluster, ask.person, ask.command.namespace, identity.review.verb, identity.review.resource);
};
