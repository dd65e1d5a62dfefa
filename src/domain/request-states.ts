/** The states of a request, each with only its own fields, and the commands that may change them. */
import type { Ask, CheckedGate, PodCandidate, RequestEvent, RunEnd, Waiting } from './events.ts';
import type { ChannelId, Instant, MessageTs, PodName, RequestId, Sha256, UserId } from './names.ts';
import type { Failure } from './outcome.ts';
import type { Plan, Preflight } from './plan.ts';
import type { Grant, GrantClaim } from './grant.ts';
import type { Gate, Hold } from './policy/gate.ts';
import type { PreApproval } from './pre-approval.ts';
import type { Refusal } from './refusal.ts';
import type { StepUp } from './step-up.ts';

export interface Approval {
  readonly by: UserId;
  readonly at: Instant;
  readonly digest: Sha256;
  /** The login outside Slack that confirmed it, where the rule demands one. */
  readonly stepUp?: StepUp;
}

/** Why a request may run: the rule that allowed it, or the other people who approved exactly this plan. */
export type Authorization =
  | { readonly by: 'rule'; readonly rule: string }
  | { readonly by: 'approvals'; readonly rule: string; readonly hold: Hold; readonly approvals: readonly Approval[] }
  | { readonly by: 'pre_approval'; readonly id: RequestId; readonly rule: string; readonly approvedBy: readonly UserId[] }
  | BrokenGlass;

/** In place of the approvals that `rule` asks for. `notice`: as Slack took it; without one there is no grant. */
export interface BrokenGlass {
  readonly by: 'break_glass';
  readonly rule: string;
  readonly hold: Hold;
  readonly reason: string;
  readonly since: Instant;
  readonly notice: GlassNotice | null;
}

export interface GlassNotice {
  readonly channel: ChannelId;
  readonly ts: MessageTs;
}

/** What may stand for the approvals of a held plan, as it is at this moment. */
export type Exception =
  /** `isEntitled`: may approve under the rule that holds, asked just now. */
  | { readonly by: 'pre_approval'; readonly allow: PreApproval; readonly isEntitled: (person: UserId) => boolean }
  /** `refusal`: why the person may not; absent: they may. */
  | { readonly by: 'break_glass'; readonly refusal?: Refusal };

export interface Asked {
  readonly id: RequestId;
  readonly ask: Ask;
  readonly askedAt: Instant;
  /** Events so far. */
  readonly version: number;
  /** 1, or 2 after the policy changed and it was planned again. */
  readonly revision: number;
  /** The pod that the requester picked where the text meant several. */
  readonly chosen: PodName | null;
}
export interface WithPlan extends Asked {
  readonly plan: Plan;
  readonly digest: Sha256;
  readonly preflight: Preflight;
}
export interface Authorized extends WithPlan {
  readonly authorization: Authorization;
  /** The command must not start after this; the wrapper refuses. */
  readonly notAfter: Instant;
}

export type Requested = Asked & { readonly state: 'requested'; readonly expiresAt: Instant; readonly generation: number };
export type Choosing = Asked & { readonly state: 'choosing'; readonly candidates: readonly PodCandidate[]; readonly expiresAt: Instant };
export type Planned = WithPlan & { readonly state: 'planned'; readonly generation: number };
export type AwaitingApproval = WithPlan & { readonly state: 'awaiting_approval'; readonly rule: string; readonly hold: Hold; readonly approvals: readonly Approval[]; readonly expiresAt: Instant };
export type Queued = Authorized & { readonly state: 'queued'; readonly grant: Grant | null; readonly generation: number };
export type Running = Authorized & { readonly state: 'running'; readonly startedAt: Instant; readonly worker: string; readonly grant: Grant; readonly stopRequestedBy: UserId | null; readonly generation: number };
export type Finished = Authorized & { readonly state: 'finished'; readonly startedAt: Instant; readonly finishedAt: Instant; readonly ends: readonly RunEnd[] };
export type Refused = Asked & { readonly state: 'refused'; readonly endedAt: Instant; readonly refusal: Refusal; readonly planned: WithPlan | null };
/** `--dry-run`: planned, tried by the API server and held against the rules; nothing ran. */
export type Checked = WithPlan & { readonly state: 'checked'; readonly endedAt: Instant; readonly gate: CheckedGate };
export type Denied = WithPlan & { readonly state: 'denied'; readonly endedAt: Instant; readonly by: UserId; readonly reason: string | null };
export type Withdrawn = WithPlan & { readonly state: 'withdrawn'; readonly endedAt: Instant };
export type Cancelled = Asked & { readonly state: 'cancelled'; readonly endedAt: Instant; readonly by: UserId; readonly planned: WithPlan | null };
export type Expired = Asked & { readonly state: 'expired'; readonly endedAt: Instant; readonly waitingFor: Waiting; readonly planned: WithPlan | null };

export type Terminal = Finished | Checked | Refused | Denied | Withdrawn | Cancelled | Expired;
export type Request = Requested | Choosing | Planned | AwaitingApproval | Queued | Running | Finished | Checked | Refused | Denied | Withdrawn | Cancelled | Expired;

/** What somebody, or a step, wants of a request. */
export type Command =
  | { readonly type: 'report_plan'; readonly plan: Plan; readonly preflight: Preflight }
  | { readonly type: 'report_choice'; readonly revision: number; readonly candidates: readonly PodCandidate[] }
  | { readonly type: 'choose'; readonly by: UserId; readonly pod: PodName }
  | { readonly type: 'report_no_plan'; readonly revision: number; readonly failure: Failure }
  | { readonly type: 'pass_gate'; readonly gate: Gate; readonly policyVersion: Sha256; readonly exception?: Exception }
  /** Null: Slack will not take it, and `why`. */
  | { readonly type: 'report_notice'; readonly notice: GlassNotice | null; readonly why: string | null }
  | { readonly type: 'grant'; readonly gate: Gate; readonly policyVersion: Sha256; readonly exception?: Exception; /** Of the approvers so far, asked just now. */ readonly isEntitled: (approver: UserId) => boolean; readonly sign: (claim: GrantClaim) => string }
  /** `hasApproved`: another account of the same person did. */
  | { readonly type: 'approve'; readonly by: UserId; readonly isEntitled: boolean; readonly hasApproved: boolean; readonly digest: Sha256; readonly stepUp?: StepUp }
  | { readonly type: 'deny'; readonly by: UserId; readonly isEntitled: boolean; readonly reason: string | null }
  | { readonly type: 'withdraw'; readonly by: UserId }
  | { readonly type: 'cancel'; readonly by: UserId; /** The cluster grants `pods/exec`. */ readonly canStop: boolean }
  | { readonly type: 'start'; readonly worker: string; readonly generation: number }
  | { readonly type: 'lapse' }
  | { readonly type: 'finish'; readonly ends: readonly RunEnd[] }
  | { readonly type: 'expire' };

export type Decision =
  | { readonly ok: true; readonly event: RequestEvent; /** The append must happen no later than this. */ readonly validUntil?: Instant }
  | { readonly ok: false; readonly refusal: Refusal };
