/** Cards and notices of freezes, pre-approvals and broken glass. Each card is a projection of its state, updated in place. */
import type { ActionsBlock, Button, SectionBlock } from '@slack/types';
import type { AuthorityMessage } from '../../../app/authority/ports.ts';
import type { AuthorityClick } from '../../../app/slack-port.ts';
import type { Review } from '../../../domain/break-glass-review.ts';
import type { Freeze } from '../../../domain/freeze.ts';
import type { RequestId } from '../../../domain/names.ts';
import { approversOf, type PreApproval } from '../../../domain/pre-approval.ts';
import type { Principal } from '../../../domain/policy/rule.ts';
import type { Recycle } from '../../../domain/recycle-states.ts';
import type { Queued } from '../../../domain/request-states.ts';
import { allowed, allowState, exceptionSentence, frozenSentence, reviewState, short } from '../wording/authority.ts';
import { duration } from '../wording/quantities.ts';
import { at, code, joined, listed, person, principal, say, strong, type Sentence } from '../wording/sentence.ts';
import { shortCommand } from './arguments.ts';
import { plain } from './buttons.ts';
import { places } from './plan.ts';
import { recycleLines, recycleTitle } from './recycle.ts';
import { lines, richText, spoken, worded, type Message } from './rich.ts';

/** The one block whose buttons count here; a button's value is an id, and neither is trusted. */
export const AUTHORITY_ACTIONS = 'kdebug.authority.actions';
export const AUTHORITY_BUTTONS: { readonly [Action in AuthorityClick['action']]: string } = {
  allow_approve: 'kdebug.allow.approve', allow_deny: 'kdebug.allow.deny', allow_revoke: 'kdebug.allow.revoke', review: 'kdebug.review',
  recycle_approve: 'kdebug.recycle.approve', recycle_deny: 'kdebug.recycle.deny', recycle_withdraw: 'kdebug.recycle.withdraw',
};

const headline = (text: string): SectionBlock => ({ type: 'section', text: { type: 'mrkdwn', text: `*${text}*`, verbatim: true } });

const button = (action: AuthorityClick['action'], label: string, id: RequestId, more: Partial<Button> = {}): Button =>
  ({ type: 'button', action_id: AUTHORITY_BUTTONS[action], text: plain(label), value: id, ...more });

const confirm = (title: string, text: string, yes: string): Pick<Button, 'confirm'> =>
  ({ confirm: { title: plain(title), text: plain(text), confirm: plain(yes), deny: plain('Go back') } });

const cardOf = (title: string, said: readonly Sentence[], id: string, isRepeat: boolean, buttons: readonly Button[] = []): Message => ({
  text: spoken([[strong(title), '.'], ...said]),
  blocks: [
    headline(title), richText(lines([...said, say`${code(id)}${isRepeat ? ' (repeat)' : ''}`])),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', block_id: AUTHORITY_ACTIONS, elements: [...buttons] } satisfies ActionsBlock]),
  ],
});

const cc = (approvers: readonly Principal[]): readonly Sentence[] => (approvers.length === 0 ? [] : [say`cc ${listed(approvers.map(principal))}`]);

const freezeCard = (freeze: Freeze, mention: readonly Principal[], isRepeat: boolean): Message => {
  if (freeze.state === 'lifted') return cardOf('☀️ Not frozen any more', [frozenSentence(freeze), say`lifted by ${listed(freeze.liftedBy.map(person), 'and')} at ${at(freeze.liftedAt)}`], freeze.id, isRepeat);
  return cardOf('🧊 Frozen', [
    frozenSentence(freeze),
    ['Nothing new is accepted, approved or started. What runs goes on.'],
    freeze.state === 'lifting' ? say`${person(freeze.first)} wants it lifted: one more approver by ${at(freeze.until)}` : say`Two approvers lift it with ${code('/kdebug unfreeze')}`,
    ...cc(mention),
  ], freeze.id, isRepeat);
};

const allowTitle = (allow: PreApproval): string => ({ waiting: '⏳ Pre-approval asked for', active: '🎟️ Pre-approved', over: '🚫 Pre-approval over' } as const)[allow.state];

const allowButtons = ({ state, id, ask }: PreApproval): readonly Button[] => {
  if (state === 'over') return [];
  if (state === 'active') return [button('allow_revoke', 'Revoke', id, { style: 'danger', ...confirm('Revoke it?', 'Nothing more is started on it. What runs goes on.', 'Revoke') })];
  return [
    button('allow_approve', 'Approve', id, { style: 'primary', ...confirm('Approve beforehand?', `For ${duration(ask.durationMs)} no one is asked about what it covers.`, 'Approve') }),
    button('allow_deny', 'Deny…', id, { style: 'danger' }), button('allow_revoke', 'Withdraw', id, confirm('Take it back?', 'It is not decided any more.', 'Withdraw')),
  ];
};

