import { dueOf } from '../domain/due.ts';
import { claimOf } from '../domain/grant.ts';
import type { Instant, RequestId } from '../domain/names.ts';
import { noteOf } from '../domain/note.ts';
import { containerOf } from '../domain/plan.ts';
import type { Queued, Request, Running } from '../domain/request-states.ts';
import { clusterFor } from './acting.ts';
import { advance, change } from './change.ts';
import { holdPods } from './pod-leases.ts';
import { runInPod, type Begun, type Executing } from './run-pod.ts';
import { watchForStop } from './stop.ts';
import { tellSecurity } from './tell-security.ts';

/** `again`: another run holds one of the pods; nothing was started. */
export type RunResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

const DONE: RunResult = { kind: 'done' };
const POD_BUSY_AGAIN_MS = 250;
const TOLD_AFTER_MS = 1_000;

/**
 * The worker's second step. One run per pod at a time; `started` is durable before the PATCH is sent; a job that comes
 * again, here or in another worker, follows the run that is there. Throws when Redis, the signal or an uncertain start
 * stops it: then the job is delivered again.
 */
export const runStep = async (world: Executing, id: RequestId, generation: number, signal: AbortSignal): Promise<RunResult> => {
  const loaded = await world.store.load(id);
  const request = dueToRun(loaded.request, generation);
  if (!request || !(await isGranted(world, request)) || !(await isOurs(world, request))) return DONE;
  const pods = await holdPods(world.leases, request.plan.targets);
  if (!pods) return { kind: 'again', afterMs: POD_BUSY_AGAIN_MS };
  try {
    const begun = request.state === 'running' ? await adopt(world, id, generation) : await begin(world, request, loaded.now);
    if (begun) await finish(world, begun, AbortSignal.any([signal, pods.lost]));
    return DONE;
  } finally {
    await pods.release();
  }
};

const dueToRun = (request: Request | undefined, generation: number): Queued | Running | undefined => {
  if (request?.state !== 'queued' && request?.state !== 'running') return undefined;
  const due = dueOf(request);
  return due?.step === 'run' && due.generation === generation ? request : undefined;
};

/** A grant that serve did not sign for exactly this is somebody's writing in Redis: nothing runs, and it is told. */
const isGranted = async (world: Executing, request: Queued | Running): Promise<boolean> => {
  if (request.grant && world.verifier.isSigned(claimOf(request, request.grant.until), request.grant.signature)) return true;
  world.log.error({ request: request.id }, 'a grant is not signed by serve: nothing was run');
  await tellSecurity(world.ledger, request.id, 'a grant that serve did not sign; nothing was run');
  return false;
};

/** A job of another cluster's request is somebody's writing in Redis: a pod of the same name here is none of its pods. */
const isOurs = async (world: Executing, request: Queued | Running): Promise<boolean> => {
  if (request.ask.cluster === world.cluster.name && request.plan.targets.every(({ cluster }) => cluster === world.cluster.name)) return true;
  await tellSecurity(world.ledger, request.id, `a job of another cluster in the queue of ${world.cluster.name}; nothing was run`);
  return false;
};

/** Whoever ran it before may have ended it while we waited for its pods. */
const adopt = async (world: Executing, id: RequestId, generation: number): Promise<Begun | undefined> => {
  const { request, now } = await world.store.load(id);
  const ours = dueToRun(request, generation);
  return ours?.state === 'running' ? begunAt(world, ours, false, now) : undefined;
};

const begin = async (world: Executing, request: Queued, now: Instant): Promise<Begun | undefined> => {
  const changed = await change(world.store, request.id, () => [{ type: 'start', worker: world.worker, generation: request.generation }], { request, now });
  if (changed.ok) return changed.request.state === 'running' ? begunAt(world, changed.request, true, changed.at) : undefined;
  if (changed.refusal.code === 'no_grant' || changed.refusal.code === 'too_late') await askAgain(world, request);
  return undefined;
};

/** Decisions are made on the clock of Redis; between two looks at it, this machine's clock counts on from there. */
const begunAt = (world: Executing, request: Running, isFresh: boolean, now: Instant): Begun => {
  const offset = now - world.clock();
  return { request, isFresh, now: () => (world.clock() + offset) as Instant };
};

/** The queue was longer than a grant lasts: the decision side looks again. */
const askAgain = async (world: Executing, request: Queued): Promise<void> => {
  const changed = await change(world.store, request.id, () => [{ type: 'lapse' }]);
  if (changed.ok) await advance(world, changed.request);
};

/** All of them, or none: when one fails the others are let go first, so that nothing of this job goes on without its leases. */
const together = async <Value>(signal: AbortSignal, begin: (either: AbortSignal) => readonly Promise<Value>[]): Promise<readonly Value[]> => {
  const failed = new AbortController();
  const all = begin(AbortSignal.any([signal, failed.signal]));
  try {
    return await Promise.all(all);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(all);
    throw error;
  }
};

/** Most commands end sooner, and then their card goes from granted to ended at once: Slack takes few updates. */
const tellIfItLasts = (world: Executing, { request, isFresh }: Begun) => {
  const told = { done: Promise.resolve() };
  const timer = isFresh ? setTimeout(() => { told.done = advance(world, request); }, TOLD_AFTER_MS) : undefined;
  return {
    end: (): Promise<void> => {
      clearTimeout(timer);
      return told.done;
    },
  };
};

const finish = async (world: Executing, begun: Begun, signal: AbortSignal): Promise<void> => {
  const { request } = begun;
  const lasting = tellIfItLasts(world, begun);
  const stop = watchForStop(world, request, signal);
  try {
    const asPerson = { ...world, cluster: clusterFor(world, request) };
    const ends = await together(signal, (either) => request.plan.targets.map((target, index) => runInPod(asPerson, begun, { target, index, stop, signal: either })));
    const changed = await change(world.store, request.id, () => [{ type: 'finish', ends }], { request, now: begun.now() });
    if (!changed.ok) return;
    await advance(world, changed.request);
    await Promise.all(request.plan.targets.map((target, index) => world.cluster.record(target, containerOf(request.plan, request.notAfter).name, noteOf(request, ends[index]))));
  } finally {
    stop.end();
    await lasting.end();
  }
};
