/** When the waiting of a request is over, by the clock of Redis. */
import { GRACE_MS, PLAN_WITHIN_MS } from './limits.ts';
import { after, type Instant } from './names.ts';
import type { AwaitingApproval, Planned, Running } from './request-states.ts';

/** A plan that the decision side could not look at until then could not start in time either. */
export const decidedBy = (request: Planned): Instant => after(request.askedAt, PLAN_WITHIN_MS + request.plan.startWithinMs);

/** By then the container has ended whatever happened: it starts before `notAfter` or not at all, and the wrapper stops it. */
export const endsBy = (request: Running): Instant => after(request.notAfter, request.plan.timeoutMs + GRACE_MS);

/** Half of the time that a request waits for approval. */
export const remindsAt = ({ expiresAt, hold }: AwaitingApproval): Instant => after(expiresAt, -Math.floor(hold.expiresMs / 2));
