import type { Receiver } from '@slack/bolt';

/** How deliveries of Slack come in. */
export interface Transport {
  readonly receiver: Receiver;
  /** Rejects only for what no retry mends, such as a port that is taken. */
  readonly start: () => Promise<void>;
  readonly isConnected: () => boolean;
  /** The port that is listened on, in HTTP mode. */
  readonly port: () => number | undefined;
  readonly close: () => Promise<void>;
}

/** Doubles from try to try, with a random part so that many processes do not come at once. */
export const backoff = (tries: number, minMs: number, maxMs: number): number => {
  const ms = Math.min(maxMs, minMs * 2 ** Math.min(tries, 20));
  return ms / 2 + Math.random() * (ms / 2);
};

/** Resolves after the time, or at once when the signal fires. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  if (signal.aborted) {
    resolve();
    return;
  }
  const done = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', done);
    resolve();
  };
  const timer = setTimeout(done, milliseconds);
  signal.addEventListener('abort', done, { once: true });
});
