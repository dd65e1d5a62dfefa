import { setTimeout as sleep } from 'node:timers/promises';

export const TRIES_MAX = 4;
/** From the first byte of the first try to the last of the last. */
export const CALL_MS_MAX = 15_000;
const BACKOFF_FIRST_MS = 250;
/** What a server may ask us to wait between two tries; more is the same as "not now". */
export const RETRY_AFTER_MS_MAX = 10_000;

/** Statuses after which the same request may be sent again: all of kdebug's requests are idempotent. */
export const isTransient = (status: number): boolean => status === 409 || status === 429 || status >= 500;

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3). Anything else (absent, negative, words) is
 * undefined; `Infinity` when it is beyond what kdebug waits.
 */
export const retryAfter = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : dateOf(header) - now;
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds > RETRY_AFTER_MS_MAX ? Infinity : Math.max(0, milliseconds);
};

// Date.parse takes "-5" and "1.5" for years: only what begins like a weekday is an HTTP date.
const dateOf = (header: string): number => (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(header) ? Date.parse(header) : NaN);

export interface Attempt<Result> {
  readonly result: Result;
  /** Undefined: final. Otherwise it may be tried again, after this (null: by back-off). */
  readonly again?: number | null;
}

/**
 * Tries at most four times within 15 s in all and returns the last result. `attempt` gets the milliseconds that are
 * left; waiting that would not leave time for another try is not begun.
 */
export const retrying = async <Result>(attempt: (leftMs: number) => Promise<Attempt<Result>>, clock: () => number = () => performance.now()): Promise<Result> => {
  const deadline = clock() + CALL_MS_MAX;
  for (let tries = 1; ; tries += 1) {
    const { result, again } = await attempt(deadline - clock());
    const pauseMs = again ?? BACKOFF_FIRST_MS * 2 ** (tries - 1);
    if (again === undefined || tries === TRIES_MAX || clock() + pauseMs >= deadline) return result;
    await sleep(pauseMs);
  }
};
