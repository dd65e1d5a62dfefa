/**
 * The heart of kdebug: what can happen to a request, and nothing else.
 *
 *   choosing (several pods match; 2 min, the requester picks)
 *     ▲ │
 *     │ ▼
 *   requested ─▶ planned ─ closed ─▶ refused
 *       │  ▲        ├─ open or held, only to be checked ─▶ checked
 *       │  ▲        ├─ open ───────────────────┐
 *       │  │        ├─ held ─ pre-approved ────┤   (exceptions.ts)
 *       │  │        ├─ held ─ glass broken ────┤   (announced before its grant)
 *       │  │        └─ held ─▶ awaiting_approval ─▶ queued ─▶ running ─▶ finished
 *       │  └ replanned (once)        ├▶ denied        ├▶ cancelled  (certain until `started`)
 *       ├▶ refused (not planned)     ├▶ withdrawn     ├▶ expired    (not_after passed before the start)
 *       └▶ expired                   └▶ expired       └▶ refused    (approval or policy lost at the grant)
 *
 * `decide` says which event a command leads to, or why not; `evolve` says what an event makes of the request. Both are
 * pure: the time is an argument, memberships were asked by the caller, and no state that runs can be written without
 * an `Authorization`.
 */
import type { RequestEvent } from './events.ts';
import { exceptional, isUnannounced, whyExceptionFails } from './exceptions.ts';
import { claimOf } from './grant.ts';
import { CHOOSE_WITHIN_MS, GRANT_MS, PLAN_WITHIN_MS } from './limits.ts';
import { after, type Instant, type Sha256, type UserId } from './names.ts';
import type { Gate } from './policy/gate.ts';
import type { Refusal } from './refusal.ts';
import { decidedBy, endsBy } from './request-times.ts';
import { isSamePerson } from './step-up.ts';
import type { AwaitingApproval, Command, Decision, Exception, Planned, Queued, Request, Running } from './request-states.ts';

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;
type Decide<Type extends Command['type']> = (request: Request, command: CommandOf<Type>, now: Instant) => Decision;

const refuse = (refusal: Refusal): Decision => ({ ok: false, refusal });
const yes = (event: RequestEvent, validUntil?: Instant): Decision => ({ ok: true, event, ...(validUntil !== undefined && { validUntil }) });
const notDue = (request: Request): Decision => refuse({ code: 'not_due', state: request.state });
const tooLate = (since: Instant): Decision => refuse({ code: 'too_late', since });

const reportPlan: Decide<'report_plan'> = (request, { plan, preflight }, now) => {
  if (request.state !== 'requested' || plan.request !== request.id || plan.revision !== request.revision) return notDue(request);
  if (now >= request.expiresAt) return tooLate(request.expiresAt);
  return yes({ type: 'planned', at: now, plan, preflight }, request.expiresAt);
};

const reportChoice: Decide<'report_choice'> = (request, { revision, candidates }, now) =>
  request.state === 'requested' && revision === request.revision && request.chosen === null
    ? yes({ type: 'choosing', at: now, candidates, expiresAt: after(now, CHOOSE_WITHIN_MS) }) : notDue(request);

const choose: Decide<'choose'> = (request, { by, pod }, now) => {
  if (request.state !== 'choosing') return refuse({ code: 'already_decided', state: request.state });
  if (by !== request.ask.requester) return refuse({ code: 'not_the_requester' });
  if (now >= request.expiresAt) return tooLate(request.expiresAt);
  if (!request.candidates.some((candidate) => candidate.pod === pod)) return notDue(request);
  return yes({ type: 'chosen', at: now, by, pod, expiresAt: after(now, PLAN_WITHIN_MS) }, request.expiresAt);
};

const reportNoPlan: Decide<'report_no_plan'> = (request, { revision, failure }, now) =>
  request.state === 'requested' && revision === request.revision ? yes({ type: 'not_planned', at: now, failure }) : notDue(request);

/** A plan made under another policy is made again once, then refused: two changes in a row are somebody's decision. */
const underAnotherPolicy = (request: Planned | Queued, policyVersion: Sha256, now: Instant): Decision =>
  request.revision === 1
    ? yes({ type: 'replanned', at: now, policyVersion, expiresAt: after(now, PLAN_WITHIN_MS) })
    : yes({ type: 'refused', at: now, refusal: { code: 'policy_changed' } });

