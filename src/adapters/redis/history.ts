/** Who asked what, newest first: an index beside the records, which are the truth. */
import type { Redis } from 'ioredis';
import type { Ask } from '../../domain/events.ts';
import type { ChannelId, Instant, RequestId, UserId } from '../../domain/names.ts';
import type { Keys } from './keys.ts';

const OF_A_PERSON_MAX = 200;
const OF_A_CHANNEL_MAX = 500;

export interface History {
  /** Nobody waits for it, and a failure loses a line of a list and nothing else. */
  note(id: RequestId, ask: Ask, at: Instant): void;
  newest(of: { readonly user: UserId } | { readonly channel: ChannelId }, limit: number): Promise<readonly string[]>;
}

export const createHistory = (redis: Redis, keys: Keys, keepMs: number): History => ({
  note: (id, { requester, place }, at) => {
    const work = redis.pipeline();
    for (const [key, max] of [[keys.historyOfUser(requester), OF_A_PERSON_MAX], [keys.historyOfChannel(place.cardIn), OF_A_CHANNEL_MAX]] as const) {
      work.zadd(key, at, id).zremrangebyrank(key, 0, -max - 1).zremrangebyscore(key, '-inf', at - keepMs).pexpire(key, keepMs);
    }
    work.exec().catch(() => undefined);
  },
  newest: (of, limit) => redis.zrevrange('user' in of ? keys.historyOfUser(of.user) : keys.historyOfChannel(of.channel), 0, limit - 1),
});
