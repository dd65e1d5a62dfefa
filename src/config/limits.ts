/** Limits of kdebug.yaml itself. What it sets for requests and runs is in domain/limits.ts. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const KIB = 1_024;
const MIB = 1_024 * KIB;

export const CONFIG_BYTES_MAX = 256 * KIB;
export const CONFIG_DEPTH_MAX = 32;
/** Problems printed; a file in another format altogether would fill the screen otherwise. */
export const PROBLEMS_MAX = 100;
/** Entries of one list or mapping. */
export const ENTRIES_MAX = 500;
export const TEXT_LINE_CHARS_MAX = 300;
export const PATTERN_CHARS_MAX = 500;
/** RE2 refuses a larger counted repetition. */
export const PATTERN_REPEAT_MAX = 1_000;

export const EXPIRES_MS_MIN = 1 * SECOND_MS;
export const START_WITHIN_MS_MIN = 1 * SECOND_MS;
export const START_WITHIN_MS_MAX = 1 * HOUR_MS;
export const REVIEW_WITHIN_MS = 24 * HOUR_MS;
export const REVIEW_WITHIN_MS_MIN = 5 * MINUTE_MS;
export const REVIEW_WITHIN_MS_MAX = 7 * 24 * HOUR_MS;
export const OUTPUT_KEPT_BYTES_MIN = 1 * KIB;
export const OUTPUT_STORE_BYTES_MIN = 1 * MIB;
export const OUTPUT_STORE_BYTES_CEILING = 16 * KIB * MIB;
export const OUTPUT_DAYS_MAX = 365;
export const REQUEST_DAYS_MAX = 3_650;
export const PENDING_CEILING = 100;
export const RUNS_PER_CLUSTER_CEILING = 1_000;
export const REPLICAS_CEILING = 100;
export const APPROVALS_MAX = 10;
/** Commands a minute, of anybody together. */
export const COMMANDS_CEILING = 60_000;
export const WAITING_CEILING = 100_000;

/** One secret in a file of its own. */
export const SECRET_FILE_CHARS_MAX = 16 * KIB;
