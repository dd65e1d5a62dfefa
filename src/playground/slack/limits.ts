/** Every limit of Slack that the fake keeps, and the fake's own, each with its unit in its name. */

/** https://docs.slack.dev/interactivity/handling-user-interaction: an acknowledgement and a trigger_id live 3 s. */
export const ACK_WINDOW_MS = 3_000;
export const TRIGGER_WINDOW_MS = 3_000;
export const RESPONSE_URL_USES_MAX = 5;
export const RESPONSE_URL_WINDOW_MS = 30 * 60_000;

/** Longer top-level text is truncated by Slack; here it is refused, so that nobody relies on a cut. */
export const MESSAGE_TEXT_CHARS_MAX = 40_000;
export const UPDATE_TEXT_BYTES_MAX = 4_000;
/** Undocumented, measured: the total of a message's blocks, escaped, with an overhead for each header. */
export const BLOCKS_COUNTED_CHARS_MAX = 13_200;
export const HEADER_OVERHEAD_CHARS = 100;
export const MESSAGE_BLOCKS_MAX = 50;
export const VIEW_BLOCKS_MAX = 100;
export const VIEW_BYTES_MAX = 250_000;
export const VIEW_STACK_MAX = 3;

/** https://docs.slack.dev/reference/block-kit: lengths are code points. */
export const BLOCK_KIT = {
  id: 255,
  sectionText: 3_000,
  textObject: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionValue: 150,
  selectOptions: 100,
  checkOptions: 10,
  overflowOptions: 5,
  groupLabel: 75,
  placeholder: 150,
  label: 2_000,
  hint: 2_000,
  altText: 2_000,
  imageTitle: 2_000,
  inputText: 3_000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  markdownText: 12_000,
  tableRows: 100,
  tableCells: 20,
  /** Over all cells of a message's tables. */
  tableChars: 10_000,
  tables: 1,
  suggestions: 100,
} as const;

/** Calls a minute and method of each tier: https://docs.slack.dev/apis/web-api/rate-limits */
export const TIER_PER_MINUTE = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
export type Tier = keyof typeof TIER_PER_MINUTE;
export const POSTS_PER_SECOND_AND_CHANNEL = 1;
export const POSTS_BURST = 4;
export const POSTS_PER_MINUTE_AND_WORKSPACE = 300;

export const SOCKET_CONNECTIONS_MAX = 10;
export const SOCKET_TICKET_MS = 30_000;
export const SOCKET_PING_EVERY_MS = 10_000;
export const SOCKET_WARNING_MS = 10_000;
/** Events are offered again at once, after a minute and after five, then dropped. */
export const EVENT_RETRY_AFTER_MS = [0, 60_000, 300_000] as const;
export const EVENT_RETRIES_WAITING_MAX = 1_000;

export const REQUEST_BODY_BYTES_MAX = 4 * 1024 * 1024;
export const FILE_BYTES_MAX = 64 * 1024 * 1024;
export const FILES_MAX = 10_000;
export const FILES_BYTES_MAX = 256 * 1024 * 1024;
export const MESSAGES_PER_CHANNEL_MAX = 5_000;
export const EPHEMERALS_PER_PERSON_MAX = 1_000;
export const LOG_ENTRIES_MAX = 2_000;
export const SECRETS_MAX = 20_000;
export const HANG_MS_MAX = 10 * 60_000;
