/**
 * Every limit of kdebug, in one place, each with its unit in its name. Those that kdebug.yaml can change are the
 * defaults of `limits:` there.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Parse, save and enqueue before Slack is answered; Slack itself gives up after 3 s. */
export const ACK_WITHIN_MS = 1_500;
/** A request that no worker planned within this expires. */
export const PLAN_WITHIN_MS = 2 * MINUTE_MS;
/** A menu of several matching pods waits this long for a choice. */
export const CHOOSE_WITHIN_MS = 2 * MINUTE_MS;
export const APPROVE_WITHIN_MS = 15 * MINUTE_MS;
/** What a rule's `expires` can make of it at most. */
export const EXPIRES_MS_MAX = DAY_MS;
/** From the last approval (open gate: from the request) to the start of the command. */
export const START_WITHIN_MS = 10 * MINUTE_MS;
/** A grant of the decision side is good for one start within this. */
export const GRANT_MS = 60 * SECOND_MS;
export const TIMEOUT_DEFAULT_MS = 60 * SECOND_MS;
export const TIMEOUT_MIN_MS = 1 * SECOND_MS;
export const TIMEOUT_MAX_MS = 15 * MINUTE_MS;
/** What a run may take beyond its timeout before its outcome is unknown. */
export const GRACE_MS = 15 * SECOND_MS;
/** The same text by the same person in the same channel within this is answered with the first request. */
export const SAME_TEXT_MS = 30 * SECOND_MS;
/** A signature or trigger seen once is refused for this long. */
export const REPLAY_MEMORY_MS = 15 * MINUTE_MS;

export const TEXT_CHARS_MAX = 8_000;
export const ARGV_COUNT_MAX = 100;
export const ARGV_BYTES_MAX = 8 * KIB;
export const ENV_COUNT_MAX = 20;
export const ENV_BYTES_MAX = 8 * KIB;
export const REASON_CHARS_MAX = 500;
/** Block Kit's own total is about 13,200 characters after escaping; a card beyond this is refused. */
export const CARD_CHARS_MAX = 8_000;

export const OUTPUT_READ_BYTES_MAX = 16 * MIB;
export const OUTPUT_KEPT_BYTES_MAX = 1 * MIB;
export const OUTPUT_STORE_BYTES_MAX = 256 * MIB;
export const OUTPUT_STORE_DAYS = 7;
export const OUTPUT_INLINE_CHARS_MAX = 3_000;
export const REDACTION_MS_MAX = 2_000;

export const PENDING_PER_PERSON_MAX = 3;
export const RUNS_PER_POD_MAX = 1;
export const RUNS_PER_CLUSTER_MAX = 20;
export const REPLICAS_MAX = 10;
export const EPHEMERAL_CONTAINERS_WARN = 20;
export const EPHEMERAL_CONTAINERS_MAX = 50;
export const POD_LIST_PAGE = 500;
export const POD_LIST_PAGES_MAX = 4;
export const REQUEST_DAYS = 90;
export const DAY_IN_MS = DAY_MS;

/** Compare-and-append is tried this often before the caller is told that the request is too busy. */
export const APPEND_TRIES_MAX = 5;
/** Refused attempts of one person are ledger entries one by one up to this many a minute, then counted into one. */
export const REFUSALS_PER_MINUTE_MAX = 20;

/** A broken glass is announced in the audit channel within this, or nothing runs. */
export const NOTICE_WITHIN_MS = 60 * SECOND_MS;
/** A first word for lifting a freeze waits this long for the second. */
export const UNFREEZE_WITHIN_MS = 60 * MINUTE_MS;
/** Pre-approvals that one person asked for and that are not over. */
export const ALLOWS_PER_PERSON_MAX = 5;
export const ALLOWS_OPEN_MAX = 200;
export const REVIEWS_LISTED_MAX = 20;
/** Against floods, not against work (pending requests a person are the quota of that): each also the burst that may come at once. Defaults of `limits:`. */
export const COMMANDS_PER_PERSON_A_MINUTE = 300;
export const COMMANDS_PER_CHANNEL_A_MINUTE = 3_000;
export const COMMANDS_OF_ALL_A_MINUTE = 12_000;
/** After a denial the same person waits this long before asking for the same target again. */
export const COOL_DOWN_MS = 30 * SECOND_MS;
/** From the click to the end of the login that confirms it. */
export const STEP_UP_WITHIN_MS = 5 * MINUTE_MS;
/** Logins that are begun from one link: a button pressed again and again, a provider that failed. */
export const LOGINS_PER_LINK_MAX = 10;
/** A link that is over is still known for so long, to say why it does not work. */
export const STEP_UP_REMEMBERED_MS = 60 * MINUTE_MS;
/** How much the clocks of the issuer and of Redis may differ. */
export const LOGIN_SKEW_MS = 30 * SECOND_MS;
/** Jobs of one cluster that wait for a worker; beyond, nothing more is accepted for it. */
export const WAITING_PER_CLUSTER_MAX = 5_000;

/** A cluster whose disruption budget says "not now" is asked again for so long, */
export const RECYCLE_TRY_MS = 5 * MINUTE_MS;
/** after a pause of its own choosing (Retry-After) within these bounds, or this. */
export const RECYCLE_AGAIN_MS = 10 * SECOND_MS;
export const RECYCLE_AGAIN_MS_MIN = 2 * SECOND_MS;
export const RECYCLE_AGAIN_MS_MAX = 60 * SECOND_MS;
export const RECYCLES_OPEN_MAX = 200;
