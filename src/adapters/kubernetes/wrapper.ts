/** Sent as TERM first; a command that ignores it is killed this much later. */
export const KILL_AFTER_SECONDS = 5;
/** What the refused command's container ends with; the same as `timeout(1)` for its own failures. */
export const EXPIRED_EXIT_CODE = 125;

/**
 * `sh -c WRAPPER kdebug DEADLINE TIMEOUT ARGV…`: refuses to start after DEADLINE (seconds since 1970), then runs ARGV
 * for TIMEOUT seconds at most. Nothing is spliced into the text.
 *
 * - The deadline is proven or the command is not run: an image without `date` refuses, it does not run for ever.
 * - `timeout` runs as a child: BusyBox's does nothing at all as PID 1, where signals without a handler are ignored.
 * - `wait` returns early when a signal is caught, so it is repeated until the child is really gone; this is also what
 *   keeps the application, when it is PID 1 of a shared namespace, from inheriting our child.
 */
export const WRAPPER = `[ "$(date +%s)" -le "$1" ] || { echo "kdebug: expired before start; not run" >&2; exit ${EXPIRED_EXIT_CODE}; }
t=$2
shift 2
timeout -k ${KILL_AFTER_SECONDS} "$t" "$@" </dev/null &
c=$!
trap 'kill -TERM "$c" 2>/dev/null' TERM INT
wait "$c"; rc=$?
while kill -0 "$c" 2>/dev/null; do wait "$c"; rc=$?; done
exit "$rc"`;

/** Whole seconds: BusyBox knows no fractions. */
export const timeoutSeconds = (timeoutMs: number): number => Math.max(1, Math.ceil(timeoutMs / 1_000));

/**
 * The kubelet replaces `$(NAME)` in command and env and turns `$$` into `$`; doubled, every string arrives as it was
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container, `command`).
 */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');
