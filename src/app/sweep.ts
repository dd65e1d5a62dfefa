import { dueOf, isTerminal } from '../domain/due.ts';
import { after, type Instant, type RequestId } from '../domain/names.ts';
import { endsBy, remindsAt } from '../domain/request.ts';
import type { Request } from '../domain/request-states.ts';
import { advance, change, type Advancing } from './change.ts';
import type { Lease, Leases } from './ports.ts';

export interface Sweeping extends Advancing {
  readonly leases: Leases;
}

const LEASE = 'sweep';
const LEASE_MS = 30_000;
/** Whoever appended is normally done with its queue long before. */
const UNSETTLED_MS = 2_000;
const BATCH = 50;
const OPEN_MAX = 5_000;
/** A request that is under way is looked at this often; one that waits for people only when its waiting may be over. */
const LOOK_AGAIN_MS = 5_000;

/** When each open request is to be looked at next: a thousand cards that wait are not read again every second. */
export type Looks = Map<RequestId, Instant>;

/**
 * What a crash or an outage left behind: expires what lapsed, puts into its queue what never got there, and makes jobs
 * again whose worker vanished for good. One process at a time; running it twice changes nothing twice.
 */
export const sweep = async (world: Sweeping, looks: Looks = new Map()): Promise<void> => {
  const lease = await world.leases.acquire(LEASE, LEASE_MS);
  if (!lease) return;
  try {
    for (const id of await world.store.unsettled(UNSETTLED_MS, BATCH)) await apart(world, id, settle);
    await tendOpen(world, looks, lease);
  } finally {
    await lease.release();
  }
};

const tendOpen = async (world: Sweeping, looks: Looks, lease: Lease): Promise<void> => {
  const seen = new Set<RequestId>();
  for (let skip = 0; skip < OPEN_MAX; skip += BATCH) {
    const [ids, now] = await Promise.all([world.store.open(skip, BATCH), world.store.now()]);
    for (const id of ids) seen.add(id);
    await Promise.all(ids.filter((id) => (looks.get(id) ?? 0) <= now).map((id) => apart(world, id, async () => { looks.set(id, await tend(world, id)); })));
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

/** Answers when to look again. */
const tend = async (world: Sweeping, id: RequestId): Promise<Instant> => {
  const { request, now } = await world.store.load(id);
  if (!request || isTerminal(request)) return after(now, LOOK_AGAIN_MS);
  if (now >= lapsesAt(request)) {
    const changed = await change(world.store, id, () => [{ type: 'expire' }]);
    if (changed.ok) await advance(world, changed.request);
    return now;
  }
  if (request.state === 'awaiting_approval' && now >= remindsAt(request)) await world.queues.enqueueReminder(id, request.version);
  const due = dueOf(request);
  if (due && !(await world.queues.isAlive(id, due))) await world.queues.enqueue(id, due);
  return nextLook(request, now);
};

const nextLook = (request: Request, now: Instant): Instant => {
  if (request.state !== 'awaiting_approval') return Math.min(lapsesAt(request), after(now, LOOK_AGAIN_MS)) as Instant;
  return Math.min(lapsesAt(request), now < remindsAt(request) ? remindsAt(request) : Infinity) as Instant;
};

/** When waiting is over; a plan that no serve decided yet waits for one. */
const lapsesAt = (request: Request): Instant => {
  switch (request.state) {
    case 'requested': case 'choosing': case 'awaiting_approval': return request.expiresAt;
    case 'queued': return request.notAfter;
    case 'running': return endsBy(request);
    case 'planned': case 'finished': case 'refused': case 'denied': case 'withdrawn': case 'cancelled': case 'expired': return Infinity as Instant;
  }
};
