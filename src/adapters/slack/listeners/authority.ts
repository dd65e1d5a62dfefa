/** Buttons and forms of pre-approvals and reviews. */
import type { ModalView } from '@slack/types';
import type { AuthorityClick, ClickAnswer } from '../../../app/slack-port.ts';
import { ACK_WITHIN_MS, REASON_CHARS_MAX } from '../../../domain/limits.ts';
import { inTime } from '../deadline.ts';
import type { Identity } from '../identity.ts';
import { errorLine } from '../logger.ts';
import { clickAnswer, CLICK_NOT_KNOWN, NOT_UNDERSTOOD } from '../render/answers.ts';
import { AUTHORITY_ACTIONS, AUTHORITY_BUTTONS } from '../render/authority.ts';
import { askingView, AUTHORITY_BLOCK, AUTHORITY_INPUT, AUTHORITY_VIEWS } from '../render/authority-views.ts';
import { noticeView, readCardRef } from '../render/modals.ts';
import { worded, type Message } from '../render/rich.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { refused, shaped, whyForeign, type Read } from './door.ts';
import { report, saidOf, type Listener, type Listening } from './listener.ts';
import { ACTION, SUBMISSION } from './shapes.ts';

type Action = AuthorityClick['action'];

const actionNamed = (id: string | undefined): Action | undefined => (Object.keys(AUTHORITY_BUTTONS) as Action[]).find((action) => AUTHORITY_BUTTONS[action] === id);
const viewNamed = (callback: unknown): keyof typeof AUTHORITY_VIEWS | undefined =>
  (Object.keys(AUTHORITY_VIEWS) as (keyof typeof AUTHORITY_VIEWS)[]).find((action) => AUTHORITY_VIEWS[action] === callback);

export const isAuthorityView = (callback: unknown): boolean => viewNamed(callback) !== undefined;

/** By the block that was pressed; what is in it is checked afterwards. */
export const isAuthorityAction = (body: object): boolean => {
  const [first] = 'actions' in body && Array.isArray(body.actions) ? body.actions as readonly unknown[] : [];
  return typeof first === 'object' && first !== null && 'block_id' in first && first.block_id === AUTHORITY_ACTIONS;
};

interface Pressed {
  readonly click: AuthorityClick;
  readonly responseUrl: string | undefined;
}

export const readAuthorityClick = (body: unknown, identity: Identity): Read<Pressed> => {
  const read = shaped(ACTION, body);
  if (!read.ok) return read;
  const { value } = read;
  const [first] = value.actions;
  const action = actionNamed(first?.action_id);
  if (first?.type !== 'button' || action === undefined || first.block_id !== AUTHORITY_ACTIONS) return refused('malformed', 'the button is none of ours');
  if (value.container.is_ephemeral || value.container.channel_id !== value.channel.id) return refused('malformed', 'the button is not on a message of its channel');
  const foreign = whyForeign({ team: value.team.id, userTeam: value.user.team_id, enterprise: value.enterprise?.id, isEnterpriseInstall: value.is_enterprise_install, appId: value.api_app_id }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  const click: AuthorityClick = {
    user: value.user.id, team: value.team.id, appId: value.api_app_id, channel: value.channel.id, ts: value.container.message_ts,
    request: first.value, trigger: value.trigger_id, action, reason: null,
  };
  return { ok: true, value: { click, responseUrl: value.response_url } };
};

export const readAuthoritySubmission = (body: unknown, identity: Identity): Read<AuthorityClick> => {
  const read = shaped(SUBMISSION, body);
  if (!read.ok) return read;
  const { view, user, team, api_app_id: appId, enterprise, is_enterprise_install: isEnterpriseInstall } = read.value;
  const [action, card] = [viewNamed(view.callback_id), readCardRef(view.private_metadata)];
  if (action === undefined || card === undefined) return refused('malformed', 'the form is none of ours');
  const reason = view.state.values[AUTHORITY_BLOCK]?.[AUTHORITY_INPUT]?.value?.trim() ?? '';
  if (reason.length > REASON_CHARS_MAX) return refused('malformed', 'the text is too long');
  const foreign = whyForeign({ team: team.id, userTeam: user.team_id, enterprise: enterprise?.id, isEnterpriseInstall, appId }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  return { ok: true, value: { ...card, user: user.id, team: team.id, appId, trigger: view.id, action, reason: reason === '' ? null : reason } };
};

const tell = async (listening: Listening, { click, responseUrl }: Pressed, message: Message): Promise<void> => {
  const isTold = await listening.respond(responseUrl, message) || await listening.outbound.whisper(message, click);
  if (!isTold) listening.log.warn({ user: click.user, request: click.request }, 'the answer to a click could not be told');
};

const CANNOT_OPEN = worded(['Slack did not open the form. Press again.']);

export const onAuthorityAction: Listener = async (listening, identity, body, ack) => {
  await ack();
  const read = readAuthorityClick(body, identity);
  if (!read.ok) {
    report(listening, 'click', read, body);
    const url = typeof body === 'object' && body !== null && 'response_url' in body && typeof body.response_url === 'string' ? body.response_url : undefined;
    await listening.respond(url, saidOf(read));
    return;
  }
  const { action } = read.value.click;
  if (action === 'allow_deny' || action === 'review' || action === 'recycle_deny') return openAsking(listening, action, read.value);
  const message = await answered(listening, read.value.click);
  if (message !== undefined) await tell(listening, read.value, message);
};

const openAsking = async (listening: Listening, action: keyof typeof AUTHORITY_VIEWS, pressed: Pressed): Promise<void> => {
  try {
    await listening.outbound.openView(pressed.click.trigger, askingView(action, pressed.click));
  } catch (error) {
    listening.log.warn({ error: errorLine(error) }, 'a form could not be opened');
    await tell(listening, pressed, CANNOT_OPEN);
  }
};

const answered = async (listening: Listening, click: AuthorityClick): Promise<Message | undefined> => {
  try {
    return clickAnswer(await listening.handlers.authority(click));
  } catch (error) {
    listening.log.error({ error: errorLine(error) }, 'a click failed, and whether it was counted is not known');
    return worded(CLICK_NOT_KNOWN);
  }
};

const shows = (view: ModalView) => ({ response_action: 'update' as const, view });

const viewOf = (answer: ClickAnswer): ModalView | undefined => {
  if (answer.kind === 'done') return undefined;
  return noticeView(answer.kind === 'refused' ? refusalSentence(answer.refusal) : ['I could not save that, so nothing has changed. Press again in a minute.']);
};

/** Its answer stands in the form itself. */
export const onAuthoritySubmission: Listener = async (listening, identity, body, ack) => {
  const read = readAuthoritySubmission(body, identity);
  if (!read.ok) {
    await ack(shows(noticeView(NOT_UNDERSTOOD)));
    report(listening, 'view', read, body);
    return;
  }
  const outcome = await inTime(() => listening.handlers.authority(read.value), ACK_WITHIN_MS);
  if (outcome.kind === 'failed') listening.log.error({ error: errorLine(outcome.error), request: read.value.request }, 'a form failed, and whether it was counted is not known');
  const view = outcome.kind === 'value' ? viewOf(outcome.value) : noticeView(CLICK_NOT_KNOWN);
  await ack(view === undefined ? undefined : shows(view));
};
