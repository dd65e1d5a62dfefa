/** Why an approval came to nothing, in one sentence, to somebody who stands outside Slack. Nothing of the request is in it. */
import type { Refusal } from '../../domain/refusal.ts';
import type { StepUpFailure } from '../../domain/step-up.ts';

const AGAIN = 'Press Approve on the card in Slack again.';

const FAILURES: { readonly [Why in StepUpFailure]: string } = {
  unknown_link: `This link is none that kdebug knows. ${AGAIN}`,
  expired_link: `This link has expired: it is good for five minutes. ${AGAIN}`,
  used_link: `This link has been used already, and works once. If the request still waits for you: ${AGAIN}`,
  unknown_login: `Nobody is waiting for this login: it was answered already, or took longer than five minutes. ${AGAIN}`,
  another_browser: `This login began in another browser, so it does not count. ${AGAIN}`,
  provider_away: `The login provider does not answer, so nothing was confirmed. Try again in a minute: ${AGAIN}`,
  login_refused: `The login provider did not confirm the login. ${AGAIN}`,
  old_login: `The login is older than the approval that it should confirm, so it does not count. ${AGAIN}`,
  no_address: 'Your login has no verified address that could be held against the one in Slack. Ask the people who run kdebug.',
  another_person: `You logged in as somebody else than the person who pressed Approve, so nothing was approved. ${AGAIN}`,
};

const REFUSALS: { readonly [Code in Refusal['code']]?: string } = {
  own_request: 'You asked for this yourself, so somebody else has to approve it.',
  not_an_approver: 'You may not approve this, or not any more. The card in Slack says who may.',
  not_a_member: 'Only full members of the workspace can approve, and Slack does not say that you are one.',
  already_approved: 'You have approved this already; it waits for somebody else.',
  another_plan: `What would run has changed since you pressed Approve. Read the card in Slack; if you still agree: ${AGAIN}`,
  already_decided: 'This request is decided already; the card in Slack says how.',
  too_late: 'This request has expired, so it cannot be approved any more. It has to be asked for again.',
  frozen: 'Everything is frozen at the moment, so nothing can be approved. The card keeps waiting.',
  too_busy: `Several people decide on this request right now, so your approval was not counted. ${AGAIN}`,
  no_such_request: 'That request is not known any more. It has to be asked for again.',
};

/** Any other is a change of the request since, and its card tells it. */
const CHANGED = 'This approval does not count any more. The card in Slack says what became of the request.';

export const refusalWords = (refusal: Refusal): string => (refusal.code === 'step_up_failed' ? FAILURES[refusal.why] : REFUSALS[refusal.code] ?? CHANGED);

export const UNAVAILABLE = `That could not be saved, so nothing was approved. Try again in a minute: ${AGAIN}`;
