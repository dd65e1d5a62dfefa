/** What Slack sends of forms, their type-ahead, message shortcuts and the Home tab, as far as it is used. */
import { z } from 'zod';
import { actor, appId, channel, enterpriseInstall, organisation, responseUrl, team, trigger, ts, user } from './shapes.ts';

const ID_CHARS_MAX = 255;
const TEXT_CHARS_MAX = 3_000;
const id = z.string().min(1).max(ID_CHARS_MAX);

const origin = { team: z.object({ id: team }), enterprise: organisation, is_enterprise_install: enterpriseInstall, api_app_id: appId, user: actor };

/** What stands in one field: typed, or chosen. */
const filledIn = z.object({ value: z.string().max(TEXT_CHARS_MAX).nullish(), selected_option: z.object({ value: id }).nullish() });
const values = z.record(z.string().max(ID_CHARS_MAX), z.record(z.string().max(ID_CHARS_MAX), filledIn));
export type Values = z.output<typeof values>;

const view = z.object({
  id, hash: z.string().max(ID_CHARS_MAX).default(''), callback_id: z.string(), private_metadata: z.string().max(TEXT_CHARS_MAX),
  state: z.object({ values }).default({ values: {} }),
});

export const FORM_SUBMISSION = z.object({ type: z.literal('view_submission'), ...origin, trigger_id: trigger.optional(), view });
export const FORM_ACTION = z.object({ type: z.literal('block_actions'), ...origin, view });
export const SUGGESTION = z.object({ type: z.literal('block_suggestion'), ...origin, view, action_id: id, value: z.string().max(TEXT_CHARS_MAX) });

export const SHORTCUT = z.object({
  type: z.literal('message_action'), ...origin, callback_id: z.literal('kdebug_from_message'), trigger_id: trigger, response_url: responseUrl.optional(),
  channel: z.object({ id: channel }), message: z.looseObject({ ts, thread_ts: ts.optional() }),
});

export const HOME = z.object({
  type: z.literal('event_callback'), team_id: team, enterprise_id: z.string().nullish(), api_app_id: appId.optional(),
  event: z.object({ type: z.literal('app_home_opened'), user, tab: z.string() }),
});