const passGate: Decide<'pass_gate'> = (request, { gate, policyVersion, exception }, now) => {
  if (request.state !== 'planned') return notDue(request);
  if (policyVersion !== request.plan.policyVersion) return underAnotherPolicy(request, policyVersion, now);
  if (request.ask.command.options.dryRun && (gate.gate === 'open' || gate.gate === 'held')) return yes({ type: 'checked', at: now, gate });
  switch (gate.gate) {
    case 'open': return yes({ type: 'allowed', at: now, rule: gate.rule, notAfter: after(request.askedAt, request.plan.startWithinMs) });
    case 'held': return exceptional(request, gate, exception, now) ?? yes({ type: 'held', at: now, rule: gate.rule, hold: gate.hold, expiresAt: after(now, gate.hold.expiresMs) });
    case 'closed': return yes({ type: 'refused', at: now, refusal: gate.refusal });
    case 'unknown': return yes({ type: 'refused', at: now, refusal: { code: 'no_rule' } });
  }
};

const approve: Decide<'approve'> = (request, { by, isEntitled, hasApproved, digest, stepUp }, now) => {
  const pending = whilePending(request, now);
  if ('ok' in pending) return pending;
  if (by === pending.ask.requester) return refuse({ code: 'own_request', approvers: pending.hold.approvers });
  if (!isEntitled) return refuse({ code: 'not_an_approver', approvers: pending.hold.approvers });
  if (hasApproved || pending.approvals.some((approval) => approval.by === by || isSamePerson(approval.stepUp, stepUp))) return refuse({ code: 'already_approved' });
  if (digest !== pending.digest) return refuse({ code: 'another_plan', digest: pending.digest });
  if (pending.hold.stepUp && !stepUp) return refuse({ code: 'step_up_needed', rule: pending.rule });
  return yes({ type: 'approved', at: now, by, digest, ...(stepUp && { stepUp }), notAfter: after(now, pending.plan.startWithinMs) }, pending.expiresAt);
};

const deny: Decide<'deny'> = (request, { by, isEntitled, reason }, now) => {
  const pending = whilePending(request, now);
  if ('ok' in pending) return pending;
  if (by === pending.ask.requester) return refuse({ code: 'own_request', approvers: pending.hold.approvers });
  if (!isEntitled) return refuse({ code: 'not_an_approver', approvers: pending.hold.approvers });
  return yes({ type: 'denied', at: now, by, reason }, pending.expiresAt);
};

const withdraw: Decide<'withdraw'> = (request, { by }, now) => {
  const pending = whilePending(request, now);
  if ('ok' in pending) return pending;
  return by === pending.ask.requester ? yes({ type: 'withdrawn', at: now, by }) : refuse({ code: 'not_the_requester' });
};

const whilePending = (request: Request, now: Instant): AwaitingApproval | Decision => {
  if (request.state !== 'awaiting_approval') return refuse({ code: 'already_decided', state: request.state });
  return now < request.expiresAt ? request : tooLate(request.expiresAt);
};

const cancel: Decide<'cancel'> = (request, { by, canStop }, now) => {
  if (by !== request.ask.requester) return refuse({ code: 'not_the_requester' });
  switch (request.state) {
    case 'requested': case 'choosing': case 'planned': case 'queued': return yes({ type: 'cancelled', at: now, by });
    case 'awaiting_approval': return withdraw(request, { type: 'withdraw', by }, now);
    case 'running': return stop(request, by, canStop, now);
    case 'finished': case 'checked': case 'refused': case 'denied': case 'withdrawn': case 'cancelled': case 'expired':
      return refuse({ code: 'already_decided', state: request.state });
  }
};

const stop = (request: Running, by: UserId, canStop: boolean, now: Instant): Decision => {
  if (request.stopRequestedBy !== null) return refuse({ code: 'stopping', until: endsBy(request) });
  return canStop ? yes({ type: 'stop_requested', at: now, by }) : refuse({ code: 'running', until: endsBy(request) });
};

const grant: Decide<'grant'> = (request, { gate, policyVersion, exception, isEntitled, sign }, now) => {
  if (request.state !== 'queued' || (request.grant !== null && now < request.grant.until)) return notDue(request);
  if (now >= request.notAfter) return yes({ type: 'expired', at: now, waitingFor: 'start' });
  if (policyVersion !== request.plan.policyVersion) return underAnotherPolicy(request, policyVersion, now);
  if (gate.gate === 'closed') return yes({ type: 'refused', at: now, refusal: gate.refusal });
  if (isUnannounced(request)) return refuse({ code: 'not_announced', why: null });
  const refusal = whyNotAuthorized(request, gate, exception, isEntitled, now);
  if (refusal) return yes({ type: 'refused', at: now, refusal });
  const until = Math.min(after(now, GRANT_MS), request.notAfter) as Instant;
  return yes({ type: 'granted', at: now, until, signature: sign(claimOf(request, until)) }, request.notAfter);
};

