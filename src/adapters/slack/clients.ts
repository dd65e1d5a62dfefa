import { WebClient, type FetchFunction, type WebClientOptions } from '@slack/web-api';
import { AUDIT_TIMEOUT_MS, INTERACTIVE_TIMEOUT_MS, OUTPUT_TIMEOUT_MS, RETRY_AFTER_DEFAULT_MS, RETRY_AFTER_MAX_MS, RETRY_AFTER_MIN_MS } from './limits.ts';
import { slackLogger } from './logger.ts';
import type { Log } from '../../app/ports.ts';

/** Slack said "not now": nothing was done, and when to ask again. */
export class SlackBusyError extends Error {
  readonly afterMs: number;
  constructor(afterMs: number) {
    super(`Slack asks to be called again in ${afterMs} ms.`);
    this.name = 'SlackBusyError';
    this.afterMs = afterMs;
  }
}

/** `Retry-After` in seconds; absent, a date, negative or huge becomes a time we are willing to wait. */
export const retryAfterMs = (header: string | null): number => {
  if (header === null || !/^\d{1,9}$/.test(header.trim())) return RETRY_AFTER_DEFAULT_MS;
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(RETRY_AFTER_MIN_MS, Number(header) * 1_000));
};

/** Takes a 429 before the client sees it: the client would pause every method for it, and loses one without a valid header. */
const call: FetchFunction = async (url, init) => {
  const response = await fetch(url, init);
  if (response.status !== 429) return response;
  await response.body?.cancel();
  throw new SlackBusyError(retryAfterMs(response.headers.get('retry-after')));
};

/** What every client has: no repeats of its own, no other host than the API's. */
export const clientOptions = (apiUrl: string | undefined, timeout: number, log: Log): WebClientOptions => ({
  ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  timeout,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  fetch: call,
  logger: slackLogger(log),
});

/** Apart, so that a slow upload never keeps a click waiting. */
export interface Clients {
  readonly interactive: WebClient;
  readonly output: WebClient;
  readonly audit: WebClient;
}

export const createClients = (botToken: string, apiUrl: string | undefined, log: Log): Clients => {
  const client = (timeout: number): WebClient => new WebClient(botToken, clientOptions(apiUrl, timeout, log));
  return { interactive: client(INTERACTIVE_TIMEOUT_MS), output: client(OUTPUT_TIMEOUT_MS), audit: client(AUDIT_TIMEOUT_MS) };
};
