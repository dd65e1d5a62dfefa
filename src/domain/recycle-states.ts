/** The states of a recycle, each with only its own fields, its events, and the commands that may change it. */
import type { Profile } from './container.ts';
import type { EvictionAuthorization, EvictionClaim, Grant } from './grant.ts';
import type { ChannelId, ImageName, Instant, MessageTs, RequestId, TeamId, UserId } from './names.ts';
import type { Failure } from './outcome.ts';
import type { KubernetesPerson } from './person.ts';
import type { PlanTarget } from './plan.ts';
import type { RecycleGate } from './policy/recycling.ts';
import type { Refusal } from './refusal.ts';

export type RecycleTarget = Pick<PlanTarget, 'cluster' | 'namespace' | 'pod' | 'uid'>;

export interface RecycleAsk {
  readonly by: UserId;
  readonly team: TeamId;
  /** Whom they are in the cluster, when identity is on: the cluster is asked whether this person may evict. */
  readonly person?: KubernetesPerson;
  /** The request below whose result it was asked for. */
  readonly of: RequestId;
  readonly channel: ChannelId;
  /** The thread of that request. */
  readonly thread: MessageTs | null;
  readonly target: RecycleTarget;
  /** What the rules are held against, beside where it is: as of a plain run like the one that was made. */
  readonly like: { readonly channel: ChannelId; readonly image: ImageName; readonly profile: Profile; readonly labels: Readonly<Record<string, string>> };
  /** What the rules said when it was asked; they are asked again before the grant. */
  readonly gate: RecycleGate;
}

/** What a worker found without changing anything. */
export interface RecycleCheck {
  /** Debug containers in the pod. */
  readonly containers: number;
  /** What makes another one: `ReplicaSet/api-7f9`; null: nothing does. */
  readonly owner: string | null;
  /** The budget that would not let it go now; null: none stands in the way. */
  readonly budget: BudgetFailure | null;
}
export type BudgetFailure = Extract<Failure, { code: 'disruption_budget' }>;

export type RecycleEnd =
  | { readonly how: 'evicted' }
  /** Gone before kdebug knew that the cluster had agreed, or `isReplaced` by another of its name. */
  | { readonly how: 'gone'; readonly isReplaced: boolean }
  | { readonly how: 'failed'; readonly failure: Failure }
  /** No worker said what became of it. */
  | { readonly how: 'unknown' };

export type RecycleEvent =
  | { readonly type: 'recycle_asked'; readonly at: Instant; readonly ask: RecycleAsk; readonly expiresAt: Instant }
  /** `until`: of an open gate the eviction must start by then, of a held one somebody must decide. */
  | { readonly type: 'recycle_checked'; readonly at: Instant; readonly check: RecycleCheck; readonly until: Instant }
  | { readonly type: 'recycle_approved'; readonly at: Instant; readonly by: UserId; readonly notAfter: Instant }
  | { readonly type: 'recycle_denied'; readonly at: Instant; readonly by: UserId; readonly reason: string | null }
  | { readonly type: 'recycle_withdrawn'; readonly at: Instant; readonly by: UserId }
  | { readonly type: 'recycle_expired'; readonly at: Instant }
  | { readonly type: 'recycle_refused'; readonly at: Instant; readonly refusal: Refusal }
  | { readonly type: 'recycle_granted'; readonly at: Instant; readonly until: Instant; readonly signature: string }
  | { readonly type: 'recycle_started'; readonly at: Instant; readonly worker: string; readonly until: Instant }
  | { readonly type: 'recycle_blocked'; readonly at: Instant; readonly failure: Failure; readonly nextAt: Instant }
  | { readonly type: 'recycle_ended'; readonly at: Instant; readonly end: RecycleEnd };

interface Asked {
  readonly id: RequestId;
  /** Events so far. */
  readonly version: number;
  readonly ask: RecycleAsk;
}
interface Checked extends Asked {
  readonly check: RecycleCheck;
}
export interface Authorized extends Checked {
  readonly authorization: EvictionAuthorization;
  /** The eviction must not be asked for the first time after this. */
  readonly notAfter: Instant;
}
interface Granted extends Authorized {
  readonly grant: Grant;
  /** Of the job that evicts. */
  readonly generation: number;
}

export type Recycle =
  | (Asked & { readonly state: 'checking'; readonly expiresAt: Instant; readonly generation: number })
  | (Checked & { readonly state: 'waiting'; readonly expiresAt: Instant })
  | (Authorized & { readonly state: 'authorized' })
  | (Granted & { readonly state: 'granted' })
  | (Granted & { readonly state: 'evicting'; readonly until: Instant; readonly tries: number; readonly blocked: { readonly failure: Failure; readonly nextAt: Instant } | null })
  | (Asked & { readonly state: 'over'; readonly check: RecycleCheck | null; readonly authorization: EvictionAuthorization | null; readonly over: RecycleOver });

export type RecycleOver =
  | RecycleEnd
  | { readonly how: 'denied'; readonly by: UserId; readonly reason: string | null }
  | { readonly how: 'withdrawn'; readonly by: UserId }
  | { readonly how: 'expired' }
  | { readonly how: 'refused'; readonly refusal: Refusal };

export type RecycleCommand =
  | { readonly type: 'report_check'; readonly check: RecycleCheck }
  | { readonly type: 'approve'; readonly by: UserId; readonly isEntitled: boolean }
  | { readonly type: 'deny'; readonly by: UserId; readonly isEntitled: boolean; readonly reason: string | null }
  | { readonly type: 'withdraw'; readonly by: UserId }
  /** `gate`: as the rules are now; `isEntitled`: of the one who approved, asked just now. */
  | { readonly type: 'grant'; readonly gate: RecycleGate | { readonly gate: 'closed'; readonly refusal: Refusal }; readonly isEntitled: (approver: UserId) => boolean; readonly sign: (claim: EvictionClaim) => string }
  | { readonly type: 'start'; readonly worker: string; readonly generation: number }
  | { readonly type: 'block'; readonly failure: Failure }
  | { readonly type: 'end'; readonly end: RecycleEnd }
  | { readonly type: 'lapse' };
