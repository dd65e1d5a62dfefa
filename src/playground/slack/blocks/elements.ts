import { BLOCK_KIT } from '../limits.ts';
import { both, byType, flag, integer, list, matching, object, oneOf, someOf, string, type Check } from './check.ts';
import { checkOption, choiceFields, choices, confirm, id, mrkdwnBody, option, overflowOption, plainBody, plainText, style } from './objects.ts';

/** Block elements: https://docs.slack.dev/reference/block-kit/block-elements, by where Slack lets them stand. */
const shared = { action_id: id, confirm };
const placed = { ...shared, placeholder: plainText(BLOCK_KIT.placeholder), focus_on_load: flag };
const URL = matching(/^(?:https?|mailto|tel|slack):[^\s]+$/, 'a URL');
const DATE = matching(/^\d{4}-\d{2}-\d{2}$/, 'a date YYYY-MM-DD');
const TIME = matching(/^\d{2}:\d{2}$/, 'a time HH:mm');
const ID_LIST = list(string(BLOCK_KIT.id), BLOCK_KIT.selectOptions);
const MANY = { ...placed, max_selected_items: integer(1, BLOCK_KIT.selectOptions) };

const button = object(
  { text: plainText(BLOCK_KIT.buttonText) },
  { ...shared, url: both(string(BLOCK_KIT.url), URL), value: string(BLOCK_KIT.buttonValue), style, accessibility_label: string(BLOCK_KIT.buttonText) },
);

export const image = both(
  object({ alt_text: string(BLOCK_KIT.altText) }, { image_url: both(string(BLOCK_KIT.url), URL), slack_file: object({}, { id: string(BLOCK_KIT.id), url: string(BLOCK_KIT.url) }) }),
  someOf('image_url', 'slack_file'),
);

const selects: Readonly<Record<string, Check>> = {
  static_select: both(object({}, { ...placed, ...choiceFields, initial_option: option }), choices),
  external_select: object({}, { ...placed, initial_option: option, min_query_length: integer(0, BLOCK_KIT.inputText) }),
  users_select: object({}, { ...placed, initial_user: id }),
  conversations_select: object({}, { ...placed, initial_conversation: id, default_to_current_conversation: flag, response_url_enabled: flag, filter: object({}, { include: ID_LIST, exclude_external_shared_channels: flag, exclude_bot_users: flag }) }),
  channels_select: object({}, { ...placed, initial_channel: id, response_url_enabled: flag }),
};

const multiSelects: Readonly<Record<string, Check>> = {
  multi_static_select: both(object({}, { ...MANY, ...choiceFields, initial_options: list(option, BLOCK_KIT.selectOptions) }), choices),
  multi_external_select: object({}, { ...MANY, initial_options: list(option, BLOCK_KIT.selectOptions), min_query_length: integer(0, BLOCK_KIT.inputText) }),
  multi_users_select: object({}, { ...MANY, initial_users: ID_LIST }),
  multi_conversations_select: object({}, { ...MANY, initial_conversations: ID_LIST }),
  multi_channels_select: object({}, { ...MANY, initial_channels: ID_LIST }),
};

const checks: Readonly<Record<string, Check>> = {
  checkboxes: object({ options: list(checkOption, BLOCK_KIT.checkOptions) }, { ...shared, initial_options: list(checkOption, BLOCK_KIT.checkOptions), focus_on_load: flag }),
  radio_buttons: object({ options: list(checkOption, BLOCK_KIT.checkOptions) }, { ...shared, initial_option: checkOption, focus_on_load: flag }),
};

const dates: Readonly<Record<string, Check>> = {
  datepicker: object({}, { ...placed, initial_date: DATE }),
  timepicker: object({}, { ...placed, initial_time: TIME, timezone: string(BLOCK_KIT.id) }),
  datetimepicker: object({}, { ...shared, initial_date_time: integer(1_000_000_000, 9_999_999_999), focus_on_load: flag }),
};

const overflow = object({ options: list(overflowOption, BLOCK_KIT.overflowOptions) }, shared);
const dispatchConfig = object({}, { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2) });
const typed = { action_id: id, placeholder: plainText(BLOCK_KIT.placeholder), focus_on_load: flag, dispatch_action_config: dispatchConfig };

const inputs: Readonly<Record<string, Check>> = {
  plain_text_input: object({}, { ...typed, initial_value: string(BLOCK_KIT.inputText, 0), multiline: flag, min_length: integer(0, BLOCK_KIT.inputText), max_length: integer(1, BLOCK_KIT.inputText) }),
  email_text_input: object({}, { ...typed, initial_value: string(BLOCK_KIT.inputText) }),
  url_text_input: object({}, { ...typed, initial_value: string(BLOCK_KIT.inputText) }),
  number_text_input: object({ is_decimal_allowed: flag }, { ...typed, initial_value: string(BLOCK_KIT.inputText), min_value: string(BLOCK_KIT.id), max_value: string(BLOCK_KIT.id) }),
};

export const actionElement = byType({ button, overflow, ...selects, ...multiSelects, ...checks, ...dates });
export const accessoryElement = byType({ button, overflow, image, ...selects, ...multiSelects, ...checks, ...dates });
export const inputElement = byType({ ...inputs, ...selects, ...multiSelects, ...checks, ...dates });
export const contextElement = byType({ image, plain_text: plainBody(BLOCK_KIT.textObject), mrkdwn: mrkdwnBody(BLOCK_KIT.textObject) });
