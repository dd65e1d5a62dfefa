/**
 * A recycle: one pod, fixed by its uid, is evicted, because debug containers go only with their pod. It is asked for
 * below a result, tried without effect by a worker, approved as a run there would be, then asked of the cluster again
 * and again for as long as a PodDisruptionBudget says not now.
 *
 *   checking ─▶ waiting ─▶ authorized ─▶ granted ─▶ evicting ─▶ over (evicted | gone | failed | unknown)
 *      │  └── open gate ───────┘ │  (a grant that lapsed is given again)
 *      ├▶ over (failed | expired) ├▶ over (refused | expired)
 *                 waiting ─▶ over (denied | withdrawn | expired)
 */
import type { EvictionAuthorization, EvictionClaim } from './grant.ts';
import { APPROVE_WITHIN_MS, GRANT_MS, PLAN_WITHIN_MS, RECYCLE_AGAIN_MS, RECYCLE_AGAIN_MS_MAX, RECYCLE_AGAIN_MS_MIN, RECYCLE_TRY_MS, START_WITHIN_MS } from './limits.ts';
import { after, type Instant, type UserId } from './names.ts';
import type { Failure } from './outcome.ts';
import type { Authorized, Recycle, RecycleAsk, RecycleCheck, RecycleCommand, RecycleEnd, RecycleEvent, RecycleTarget } from './recycle-states.ts';
import type { Refusal } from './refusal.ts';

export type RecycleDecision = { readonly ok: true; readonly event: RecycleEvent; readonly validUntil?: Instant } | { readonly ok: false; readonly refusal: Refusal };
type CommandOf<Type extends RecycleCommand['type']> = Extract<RecycleCommand, { type: Type }>;

const refuse = (refusal: Refusal): RecycleDecision => ({ ok: false, refusal });
const yes = (event: RecycleEvent, validUntil?: Instant): RecycleDecision => ({ ok: true, event, ...(validUntil !== undefined && { validUntil }) });
const notDue = ({ state }: Recycle): RecycleDecision => refuse({ code: 'not_due', state });

export const askRecycle = (ask: RecycleAsk, now: Instant): RecycleEvent => ({ type: 'recycle_asked', at: now, ask, expiresAt: after(now, PLAN_WITHIN_MS) });

/** What a grant's signature says of an eviction; it is of no other recycle and of no other pod. */
export const evictionClaimOf = ({ id, ask, authorization, notAfter }: Authorized, until: Instant): EvictionClaim => ({ recycle: id, ...targetOf(ask), authorization, notAfter, until });
const targetOf = ({ target: { cluster, namespace, pod, uid } }: RecycleAsk): RecycleTarget => ({ cluster, namespace, pod, uid });

const whyNotDecide = (request: Recycle, by: UserId, isEntitled: boolean, now: Instant): Refusal | undefined => {
  if (request.state !== 'waiting' || request.ask.gate.gate !== 'held') return { code: 'already_decided', state: request.state };
  if (now >= request.expiresAt) return { code: 'too_late', since: request.expiresAt };
  const { approvers } = request.ask.gate;
  if (by === request.ask.by) return { code: 'own_request', approvers };
  return isEntitled ? undefined : { code: 'not_an_approver', approvers };
};

const approve = (request: Recycle, { by, isEntitled }: CommandOf<'approve'>, now: Instant): RecycleDecision => {
  const refusal = whyNotDecide(request, by, isEntitled, now);
  return refusal ? refuse(refusal) : yes({ type: 'recycle_approved', at: now, by, notAfter: after(now, START_WITHIN_MS) }, request.state === 'waiting' ? request.expiresAt : undefined);
};

const deny = (request: Recycle, { by, isEntitled, reason }: CommandOf<'deny'>, now: Instant): RecycleDecision => {
  const refusal = whyNotDecide(request, by, isEntitled, now);
  return refusal ? refuse(refusal) : yes({ type: 'recycle_denied', at: now, by, reason });
};

const withdraw = (request: Recycle, { by }: CommandOf<'withdraw'>, now: Instant): RecycleDecision => {
  if (request.state !== 'waiting') return refuse({ code: 'already_decided', state: request.state });
  return by === request.ask.by ? yes({ type: 'recycle_withdrawn', at: now, by }) : refuse({ code: 'not_the_requester' });
};

