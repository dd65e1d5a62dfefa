/**
 * The door: what Slack delivers becomes values, or is refused. Signature or socket have proven that Slack sent it; here
 * it must also be well formed and of our workspace and our app.
 */
import type { z } from 'zod';
import type { Click, Denial, Rejected, TypedCommand } from '../../../app/slack-port.ts';
import { REASON_CHARS_MAX } from '../../../domain/limits.ts';
import { parseChannelId, parseUserId } from '../../../domain/names.ts';
import type { Identity } from '../identity.ts';
import { ACTIONS, CARD_ACTIONS, readChoice } from '../render/buttons.ts';
import { DENY_VIEW, readCardRef, REASON_BLOCK, REASON_INPUT } from '../render/modals.ts';
import { typedIn } from './mention-text.ts';
import { ACTION, COMMAND, MENTION, SUBMISSION } from './shapes.ts';

/** `foreign`: of another workspace, organisation or app. `ignored`: nothing is said about it, nothing is wrong. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly kind: 'malformed' | 'foreign' | 'ignored'; readonly why: string };

export const refused = (kind: 'malformed' | 'foreign' | 'ignored', why: string): Extract<Read<never>, { ok: false }> => ({ ok: false, kind, why });

/** Where and what was wrong, never the value itself. */
export const shaped = <Shape extends z.ZodType>(shape: Shape, body: unknown): Read<z.output<Shape>> => {
  const parsed = shape.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return refused('malformed', `${issue?.path.map(String).join('.') ?? ''} is not as Slack sends it`);
};

interface Origin {
  readonly team: string;
  readonly userTeam?: string | undefined;
  readonly enterprise?: string | null | undefined;
  readonly isEnterpriseInstall?: boolean;
  readonly appId?: string | undefined;
}

export const whyForeign = (origin: Origin, identity: Identity): string | undefined => {
  if (origin.team !== identity.team) return 'it is of another workspace';
  if (origin.userTeam !== undefined && origin.userTeam !== identity.team && origin.userTeam !== identity.enterprise) return 'the person is of another workspace';
  if (origin.isEnterpriseInstall === true) return 'it is of an installation for a whole organisation';
  if ((origin.enterprise ?? null) !== null && origin.enterprise !== identity.enterprise) return 'it is of another organisation';
  if (origin.appId !== undefined && identity.appId !== null && origin.appId !== identity.appId) return 'it is of another app';
  return undefined;
};

export interface CommandRead {
  readonly input: TypedCommand;
  readonly responseUrl: string | undefined;
}

export const readCommand = (body: unknown, identity: Identity): Read<CommandRead> => {
  const read = shaped(COMMAND, body);
  if (!read.ok) return read;
  const { value } = read;
  const foreign = whyForeign({ team: value.team_id, enterprise: value.enterprise_id, isEnterpriseInstall: value.is_enterprise_install, appId: value.api_app_id }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  return {
    ok: true,
    value: {
      input: {
        user: value.user_id, team: value.team_id, channel: value.channel_id, text: value.text, escaped: false, trigger: value.trigger_id, source: 'slash',
        ...(value.channel_name !== undefined && { channelName: value.channel_name }),
      },
      responseUrl: value.response_url,
    },
  };
};

export const readMention = (body: unknown, identity: Identity): Read<TypedCommand> => {
  const read = shaped(MENTION, body);
  if (!read.ok) return read;
  const { event, ...value } = read.value;
  // an edit is not a command, and a subtype is somebody else's words
  if (event.edited !== undefined || event.subtype !== undefined || event.bot_id !== undefined || event.user === identity.botUser) return refused('ignored', 'it was not typed by a person just now');
  const foreign = whyForeign({ team: value.team_id, userTeam: event.user_team, enterprise: value.enterprise_id, appId: value.api_app_id }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  return {
    ok: true,
    value: {
      user: event.user, team: value.team_id, channel: event.channel, trigger: value.event_id, source: 'mention', ...typedIn(event, identity.botUser),
      ...(event.thread_ts !== undefined && { thread: event.thread_ts }),
    },
  };
};

export interface ClickRead {
  readonly action: keyof typeof ACTIONS;
  readonly click: Click;
  /** What was chosen from a menu. */
  readonly position?: number;
  readonly responseUrl: string | undefined;
}

type Pressed = z.output<typeof ACTION>['actions'][number];

/** What was pressed or chosen, of the buttons and menus that our cards have. */
const pressedOn = (pressed: Pressed | undefined): Pick<ClickRead, 'action' | 'position'> & Pick<Click, 'request'> | undefined => {
  const action = (Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]).find((name) => ACTIONS[name] === pressed?.action_id);
  if (pressed === undefined || action === undefined || (action === 'choose') !== (pressed.type === 'static_select')) return undefined;
  if (pressed.type === 'button') return { action, request: pressed.value };
  const choice = readChoice(pressed.selected_option.value);
  return choice && { action, ...choice };
};

export const readClick = (body: unknown, identity: Identity): Read<ClickRead> => {
  const read = shaped(ACTION, body);
  if (!read.ok) return read;
  const { value } = read;
  const [first] = value.actions;
  const pressed = pressedOn(first);
  if (first === undefined || pressed === undefined) return refused('malformed', 'the button is none of ours');
  if (first.block_id !== CARD_ACTIONS) return refused('malformed', 'the button is not where ours are');
  if (value.container.is_ephemeral || value.container.channel_id !== value.channel.id) return refused('malformed', 'the button is not on a message of its channel');
  const foreign = whyForeign({ team: value.team.id, userTeam: value.user.team_id, enterprise: value.enterprise?.id, isEnterpriseInstall: value.is_enterprise_install, appId: value.api_app_id }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  const { request, ...what } = pressed;
  const click: Click = {
    user: value.user.id, team: value.team.id, appId: value.api_app_id, channel: value.channel.id,
    ts: value.container.message_ts, request, trigger: value.trigger_id,
  };
  return { ok: true, value: { ...what, click, responseUrl: value.response_url } };
};

export const readDenial = (body: unknown, identity: Identity): Read<Denial> => {
  const read = shaped(SUBMISSION, body);
  if (!read.ok) return read;
  const { value } = read;
  if (value.view.callback_id !== DENY_VIEW) return refused('malformed', 'the form is none of ours');
  const card = readCardRef(value.view.private_metadata);
  if (card === undefined) return refused('malformed', 'the form does not say which card it is for');
  const reason = value.view.state.values[REASON_BLOCK]?.[REASON_INPUT]?.value?.trim() ?? '';
  if (reason.length > REASON_CHARS_MAX) return refused('malformed', 'the reason is too long');
  const foreign = whyForeign({ team: value.team.id, userTeam: value.user.team_id, enterprise: value.enterprise?.id, isEnterpriseInstall: value.is_enterprise_install, appId: value.api_app_id }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  return { ok: true, value: { ...card, user: value.user.id, team: value.team.id, appId: value.api_app_id, trigger: value.view.id, reason: reason === '' ? null : reason } };
};

const field = (body: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined), body);

/** Who and where, as far as a refused delivery says it in the right form. */
export const rejection = (what: Rejected['what'], why: string, body: unknown): Rejected => ({
  what, why,
  user: parseUserId(field(body, 'user_id')) ?? parseUserId(field(body, 'user', 'id')) ?? parseUserId(field(body, 'event', 'user')) ?? null,
  channel: parseChannelId(field(body, 'channel_id')) ?? parseChannelId(field(body, 'channel', 'id')) ?? parseChannelId(field(body, 'event', 'channel')) ?? null,
});