/** What made it run must still make it run, by the rules as they are. */
const whyNotAuthorized = (request: Queued, gate: Gate, exception: Exception | undefined, isEntitled: CommandOf<'grant'>['isEntitled'], now: Instant): Refusal | undefined => {
  switch (request.authorization.by) {
    case 'rule': return gate.gate === 'open' ? undefined : { code: 'policy_changed' };
    case 'approvals': return whyApprovalsFail(request, gate, isEntitled);
    case 'pre_approval': case 'break_glass': return whyExceptionFails(request, gate, exception, now);
  }
};

/** What Slack took, or that it will not: an emergency that nobody hears of does not run. */
const reportNotice: Decide<'report_notice'> = (request, { notice, why }, now) => {
  if (!isUnannounced(request)) return notDue(request);
  if (now >= request.notAfter) return yes({ type: 'expired', at: now, waitingFor: 'start' });
  return yes(notice === null ? { type: 'refused', at: now, refusal: { code: 'not_announced', why } } : { type: 'announced', at: now, ...notice });
};

/** Approvals count while they are of this digest, of distinct other people, each still entitled. */
const whyApprovalsFail = (request: Queued, gate: Gate, isEntitled: CommandOf<'grant'>['isEntitled']): Refusal | undefined => {
  if (request.authorization.by !== 'approvals') return { code: 'policy_changed' };
  const { approvals, hold } = request.authorization;
  const lost = approvals.find((approval) => !isEntitled(approval.by) || approval.by === request.ask.requester || approval.digest !== request.digest);
  if (lost) return { code: 'approval_lost', approver: lost.by };
  const demandsStepUp = hold.stepUp || (gate.gate === 'held' && gate.hold.stepUp);
  const bare = demandsStepUp ? approvals.find((approval) => !approval.stepUp) : undefined;
  if (bare) return { code: 'step_up_missing', approver: bare.by };
  const needed = gate.gate === 'held' ? gate.hold.needed : 1;
  return new Set(approvals.map((approval) => approval.by)).size >= needed ? undefined : { code: 'policy_changed' };
};

const start: Decide<'start'> = (request, { worker, generation }, now) => {
  if (request.state !== 'queued' || generation !== request.generation) return notDue(request);
  if (request.grant === null || now >= request.grant.until) return refuse({ code: 'no_grant' });
  return yes({ type: 'started', at: now, worker }, request.grant.until);
};

const lapse: Decide<'lapse'> = (request, _command, now) =>
  request.state === 'queued' && request.grant !== null && now >= request.grant.until ? yes({ type: 'grant_lapsed', at: now }) : notDue(request);

const finish: Decide<'finish'> = (request, { ends }, now) =>
  request.state === 'running' ? yes({ type: 'finished', at: now, ends }) : notDue(request);

const expire: Decide<'expire'> = (request, _command, now) => {
  if (request.state === 'requested' && now >= request.expiresAt) return yes({ type: 'expired', at: now, waitingFor: 'plan' });
  if (request.state === 'choosing' && now >= request.expiresAt) return yes({ type: 'expired', at: now, waitingFor: 'choice' });
  if (request.state === 'awaiting_approval' && now >= request.expiresAt) return yes({ type: 'expired', at: now, waitingFor: 'approval' });
  if (request.state === 'planned' && now >= decidedBy(request)) return yes({ type: 'expired', at: now, waitingFor: 'start' });
  if (request.state === 'queued' && now >= request.notAfter) return yes({ type: 'expired', at: now, waitingFor: 'start' });
  if (request.state === 'running' && now >= endsBy(request)) return yes({ type: 'finished', at: now, ends: unobserved(request) });
  return notDue(request);
};

const unobserved = (request: Running) => request.plan.targets.map((target) => ({
  pod: target.pod, outcome: { kind: 'unknown', detail: 'no worker saw how it ended' } as const, output: null,
}));

const DECISIONS: { readonly [Type in Command['type']]: Decide<Type> } = {
  report_plan: reportPlan, report_choice: reportChoice, choose, report_no_plan: reportNoPlan, pass_gate: passGate, report_notice: reportNotice, grant, approve, deny, withdraw, cancel, start, lapse, finish, expire,
};

/** Which event the command leads to now, or why it leads to none. Nothing is changed: `evolve` makes the next state of the event. */
export const decide = (request: Request, command: Command, now: Instant): Decision =>
  (DECISIONS[command.type] as Decide<Command['type']>)(request, command, now);
