import type { PlanTarget } from '../domain/plan.ts';
import type { Lease, Leases } from './ports.ts';

export interface HeldPods {
  /** Aborted when a lease could not be renewed: somebody else may run in the pod now. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** As long as BullMQ's own lock: a worker that was killed frees its pods when its job is given to another. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;

/** One run per pod (the kubelet starts ephemeral containers one after the other anyway): all of them, or none. */
export const holdPods = async (leases: Leases, targets: readonly PlanTarget[]): Promise<HeldPods | undefined> => {
  const held: Lease[] = [];
  const release = async (): Promise<void> => { await Promise.all(held.map((lease) => lease.release())); };
  for (const name of targets.map(({ cluster, uid }) => `pod:${cluster}:${uid}`).sort()) {
    const lease = await leases.acquire(name, LEASE_MS);
    if (!lease) { await release(); return undefined; }
    held.push(lease);
  }
  const lost = new AbortController();
  const timer = setInterval(() => {
    void Promise.all(held.map((lease) => lease.renew(LEASE_MS))).then((renewed) => (renewed.every(Boolean) ? undefined : lost.abort(new Error('the pod was given to another run'))), () => undefined);
  }, RENEW_EVERY_MS);
  return { lost: lost.signal, release: async () => { clearInterval(timer); await release(); } };
};
