/** What may stand for the approvals that a rule asks for: a pre-approval, or a broken glass. Nothing else of the rules gives way. */
import { after, type Instant } from './names.ts';
import type { Gate } from './policy/gate.ts';
import { approversThatCount, coversPlan } from './pre-approval.ts';
import type { Refusal } from './refusal.ts';
import type { BrokenGlass, Decision, Exception, Planned, Queued, Request } from './request-states.ts';

type Held = Extract<Gate, { gate: 'held' }>;

/** For a held plan: the event that queues it without approvals, or why not; undefined: it waits for them. */
export const exceptional = (request: Planned, gate: Held, exception: Exception | undefined, now: Instant): Decision | undefined => {
  if (request.ask.command.options.breakGlass) return breakGlass(request, gate, exception, now);
  return exception?.by === 'pre_approval' ? preApproved(request, gate, exception, now) : undefined;
};

/** Not before it was asked for, and with the start bound to the request: nothing waited for a person. */
const latestStart = ({ askedAt, plan }: Planned): Instant => after(askedAt, plan.startWithinMs);

const breakGlass = (request: Planned, { rule, hold }: Held, exception: Exception | undefined, now: Instant): Decision => {
  const { reason } = request.ask.command.options;
  const refusal = whyGlassStays(reason, exception);
  if (refusal) return { ok: true, event: { type: 'refused', at: now, refusal } };
  return { ok: true, event: { type: 'glass_broken', at: now, by: request.ask.requester, rule, hold, reason: reason ?? '', notAfter: latestStart(request) } };
};

const whyGlassStays = (reason: string | undefined, exception: Exception | undefined): Refusal | undefined => {
  if (exception?.by !== 'break_glass') return { code: 'break_glass_off' };
  return exception.refusal ?? (reason === undefined || reason.trim() === '' ? { code: 'break_glass_reason' } : undefined);
};

/** One that covers the plan but lacks approvers for this rule changes nothing: it waits like any other. */
const preApproved = (request: Planned, { rule, hold }: Held, { allow, isEntitled }: Extract<Exception, { by: 'pre_approval' }>, now: Instant): Decision | undefined => {
  // it was approved in Slack alone, which is what the rule does not take
  if (hold.stepUp || !coversPlan(allow, request.plan, now)) return undefined;
  const approvedBy = approversThatCount(allow, isEntitled);
  if (approvedBy.length < hold.needed) return undefined;
  const notAfter = Math.min(latestStart(request), allow.until) as Instant;
  return { ok: true, event: { type: 'pre_approved', at: now, id: allow.id, rule, approvedBy, notAfter }, validUntil: allow.until };
};

type Unannounced = Queued & { readonly authorization: BrokenGlass & { readonly notice: null } };

/** Its glass is broken, and nobody has been told yet. */
export const isUnannounced = (request: Request): request is Unannounced =>
  request.state === 'queued' && request.authorization.by === 'break_glass' && request.authorization.notice === null;

/** Asked once more right before the run: revoked, over, no longer entitled. A gate that opened since asks for less. */
export const whyExceptionFails = (request: Queued, gate: Gate, exception: Exception | undefined, now: Instant): Refusal | undefined => {
  const { authorization } = request;
  if (gate.gate === 'open') return undefined;
  if (gate.gate !== 'held') return { code: 'policy_changed' };
  if (authorization.by === 'break_glass') return whyGlassStays(authorization.reason, exception);
  if (authorization.by !== 'pre_approval' || exception?.by !== 'pre_approval' || exception.allow.id !== authorization.id) return { code: 'allow_over' };
  if (gate.hold.stepUp || !coversPlan(exception.allow, request.plan, now)) return { code: 'allow_over' };
  return approversThatCount(exception.allow, exception.isEntitled).length >= gate.hold.needed ? undefined : { code: 'allow_over' };
};
