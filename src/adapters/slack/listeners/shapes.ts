/** What Slack sends, as far as it is used: https://docs.slack.dev/interactivity and /apis/events-api. Nothing else is read. */
import { z } from 'zod';
import { parseChannelId, parseMessageTs, parseRequestId, parseTeamId, parseUserId } from '../../../domain/names.ts';

/** A value that one of the domain's parsers makes; anything else is refused, whatever its type. */
const branded = <Value>(parse: (value: unknown) => Value | undefined, what: string) =>
  z.unknown().transform((value, context): Value => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `is not ${what}` });
    return z.NEVER;
  });

export const team = branded(parseTeamId, 'a workspace id');
export const user = branded(parseUserId, 'a user id');
export const channel = branded(parseChannelId, 'a channel id');
export const ts = branded(parseMessageTs, 'a message time stamp');
const request = branded(parseRequestId, 'a request id');

const TRIGGER_CHARS_MAX = 255;
const URL_CHARS_MAX = 2_048;
export const trigger = z.string().min(1).max(TRIGGER_CHARS_MAX);
export const appId = z.string().regex(/^A[A-Z0-9]{1,20}$/, 'is not an app id');
export const responseUrl = z.string().max(URL_CHARS_MAX);
export const enterpriseInstall = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false);

export const COMMAND = z.object({
  command: z.string().min(1),
  text: z.string(),
  team_id: team,
  enterprise_id: z.string().optional(),
  is_enterprise_install: enterpriseInstall,
  api_app_id: appId.optional(),
  user_id: user,
  channel_id: channel,
  channel_name: z.string().optional(),
  trigger_id: trigger,
  response_url: responseUrl.optional(),
});

export const actor = z.object({ id: user, team_id: z.string().optional() });
export const organisation = z.object({ id: z.string() }).nullish();

export const ACTION = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id: team }),
  enterprise: organisation,
  is_enterprise_install: enterpriseInstall,
  api_app_id: appId,
  user: actor,
  channel: z.object({ id: channel }),
  container: z.object({ type: z.literal('message'), message_ts: ts, channel_id: channel, is_ephemeral: z.boolean().default(false) }),
  trigger_id: trigger,
  response_url: responseUrl.optional(),
  actions: z.array(z.discriminatedUnion('type', [
    z.object({ type: z.literal('button'), action_id: z.string(), block_id: z.string(), value: request }),
    z.object({ type: z.literal('static_select'), action_id: z.string(), block_id: z.string(), selected_option: z.object({ value: z.string() }) }),
  ])).length(1),
});

export const SUBMISSION = z.object({
  type: z.literal('view_submission'),
  team: z.object({ id: team }),
  enterprise: organisation,
  is_enterprise_install: enterpriseInstall,
  api_app_id: appId,
  user: actor,
  view: z.object({
    id: z.string().min(1).max(TRIGGER_CHARS_MAX),
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() }))) }),
  }),
});

const element: z.ZodType<Element> = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  user_id: z.string().optional(),
  style: z.looseObject({ code: z.boolean().optional() }).optional(),
  get elements() { return z.array(element).optional(); },
});
/** The composer's own rich text, as deep as it goes. */
export interface Element {
  readonly type: string;
  readonly text?: string | undefined;
  readonly user_id?: string | undefined;
  readonly style?: { readonly code?: boolean | undefined } | undefined;
  readonly elements?: readonly Element[] | undefined;
}

export const MENTION = z.object({
  type: z.literal('event_callback'),
  team_id: team,
  enterprise_id: z.string().nullish(),
  api_app_id: appId.optional(),
  event_id: trigger,
  event: z.object({
    type: z.literal('app_mention'),
    user,
    user_team: z.string().optional(),
    text: z.string(),
    channel,
    ts,
    thread_ts: ts.optional(),
    bot_id: z.string().optional(),
    subtype: z.string().optional(),
    edited: z.unknown().optional(),
    // blocks of another kind are Slack's business; they make the text count
    blocks: z.array(z.unknown()).optional(),
  }),
});

export const RICH_TEXT = z.array(element);
