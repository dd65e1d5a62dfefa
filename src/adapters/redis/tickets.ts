import type { Redis } from 'ioredis';
import type { Login, Ticket, Tickets } from '../../app/step-up-port.ts';
import { LOGINS_PER_LINK_MAX, STEP_UP_REMEMBERED_MS, STEP_UP_WITHIN_MS } from '../../domain/limits.ts';
import type { Sha256 } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import { sealingOfServe } from './sealing.ts';
import type { RecordSeals } from './seals.ts';

/**
 * Tickets and logins of step-ups, for minutes; each login can be taken once, each ticket be used once. Sealed: whoever can
 * write to Redis must not put another plan behind a link that somebody has read.
 */
export const createTickets = (redis: Redis, keys: Keys, seals: RecordSeals): Tickets => {
  const sealing = sealingOfServe(seals);
  const usedKey = (id: Sha256): string => `${keys.ticket(id)}:used`;
  return {
    issue: async (id, ticket) => { await redis.set(keys.ticket(id), sealing.sealed(keys.ticket(id), ticket), 'PX', STEP_UP_REMEMBERED_MS); },
    read: async (id) => sealing.opened(keys.ticket(id), await redis.get(keys.ticket(id))) as Ticket | undefined,
    isUsed: async (id) => await redis.exists(usedKey(id)) === 1,
    use: async (id) => await redis.set(usedKey(id), '1', 'PX', STEP_UP_REMEMBERED_MS, 'NX') === 'OK',
    beginLogin: async (id, login) => {
      const counter = `${keys.ticket(login.ticket)}:logins`;
      const count = await redis.incr(counter);
      await redis.pexpire(counter, STEP_UP_REMEMBERED_MS);
      if (count > LOGINS_PER_LINK_MAX) return false;
      await redis.set(keys.login(id), sealing.sealed(keys.login(id), login), 'PX', STEP_UP_WITHIN_MS);
      return true;
    },
    takeLogin: async (id) => sealing.opened(keys.login(id), await redis.getdel(keys.login(id))) as Login | undefined,
  };
};
