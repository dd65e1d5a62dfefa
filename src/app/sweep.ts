import { dueOf, isTerminal } from '../domain/due.ts';
import { after, type Instant, type RequestId } from '../domain/names.ts';
import { decidedBy, endsBy, remindsAt } from '../domain/request-times.ts';
import type { Request } from '../domain/request-states.ts';
import { advance, change, type Advancing } from './change.ts';
import type { Lease, Leases } from './ports.ts';
import { underLease } from './under-lease.ts';

export interface Sweeping extends Advancing {
  readonly leases: Leases;
}

const LEASE = 'sweep';
const LEASE_MS = 30_000;
/** Whoever appended is normally done with its queue long before, and most runs are over. */
const UNSETTLED_MS = 2_000;
const BATCH = 50;
const OPEN_MAX = 5_000;
/** An open request is looked at this often; one that waits for people is read only when it changed, or its waiting may be over. */
const LOOK_AGAIN_MS = 5_000;

/** When an open request is to be looked at next, and until when there is nothing to do while it is still of this version. */
interface Look {
  readonly at: Instant;
  readonly version: number;
  readonly restsUntil: Instant;
}
/** A thousand cards that wait are not read again every second. */
export type Looks = Map<RequestId, Look>;

/**
 * What a crash or an outage left behind: expires what lapsed, puts into its queue what never got there, and makes jobs
 * again whose worker vanished for good. One process at a time; running it twice changes nothing twice.
 */
export const sweep = (world: Sweeping, looks: Looks = new Map()): Promise<void> => underLease(world.leases, LEASE, LEASE_MS, async (lease) => {
  await settleAll(world, lease);
  await tendOpen(world, looks, lease);
});

/** All of them: those that cannot be settled stay the oldest, and must not keep the others waiting. */
const settleAll = async (world: Sweeping, lease: Lease): Promise<void> => {
  const ids = await world.store.unsettled(UNSETTLED_MS, OPEN_MAX);
  for (const [index, id] of ids.entries()) {
    if (index % BATCH === BATCH - 1 && !(await lease.renew(LEASE_MS))) return;
    await apart(world, id, settle);
  }
};

const tendOpen = async (world: Sweeping, looks: Looks, lease: Lease): Promise<void> => {
  const seen = new Set<RequestId>();
  for (let skip = 0; skip < OPEN_MAX; skip += BATCH) {
    const now = await world.store.now();
    const ids = await world.store.open(skip, BATCH, after(now, -UNSETTLED_MS));
    for (const id of ids) seen.add(id);
    await Promise.all(ids.filter((id) => (looks.get(id)?.at ?? 0) <= now).map((id) => apart(world, id, () => lookAt(world, looks, id, now))));
    if (ids.length < BATCH || !(await lease.renew(LEASE_MS))) break;
  }
  for (const id of looks.keys()) if (!seen.has(id)) looks.delete(id);
};

/** A record that cannot be read, or a queue that does not take one job, must not keep the others waiting. */
const apart = async (world: Sweeping, id: RequestId, act: (world: Sweeping, id: RequestId) => Promise<unknown>): Promise<void> => {
  try {
    await act(world, id);
  } catch (error) {
    world.log.error({ request: id, error: error instanceof Error ? error.message : String(error) }, 'the sweeper passed over a request');
  }
};

const settle = async (world: Sweeping, id: RequestId): Promise<void> => {
  const { request } = await world.store.load(id);
  if (request) await advance(world, request);
};

const lookIn = (milliseconds: number, now: Instant): Look => ({ at: after(now, milliseconds), version: 0, restsUntil: now });

/** Whoever approves goes past the sweeper: a card that rested may be a run that its worker left by now. */
const lookAt = async (world: Sweeping, looks: Looks, id: RequestId, now: Instant): Promise<void> => {
  const before = looks.get(id);
  const again = lookIn(LOOK_AGAIN_MS, now);
  // one that cannot be read is not tried again at once either
  looks.set(id, again);
  const isResting = before !== undefined && now < before.restsUntil && await world.store.version(id) === before.version;
  looks.set(id, isResting ? { ...before, at: Math.min(again.at, before.restsUntil) as Instant } : await tend(world, id));
};

/** Answers when to look again. */
const tend = async (world: Sweeping, id: RequestId): Promise<Look> => {
  const { request, now } = await world.store.load(id);
  if (!request || isTerminal(request)) return lookIn(LOOK_AGAIN_MS, now);
  if (now >= lapsesAt(request)) {
    const changed = await change(world.store, id, () => [{ type: 'expire' }]);
    if (changed.ok) await advance(world, changed.request);
    return lookIn(0, now);
  }
  if (request.state === 'awaiting_approval' && now >= remindsAt(request)) await world.queues.enqueueReminder(id, request.version);
  const due = dueOf(request);
  if (due && !(await world.queues.isAlive(id, due))) await world.queues.enqueue(id, due);
  return nextLook(request, now);
};

const nextLook = (request: Request, now: Instant): Look => {
  const { version } = request;
  const at = Math.min(lapsesAt(request), after(now, LOOK_AGAIN_MS)) as Instant;
  if (request.state !== 'awaiting_approval') return { at, version, restsUntil: now };
  const restsUntil = Math.min(lapsesAt(request), now < remindsAt(request) ? remindsAt(request) : Infinity) as Instant;
  return { at: Math.min(at, restsUntil) as Instant, version, restsUntil };
};

/** When waiting is over. */
const lapsesAt = (request: Request): Instant => {
  switch (request.state) {
    case 'requested': case 'choosing': case 'awaiting_approval': return request.expiresAt;
    case 'queued': return request.notAfter;
    case 'running': return endsBy(request);
    case 'planned': return decidedBy(request);
    case 'finished': case 'checked': case 'refused': case 'denied': case 'withdrawn': case 'cancelled': case 'expired': return Infinity as Instant;
  }
};
