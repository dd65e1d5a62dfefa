import { MARKER_NAME } from './build.ts';
import { KILL_AFTER_SECONDS } from './wrapper.ts';

/** Exit codes of the script: nobody carried the marker, or somebody survived even KILL. */
export const STOPPED_NOBODY = 3;
export const STOPPED_NOT_ALL = 4;
/** A second more than the wrapper's own `timeout` gives a command that ignores TERM. */
export const STOP_WAIT_SECONDS = KILL_AFTER_SECONDS + 1;

/**
 * `sh -c STOP_SCRIPT kdebug-cancel MARKER`, run inside the container of the run: TERM to every process whose environment
 * holds KDEBUG_REQUEST=MARKER, KILL to those that hold it after 6 s still. The text is fixed, so that the cluster's own guard can
 * allow exactly this argv; nothing is spliced into it.
 *
 * - In the namespace of a target PID 1 is the application: it does not carry the marker, so it is never signalled. Where
 *   PID 1 is the wrapper it traps TERM, and the kernel ignores KILL.
 * - Line feeds within a value are made spaces first: a variable of several lines must not look like our marker.
 * - This script inherits the marker too; it is known by its own argv, word for word.
 * - A dead process whose parent never asks for it (the application, perhaps) has no `exe` any more: it is not waited for.
 * - The wrapper's `timeout` is not sent TERM: GNU's is told by the wrapper and kills after 5 s, BusyBox' is the watchdog
 *   without which a command that ignores TERM would have no end should this script be cut off.
 */
export const STOP_SCRIPT = `me=$(tr '\\0' ' ' <"/proc/$$/cmdline")
ours() {
  for d in /proc/[0-9]*; do
    tr '\\n\\0' ' \\n' <"$d/environ" | grep -qxF "${MARKER_NAME}=$1" || continue
    c=$(tr '\\0' ' ' <"$d/cmdline")
    [ "$c" = "$me" ] && continue
    [ "$2" = gently ] && case "$c" in "timeout -k ${KILL_AFTER_SECONDS} "*) continue ;; esac
    echo "\${d#/proc/}"
  done 2>/dev/null
}
all=$(ours "$1" gently)
[ -n "$all" ] || exit ${STOPPED_NOBODY}
kill -TERM $all 2>/dev/null
left() {
  for p in $all; do [ -e "/proc/$p/exe" ] && return 0; done
  return 1
}
n=0
while [ $n -lt ${STOP_WAIT_SECONDS} ] && left; do sleep 1; n=$((n + 1)); done
all=$(ours "$1")
[ -n "$all" ] || exit 0
kill -KILL $all 2>/dev/null
sleep 1
[ -z "$(ours "$1" gently)" ] || exit ${STOPPED_NOT_ALL}`;

export const STOP_NAME = 'kdebug-cancel';
