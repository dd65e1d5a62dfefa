/** The requests of their own kind: freeze, pre-approval, review, recycle. Each is a list of events of its own, in the same ledger. */
import { evolveReview, type Review, type ReviewEvent } from './break-glass-review.ts';
import { evolveFreeze, type Freeze, type FreezeEvent } from './freeze.ts';
import type { Instant, RequestId } from './names.ts';
import { evolvePreApproval, type PreApproval, type PreApprovalEvent } from './pre-approval.ts';
import { evolveRecycle } from './recycle-evolve.ts';
import type { Recycle, RecycleEvent } from './recycle-states.ts';

export type AuthorityEvent = FreezeEvent | PreApprovalEvent | ReviewEvent | RecycleEvent;

/** What each kind consists of. */
export interface Authorities {
  readonly freeze: { readonly state: Freeze; readonly event: FreezeEvent };
  readonly allow: { readonly state: PreApproval; readonly event: PreApprovalEvent };
  readonly review: { readonly state: Review; readonly event: ReviewEvent };
  readonly recycle: { readonly state: Recycle; readonly event: RecycleEvent };
}
export type AuthorityKind = keyof Authorities;
export type StateOf<Kind extends AuthorityKind> = Authorities[Kind]['state'];
export type EventOf<Kind extends AuthorityKind> = Authorities[Kind]['event'];

/** A list that no events of that kind can have led to: our own bug or somebody's edit, so it throws. */
export class BrokenAuthorityError extends Error {
  constructor(kind: AuthorityKind, id: RequestId, version: number, event: AuthorityEvent['type']) {
    super(`Event ${version} of the ${kind} ${id} is "${event}", which cannot follow what stands before it: the record was edited or written by an unknown version.`);
    this.name = 'BrokenRecordError';
  }
}

type Evolve<Kind extends AuthorityKind> = (state: StateOf<Kind> | undefined, id: RequestId, event: EventOf<Kind>) => StateOf<Kind> | undefined;
const EVOLUTIONS: { readonly [Kind in AuthorityKind]: Evolve<Kind> } = { freeze: evolveFreeze, allow: evolvePreApproval, review: evolveReview, recycle: evolveRecycle };

export const AUTHORITY_KINDS = Object.keys(EVOLUTIONS) as readonly AuthorityKind[];
/** Whether a chain of the ledger, by its name KIND.ID, is that of such a request. */
export const isAuthorityChain = (chain: string): boolean => AUTHORITY_KINDS.some((kind) => chain.startsWith(`${kind}.`));

export const evolveAuthority = <Kind extends AuthorityKind>(kind: Kind, state: StateOf<Kind> | undefined, id: RequestId, event: EventOf<Kind>): StateOf<Kind> => {
  const next = EVOLUTIONS[kind](state, id, event);
  if (next === undefined) throw new BrokenAuthorityError(kind, id, (state?.version ?? 0) + 1, event.type);
  return next;
};

/** Undefined for an empty list. */
export const replayAuthority = <Kind extends AuthorityKind>(kind: Kind, id: RequestId, events: readonly EventOf<Kind>[]): StateOf<Kind> | undefined => {
  let state: StateOf<Kind> | undefined;
  for (const event of events) state = evolveAuthority(kind, state, id, event);
  return state;
};

const OVER: readonly string[] = ['lifted', 'over', 'reviewed'];
export const isAuthorityOver = ({ state }: StateOf<AuthorityKind>): boolean => OVER.includes(state);

/** When somebody must look at it again though nothing happened; undefined: never. */
export const nextLookAt = (state: StateOf<AuthorityKind>): Instant | undefined => {
  switch (state.state) {
    case 'waiting': case 'checking': return state.expiresAt;
    case 'active': return state.until;
    case 'owed': return state.remindAt;
    case 'reminded': return state.dueAt;
    case 'authorized': return state.notAfter;
    case 'granted': return state.grant.until;
    case 'evicting': return state.until;
    case 'frozen': case 'lifting': case 'lifted': case 'over': case 'overdue': case 'reviewed': return undefined;
  }
};
