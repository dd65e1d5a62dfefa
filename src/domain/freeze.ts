/**
 * A freeze: nothing more is accepted, approved or granted until two people lift it. What runs goes on.
 *
 *   frozen ─▶ lifting (one approver asked; another one within 60 min) ─▶ lifted
 *     ▲             │
 *     └─────────────┘ the first word lapsed, and somebody asks anew
 */
import { UNFREEZE_WITHIN_MS } from './limits.ts';
import { after, type ChannelId, type Instant, type RequestId, type UserId } from './names.ts';
import type { Refusal } from './refusal.ts';

export type FreezeEvent =
  | { readonly type: 'frozen'; readonly at: Instant; readonly by: UserId; readonly reason: string | null; readonly channel: ChannelId }
  | { readonly type: 'unfreeze_asked'; readonly at: Instant; readonly by: UserId; readonly until: Instant }
  | { readonly type: 'unfrozen'; readonly at: Instant; readonly by: UserId; readonly first: UserId };

interface Frozen {
  readonly id: RequestId;
  /** Events so far. */
  readonly version: number;
  readonly by: UserId;
  readonly since: Instant;
  readonly reason: string | null;
  readonly channel: ChannelId;
}

export type Freeze =
  | (Frozen & { readonly state: 'frozen' })
  | (Frozen & { readonly state: 'lifting'; readonly first: UserId; readonly until: Instant })
  | (Frozen & { readonly state: 'lifted'; readonly liftedBy: readonly [UserId, UserId]; readonly liftedAt: Instant });

/** Entitled is who may approve under any rule, asked just now. */
export interface Unfreeze {
  readonly type: 'unfreeze';
  readonly by: UserId;
  readonly isEntitled: (person: UserId) => boolean;
}

export type FreezeDecision = { readonly ok: true; readonly event: FreezeEvent } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (refusal: Refusal): FreezeDecision => ({ ok: false, refusal });

/** The first event of a freeze, or why this person may not. */
export const freeze = (by: UserId, isEntitled: boolean, reason: string | null, channel: ChannelId, now: Instant): FreezeDecision =>
  isEntitled ? { ok: true, event: { type: 'frozen', at: now, by, reason, channel } } : refuse({ code: 'not_any_approver' });

export const decideFreeze = (request: Freeze, { by, isEntitled }: Unfreeze, now: Instant): FreezeDecision => {
  if (request.state === 'lifted') return refuse({ code: 'not_frozen' });
  if (!isEntitled(by)) return refuse({ code: 'not_any_approver' });
  const counts = request.state === 'lifting' && now < request.until && isEntitled(request.first);
  if (!counts) return { ok: true, event: { type: 'unfreeze_asked', at: now, by, until: after(now, UNFREEZE_WITHIN_MS) } };
  if (request.first === by) return refuse({ code: 'already_lifting', until: request.until });
  return { ok: true, event: { type: 'unfrozen', at: now, by, first: request.first } };
};

const frozenOf = ({ id, by, since, reason, channel }: Frozen, version: number): Frozen => ({ id, by, since, reason, channel, version });

/** Undefined: the event cannot follow. */
export const evolveFreeze = (request: Freeze | undefined, id: RequestId, event: FreezeEvent): Freeze | undefined => {
  if (request === undefined) return event.type === 'frozen' ? { id, version: 1, by: event.by, since: event.at, reason: event.reason, channel: event.channel, state: 'frozen' } : undefined;
  if (request.state === 'lifted' || event.type === 'frozen') return undefined;
  const frozen = frozenOf(request, request.version + 1);
  return event.type === 'unfreeze_asked'
    ? { ...frozen, state: 'lifting', first: event.by, until: event.until }
    : { ...frozen, state: 'lifted', liftedBy: [event.first, event.by], liftedAt: event.at };
};

export const frozenRefusal = ({ by, since, reason }: Freeze): Refusal => ({ code: 'frozen', by, since, reason });
