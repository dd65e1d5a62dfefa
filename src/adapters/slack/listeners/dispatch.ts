/** Every delivery comes through here, whatever it is, and leaves answered. */
import { errorLine } from '../logger.ts';
import { NOT_KNOWN } from '../render/answers.ts';
import { FORM_VIEW } from '../render/form-state.ts';
import { noticeView } from '../render/modals.ts';
import { worded } from '../render/rich.ts';
import { ephemeral } from '../respond.ts';
import { onAction } from './actions.ts';
import { isAuthorityAction, isAuthorityView, onAuthorityAction, onAuthoritySubmission } from './authority.ts';
import { onCommand } from './command.ts';
import { STARTING, type Ack, type Listener, type Listening } from './listener.ts';
import { onFormAction, onFormSubmission, onSuggestion } from './form.ts';
import { onHome } from './home.ts';
import { onMention } from './mention.ts';
import { onShortcut } from './shortcut.ts';
import { onSubmission } from './views.ts';
import type { Sentence } from '../wording/sentence.ts';

type Kind = 'command' | 'action' | 'view' | 'mention' | 'form' | 'formAction' | 'suggestion' | 'shortcut' | 'home' | 'authority' | 'authorityView' | 'other';

const LISTENERS: { readonly [Of in Exclude<Kind, 'other'>]: Listener } = {
  command: onCommand, action: onAction, view: onSubmission, mention: onMention,
  authority: onAuthorityAction, authorityView: onAuthoritySubmission,
  form: onFormSubmission, formAction: onFormAction, suggestion: onSuggestion, shortcut: onShortcut, home: onHome,
};

/** By the marks that Slack itself tells them by. */
const kindOf = (body: object): Kind => {
  const { command, type, event, view } = body as { command?: unknown; type?: unknown; event?: { type?: unknown } | null; view?: { callback_id?: unknown } | null };
  if (command !== undefined) return 'command';
  if (type === 'event_callback') return event?.type === 'app_mention' ? 'mention' : event?.type === 'app_home_opened' ? 'home' : 'other';
  const isForm = view?.callback_id === FORM_VIEW;
  if (type === 'view_submission') return isForm ? 'form' : isAuthorityView(view?.callback_id) ? 'authorityView' : 'view';
  if (type === 'block_actions' && isAuthorityAction(body)) return 'authority';
  if (type === 'block_suggestion') return 'suggestion';
  if (type === 'message_action') return 'shortcut';
  // a link of the Home tab was followed: Slack does that by itself
  if (type === 'block_actions') return isForm ? 'formAction' : view === undefined || view === null ? 'action' : 'other';
  return 'other';
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
  if (kind === 'suggestion') return { options: [] };
  return kind === 'view' || kind === 'authorityView' || kind === 'form' ? { response_action: 'update', view: noticeView(sentence) } : undefined;
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
