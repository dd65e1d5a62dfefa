/** Limits of the Slack adapter, each with its unit in its name. */

/** https://docs.slack.dev/reference/block-kit, in code points. */
export const BLOCKS_MAX = 50;
export const BUTTON_CHARS_MAX = 75;
export const CONFIRM_CHARS_MAX = 300;
/** Slack refuses a message from about 13,200 counted characters on; the number is measured, not documented. */
export const MESSAGE_CHARS_MAX = 12_000;
export const HEADER_OVERHEAD_CHARS = 100;
/** `chat.update` refuses 4,000 bytes of top-level text; every message stays below, so that each can be updated. */
export const TEXT_BYTES_MAX = 3_000;

/** https://docs.slack.dev/apis/web-api/rate-limits: one post a second and channel; updates fifty a minute. */
export const POST_EVERY_MS = 1_000;
/** Slack allows short bursts: a card, its result and a line of the trail need not wait for each other. */
export const POST_BURST = 3;
/** Ten at once, then one every 2 s: never more than 40 in any minute. */
export const UPDATE_EVERY_MS = 2_000;
export const UPDATE_BURST = 10;
export const UPDATE_SAME_MESSAGE_EVERY_MS = 3_000;
/** The Home tab of one person, and of all: views.publish is a method of a hundred calls a minute. */
export const HOME_EVERY_MS = 1_000;
export const HOMES_EVERY_MS = 1_000;
export const HOMES_BURST = 30;
export const RETRY_AFTER_DEFAULT_MS = 30_000;
export const RETRY_AFTER_MIN_MS = 1_000;
export const RETRY_AFTER_MAX_MS = 10 * 60_000;
/** Slack did not take it and said nothing about when it will. */
export const RETRY_SOON_MS = 5_000;

export const INTERACTIVE_TIMEOUT_MS = 2_500;
export const OUTPUT_TIMEOUT_MS = 10_000;
export const AUDIT_TIMEOUT_MS = 10_000;
export const RESPOND_TIMEOUT_MS = 3_000;
export const UPLOAD_TIMEOUT_MS = 30_000;
/** A file that was uploaded is attached to its thread within this many tries. */
export const ATTACH_TRIES_MAX = 3;
export const ATTACH_WAIT_MS = 1_000;

export const BODY_BYTES_MAX = 256 * 1_024;
/** https://docs.slack.dev/authentication/verifying-requests-from-slack: five minutes, here in both directions. */
export const SKEW_SECONDS_MAX = 300;
/** From the connection on, and how often Node looks for those that are over. */
export const HEADERS_TIMEOUT_MS = 5_000;
export const REQUEST_TIMEOUT_MS = 15_000;
export const CONNECTIONS_LOOK_EVERY_MS = 1_000;
/** All come through the ingress, so none is counted by its address. */
export const CONNECTIONS_MAX = 500;
export const CLOSE_WITHIN_MS = 5_000;

export const START_RETRY_MIN_MS = 250;
export const START_RETRY_MAX_MS = 30_000;

/** A person's record is asked again after this. Rights to approve are asked of `membersOf` with its own age. */
export const MEMBER_AGE_MS = 60_000;
export const CHANNEL_AGE_MS = 60_000;
/** Nothing is remembered for longer, whatever age a caller would accept. */
export const GROUP_AGE_MAX_MS = 5 * 60_000;
/** Who is in a channel is asked again after this; of a channel with more members than so many pages nobody counts as one. */
export const CHANNEL_MEMBERS_AGE_MS = 60_000;
export const CHANNEL_MEMBERS_PAGE = 900;
export const CHANNEL_MEMBERS_PAGES_MAX = 10;
export const CHANNELS_REMEMBERED_MAX = 100;
export const DIRECTORY_ENTRIES_MAX = 10_000;
/** From the start of a socket to Slack's greeting. */
export const CONNECT_WITHIN_MS = 15_000;
/** From Slack's farewell to a new connection, whether or not the old one is closed properly. */
export const DISCONNECT_WITHIN_MS = 500;