const allowCard = (allow: PreApproval, isRepeat: boolean): Message => {
  const { ask, state } = allow;
  const isDecidable = state === 'waiting';
  return cardOf(allowTitle(allow), [
    say`${person(ask.by)} asks that what is below need no approval for ${duration(ask.durationMs)}`,
    say`for ${allowed(allow)}`,
    say`instead of the approvals of: ${joined(ask.rules.map(({ rule }) => [rule]), '; ')}`,
    allowState(allow),
    ...(isDecidable ? [['An image covers any command with it, but none with netadmin or sysadmin. A change of the rules ends it.'], ...cc(approversOf(ask))] : []),
  ], allow.id, isRepeat, allowButtons(allow));
};

const broken = ({ glass }: Review): readonly Sentence[] => [
  say`${person(glass.requester)} broke the glass in ${strong(glass.namespace)} / ${code(short(glass.pods.join(', ')))} (cluster ${glass.cluster}): ${code(shortCommand(glass.argv))}`,
  say`reason: ${code(short(glass.reason))} · rule: ${glass.rule}`,
];

const reviewCard = (review: Review, isRepeat: boolean): Message =>
  review.state === 'reviewed'
    ? cardOf('✅ Broken glass: reviewed', [...broken(review), say`reviewed by ${person(review.by)} at ${at(review.at)}: ${code(review.comment)}`], review.id, isRepeat)
    : cardOf('🚨 Broken glass: a review is owed', [
      ...broken(review), reviewState(review), ['Somebody else who approves there looks at it and says what they found.'], ...cc(review.glass.approvers),
    ], review.id, isRepeat, [button('review', 'Reviewed…', review.id, { style: 'primary' })]);

const recycleButtons = ({ state, id }: Recycle): readonly Button[] => (state !== 'waiting' ? [] : [
  button('recycle_approve', 'Approve', id, { style: 'primary', ...confirm('Evict this pod?', 'It ends, and whatever owns it makes another. Disruption budgets are honoured.', 'Approve') }),
  button('recycle_deny', 'Deny…', id, { style: 'danger' }), button('recycle_withdraw', 'Withdraw', id),
]);

const reminder = (review: Review): Message => worded(
  say`${review.state === 'overdue' ? '⏰ Overdue: nobody has reviewed this broken glass.' : '⏰ Half of the time is over: this broken glass is not reviewed yet.'} ${code(review.id)}`,
  ...broken(review), reviewState(review), say`its card is in ${{ channel: review.glass.channel }}`, ...cc(review.glass.approvers),
);

const glassNotice = ({ id, ask, plan, authorization }: Queued, isRepeat: boolean): Message => cardOf('🚨 Break-glass: about to run without approval', [
  say`${person(ask.requester)} runs ${code(shortCommand(plan.argv))} in ${places(plan.targets)}`,
  say`image ${code(plan.container.image)}, profile ${plan.profile}, typed in ${{ channel: ask.place.typedIn }}`,
  authorization.by === 'break_glass' ? exceptionSentence(authorization) : [],
], id, isRepeat);

export const authorityMessage = (message: AuthorityMessage, isRepeat: boolean): Message => {
  switch (message.of) {
    case 'freeze': return freezeCard(message.freeze, message.mention, isRepeat);
    case 'lifting': return worded(message.freeze.state === 'lifting' ? say`🧊 ${person(message.freeze.first)} wants the freeze lifted: one more approver types ${code('/kdebug unfreeze')} before ${at(message.freeze.until)}. ${code(message.freeze.id)}` : ['The freeze is as it was.']);
    case 'lifted': return worded(say`☀️ The freeze is lifted${message.freeze.state === 'lifted' ? say` by ${listed(message.freeze.liftedBy.map(person), 'and')}` : ''}: commands are accepted again. ${code(message.freeze.id)}`);
    case 'allow': return allowCard(message.allow, isRepeat);
    case 'review': return reviewCard(message.review, isRepeat);
    case 'reminder': return reminder(message.review);
    case 'recycle': return cardOf(recycleTitle(message.recycle), recycleLines(message.recycle), message.recycle.id, isRepeat, recycleButtons(message.recycle));
    case 'glass': return glassNotice(message.request, isRepeat);
  }
};
