import type { Lease, Leases } from './ports.ts';

/** Does it while nobody else does, and lets the lease go whatever comes of it; undefined when somebody else holds it. */
export const underLease = async <Value>(leases: Leases, name: string, forMs: number, act: (lease: Lease) => Promise<Value>): Promise<Value | undefined> => {
  const lease = await leases.acquire(name, forMs);
  if (!lease) return undefined;
  try {
    return await act(lease);
  } finally {
    await lease.release();
  }
};
