import type { Ending } from '../../app/cluster-port.ts';
import { after, type Instant } from '../../domain/names.ts';
import type { Failure, Outcome } from '../../domain/outcome.ts';
import { isUnexplained, outcomeOf, podInterruption, replacedBy, type Run } from './ended.ts';
import type { Ended, Sight } from './sight.ts';
import { startFailure, stuckBy, type Stuck } from './stuck.ts';

/** A failed start is retried by the kubelet; one slip is forgiven for this long. */
export const STUCK_GRACE_MS = 15_000;
/** A node that has not even seen the container by then is not there. */
export const NODE_SILENT_MS = 15_000;
/** A node reports the end of a container and what happened to its pod in two updates. */
export const EXPLAIN_MS = 3_000;
const ATTEMPTS_MAX = 2;

/** What earlier looks at the same run have shown. */
export interface Memory {
  readonly began: Instant;
  readonly stuckSince?: Instant;
  /** Failed attempts, told apart by reason and sentence. */
  readonly attempts: readonly string[];
  readonly targetRestarts?: number;
  readonly ran: boolean;
  readonly endedSince?: Instant;
}

export type Verdict =
  | { readonly kind: 'progress' }
  | { readonly kind: 'stuck'; readonly since: Instant; readonly failure: Failure }
  | { readonly kind: 'ended'; readonly ending: Ending };

export const rememberFrom = (began: Instant): Memory => ({ began, attempts: [], ran: false });

/**
 * What one look means, given what was seen before:
 *
 *   absent, ContainerCreating, PodInitializing ─▶ progress (a node that never looks: not_started, armed)
 *   ErrImagePull, Create…Error, …              ─▶ stuck ─▶ not_started, armed, after 15 s or a second failed attempt
 *   RunContainerError                          ─▶ not_started: it stays `waiting` for ever, the result is in lastState
 *   running                                    ─▶ progress
 *   terminated                                 ─▶ exited, timed_out, interrupted, not_started (expired) or unknown
 *   the pod finished, was deleted or replaced  ─▶ interrupted, or not_started when nothing of it was ever begun
 */
export const classify = (run: Run, before: Memory, sight: Sight, now: Instant): { readonly verdict: Verdict; readonly memory: Memory } => {
  const memory = remember(run, before, sight, now);
  return { memory, verdict: verdictOf(run, memory, sight, now) };
};

/** The pod is not there any more; what was last seen of it says whether the command ran. */
export const whenGone = (): Ending => ({ outcome: { kind: 'interrupted', by: 'deleted' }, logged: false });

const remember = (run: Run, before: Memory, sight: Sight, now: Instant): Memory => {
  const targetRestarts = before.targetRestarts ?? sight.targetRestarts;
  const ran = before.ran || sight.state.kind === 'running' || sight.state.kind === 'terminated';
  const stuck = waitingMeans(run, sight);
  const attempt = sight.state.kind === 'waiting' ? `${sight.state.reason}\n${sight.state.message}` : '';
  const fresh = stuck.kind === 'stuck' && stuck.attempt && before.attempts.at(-1) !== attempt;
  // A pull that failed, backed off and failed again says the same twice; the back-off in between tells them apart.
  const rested = stuck.kind === 'stuck' && !stuck.attempt && before.attempts.at(-1) !== '';
  return {
    began: before.began, ran,
    attempts: fresh ? [...before.attempts, attempt].slice(-2 * ATTEMPTS_MAX) : rested ? [...before.attempts, ''].slice(-2 * ATTEMPTS_MAX) : before.attempts,
    ...(targetRestarts !== undefined && { targetRestarts }),
    ...(sight.state.kind === 'terminated' && { endedSince: before.endedSince ?? endedAt(sight.state.ended, now) }),
    ...since(before, stuck.kind === 'stuck' || isLost(sight) ? now : undefined, sight),
  };
};

// By the node's clock when that is earlier: a worker that takes over long after the end has nothing to wait for.
const endedAt = ({ finishedAt }: Ended, now: Instant): Instant => Math.min(now, finishedAt ?? now) as Instant;

