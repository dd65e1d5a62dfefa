import { parsePodName, type ContainerName, type Instant, type PodName } from '../../domain/names.ts';
import type { Interruption, Outcome } from '../../domain/outcome.ts';
import type { Ended, Sight } from './sight.ts';
import { isStartError, startFailure } from './stuck.ts';
import { EXPIRED_EXIT_CODE, timeoutSeconds } from './wrapper.ts';

/** What is fixed about a run while it is watched. */
export interface Run {
  readonly pod: PodName;
  readonly uid: string;
  readonly container: ContainerName;
  /** The container whose process namespace it shares. */
  readonly target: ContainerName | null;
  readonly image: string;
  readonly program: string;
  readonly notAfter: Instant;
  readonly timeoutMs: number;
  readonly bounded: boolean;
}

/** Linux' numbers; the node is Linux wherever kdebug runs. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL', 10: 'SIGUSR1',
  11: 'SIGSEGV', 12: 'SIGUSR2', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM', 24: 'SIGXCPU', 25: 'SIGXFSZ', 31: 'SIGSYS',
};
const KILLED = 137;
const TERMINATED = 143;
/** GNU timeout says 124, BusyBox' child dies of TERM, and a command that ignores TERM is killed. */
const TIMEOUT_CODES = new Set([124, KILLED, TERMINATED]);
/** Times in a status are whole seconds. */
const STATUS_TIME_MS = 1_000;

/** The outcome of a container that has ended, from its status and the pod's; `targetMoved`: the target restarted since we look. */
export const outcomeOf = (run: Run, sight: Sight, ended: Ended, targetMoved: boolean): Outcome => {
  if (isStartError(ended)) return { kind: 'not_started', failure: startFailure(ended.message, run.program), armed: false };
  if (ended.exitCode === undefined) return { kind: 'unknown', detail: 'the node reported an end without an exit code' };
  if (ended.reason === 'ContainerStatusUnknown') return { kind: 'unknown', detail: 'the node lost track of the container while it ran' };
  if (sight.restarts > 0) return { kind: 'unknown', detail: `the node ran the command again by itself (${sight.restarts} more); its last run ended with exit code ${ended.exitCode}` };
  const durationMs = Math.max(0, (ended.finishedAt ?? 0) - (ended.startedAt ?? ended.finishedAt ?? 0));
  if (ended.reason === 'OOMKilled') return { kind: 'exited', code: ended.exitCode, signal: 'SIGKILL', outOfMemory: true, durationMs };
  if (isExpired(run, ended)) return { kind: 'not_started', failure: { code: 'expired_before_start' }, armed: false };
  if (isTimedOut(run, ended.exitCode, durationMs)) return { kind: 'timed_out', afterMs: durationMs };
  const by = ended.exitCode === KILLED || ended.exitCode === TERMINATED ? interruption(run, sight, ended, targetMoved) : undefined;
  return by ? { kind: 'interrupted', by } : exited(ended.exitCode, durationMs);
};

/** Killed or terminated, and nothing tells by whom: the pod's own status may follow a moment later. */
export const isUnexplained = (outcome: Outcome): boolean =>
  (outcome.kind === 'exited' && outcome.outOfMemory !== true && (outcome.code === KILLED || outcome.code === TERMINATED)) ||
  (outcome.kind === 'interrupted' && outcome.by === 'finished');

const exited = (code: number, durationMs: number): Outcome => {
  const signal = SIGNALS[code - 128];
  return { kind: 'exited', code, ...(signal !== undefined && { signal }), durationMs };
};

// By the node's own clock, which the wrapper asked too. A command may end with 125 itself, and may print our sentence:
// neither can make a run look as if it had not been.
const isExpired = (run: Run, ended: Ended): boolean =>
  run.bounded && ended.exitCode === EXPIRED_EXIT_CODE && ended.startedAt !== undefined && ended.startedAt >= (Math.floor(run.notAfter / 1_000) + 1) * 1_000;

// Both ends are cut to whole seconds, so a run of n seconds or more is never shown as less than n.
const isTimedOut = (run: Run, code: number, durationMs: number): boolean =>
  run.bounded && TIMEOUT_CODES.has(code) && durationMs >= timeoutSeconds(run.timeoutMs) * 1_000;

/** Who stopped a container that died of TERM or KILL before its time; undefined: nobody we can see. */
const interruption = (run: Run, sight: Sight, ended: Ended, targetMoved: boolean): Interruption | undefined => {
  const ofPod = podInterruption(sight);
  if (ofPod) return ofPod;
  const within = sight.targetEndedAt !== undefined && ended.startedAt !== undefined && ended.finishedAt !== undefined &&
    sight.targetEndedAt >= ended.startedAt && sight.targetEndedAt <= ended.finishedAt + STATUS_TIME_MS;
  // PID 1 of the shared namespace died, and the kernel killed everything in it.
  if (run.target !== null && ended.exitCode === KILLED && (targetMoved || within)) return 'target_restarted';
  return sight.appFinished ? 'finished' : undefined;
};

export const podInterruption = (sight: Sight): Interruption | undefined => {
  if (sight.reason === 'Evicted' || sight.disrupted) return 'evicted';
  if (sight.terminating) return 'deleted';
  return sight.phase === 'Succeeded' || sight.phase === 'Failed' ? 'finished' : undefined;
};

/** A pod of the same name with another uid. */
export const replacedBy = (pod: string): Outcome => {
  const replacement = parsePodName(pod);
  return { kind: 'interrupted', by: 'replaced', ...(replacement !== undefined && { replacement }) };
};
