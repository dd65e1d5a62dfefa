/** Validating admission policies as a table of predicates, and Pod Security, in the order the real server asks them. */
import type { User } from './authn.ts';
import { labelsOf, type StoredObject } from './objects.ts';
import type { JsonObject } from './ports.ts';
import { podSecurityVerdict } from './security/pod-security.ts';
import { forbidden, StatusError } from './status.ts';

export interface AdmissionReview {
  readonly user: User;
  readonly namespace: StoredObject | undefined;
  readonly before: StoredObject;
  readonly after: JsonObject;
  readonly dryRun: boolean;
}

/** A ValidatingAdmissionPolicy with its binding: `matches` is its matchConditions, each validation passes when true. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly binding?: string;
  readonly matches?: (review: AdmissionReview) => boolean;
  readonly validations: readonly { readonly passes: (review: AdmissionReview) => boolean; readonly message: string }[];
}

const refusedBy = (policy: AdmissionPolicy, message: string, name: string): StatusError => {
  const sentence = `ValidatingAdmissionPolicy '${policy.name}' with binding '${policy.binding ?? policy.name}' denied request: ${message}`;
  return new StatusError({
    code: 422, reason: 'Invalid', message: `pods ${JSON.stringify(name)} is forbidden: ${sentence}`,
    details: { name, kind: 'pods', causes: [{ message: sentence }] },
  });
};

const checkPolicy = (policy: AdmissionPolicy, review: AdmissionReview): void => {
  if (policy.matches?.(review) === false) return;
  const broken = policy.validations.find((validation) => !validation.passes(review));
  if (broken !== undefined) throw refusedBy(policy, broken.message, review.before.metadata.name);
};

/**
 * Asks Pod Security, then the policies.
 * @returns warnings for the client
 * @throws 403 for Pod Security, 422 with the policy's name for a policy
 */
export const admit = (policies: Iterable<AdmissionPolicy>, review: AdmissionReview): readonly string[] => {
  const labels = review.namespace === undefined ? {} : labelsOf(review.namespace);
  const verdict = podSecurityVerdict(labels, review.after);
  if (verdict.refusal !== undefined) throw forbidden('', 'pods', review.before.metadata.name, verdict.refusal);
  for (const policy of policies) checkPolicy(policy, review);
  return verdict.warning === undefined ? [] : [verdict.warning];
};
