import type { RunCommand } from './command/command.ts';
import type { ChannelId, ClusterName, Instant, MessageTs, PodName, RequestId, Sha256, TeamId, UserId } from './names.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { OutputSummary } from './output.ts';
import type { KubernetesPerson } from './person.ts';
import type { Plan, Preflight } from './plan.ts';
import type { Gate, Hold } from './policy/gate.ts';
import type { Refusal } from './refusal.ts';
import type { StepUp } from './step-up.ts';

/** Where a request was typed, where its card goes, and whether that is an incident's own channel. */
export interface Place {
  readonly team: TeamId;
  readonly typedIn: ChannelId;
  readonly cardIn: ChannelId;
  readonly incident: boolean;
  /** The thread it was typed in, by its parent; absent: the card begins its own. */
  readonly thread?: MessageTs;
}

/** What was asked, as it was accepted: everything that follows is held against this. */
export interface Ask {
  readonly requester: UserId;
  readonly place: Place;
  /** As typed, before anything was normalised. */
  readonly text: string;
  readonly command: RunCommand;
  readonly cluster: ClusterName;
  /** Whom the requester is in the cluster, when identity is on. */
  readonly person?: KubernetesPerson;
}

/** One of several pods that the text may mean, with what helps to choose. */
export interface PodCandidate {
  readonly pod: PodName;
  /** As `kubectl get pods` says it: `1/1`, `Running`. */
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  readonly createdAt: Instant | null;
  readonly node: string | null;
}

/** How one pod's run ended. */
export interface RunEnd {
  readonly pod: PodName;
  readonly outcome: Outcome;
  readonly output: OutputSummary | null;
}

/** What the rules would say of a command that is only checked; one that they refuse is refused. */
export type CheckedGate = Extract<Gate, { gate: 'open' } | { gate: 'held' }>;

/** What a request may wait for in vain. */
export type Waiting = 'choice' | 'plan' | 'approval' | 'start';

/**
 * A fact that happened to a request. The list of these is the state, the history and the audit trail, and they cannot
 * disagree. `at` is the time of Redis when it was decided. Credentials are refused at the door, so the list can be shown.
 */
export type RequestEvent =
  | { readonly type: 'requested'; readonly at: Instant; readonly ask: Ask; readonly expiresAt: Instant }
  | { readonly type: 'choosing'; readonly at: Instant; readonly candidates: readonly PodCandidate[]; readonly expiresAt: Instant }
  | { readonly type: 'chosen'; readonly at: Instant; readonly by: UserId; readonly pod: PodName; readonly expiresAt: Instant }
  | { readonly type: 'planned'; readonly at: Instant; readonly plan: Plan; readonly preflight: Preflight }
  | { readonly type: 'not_planned'; readonly at: Instant; readonly failure: Failure }
  | { readonly type: 'replanned'; readonly at: Instant; readonly policyVersion: Sha256; readonly expiresAt: Instant }
  | { readonly type: 'allowed'; readonly at: Instant; readonly rule: string; readonly notAfter: Instant }
  /** A pre-approval covers what the rule would hold. */
  | { readonly type: 'pre_approved'; readonly at: Instant; readonly id: RequestId; readonly rule: string; readonly approvedBy: readonly UserId[]; readonly notAfter: Instant }
  /** Break-glass stands for the approvals that the rule asks for; nothing runs before it is announced. */
  | { readonly type: 'glass_broken'; readonly at: Instant; readonly by: UserId; readonly rule: string; readonly hold: Hold; readonly reason: string; readonly notAfter: Instant }
  /** Slack has taken the notice, as this message of the audit channel. */
  | { readonly type: 'announced'; readonly at: Instant; readonly channel: ChannelId; readonly ts: MessageTs }
  | { readonly type: 'held'; readonly at: Instant; readonly rule: string; readonly hold: Hold; readonly expiresAt: Instant }
  /** `--dry-run`: nothing else happens to it. */
  | { readonly type: 'checked'; readonly at: Instant; readonly gate: CheckedGate }
  | { readonly type: 'refused'; readonly at: Instant; readonly refusal: Refusal }
  | { readonly type: 'approved'; readonly at: Instant; readonly by: UserId; readonly digest: Sha256; readonly stepUp?: StepUp; readonly notAfter: Instant }
  | { readonly type: 'denied'; readonly at: Instant; readonly by: UserId; readonly reason: string | null }
  | { readonly type: 'withdrawn'; readonly at: Instant; readonly by: UserId }
  | { readonly type: 'granted'; readonly at: Instant; readonly until: Instant; readonly signature: string }
  | { readonly type: 'grant_lapsed'; readonly at: Instant }
  | { readonly type: 'started'; readonly at: Instant; readonly worker: string }
  | { readonly type: 'stop_requested'; readonly at: Instant; readonly by: UserId }
  | { readonly type: 'finished'; readonly at: Instant; readonly ends: readonly RunEnd[] }
  | { readonly type: 'cancelled'; readonly at: Instant; readonly by: UserId }
  | { readonly type: 'expired'; readonly at: Instant; readonly waitingFor: Waiting };
