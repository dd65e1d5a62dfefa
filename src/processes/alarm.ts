import type { Ledger, Log } from '../app/ports.ts';
import type { Step } from '../adapters/redis/workers.ts';

/** Errors that only an edit of our records can cause. */
const TAMPERED = ['ForgedRecordError', 'BrokenRecordError', 'UnreadableRecordError'];

/** A step on a record that somebody edited does nothing, once, and is told: trying again would not mend it. */
export const alarmed = (ledger: Ledger, log: Log, step: Step): Step => async (id, generation, signal) => {
  try {
    return await step(id, generation, signal);
  } catch (error) {
    if (!(error instanceof Error) || !TAMPERED.includes(error.name)) throw error;
    log.error({ request: id, error: error.message }, 'a record was tampered with');
    await ledger.recordAttempt({ user: null, channel: null, request: id, what: 'security', text: null, refusal: { code: 'security', message: error.message } });
    return { kind: 'done' };
  }
};
