/** Freezes, pre-approvals and broken glass in words. */
import type { AuthoritySaid } from '../../../app/slack-port.ts';
import type { Review } from '../../../domain/break-glass-review.ts';
import type { Freeze } from '../../../domain/freeze.ts';
import { neededOf, type AllowedScope, type PreApproval } from '../../../domain/pre-approval.ts';
import type { Authorization } from '../../../domain/request-states.ts';
import { cutByWeight } from '../render/escape.ts';
import { duration } from './quantities.ts';
import { at, code, joined, listed, person, principal, say, strong, type Sentence } from './sentence.ts';

const SHORT_CHARS_MAX = 200;
export const short = (text: string): string => cutByWeight(text, SHORT_CHARS_MAX);

const scopeText = ({ kind, name }: AllowedScope): string => `${kind}:${name}`;

/** `@alice in prod (cluster main): preset:sockets, image:netshoot`. */
export const allowed = ({ ask }: PreApproval): Sentence =>
  say`${person(ask.person)} in ${strong(ask.namespace)} (cluster ${ask.cluster}): ${listed(ask.scopes.map((scope) => code(scopeText(scope))))}`;

const HOW: { readonly [How in Extract<PreApproval, { state: 'over' }>['how']]: string } = {
  denied: 'denied', withdrawn: 'taken back', expired: 'nobody decided in time', revoked: 'revoked', ended: 'its time is over',
};

export const allowState = (allow: PreApproval): Sentence => {
  switch (allow.state) {
    case 'waiting': return say`waits for ${String(neededOf(allow.ask) - allow.approvedBy.length)} of ${String(neededOf(allow.ask))} approvals, until ${at(allow.expiresAt)}`;
    case 'active': return say`active until ${at(allow.until)} (${duration(allow.ask.durationMs)} in all), approved by ${listed(allow.approvedBy.map(person), 'and')}`;
    case 'over': return say`over: ${HOW[allow.how]}${allow.by === null ? '' : say` by ${person(allow.by)}`}${allow.reason === null ? '' : say`: ${code(short(allow.reason))}`}`;
  }
};

export const allowLine = (allow: PreApproval): Sentence => say`${code(allow.id)} for ${allowed(allow)} · ${allowState(allow)}`;

export const frozenSentence = ({ by, since, reason }: Freeze): Sentence =>
  say`${person(by)} froze everything at ${at(since)}${reason === null ? '' : say`: ${code(short(reason))}`}`;

const OWED: { readonly [State in Exclude<Review['state'], 'reviewed'>]: string } = { owed: 'review owed', reminded: 'review owed', overdue: 'review overdue' };

export const reviewState = (review: Review): Sentence =>
  review.state === 'reviewed'
    ? say`reviewed by ${person(review.by)}: ${code(short(review.comment))}`
    : say`${OWED[review.state]} by ${at(review.dueAt)}`;

export const reviewLine = (review: Review): Sentence =>
  say`${code(review.id)} 🚨 broken glass of ${person(review.glass.requester)} in ${review.glass.cluster}/${review.glass.namespace}: ${code(short(review.glass.reason))} · ${reviewState(review)}`;

/** Why a request may run without the approvals of now. */
export const exceptionSentence = (authorization: Extract<Authorization, { by: 'pre_approval' | 'break_glass' }>): Sentence =>
  authorization.by === 'pre_approval'
    ? say`pre-approved by ${listed(authorization.approvedBy.map(person), 'and')} (${code(authorization.id)}) · rule: ${authorization.rule}`
    : say`🚨 break-glass, without the approvals that the rule asks for · rule: ${authorization.rule} · reason: ${code(short(authorization.reason))} · cc ${joined(authorization.hold.approvers.map((one) => [principal(one)]), ' ')}`;

export const doneSentence = (said: AuthoritySaid): Sentence => {
  switch (said.of) {
    case 'frozen': return ['Everything is frozen: nothing new is accepted, approved or started. What runs goes on. Two approvers can lift it with /kdebug unfreeze.'];
    case 'lifting': return say`That is one of two. Another approver has to type ${code('/kdebug unfreeze')} before ${at(said.until)}.`;
    case 'lifted': return ['The freeze is lifted.'];
    case 'allow_asked': return say`${code(said.id)} waits for approval: its card is in the channel.`;
    case 'revoked': return say`${code(said.id)} is revoked. Nothing more is started on it.`;
  }
};
