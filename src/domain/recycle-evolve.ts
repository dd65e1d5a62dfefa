import type { EvictionAuthorization } from './grant.ts';
import type { RequestId } from './names.ts';
import type { Recycle, RecycleEvent, RecycleOver } from './recycle-states.ts';

const over = (request: Exclude<Recycle, { state: 'over' }>, how: RecycleOver): Recycle => ({
  id: request.id, version: request.version + 1, ask: request.ask, state: 'over', over: how,
  check: 'check' in request ? request.check : null, authorization: 'authorization' in request ? request.authorization : null,
});

type EventOf<Type extends RecycleEvent['type']> = Extract<RecycleEvent, { type: Type }>;

const checked = (request: Recycle, { check, until }: EventOf<'recycle_checked'>): Recycle | undefined => {
  if (request.state !== 'checking') return undefined;
  const { id, ask } = request;
  const base = { id, ask, check, version: request.version + 1 };
  return ask.gate.gate === 'held'
    ? { ...base, state: 'waiting', expiresAt: until }
    : { ...base, state: 'authorized', authorization: { by: 'rule', rule: ask.gate.rule }, notAfter: until };
};

const approved = (request: Recycle, { by, notAfter }: EventOf<'recycle_approved'>): Recycle | undefined => {
  if (request.state !== 'waiting') return undefined;
  const { id, ask, check } = request;
  const authorization: EvictionAuthorization = { by: 'approval', rule: ask.gate.rule, approver: by };
  return { id, ask, check, version: request.version + 1, state: 'authorized', authorization, notAfter };
};

const granted = (request: Recycle, { until, signature }: EventOf<'recycle_granted'>): Recycle | undefined => {
  if (request.state !== 'authorized' && request.state !== 'granted') return undefined;
  const { id, ask, check, authorization, notAfter } = request;
  const version = request.version + 1;
  return { id, ask, check, authorization, notAfter, version, state: 'granted', grant: { until, signature }, generation: version };
};

const started = (request: Recycle, { until }: EventOf<'recycle_started'>): Recycle | undefined =>
  (request.state === 'granted' ? { ...request, version: request.version + 1, state: 'evicting', until, tries: 1, blocked: null } : undefined);

const blocked = (request: Recycle, { failure, nextAt }: EventOf<'recycle_blocked'>): Recycle | undefined =>
  (request.state === 'evicting' ? { ...request, version: request.version + 1, tries: request.tries + 1, blocked: { failure, nextAt } } : undefined);

/** Which states each end may follow. */
const ENDS: { readonly [Type in 'recycle_denied' | 'recycle_withdrawn' | 'recycle_expired' | 'recycle_refused' | 'recycle_ended']: readonly Recycle['state'][] } = {
  recycle_denied: ['waiting'], recycle_withdrawn: ['waiting'], recycle_expired: ['checking', 'waiting', 'authorized', 'granted'],
  recycle_refused: ['authorized', 'granted'], recycle_ended: ['checking', 'evicting'],
};

const howOf = (event: EventOf<keyof typeof ENDS>): RecycleOver => {
  switch (event.type) {
    case 'recycle_denied': return { how: 'denied', by: event.by, reason: event.reason };
    case 'recycle_withdrawn': return { how: 'withdrawn', by: event.by };
    case 'recycle_expired': return { how: 'expired' };
    case 'recycle_refused': return { how: 'refused', refusal: event.refusal };
    case 'recycle_ended': return event.end;
  }
};

/** Undefined: the event cannot follow. */
export const evolveRecycle = (request: Recycle | undefined, id: RequestId, event: RecycleEvent): Recycle | undefined => {
  if (event.type === 'recycle_asked') return request === undefined ? { id, version: 1, ask: event.ask, state: 'checking', expiresAt: event.expiresAt, generation: 1 } : undefined;
  if (request === undefined || request.state === 'over') return undefined;
  switch (event.type) {
    case 'recycle_checked': return checked(request, event);
    case 'recycle_approved': return approved(request, event);
    case 'recycle_granted': return granted(request, event);
    case 'recycle_started': return started(request, event);
    case 'recycle_blocked': return blocked(request, event);
    case 'recycle_denied': case 'recycle_withdrawn': case 'recycle_expired': case 'recycle_refused': case 'recycle_ended':
      return ENDS[event.type].includes(request.state) ? over(request, howOf(event)) : undefined;
  }
};