// Kept while it waits: between two attempts the status may look innocent for a moment.
const since = (before: Memory, now: Instant | undefined, sight: Sight): { readonly stuckSince?: Instant } => {
  const stuckSince = before.stuckSince ?? now;
  return stuckSince === undefined || sight.state.kind === 'running' ? {} : { stuckSince };
};

// The runtime's record of our container vanished while it ran; the kubelet may create it once more.
const isLost = (sight: Sight): boolean => sight.state.kind === 'waiting' && sight.last !== undefined && sight.restarts > 0;

const waitingMeans = (run: Run, sight: Sight): Stuck =>
  sight.state.kind === 'waiting' && sight.state.reason !== 'RunContainerError' ? stuckBy(sight.state.reason, sight.state.message, run.image) : { kind: 'progress' };

const verdictOf = (run: Run, memory: Memory, sight: Sight, now: Instant): Verdict => {
  if (sight.uid !== run.uid) return ended(replacedBy(run.pod), sight, false);
  const { state } = sight;
  if (state.kind === 'terminated') {
    const moved = sight.targetRestarts !== undefined && sight.targetRestarts > (memory.targetRestarts ?? sight.targetRestarts);
    const outcome = outcomeOf(run, sight, state.ended, moved);
    if (isUnexplained(outcome) && now < after(memory.endedSince ?? now, EXPLAIN_MS)) return { kind: 'progress' };
    return ended(outcome, sight, outcome.kind !== 'not_started');
  }
  if (state.kind === 'waiting' && state.reason === 'RunContainerError') {
    return ended({ kind: 'not_started', failure: startFailure(sight.last?.message || state.message, run.program), armed: false }, sight, false);
  }
  return podVerdict(run, memory, sight) ?? (state.kind === 'running' ? { kind: 'progress' } : waitingVerdict(run, memory, sight, now));
};

const ended = (outcome: Outcome, sight: Sight, logged: boolean): Verdict =>
  ({ kind: 'ended', ending: { outcome, logged, ...(sight.imageId !== undefined && { imageId: sight.imageId }) } });

// A terminating or finished pod accepts the patch and starts nothing. What was begun may still report its end, so a
// running container of a terminating pod is waited for.
const podVerdict = (run: Run, memory: Memory, sight: Sight): Verdict | undefined => {
  const by = podInterruption(sight);
  if (by === undefined || (sight.state.kind === 'running' && sight.terminating)) return undefined;
  const finished = sight.phase === 'Succeeded' || sight.phase === 'Failed';
  if (sight.state.kind === 'absent' && !memory.ran) {
    if (!finished && !sight.terminating) return undefined;
    const failure: Failure = finished ? { code: 'pod_finished', pod: run.pod, phase: sight.phase } : { code: 'pod_terminating', pod: run.pod };
    return ended({ kind: 'not_started', failure, armed: false }, sight, false);
  }
  if (!finished && !sight.terminating) return undefined;
  return ended({ kind: 'interrupted', by }, sight, memory.ran);
};

const waitingVerdict = (run: Run, memory: Memory, sight: Sight, now: Instant): Verdict => {
  const since = memory.stuckSince ?? now;
  if (isLost(sight)) return lostByNode(since, sight, now);
  const stuck = waitingMeans(run, sight);
  if (stuck.kind === 'progress') return nodeVerdict(run, memory, sight, now);
  const attempts = memory.attempts.filter((attempt) => attempt !== '').length;
  const over = stuck.sure || attempts >= ATTEMPTS_MAX || now >= after(since, STUCK_GRACE_MS);
  return over ? ended({ kind: 'not_started', failure: stuck.failure, armed: stuck.armed }, sight, false) : { kind: 'stuck', since, failure: stuck.failure };
};

const lostByNode = (since: Instant, sight: Sight, now: Instant): Verdict =>
  now < after(since, STUCK_GRACE_MS) ? { kind: 'progress' }
    : ended({ kind: 'unknown', detail: 'the node lost the container while it ran, and may run it again until its deadline' }, sight, true);

const nodeVerdict = (run: Run, memory: Memory, sight: Sight, now: Instant): Verdict =>
  sight.state.kind === 'absent' && sight.observed === false && now >= after(memory.began, NODE_SILENT_MS)
    ? ended({ kind: 'not_started', failure: { code: 'node_silent', pod: run.pod }, armed: true }, sight, false)
    : { kind: 'progress' };
