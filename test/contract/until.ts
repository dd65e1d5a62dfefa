import { setTimeout as delay } from 'node:timers/promises';

const UNTIL_MS_MAX = 60_000;
const POLL_MS = 50;

/** Polls until `look` answers something; throws with `what` after a minute. */
export const until = async <Value>(what: string, look: () => Promise<Value | undefined | false>): Promise<Value> => {
  for (const deadline = performance.now() + UNTIL_MS_MAX; performance.now() < deadline;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    await delay(POLL_MS);
  }
  throw new Error(`${what} did not happen within ${UNTIL_MS_MAX} ms`);
};
