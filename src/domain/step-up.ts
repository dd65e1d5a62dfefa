/** The login outside Slack by which an approver confirms: Slack alone must not be enough to approve. */
import { LOGIN_SKEW_MS } from './limits.ts';
import type { Instant } from './names.ts';

/** Who confirmed, as the issuer knows them: https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability */
export interface StepUp {
  readonly issuer: string;
  readonly subject: string;
}

export interface LoggedIn extends StepUp {
  /** Verified by the issuer; null: it has none, or has not verified it. */
  readonly email: string | null;
  /** When the person gave their password, or whatever the issuer asks for; milliseconds, on the issuer's clock. */
  readonly authenticatedAtMs: number;
}

/** Why a step-up came to nothing; the words are the adapters'. */
export type StepUpFailure =
  | 'unknown_link' | 'expired_link' | 'used_link'
  | 'unknown_login' | 'another_browser'
  | 'provider_away' | 'login_refused' | 'old_login' | 'no_address' | 'another_person';

/** Whom the approver must turn out to be. */
export interface Expected {
  /** As Slack has confirmed it, or as kdebug.yaml maps the approver; undefined: nobody says. */
  readonly name: string | undefined;
  /** `map`: the name may be the issuer's own subject too. */
  readonly from: 'email' | 'map';
  readonly startedAt: Instant;
}

const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** A login that was there before the approver asked for one proves nothing about who sits there now. */
export const whyNotConfirmed = (person: LoggedIn, { name, from, startedAt }: Expected): StepUpFailure | undefined => {
  if (!(person.authenticatedAtMs >= startedAt - LOGIN_SKEW_MS)) return 'old_login';
  if (name === undefined) return 'no_address';
  if (from === 'map' && person.subject === name) return undefined;
  if (person.email === null) return 'no_address';
  return sameName(person.email, name) ? undefined : 'another_person';
};

/** Two accounts in Slack that confirm by one login are one person. */
export const isSamePerson = (one: StepUp | undefined, other: StepUp | undefined): boolean =>
  one !== undefined && other !== undefined && one.issuer === other.issuer && one.subject === other.subject;
