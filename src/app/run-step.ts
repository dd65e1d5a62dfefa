import { dueOf } from '../domain/due.ts';
import type { RunEnd } from '../domain/events.ts';
import type { Instant, RequestId } from '../domain/names.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { OutputSummary } from '../domain/output.ts';
import { containerOf, type PlanTarget } from '../domain/plan.ts';
import type { Queued, Running } from '../domain/request-states.ts';
import { advance, change, type Advancing } from './change.ts';
import type { Added, Cluster, Ending } from './cluster-port.ts';
import type { OutputStore, Sanitiser } from './ports.ts';

export interface Executing extends Advancing {
  readonly cluster: Cluster;
  readonly outputs: OutputStore;
  readonly sanitiser: Sanitiser;
  /** Of this process, for the record. */
  readonly worker: string;
  /** Milliseconds of this machine; corrected to the time of Redis by what loading answered. */
  readonly clock: () => number;
}

/** The cluster did not say whether it took the container: the job is tried again and looks for it. */
export class UncertainStartError extends Error {
  constructor(id: RequestId, failure: Failure) {
    super(`The cluster did not say whether it took the container of ${id} (${failure.code}): it will be looked for.`);
    this.name = 'UncertainStartError';
  }
}

/**
 * The worker's second step. `started` is durable before the PATCH is sent; a job that comes again, here or in another
 * worker, follows the run that is there. Throws when Redis, the signal or an uncertain start stops it: then the job is
 * delivered again.
 */
export const runStep = async (world: Executing, id: RequestId, generation: number, signal: AbortSignal): Promise<void> => {
  const begun = await begin(world, id, generation);
  if (!begun) return;
  const offset = begun.now - world.clock();
  const clock = (): Instant => (world.clock() + offset) as Instant;
  const ends = await Promise.all(begun.request.plan.targets.map((target, index) => runIn(world, begun, target, index, clock, signal)));
  const changed = await change(world.store, id, () => [{ type: 'finish', ends }]);
  if (changed.ok) await advance(world, changed.request);
};

interface Begun {
  readonly request: Running;
  /** We appended `started` just now; false: another worker did, and may have sent the PATCH. */
  readonly isFresh: boolean;
  readonly now: Instant;
}

const begin = async (world: Executing, id: RequestId, generation: number): Promise<Begun | undefined> => {
  const { request, now } = await world.store.load(id);
  const due = request && dueOf(request);
  if (!request || due?.step !== 'run' || due.generation !== generation) return undefined;
  if (request.state === 'running') return { request, isFresh: false, now };
  const changed = await change(world.store, id, () => [{ type: 'start', worker: world.worker, generation }]);
  if (changed.ok) return changed.request.state === 'running' ? { request: changed.request, isFresh: true, now } : undefined;
  if (changed.refusal.code === 'no_grant' || changed.refusal.code === 'too_late') await askAgain(world, request as Queued);
  return undefined;
};

/** The queue was longer than a grant lasts: the decision side looks again. */
const askAgain = async (world: Executing, request: Queued): Promise<void> => {
  const changed = await change(world.store, request.id, () => [{ type: 'lapse' }]);
  if (changed.ok) await advance(world, changed.request);
};

const runIn = async (world: Executing, begun: Begun, target: PlanTarget, index: number, clock: () => Instant, signal: AbortSignal): Promise<RunEnd> => {
  const { request } = begun;
  const container = containerOf(request.plan, request.notAfter);
  const added = await place(world.cluster, begun, target, clock);
  if (added.kind === 'failure') return { pod: target.pod, outcome: outcomeOf(request.id, added.failure, begun.isFresh), output: null };
  const ending = await world.cluster.awaitEnd(target, container, {
    resourceVersion: added.resourceVersion,
    notAfter: request.notAfter,
    timeoutMs: request.plan.timeoutMs,
    bounded: request.plan.bounded,
    now: clock,
    signal,
  });
  signal.throwIfAborted();
  return { pod: target.pod, outcome: ending.outcome, output: await keepOutput(world, request, target, index, ending) };
};

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
const place = async (cluster: Cluster, { request, isFresh }: Begun, target: PlanTarget, clock: () => Instant): Promise<Added> => {
  const container = containerOf(request.plan, request.notAfter);
  if (isFresh) {
    const added = await cluster.add(target, container);
    return added.kind === 'added' && added.existed ? { kind: 'failure', failure: { code: 'name_taken', container: container.name } } : added;
  }
  const inspected = await cluster.inspect(target, container);
  if (inspected.kind === 'ours') return { kind: 'added', resourceVersion: inspected.resourceVersion, existed: true };
  if (inspected.kind === 'failure') return inspected;
  if (clock() >= request.notAfter) return { kind: 'failure', failure: { code: 'expired_before_start' } };
  return cluster.add(target, container);
};

const keepOutput = async (world: Executing, request: Running, target: PlanTarget, index: number, ending: Ending): Promise<OutputSummary | null> => {
  if (!ending.logged) return null;
  const raw = await world.cluster.readOutput(target, containerOf(request.plan, request.notAfter).name);
  const output = await world.sanitiser.sanitise(raw);
  await world.outputs.put(request.id, index, output);
  return { ...output.summary, ...(ending.imageId !== undefined && { imageId: ending.imageId }) };
};

