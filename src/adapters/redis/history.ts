/** Who asked what, newest first: an index beside the records, which are the truth. */
import type { Redis } from 'ioredis';
import type { Ask } from '../../domain/events.ts';
import type { ChannelId, Instant, RequestId, UserId } from '../../domain/names.ts';
import type { Keys } from './keys.ts';
import { NOTE_LUA } from './scripts/small.ts';

const OF_A_PERSON_MAX = 200;
const OF_A_CHANNEL_MAX = 500;

export interface History {
  /** Nobody waits for it, and a failure loses a line of a list and nothing else. */
  note(id: RequestId, ask: Ask, at: Instant): void;
  newest(of: { readonly user: UserId } | { readonly channel: ChannelId }, limit: number): Promise<readonly string[]>;
}

interface Scripted extends Redis {
  kdebugNote(ofUser: string, ofChannel: string, id: string, at: number, keepMs: number, userMax: number, channelMax: number): Promise<unknown>;
}

export const createHistory = (redis: Redis, keys: Keys, keepMs: number): History => {
  redis.defineCommand('kdebugNote', { numberOfKeys: 2, lua: NOTE_LUA });
  const scripted = redis as Scripted;
  return {
    note: (id, { requester, place }, at) => {
      scripted.kdebugNote(keys.historyOfUser(requester), keys.historyOfChannel(place.cardIn), id, at, keepMs, OF_A_PERSON_MAX, OF_A_CHANNEL_MAX).catch(() => undefined);
    },
    newest: (of, limit) => redis.zrevrange('user' in of ? keys.historyOfUser(of.user) : keys.historyOfChannel(of.channel), 0, limit - 1),
  };
};
