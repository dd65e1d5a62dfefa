import type { Ledger, Log } from '../app/ports.ts';
import { isTampered } from '../app/readable.ts';
import { tellSecurity } from '../app/tell-security.ts';
import type { Step } from '../adapters/redis/workers.ts';

/** A step on a record that somebody edited does nothing, once, and is told: trying again would not mend it. */
export const alarmed = (ledger: Ledger, log: Log, step: Step): Step => async (id, generation, signal) => {
  try {
    return await step(id, generation, signal);
  } catch (error) {
    if (!isTampered(error)) throw error;
    log.error({ request: id, error: error.message }, 'a record was tampered with');
    await tellSecurity(ledger, id, error.message);
    return { kind: 'done' };
  }
};
