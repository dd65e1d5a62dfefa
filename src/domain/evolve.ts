/** What an event makes of a request: the other half of request.ts, where the state machine is drawn. */
import type { RequestEvent } from './events.ts';
import type { RequestId } from './names.ts';
import { planDigest } from './plan.ts';
import type { Asked, Authorized, Request, WithPlan } from './request-states.ts';

/** A record that no event can have led to: our own bug or somebody's edit, so it throws. */
export class BrokenRecordError extends Error {
  constructor(id: RequestId, version: number, event: RequestEvent['type'], state: string) {
    super(`Event ${version} of ${id} is "${event}", which cannot follow the state "${state}": the record was edited or written by an unknown version.`);
    this.name = 'BrokenRecordError';
  }
}

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>;
type Evolve<Type extends RequestEvent['type']> = (request: Request, event: EventOf<Type>, version: number) => Request | undefined;

const asked = ({ id, ask, askedAt, revision, chosen }: Asked, version: number): Asked => ({ id, ask, askedAt, revision, chosen, version });
const withPlan = (request: WithPlan, version: number): WithPlan => ({ ...asked(request, version), plan: request.plan, digest: request.digest, preflight: request.preflight });
const authorized = (request: Authorized, version: number): Authorized => ({ ...withPlan(request, version), authorization: request.authorization, notAfter: request.notAfter });
const planOf = (request: Request, version: number): WithPlan | null => ('digest' in request ? withPlan(request, version) : null);

const isOpen = (request: Request): boolean => request.state === 'requested' || request.state === 'choosing' || request.state === 'planned' || request.state === 'queued' || request.state === 'awaiting_approval';

const approved: Evolve<'approved'> = (request, event, version) => {
  if (request.state !== 'awaiting_approval') return undefined;
  const approvals = [...request.approvals, { by: event.by, at: event.at, digest: event.digest, ...(event.stepUp && { stepUp: event.stepUp }) }];
  if (approvals.length < request.hold.needed) return { ...request, version, approvals };
  const { rule, hold } = request;
  return { ...withPlan(request, version), state: 'queued', authorization: { by: 'approvals', rule, hold, approvals }, notAfter: event.notAfter, grant: null, generation: version };
};

