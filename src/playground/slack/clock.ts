import { performance } from 'node:perf_hooks';

/**
 * Slack's long spans (rate windows, the 30 minutes of a response_url, the minutes between two offers of an event) run on
 * a clock that `scale` quickens, so that an outage of ten minutes is a test of ten seconds. The windows a person feels
 * (3 s for an acknowledgement or a trigger) and every time stamp stay on the real clock: the app has no other.
 */
export interface SlackClock {
  /** Milliseconds of quickened time since the start. */
  readonly elapsedMs: () => number;
  /** How long `ms` of quickened time take in reality. */
  readonly realMs: (ms: number) => number;
  /** Milliseconds since 1970, real. */
  readonly nowMs: () => number;
}

export const createClock = (scale = 1): SlackClock => {
  const start = performance.now();
  return {
    elapsedMs: () => (performance.now() - start) * scale,
    realMs: (ms) => ms / scale,
    nowMs: () => Date.now(),
  };
};

/** Message time stamps: real seconds and six digits, each later than the one before. */
export const createTimestamps = (nowMs: () => number): (() => string) => {
  let last = 0;
  return () => {
    last = Math.max(last + 1, nowMs() * 1_000);
    const digits = String(last);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
};
