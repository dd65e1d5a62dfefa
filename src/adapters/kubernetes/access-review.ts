import type { Review } from '../../app/cluster-port.ts';
import type { Namespace } from '../../domain/names.ts';
import { whyNotThisPerson, type KubernetesPerson } from '../../domain/person.ts';
import { failureIn, type Api } from './api.ts';
import { at } from './json.ts';
import { accessReviewsPath, selfAccessReviewsPath, type ApiPath } from './url.ts';

const VERSION = 'authorization.k8s.io/v1';
/** Every login has this group; an impersonated one gets it from the server, a reviewed one only when it is named. */
const AUTHENTICATED = 'system:authenticated';

/** A SubjectAccessReview: would the cluster's own rules let this person? `resource` as kubectl writes it: `pods/log`, `deployments.apps`. */
export const reviewAccess = async (api: Api, person: KubernetesPerson, namespace: Namespace, verb: string, resource: string): Promise<Review> => {
  const why = whyNotThisPerson(person);
  if (why !== undefined) return { code: 'forbidden', detail: why };
  return ask(api, accessReviewsPath(), {
    apiVersion: VERSION, kind: 'SubjectAccessReview',
    spec: { user: person.user, groups: [...person.groups, AUTHENTICATED], resourceAttributes: attributesOf(namespace, verb, resource) },
  });
};

/** A SelfSubjectAccessReview, which everybody may ask; `namespace` null: of what belongs to no namespace. */
export const reviewOwnAccess = (api: Api, namespace: Namespace | null, verb: string, resource: string): Promise<Review> => ask(api, selfAccessReviewsPath(), {
  apiVersion: VERSION, kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: attributesOf(namespace ?? '', verb, resource) },
});

const ask = async (api: Api, path: ApiPath, review: object): Promise<Review> => {
  const answer = await api({ method: 'POST', path, body: { contentType: 'application/json', text: JSON.stringify(review) } });
  if (answer.kind !== 'ok') return failureIn(answer);
  const allowed = at(answer.body, 'status', 'allowed');
  if (typeof allowed !== 'boolean') return { code: 'unexpected_answer', detail: 'the answer was no access review' };
  return allowed ? 'allowed' : 'denied';
};

const attributesOf = (namespace: string, verb: string, resource: string): object => {
  const [named = '', subresource] = resource.split('/');
  const [plural, ...group] = named.split('.');
  return { namespace, verb, group: group.join('.'), resource: plural, ...(subresource !== undefined && { subresource }) };
};
