import type { EphemeralContainer } from '../domain/container.ts';
import type { RunEnd } from '../domain/events.ts';
import type { Instant, RequestId } from '../domain/names.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { OutputSummary } from '../domain/output.ts';
import { containerOf, type PlanTarget } from '../domain/plan.ts';
import type { Running } from '../domain/request-states.ts';
import { whyNotInTheirName } from './acting.ts';
import type { Advancing } from './change.ts';
import type { Added, Cluster, Ending, RawOutput } from './cluster-port.ts';
import { followWhenLong } from './long-run.ts';
import type { Identity } from './identity.ts';
import type { GrantVerifier, Ledger, Leases, OutputStore, ProgressBoard, Sanitiser } from './ports.ts';
import type { StopWatch } from './stop.ts';
import { tellSecurity } from './tell-security.ts';

export interface Executing extends Advancing {
  readonly cluster: Cluster;
  readonly identity: Pick<Identity, 'mode' | 'review'>;
  readonly outputs: OutputStore;
  readonly sanitiser: Sanitiser;
  readonly leases: Leases;
  readonly progress: ProgressBoard;
  readonly verifier: GrantVerifier;
  readonly ledger: Ledger;
  /** Of this process, for the record. */
  readonly worker: string;
  /** Milliseconds of this machine; corrected to the time of Redis by what loading answered. */
  readonly clock: () => number;
}

export interface Begun {
  readonly request: Running;
  /** We appended `started` just now; false: another worker did, and may have sent the PATCH. */
  readonly isFresh: boolean;
  readonly now: () => Instant;
}

export interface PodRun {
  readonly target: PlanTarget;
  readonly index: number;
  readonly stop: StopWatch;
  readonly signal: AbortSignal;
}

/** The cluster did not say whether it took the container: the job is tried again and looks for it. */
export class UncertainStartError extends Error {
  constructor(id: RequestId, failure: Failure) {
    super(`The cluster did not say whether it took the container of ${id} (${failure.code}): it will be looked for.`);
    this.name = 'UncertainStartError';
  }
}

/** The cluster did not say whether the person may: nothing was sent, and it is asked again. */
export class UnansweredReviewError extends Error {
  constructor(id: RequestId, failure: Failure) {
    super(`The cluster did not say whether the requester of ${id} may debug there (${failure.code}): it will be asked again.`);
    this.name = 'UnansweredReviewError';
  }
}

/** From the PATCH to the outcome, in one pod. */
export const runInPod = async (world: Executing, begun: Begun, run: PodRun): Promise<RunEnd> => {
  const { request } = begun;
  const { target } = run;
  const container = containerOf(request.plan, request.notAfter);
  const added = await place(world, begun, target, container);
  if (added.kind === 'failure') {
    if (added.failure.code === 'name_taken') await tellSecurity(world.ledger, request.id, 'a container of the plan’s name was there, and kdebug had not put it there');
    return { pod: target.pod, outcome: outcomeOf(request.id, added.failure, begun.isFresh), output: null };
  }
  const long = followWhenLong(world, begun, run, container.name);
  const stopped = stopWhenAsked(world, request, run, container);
  try {
    const ending = await world.cluster.awaitEnd(target, container, {
      resourceVersion: added.resourceVersion, notAfter: request.notAfter, timeoutMs: request.plan.timeoutMs, bounded: request.plan.bounded,
      now: begun.now, signal: run.signal, onRunning: long.onRunning,
    });
    run.signal.throwIfAborted();
    const output = await keepOutput(world, request, run.index, ending, () => long.output());
    const outcome = stopped() && isOurDoing(ending.outcome) ? { kind: 'cancelled' } as const : ending.outcome;
    return { pod: target.pod, outcome, output };
  } finally {
    long.end();
  }
};

const SIGNAL_CODES: readonly number[] = [124, 130, 137, 143];

/** A command that ended by itself just before it was stopped ended by itself. */
const isOurDoing = (outcome: Outcome): boolean => outcome.kind === 'timed_out' || (outcome.kind === 'exited' && SIGNAL_CODES.includes(outcome.code));

const UNCERTAIN: readonly Failure['code'][] = ['unreachable', 'overloaded', 'unexpected_answer'];

/** What a refused or missing container means: of a run taken over it may have run before its pod went. */
const outcomeOf = (id: RequestId, failure: Failure, isFresh: boolean): Outcome => {
  if (UNCERTAIN.includes(failure.code)) throw new UncertainStartError(id, failure);
  if (!isFresh && failure.code === 'pod_gone') return { kind: 'interrupted', by: 'deleted' };
  if (!isFresh && failure.code === 'pod_replaced') return { kind: 'interrupted', by: 'replaced' };
  return { kind: 'not_started', failure, armed: false };
};

/**
 * A fresh run sends the PATCH; one that is taken over looks first, and sends it (the same one: a no-op if it was
 * applied) only while the deadline lets the command start. A container of our name that we did not put there is refused.
 */
const place = async (world: Executing, { request, isFresh, now }: Begun, target: PlanTarget, container: EphemeralContainer): Promise<Added> => {
  const { cluster } = world;
  if (!isFresh) {
    const inspected = await cluster.inspect(target, container);
    if (inspected.kind === 'ours') return { kind: 'added', resourceVersion: inspected.resourceVersion, existed: true };
    if (inspected.kind === 'failure') return inspected;
  }
  const failure = await whyNotInTheirName(world, request);
  if (failure && UNCERTAIN.includes(failure.code)) throw new UnansweredReviewError(request.id, failure);
  if (failure) return { kind: 'failure', failure };
  if (now() >= request.notAfter) return { kind: 'failure', failure: { code: 'expired_before_start' } };
  const added = await cluster.add(target, container);
  return isFresh && added.kind === 'added' && added.existed ? { kind: 'failure', failure: { code: 'name_taken', container: container.name } } : added;
};

/** Answers whether our kill command was carried out. */
const stopWhenAsked = (world: Executing, request: Running, { target, stop }: PodRun, container: EphemeralContainer): (() => boolean) => {
  const state = { isStopped: false };
  const kill = async (): Promise<void> => {
    const failure = await world.cluster.stop(target, container.name, request.id);
    state.isStopped = failure === undefined;
    if (failure) world.log.warn({ request: request.id, failure: failure.code }, 'the command could not be stopped; it ends by itself');
  };
  const asked = (): void => { void kill(); };
  if (stop.requested.aborted) asked();
  else stop.requested.addEventListener('abort', asked, { once: true });
  return () => state.isStopped;
};

const keepOutput = async (world: Executing, request: Running, index: number, ending: Ending, read: () => Promise<RawOutput>): Promise<OutputSummary | null> => {
  if (!ending.logged) return null;
  const output = await world.sanitiser.sanitise(await read());
  await world.outputs.put(request.id, index, output);
  return { ...output.summary, ...(ending.imageId !== undefined && { imageId: ending.imageId }) };
};
