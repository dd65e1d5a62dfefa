/**
 * What the step-up needs of the world: a memory for links and logins, and a provider that says who logged in.
 *
 * Terminology: a *ticket* is what a link of ours stands for, known by the SHA-256 of the link's secret; a *login* is one
 * way from our page to the provider and back, known by the SHA-256 of its `state`.
 */
import type { Instant, RequestId, Sha256, TeamId, UserId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AwaitingApproval, Request } from '../domain/request-states.ts';
import type { LoggedIn, StepUpFailure } from '../domain/step-up.ts';

/** One click on Approve: by whom, on exactly which plan. */
export interface Ticket {
  readonly user: UserId;
  readonly team: TeamId;
  readonly request: RequestId;
  readonly digest: Sha256;
  readonly until: Instant;
}

/** What must come back as it was sent. */
export interface LoginChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Login extends LoginChecks {
  readonly ticket: Sha256;
  /** Of the secret that only the browser holds in which it began. */
  readonly browser: Sha256;
  readonly startedAt: Instant;
}

/** Secrets are never stored, only their digests; what is stored cannot be edited unseen. */
export interface Tickets {
  issue(id: Sha256, ticket: Ticket): Promise<void>;
  /** Also one that is over, for an hour. */
  read(id: Sha256): Promise<Ticket | undefined>;
  isUsed(id: Sha256): Promise<boolean>;
  /** True for the first caller, and for no other. */
  use(id: Sha256): Promise<boolean>;
  /** False once LOGINS_PER_LINK_MAX were begun from its ticket. */
  beginLogin(id: Sha256, login: Login): Promise<boolean>;
  /** Answers once. */
  takeLogin(id: Sha256): Promise<Login | undefined>;
}

/** Neither rejects: whatever goes wrong is a value, its cause in the log. */
export interface IdentityProvider {
  /** Where to send the browser; undefined: the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly checks: LoginChecks } | undefined>;
  /** What the browser brought back, and what must be in it. */
  finish(answer: URLSearchParams, checks: LoginChecks): Promise<LoggedIn | { readonly why: StepUpFailure }>;
}

/** What one page of ours shows. */
export type StepUpAnswer =
  | { readonly kind: 'plan'; readonly request: AwaitingApproval; readonly requester: string; readonly approver: string; readonly until: Instant }
  /** On to the provider. */
  | { readonly kind: 'login'; readonly url: string }
  | { readonly kind: 'approved'; readonly request: Request }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

/** What the use cases do for the page. None of these rejects. */
export interface StepUpHandlers {
  /** The page of a link. Changes nothing: whatever looks at links may look at this one. */
  show(secret: string): Promise<StepUpAnswer>;
  begin(secret: string, browser: string): Promise<StepUpAnswer>;
  finish(answer: URLSearchParams, browser: string): Promise<StepUpAnswer>;
}

/** How a click is answered that needs a login. */
export interface StepUpLinks {
  readonly tickets: Tickets;
  /** 256 random bits that fit into a path. */
  readonly newSecret: () => string;
  /** The address of the page with this secret. */
  readonly addressOf: (secret: string) => string;
}
