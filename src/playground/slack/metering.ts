import type { SlackClock } from './clock.ts';
import { createBoundedMap } from './bounded.ts';
import { POSTS_BURST, POSTS_PER_MINUTE_AND_WORKSPACE, POSTS_PER_SECOND_AND_CHANNEL, SECRETS_MAX, TIER_PER_MINUTE, type Tier } from './limits.ts';

/** How a method is metered: by a tier, or a post, which counts for its channel and for the workspace. */
export type Meter = Tier | 'post' | 'none';

export interface Metering {
  /** 0 when the call may pass, else the whole seconds (real ones) of Slack's Retry-After. */
  readonly admit: (method: string, meter: Meter, channel: string) => number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

interface Rate {
  readonly perMs: number;
  readonly burst: number;
}

const MINUTE_MS = 60_000;
const CHANNEL_RATE: Rate = { perMs: POSTS_PER_SECOND_AND_CHANNEL / 1_000, burst: POSTS_BURST };
const WORKSPACE_RATE: Rate = { perMs: POSTS_PER_MINUTE_AND_WORKSPACE / MINUTE_MS, burst: POSTS_PER_MINUTE_AND_WORKSPACE };
const tierRate = (tier: Tier): Rate => ({ perMs: TIER_PER_MINUTE[tier] / MINUTE_MS, burst: TIER_PER_MINUTE[tier] });

/** Token buckets on Slack's (quickened) clock. `none` admits everything: for benches, which must say so. */
export const createMetering = (clock: SlackClock, mode: 'slack' | 'unmetered'): Metering => {
  const buckets = createBoundedMap<string, Bucket>(SECRETS_MAX);

  const filled = (key: string, rate: Rate): Bucket => {
    const nowMs = clock.elapsedMs();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (nowMs - bucket.atMs) * rate.perMs);
    bucket.atMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  };

  const take = (wanted: readonly (readonly [string, Rate])[]): number => {
    const found = wanted.map(([key, rate]) => ({ bucket: filled(key, rate), rate }));
    const waitMs = Math.max(0, ...found.map(({ bucket, rate }) => (1 - bucket.tokens) / rate.perMs));
    if (waitMs > 0) return Math.max(1, Math.ceil(clock.realMs(waitMs) / 1_000));
    for (const { bucket } of found) bucket.tokens -= 1;
    return 0;
  };

  return {
    admit: (method, meter, channel) => {
      if (mode === 'unmetered' || meter === 'none') return 0;
      if (meter !== 'post') return take([[method, tierRate(meter)]]);
      return take([[`channel ${channel}`, CHANNEL_RATE], ['workspace', WORKSPACE_RATE]]);
    },
  };
};
