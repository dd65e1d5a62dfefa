/** Every bound of the simulated API server, with its unit. Where the real server has the same bound, its number is used. */

/** https://github.com/kubernetes/kubernetes: MaxRequestBodyBytes. */
export const REQUEST_BODY_BYTES_MAX = 3 * 1024 * 1024;
/** A client that goes on sending after the limit is read this far, so that it sees the 413, and then cut. */
export const REQUEST_BODY_READ_BYTES_MAX = 4 * REQUEST_BODY_BYTES_MAX;
/** `--http2-max-streams-per-connection` of a real API server. */
export const STREAMS_PER_CONNECTION_MAX = 100;
/** Events kept per resource for watches that resume; older resourceVersions answer 410. */
export const HISTORY_EVENTS_MAX = 2_000;
/** A watcher that reads so slowly that this much waits for it is closed, as the real server closes one. */
export const WATCH_PENDING_BYTES_MAX = 16 * 1024 * 1024;
/** A log reader may lag this far before the kubelet's stream is paused. */
export const LOG_PENDING_BYTES_MAX = 1024 * 1024;
/** `--min-request-timeout`: a watch without timeoutSeconds ends between this and twice this. */
export const WATCH_TIMEOUT_SECONDS = 1_800;
export const BOOKMARK_INTERVAL_MS = 60_000;
/** Snapshots kept for `continue` tokens; a token whose snapshot is gone answers 410. */
export const LIST_SNAPSHOTS_MAX = 32;
/** Events (the Kubernetes kind) kept; the oldest go first, as their time to live would make them. */
export const STORED_EVENTS_MAX = 5_000;
/** Requests remembered for tests; the oldest go first. */
export const JOURNAL_REQUESTS_MAX = 10_000;
/** Of each remembered body; the rest is dropped. */
export const JOURNAL_BODY_CHARS_MAX = 65_536;
/** `note` of an events.k8s.io/v1 Event. */
export const EVENT_NOTE_CHARS_MAX = 1_024;
/** A fault that hangs lets go after this, so that no test process is held for ever. */
export const HANG_MS_MAX = 10 * 60_000;
export const CERTIFICATE_DAYS = 30;
/** `metadata.name` of a generated object is the prefix and this many characters. */
export const GENERATED_SUFFIX_CHARS = 5;
export const EXEC_MESSAGE_BYTES_MAX = 1024 * 1024;
