import type { Instant, RequestId, Sha256 } from './names.ts';
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
