import type { Instant, RequestId, Sha256, UserId } from './names.ts';
import type { Failure } from './outcome.ts';
import type { Profile } from './container.ts';
import type { Principal } from './policy/rule.ts';
import type { StepUpFailure } from './step-up.ts';

/**
 * Why something was not accepted: a command, a click, or a request as a whole. A value, told to the person and written
 * to the ledger; its words are in one exhaustive table in adapters/slack.
 */
export type Refusal =
  // the policy
  | { readonly code: 'rule'; readonly rule: string; readonly message?: string }
  | { readonly code: 'no_rule' }
  | { readonly code: 'reason_missing'; readonly rule: string; readonly pattern?: string }
  | { readonly code: 'digest_required'; readonly rule: string; readonly image: string }
  | { readonly code: 'unbounded_image'; readonly rule: string; readonly image: string }
  | { readonly code: 'private_refused'; readonly rule: string }
  /** `access`: by what the pods reach their node. */
  | { readonly code: 'env_refused'; readonly rule: string; readonly names: readonly string[] }
  /** A command of several pods, which several rules decide. */
  | { readonly code: 'pods_differ'; readonly rules: readonly string[] }
  /** A worker reported a plan for something else than was asked. */
  | { readonly code: 'plan_not_asked' }
  | { readonly code: 'node_access_refused'; readonly rule: string; readonly access: readonly string[] }
  | { readonly code: 'step_up_unavailable'; readonly rule: string }
  /** An approval that lacks the login outside Slack: not given yet, or not in the record. */
  | { readonly code: 'step_up_needed'; readonly rule: string }
  | { readonly code: 'step_up_missing'; readonly approver: UserId }
  | { readonly code: 'step_up_failed'; readonly why: StepUpFailure }
  | { readonly code: 'policy_changed' }
  | { readonly code: 'approval_lost'; readonly approver: UserId }
  | { readonly code: 'own_namespace'; readonly namespace: string }
  // the cluster, or the catalogue
  | { readonly code: 'not_planned'; readonly failure: Failure }
  | { readonly code: 'cluster_unknown'; readonly cluster: string; readonly clusters: readonly string[] }
  | { readonly code: 'timeout_too_long'; readonly timeoutMs: number; readonly maxMs: number }
  | { readonly code: 'card_too_long'; readonly characters: number; readonly max: number }
  // where it was typed, and by whom
  | { readonly code: 'not_a_member'; readonly user: UserId }
  | { readonly code: 'no_identity'; readonly why: string }
  | { readonly code: 'unknown_channel' }
  | { readonly code: 'nowhere_to_post' }
  | { readonly code: 'shared_channel' }
  | { readonly code: 'too_many_pending'; readonly pending: readonly RequestId[] }
  // a click, or a word about a request
  | { readonly code: 'no_such_request' }
  | { readonly code: 'wrong_card' }
  | { readonly code: 'own_request'; readonly approvers: readonly Principal[] }
  | { readonly code: 'not_an_approver'; readonly approvers: readonly Principal[] }
  | { readonly code: 'already_approved' }
  | { readonly code: 'another_plan'; readonly digest: Sha256 }
  | { readonly code: 'not_the_requester' }
  | { readonly code: 'already_decided'; readonly state: string }
  | { readonly code: 'too_late'; readonly since: Instant }
  | { readonly code: 'running' ; readonly until: Instant }
  /** Somebody asked for that already. */
  | { readonly code: 'stopping'; readonly until: Instant }
  | { readonly code: 'may_not_see' }
  | { readonly code: 'output_gone' }
  | { readonly code: 'too_busy' }
  // what a grant or a start needs and does not have
  | { readonly code: 'no_grant' }
  | { readonly code: 'not_due'; readonly state: string }
  // the exceptional authorities
  | { readonly code: 'frozen'; readonly by: UserId; readonly since: Instant; readonly reason: string | null }
  | { readonly code: 'not_frozen' }
  | { readonly code: 'already_lifting'; readonly until: Instant }
  | { readonly code: 'not_any_approver' }
  | { readonly code: 'allow_needless'; readonly scope: string }
  | { readonly code: 'allow_needs_login'; readonly scope: string; readonly rule: string }
  | { readonly code: 'too_many_allows'; readonly max: number }
  | { readonly code: 'own_allow' }
  | { readonly code: 'no_such_allow' }
  | { readonly code: 'not_yours_to_revoke' }
  | { readonly code: 'allow_over' }
  | { readonly code: 'break_glass_off' }
  | { readonly code: 'break_glass_reason' }
  | { readonly code: 'break_glass_who'; readonly who: readonly Principal[] }
  | { readonly code: 'break_glass_profile'; readonly profiles: readonly Profile[] }
  /** `why`: what Slack said; null: it never said yes in time. */
  | { readonly code: 'not_announced'; readonly why: string | null }
  | { readonly code: 'own_glass' }
  | { readonly code: 'comment_missing' }
  // recycling
  | { readonly code: 'already_recycling'; readonly request: RequestId }
  | { readonly code: 'recycle_needs_login'; readonly rule: string }
  // quotas
  | { readonly code: 'too_fast'; readonly of: 'person' | 'channel' | 'all'; readonly afterMs: number }
  | { readonly code: 'cooling_down'; readonly afterMs: number }
  | { readonly code: 'queue_full'; readonly cluster: string; readonly waiting: number };
