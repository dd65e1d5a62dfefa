/** Tickets and a login provider in memory, as strict as the real ones about what may happen once. */
import type { IdentityProvider, Login, StepUpLinks, Ticket, Tickets } from '../../src/app/step-up-port.ts';
import { LOGINS_PER_LINK_MAX, STEP_UP_REMEMBERED_MS, STEP_UP_WITHIN_MS } from '../../src/domain/limits.ts';
import type { Instant, Sha256 } from '../../src/domain/names.ts';
import type { LoggedIn, StepUpFailure } from '../../src/domain/step-up.ts';

export const ISSUER = 'https://login.example.org';

export const createTicketMemory = (clock: { readonly now: Instant }, reach: () => void): Tickets => {
  const tickets = new Map<Sha256, { readonly ticket: Ticket; readonly keptUntil: number }>();
  const logins = new Map<Sha256, { readonly login: Login; readonly keptUntil: number }>();
  const used = new Set<Sha256>();
  const begun: Sha256[] = [];
  return {
    issue: async (id, ticket) => { reach(); tickets.set(id, { ticket, keptUntil: clock.now + STEP_UP_REMEMBERED_MS }); },
    read: async (id) => { reach(); const found = tickets.get(id); return found && clock.now < found.keptUntil ? found.ticket : undefined; },
    isUsed: async (id) => { reach(); return used.has(id); },
    use: async (id) => { reach(); const isFirst = !used.has(id); used.add(id); return isFirst; },
    beginLogin: async (id, login) => {
      reach();
      begun.push(login.ticket);
      if (begun.filter((ticket) => ticket === login.ticket).length > LOGINS_PER_LINK_MAX) return false;
      logins.set(id, { login, keptUntil: clock.now + STEP_UP_WITHIN_MS });
      return true;
    },
    takeLogin: async (id) => {
      reach();
      const found = logins.get(id);
      logins.delete(id);
      return found && clock.now < found.keptUntil ? found.login : undefined;
    },
  };
};

export const createLinks = (tickets: Tickets): StepUpLinks => {
  let count = 0;
  return { tickets, newSecret: () => `secret-${count += 1}`, addressOf: (secret) => `https://kdebug.example.org/step-up/${secret}` };
};

/** Whoever `person` is logs in; checks go out and must come back as they went. */
export const createLogins = (clock: { readonly now: Instant }) => {
  const script = { isAway: false, person: { subject: 'bob', email: 'bob@example.org' } as Partial<LoggedIn>, why: undefined as StepUpFailure | undefined };
  let count = 0;
  const provider: IdentityProvider = {
    begin: async () => {
      if (script.isAway) return undefined;
      count += 1;
      return { url: `${ISSUER}/auth?state=state-${count}`, checks: { state: `state-${count}`, nonce: `nonce-${count}`, verifier: `verifier-${count}` } };
    },
    finish: async (answer, { state, nonce }) => {
      if (answer.get('state') !== state || nonce !== state.replace('state', 'nonce')) return { why: 'login_refused' };
      return script.why ? { why: script.why } : { issuer: ISSUER, subject: 'bob', email: null, authenticatedAtMs: clock.now, ...script.person };
    },
  };
  return { provider, script };
};