const EVOLUTIONS: { readonly [Type in RequestEvent['type']]: Evolve<Type> } = {
  requested: () => undefined,
  planned: (request, event, version) => request.state === 'requested'
    ? { ...asked(request, version), plan: event.plan, digest: planDigest(event.plan), preflight: event.preflight, state: 'planned', generation: version } : undefined,
  choosing: (request, event, version) => request.state === 'requested'
    ? { ...asked(request, version), state: 'choosing', candidates: event.candidates, expiresAt: event.expiresAt } : undefined,
  chosen: (request, event, version) => request.state === 'choosing'
    ? { ...asked(request, version), chosen: event.pod, state: 'requested', expiresAt: event.expiresAt, generation: version } : undefined,
  not_planned: (request, event, version) => request.state === 'requested'
    ? { ...asked(request, version), state: 'refused', endedAt: event.at, refusal: { code: 'not_planned', failure: event.failure }, planned: null } : undefined,
  replanned: (request, event, version) => request.state === 'planned' || request.state === 'queued'
    ? { ...asked(request, version), revision: request.revision + 1, state: 'requested', expiresAt: event.expiresAt, generation: version } : undefined,
  allowed: (request, event, version) => request.state === 'planned'
    ? { ...withPlan(request, version), state: 'queued', authorization: { by: 'rule', rule: event.rule }, notAfter: event.notAfter, grant: null, generation: version } : undefined,
  pre_approved: (request, { id, rule, approvedBy, notAfter }, version) => request.state === 'planned'
    ? { ...withPlan(request, version), state: 'queued', authorization: { by: 'pre_approval', id, rule, approvedBy }, notAfter, grant: null, generation: version } : undefined,
  glass_broken: (request, { rule, hold, reason, at, notAfter }, version) => request.state === 'planned'
    ? { ...withPlan(request, version), state: 'queued', authorization: { by: 'break_glass', rule, hold, reason, since: at, notice: null }, notAfter, grant: null, generation: version } : undefined,
  announced: (request, { channel, ts }, version) => request.state === 'queued' && request.authorization.by === 'break_glass' && request.authorization.notice === null
    ? { ...request, version, authorization: { ...request.authorization, notice: { channel, ts } }, generation: version } : undefined,
  held: (request, event, version) => request.state === 'planned'
    ? { ...withPlan(request, version), state: 'awaiting_approval', rule: event.rule, hold: event.hold, approvals: [], expiresAt: event.expiresAt } : undefined,
  checked: (request, event, version) => request.state === 'planned'
    ? { ...withPlan(request, version), state: 'checked', endedAt: event.at, gate: event.gate } : undefined,
  refused: (request, event, version) => isOpen(request)
    ? { ...asked(request, version), state: 'refused', endedAt: event.at, refusal: event.refusal, planned: planOf(request, version) } : undefined,
  approved,
  denied: (request, event, version) => request.state === 'awaiting_approval'
    ? { ...withPlan(request, version), state: 'denied', endedAt: event.at, by: event.by, reason: event.reason } : undefined,
  withdrawn: (request, event, version) => request.state === 'awaiting_approval'
    ? { ...withPlan(request, version), state: 'withdrawn', endedAt: event.at } : undefined,
  granted: (request, event, version) => request.state === 'queued'
    ? { ...request, version, grant: { until: event.until, signature: event.signature }, generation: version } : undefined,
  grant_lapsed: (request, _event, version) => request.state === 'queued'
    ? { ...request, version, grant: null, generation: version } : undefined,
  started: (request, event, version) => request.state === 'queued' && request.grant !== null
    ? { ...authorized(request, version), state: 'running', startedAt: event.at, worker: event.worker, grant: request.grant, stopRequestedBy: null, generation: request.generation } : undefined,
  stop_requested: (request, event, version) => request.state === 'running'
    ? { ...request, version, stopRequestedBy: event.by } : undefined,
  finished: (request, event, version) => request.state === 'running'
    ? { ...authorized(request, version), state: 'finished', startedAt: request.startedAt, finishedAt: event.at, ends: event.ends } : undefined,
  cancelled: (request, event, version) => isOpen(request)
    ? { ...asked(request, version), state: 'cancelled', endedAt: event.at, by: event.by, planned: planOf(request, version) } : undefined,
  expired: (request, event, version) => isOpen(request)
    ? { ...asked(request, version), state: 'expired', endedAt: event.at, waitingFor: event.waitingFor, planned: planOf(request, version) } : undefined,
};

/** The state after the event; throws BrokenRecordError when the event cannot follow. */
export const evolve = (request: Request, event: RequestEvent): Request => {
  const version = request.version + 1;
  const next = (EVOLUTIONS[event.type] as Evolve<RequestEvent['type']>)(request, event, version);
  if (!next) throw new BrokenRecordError(request.id, version, event.type, request.state);
  return next;
};

/** The request that its first event begins. */
export const begin = (id: RequestId, event: EventOf<'requested'>): Request => ({
  id, ask: event.ask, askedAt: event.at, version: 1, revision: 1, chosen: null, state: 'requested', expiresAt: event.expiresAt, generation: 1,
});

/** The whole list, from its `requested` on; undefined for an empty one. */
export const replay = (id: RequestId, events: readonly RequestEvent[]): Request | undefined => {
  const [first, ...rest] = events;
  if (!first) return undefined;
  if (first.type !== 'requested') throw new BrokenRecordError(id, 1, first.type, 'nothing');
  return rest.reduce(evolve, begin(id, first));
};

