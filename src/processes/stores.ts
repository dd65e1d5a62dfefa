import { createAuthorityRecords, createCoolDowns } from '../adapters/redis/authority.ts';
import { createLedger } from '../adapters/redis/ledger.ts';
import { createLookups } from '../adapters/redis/lookups.ts';
import { createQueues } from '../adapters/redis/queues.ts';
import { createBudget, createCursors, createDeliveryRecords, createLeases, createOnce, createOutputStore, createProgressBoard } from '../adapters/redis/small-stores.ts';
import { createRequestStore } from '../adapters/redis/store.ts';
import { createTickets } from '../adapters/redis/tickets.ts';
import type { Ground } from './part.ts';

export type Stores = ReturnType<typeof openStores>;

/** Everything that lives in Redis, over the connection that fails fast. */
export const openStores = ({ redis: { producer }, keys, settings, seals, log }: Ground) => {
  const { limits, clusters } = settings;
  const queues = createQueues(producer, keys, clusters.map((cluster) => cluster.name));
  return {
    store: createRequestStore({ redis: producer, keys, keepDays: limits.requestDays, seals }),
    queues, lengths: queues, recycles: queues,
    authority: createAuthorityRecords({ redis: producer, keys, keepDays: limits.requestDays, seals }),
    coolDowns: createCoolDowns(producer, keys),
    ledger: createLedger(producer, keys),
    once: createOnce(producer, keys),
    leases: createLeases(producer, keys),
    records: createDeliveryRecords(producer, keys, limits.requestDays, seals),
    outputs: createOutputStore(producer, keys, { keepDays: limits.outputDays, totalBytesMax: limits.outputStoreBytes }),
    progress: createProgressBoard(producer, keys),
    cursors: createCursors(producer, keys),
    budget: createBudget(producer, keys),
    tickets: createTickets(producer, keys, seals),
    lookups: createLookups(producer, keys, clusters.map((cluster) => cluster.name), log),
  };
};

/** Redis answers, as readiness is asked. */
export const pingRedis = ({ redis: { producer } }: Ground) => async (): Promise<string | undefined> =>
  (await producer.ping() === 'PONG' ? undefined : 'Redis answers, but not to PING');
