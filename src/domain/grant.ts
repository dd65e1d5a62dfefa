import type { ClusterName, Instant, Namespace, PodName, PodUid, RequestId, Sha256, UserId } from './names.ts';
import type { Authorization, Queued, Running } from './request-states.ts';

/** Serve's permission for one run: for 60 s, of exactly this plan, for exactly these reasons. */
export interface Grant {
  readonly until: Instant;
  /** Ed25519 over the claim, base64url: whoever can write to Redis cannot make one. */
  readonly signature: string;
}

/** What a grant's signature says. Nothing of it can be changed, and it is of no other request. */
export interface GrantClaim {
  readonly request: RequestId;
  readonly digest: Sha256;
  readonly authorization: Authorization;
  readonly notAfter: Instant;
  readonly until: Instant;
}

export const claimOf = (request: Queued | Running, until: Instant): GrantClaim => ({
  request: request.id, digest: request.digest, authorization: request.authorization, notAfter: request.notAfter, until,
});

/** Why a pod may be evicted: the rule that allows it, or the other person who approved. */
export type EvictionAuthorization =
  | { readonly by: 'rule'; readonly rule: string }
  | { readonly by: 'approval'; readonly rule: string; readonly approver: UserId };

/** The same of a recycle: this one pod by its uid, in this one cluster. */
export interface EvictionClaim {
  readonly recycle: RequestId;
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
  readonly pod: PodName;
  readonly uid: PodUid;
  readonly authorization: EvictionAuthorization;
  readonly notAfter: Instant;
  readonly until: Instant;
}