const reportCheck = (request: Recycle, check: RecycleCheck, now: Instant): RecycleDecision => {
  if (request.state !== 'checking' || now >= request.expiresAt) return notDue(request);
  return yes({ type: 'recycle_checked', at: now, check, until: after(now, request.ask.gate.gate === 'held' ? APPROVE_WITHIN_MS : START_WITHIN_MS) }, request.expiresAt);
};

/** Why what allowed it does not any more. */
const whyNoLonger = (authorization: EvictionAuthorization, { gate, isEntitled }: CommandOf<'grant'>): Refusal | undefined => {
  if (gate.gate === 'closed') return gate.refusal;
  if (authorization.by === 'rule') return gate.gate === 'open' ? undefined : { code: 'policy_changed' };
  return isEntitled(authorization.approver) ? undefined : { code: 'approval_lost', approver: authorization.approver };
};

const grant = (request: Recycle, command: CommandOf<'grant'>, now: Instant): RecycleDecision => {
  const isDue = request.state === 'authorized' || (request.state === 'granted' && now > request.grant.until);
  if (!isDue) return notDue(request);
  if (now >= request.notAfter) return yes({ type: 'recycle_expired', at: now });
  const refusal = whyNoLonger(request.authorization, command);
  if (refusal) return yes({ type: 'recycle_refused', at: now, refusal });
  const until = Math.min(after(now, GRANT_MS), request.notAfter) as Instant;
  return yes({ type: 'recycle_granted', at: now, until, signature: command.sign(evictionClaimOf(request, until)) });
};

const start = (request: Recycle, { worker, generation }: CommandOf<'start'>, now: Instant): RecycleDecision => {
  if (request.state !== 'granted' || request.generation !== generation) return notDue(request);
  return now >= request.grant.until ? refuse({ code: 'no_grant' }) : yes({ type: 'recycle_started', at: now, worker, until: after(now, RECYCLE_TRY_MS) }, request.grant.until);
};

/** How long a cluster that says "not now" is left alone: as long as it asks for, within bounds. */
const pauseFor = (failure: Failure): number =>
  Math.min(RECYCLE_AGAIN_MS_MAX, Math.max(RECYCLE_AGAIN_MS_MIN, (failure.code === 'disruption_budget' ? failure.afterMs : null) ?? RECYCLE_AGAIN_MS));

/** Tried again later, or, when that would be too late, given up. */
const block = (request: Recycle, failure: Failure, now: Instant): RecycleDecision => {
  if (request.state !== 'evicting') return notDue(request);
  const nextAt = after(now, pauseFor(failure));
  return yes(nextAt < request.until ? { type: 'recycle_blocked', at: now, failure, nextAt } : { type: 'recycle_ended', at: now, end: { how: 'failed', failure } });
};

/** Before it was granted nothing can have been evicted: it can only have failed. */
const end = (request: Recycle, how: RecycleEnd, now: Instant): RecycleDecision =>
  (request.state === 'evicting' || (request.state === 'checking' && how.how === 'failed') ? yes({ type: 'recycle_ended', at: now, end: how }) : notDue(request));

/** What waited in vain: the sweeper's. A worker that vanished has had time to be replaced before it is said that nobody knows. */
const lapse = (request: Recycle, now: Instant): RecycleDecision => {
  switch (request.state) {
    case 'checking': case 'waiting': return now >= request.expiresAt ? yes({ type: 'recycle_expired', at: now }) : notDue(request);
    case 'authorized': return now >= request.notAfter ? yes({ type: 'recycle_expired', at: now }) : notDue(request);
    case 'granted': return now >= request.notAfter && now > request.grant.until ? yes({ type: 'recycle_expired', at: now }) : notDue(request);
    case 'evicting': return now >= after(request.until, GRANT_MS) ? yes({ type: 'recycle_ended', at: now, end: { how: 'unknown' } }) : notDue(request);
    case 'over': return notDue(request);
  }
};

export const decideRecycle = (request: Recycle, command: RecycleCommand, now: Instant): RecycleDecision => {
  switch (command.type) {
    case 'report_check': return reportCheck(request, command.check, now);
    case 'approve': return approve(request, command, now);
    case 'deny': return deny(request, command, now);
    case 'withdraw': return withdraw(request, command, now);
    case 'grant': return grant(request, command, now);
    case 'start': return start(request, command, now);
    case 'block': return block(request, command.failure, now);
    case 'end': return end(request, command.end, now);
    case 'lapse': return lapse(request, now);
  }
};
