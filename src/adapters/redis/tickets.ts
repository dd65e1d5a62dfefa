import type { Redis } from 'ioredis';
import type { Login, Ticket, Tickets } from '../../app/step-up-port.ts';
import { LOGINS_PER_LINK_MAX, STEP_UP_REMEMBERED_MS, STEP_UP_WITHIN_MS } from '../../domain/limits.ts';
import type { ClusterName, Sha256 } from '../../domain/names.ts';
import type { Keys } from './keys.ts';

/** Makes and checks the seal of a record; of a cluster's name, or of one that no cluster can have. */
export interface TicketSeals {
  readonly mac: (cluster: ClusterName, message: string) => string;
  readonly isMac: (cluster: ClusterName, message: string, mac: string) => boolean;
}

/** No cluster is called so: a worker, which holds its own cluster's key, cannot seal a ticket. */
const SERVE = '(serve)' as ClusterName;

/** Whoever can write to Redis must not put another plan behind a link that somebody has read. */
const sealing = ({ mac, isMac }: TicketSeals) => ({
  sealed: (key: string, value: Ticket | Login): string => {
    const text = JSON.stringify(value);
    return `${mac(SERVE, `${key} ${text}`)} ${text}`;
  },
  opened: <Value extends Ticket | Login>(key: string, stored: string | null): Value | undefined => {
    const [, seal, text] = /^(\S+) (.*)$/s.exec(stored ?? '') ?? [];
    return seal !== undefined && text !== undefined && isMac(SERVE, `${key} ${text}`, seal) ? JSON.parse(text) as Value : undefined;
  },
});

/** Tickets and logins of step-ups, for minutes; each login can be taken once, each ticket be used once. */
export const createTickets = (redis: Redis, keys: Keys, seals: TicketSeals): Tickets => {
  const { sealed, opened } = sealing(seals);
  const usedKey = (id: Sha256): string => `${keys.ticket(id)}:used`;
  return {
    issue: async (id, ticket) => { await redis.set(keys.ticket(id), sealed(keys.ticket(id), ticket), 'PX', STEP_UP_REMEMBERED_MS); },
    read: async (id) => opened<Ticket>(keys.ticket(id), await redis.get(keys.ticket(id))),
    isUsed: async (id) => await redis.exists(usedKey(id)) === 1,
    use: async (id) => await redis.set(usedKey(id), '1', 'PX', STEP_UP_REMEMBERED_MS, 'NX') === 'OK',
    beginLogin: async (id, login) => {
      const counter = `${keys.ticket(login.ticket)}:logins`;
      const count = await redis.incr(counter);
      await redis.pexpire(counter, STEP_UP_REMEMBERED_MS);
      if (count > LOGINS_PER_LINK_MAX) return false;
      await redis.set(keys.login(id), sealed(keys.login(id), login), 'PX', STEP_UP_WITHIN_MS);
      return true;
    },
    takeLogin: async (id) => opened<Login>(keys.login(id), await redis.getdel(keys.login(id))),
  };
};
