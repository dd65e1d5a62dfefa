import { performance } from 'node:perf_hooks';
import { createBoundedMap } from '../bounded.ts';
import { SECRETS_MAX, SOCKET_TICKET_MS } from '../limits.ts';

/** What apps.connections.open hands out: the right to open one WebSocket, once, soon. */
export interface Tickets {
  readonly issue: () => string;
  readonly admits: (ticket: string) => boolean;
}

export const createTickets = (nextId: (prefix: string) => string): Tickets => {
  const tickets = createBoundedMap<string, number>(SECRETS_MAX);
  return {
    issue: () => {
      const ticket = nextId('ticket');
      tickets.set(ticket, performance.now() + SOCKET_TICKET_MS);
      return ticket;
    },
    admits: (ticket) => {
      const expiresMs = tickets.get(ticket);
      tickets.delete(ticket);
      return expiresMs !== undefined && performance.now() <= expiresMs;
    },
  };
};
