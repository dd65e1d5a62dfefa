import type { Running } from '../domain/request-states.ts';
import type { RequestStore } from './ports.ts';

export interface StopWatch {
  /** Aborted once somebody asked that the command be stopped. */
  readonly requested: AbortSignal;
  end(): void;
}

const LOOK_EVERY_MS = 1_000;

/**
 * A stop is an event of the request: the worker that runs it looks once a second, however it came to run it. It is read
 * only when it has changed: a thousand runs at once would otherwise read and check all their events every second.
 */
export const watchForStop = ({ store }: { readonly store: RequestStore }, request: Running, signal: AbortSignal): StopWatch => {
  const requested = new AbortController();
  const known = { version: request.version };
  const look = async (): Promise<void> => {
    if (await store.version(request.id) === known.version) return;
    const { request: now } = await store.load(request.id);
    known.version = now?.version ?? known.version;
    if (now?.state === 'running' && now.stopRequestedBy !== null) requested.abort();
  };
  const timer = setInterval(() => { look().catch(() => undefined); }, LOOK_EVERY_MS);
  const end = (): void => { clearInterval(timer); };
  signal.addEventListener('abort', end, { once: true });
  if (request.stopRequestedBy !== null) requested.abort();
  return { requested: requested.signal, end };
};
