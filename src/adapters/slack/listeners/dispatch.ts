/** Every delivery comes through here, whatever it is, and leaves answered. */
import { errorLine } from '../logger.ts';
import { NOT_KNOWN } from '../render/answers.ts';
import { noticeView } from '../render/modals.ts';
import { worded } from '../render/rich.ts';
import { ephemeral } from '../respond.ts';
import { onAction } from './actions.ts';
import { onCommand } from './command.ts';
import { STARTING, type Ack, type Listener, type Listening } from './listener.ts';
import { onMention } from './mention.ts';
import { onSubmission } from './views.ts';
import type { Sentence } from '../wording/sentence.ts';

type Kind = 'command' | 'action' | 'view' | 'mention' | 'other';

const LISTENERS: { readonly [Of in Exclude<Kind, 'other'>]: Listener } = {
  command: onCommand, action: onAction, view: onSubmission, mention: onMention,
};

/** By the marks that Slack itself tells them by. */
const kindOf = (body: object): Kind => {
  const { command, type, event } = body as { command?: unknown; type?: unknown; event?: { type?: unknown } | null };
  if (command !== undefined) return 'command';
  if (type === 'block_actions') return 'action';
  if (type === 'view_submission') return 'view';
  return type === 'event_callback' && event?.type === 'app_mention' ? 'mention' : 'other';
};

/** Slack takes one acknowledgement; a second is an error of its library. False: it did not go out. */
const once = (send: ((response?: unknown) => Promise<void>) | undefined, { log }: Listening): Ack => {
  let isDone = send === undefined;
  return async (response) => {
    if (isDone || send === undefined) return true;
    isDone = true;
    try {
      await send(response);
      return true;
    } catch (error) {
      log.warn({ error: errorLine(error) }, 'an acknowledgement did not reach Slack');
      return false;
    }
  };
};

const told = (kind: Kind, sentence: Sentence): unknown => {
  if (kind === 'command') return ephemeral(worded(sentence));
  return kind === 'view' ? { response_action: 'update', view: noticeView(sentence) } : undefined;
};

/** `send` is absent for events: Bolt has acknowledged them. Never rejects. */
export const dispatch = async (listening: Listening, body: object, send: ((response?: unknown) => Promise<void>) | undefined): Promise<void> => {
  const kind = kindOf(body);
  const ack = once(send, listening);
  const identity = listening.identity();
  try {
    if (kind === 'other') await ack();
    else if (identity === undefined) await ack(told(kind, STARTING));
    else await LISTENERS[kind](listening, identity, body, ack);
  } catch (error) {
    listening.log.error({ error: errorLine(error), kind }, 'a listener failed');
  }
  // whatever happened above, nobody is left with Slack's own timeout message
  await ack(told(kind, NOT_KNOWN));
};
