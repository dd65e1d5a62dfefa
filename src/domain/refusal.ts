import type { Instant, RequestId, Sha256, UserId } from './names.ts';
import type { Failure } from './outcome.ts';
import type { Principal } from './policy/rule.ts';

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
  | { readonly code: 'step_up_unavailable'; readonly rule: string }
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
  | { readonly code: 'unknown_channel' }
  | { readonly code: 'nowhere_to_post' }
  | { readonly code: 'shared_channel' }
  | { readonly code: 'too_many_pending'; readonly pending: readonly RequestId[] }
  | { readonly code: 'already_asked'; readonly request: RequestId }
  | { readonly code: 'not_built'; readonly what: string }
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
  | { readonly code: 'too_busy' }
  // what a grant or a start needs and does not have
  | { readonly code: 'no_grant' }
  | { readonly code: 'not_due'; readonly state: string };

