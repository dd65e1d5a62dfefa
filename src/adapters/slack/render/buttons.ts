import type { ActionsBlock, Button, PlainTextElement } from '@slack/types';
import type { RequestId } from '../../../domain/names.ts';
import type { AwaitingApproval } from '../../../domain/request-states.ts';
import { CONFIRM_CHARS_MAX } from '../limits.ts';
import { shortCommand } from './arguments.ts';
import { cut, oneLine } from './escape.ts';

/** The one block whose buttons count; the button's value is the request's id, and neither is trusted. */
export const CARD_ACTIONS = 'kdebug.card.actions';
export const ACTIONS = { approve: 'kdebug.approve', deny: 'kdebug.deny', details: 'kdebug.details', withdraw: 'kdebug.withdraw' } as const;

/** Literal: without `emoji`, `:rm:` stays what it is. */
export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

const button = (action: keyof typeof ACTIONS, label: string, id: RequestId, more: Partial<Button> = {}): Button =>
  ({ type: 'button', action_id: ACTIONS[action], text: plain(label), value: id, ...more });

const question = ({ plan }: AwaitingApproval): string => {
  const [target] = plan.targets;
  const where = target === undefined ? '' : ` in ${target.namespace} / ${target.pod}`;
  const others = plan.targets.length > 1 ? ` and ${plan.targets.length - 1} more` : '';
  const command = shortCommand(plan.argv, CONFIRM_CHARS_MAX - Math.min(200, where.length + others.length) - 20);
  return cut(oneLine(`Run ${command}${where}${others}?`), CONFIRM_CHARS_MAX);
};

export const pendingButtons = (request: AwaitingApproval): ActionsBlock => ({
  type: 'actions',
  block_id: CARD_ACTIONS,
  elements: [
    button('approve', 'Approve', request.id, {
      style: 'primary',
      confirm: { title: plain('Run this?'), text: plain(question(request)), confirm: plain('Approve'), deny: plain('Go back') },
    }),
    button('deny', 'Deny…', request.id, { style: 'danger' }),
    button('details', 'Details', request.id),
    button('withdraw', 'Withdraw', request.id),
  ],
});

export const detailsButton = (id: RequestId): ActionsBlock => ({ type: 'actions', block_id: CARD_ACTIONS, elements: [button('details', 'Details', id)] });
