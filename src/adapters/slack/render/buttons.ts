import type { ActionsBlock, Button, PlainTextElement } from '@slack/types';
import type { PodCandidate } from '../../../domain/events.ts';
import { CHOOSE_WITHIN_MS } from '../../../domain/limits.ts';
import { parseRequestId, type RequestId } from '../../../domain/names.ts';
import type { AwaitingApproval, Choosing } from '../../../domain/request-states.ts';
import { BUTTON_CHARS_MAX, CONFIRM_CHARS_MAX } from '../limits.ts';
import { countOf, duration } from '../wording/quantities.ts';
import { shortCommand } from './arguments.ts';
import { cut, oneLine } from './escape.ts';

/** The one block whose buttons count; the button's value is the request's id, and neither is trusted. */
export const CARD_ACTIONS = 'kdebug.card.actions';
export const ACTIONS = { approve: 'kdebug.approve', deny: 'kdebug.deny', details: 'kdebug.details', withdraw: 'kdebug.withdraw', choose: 'kdebug.choose', cancel: 'kdebug.cancel', rerun: 'kdebug.rerun', filter: 'kdebug.filter', recycle: 'kdebug.recycle', insteadImage: 'kdebug.instead.image', insteadProfile: 'kdebug.instead.profile' } as const;

/** Literal: without `emoji`, `:rm:` stays what it is. */
export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

export const button = (action: keyof typeof ACTIONS, label: string, id: RequestId, more: Partial<Button> = {}): Button =>
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

const OPTIONS_MAX = 100;

const describe = ({ ready, status, restarts, createdAt, node }: PodCandidate, now: number): string => [
  ready, status, countOf(restarts, 'restart'),
  ...(createdAt === null ? [] : [`${duration(Math.max(0, now - createdAt))} old`]), ...(node === null ? [] : [node]),
].join(' · ');

/** The value is the request's id and a position: a pod's name may be longer than Slack lets a value be. */
export const podMenu = ({ id, candidates, expiresAt }: Choosing): ActionsBlock => ({
  type: 'actions',
  block_id: CARD_ACTIONS,
  elements: [{
    type: 'static_select', action_id: ACTIONS.choose, placeholder: plain('Pick a pod'),
    options: candidates.slice(0, OPTIONS_MAX).map((candidate, position) => ({
      text: plain(cut(candidate.pod, BUTTON_CHARS_MAX)), value: `${id} ${position}`,
      description: plain(cut(oneLine(describe(candidate, expiresAt - CHOOSE_WITHIN_MS)), BUTTON_CHARS_MAX)),
    })),
  }],
});

/** What a choice from that menu says; undefined when no menu of ours can have said it. */
export const readChoice = (value: string): { readonly request: RequestId; readonly position: number } | undefined => {
  const [id, position, ...rest] = value.split(' ');
  const request = parseRequestId(id);
  return request === undefined || !/^\d{1,2}$/.test(position ?? '') || rest.length > 0 ? undefined : { request, position: Number(position) };
};

const actions = (...elements: readonly Button[]): ActionsBlock => ({ type: 'actions', block_id: CARD_ACTIONS, elements: [...elements] });

/** Of a request that runs or is about to: who may cancel is decided when it is pressed. */
export const runningButtons = (id: RequestId, mayCancel: boolean): ActionsBlock =>
  actions(...(mayCancel ? [button('cancel', 'Cancel', id, { style: 'danger' })] : []), button('details', 'Details', id));

export const askAgainButton = (id: RequestId): ActionsBlock => actions(button('rerun', 'Ask again', id));

/** Below a result; there is nothing to filter where nothing is kept. */
export const resultButtons = (id: RequestId, mayFilter: boolean, more: readonly Button[] = []): ActionsBlock =>
  actions(button('rerun', 'Run again', id), ...(mayFilter ? [button('filter', 'Filter…', id)] : []), ...more);
