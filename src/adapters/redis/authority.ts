import type { Redis } from 'ioredis';
import type { AuthorityRecords, AuthorityRef, CoolDowns, Posts } from '../../app/authority/ports.ts';
import { AUTHORITY_KINDS, evolveAuthority, isAuthorityOver, replayAuthority, type AuthorityKind, type EventOf } from '../../domain/authority.ts';
import { sha256 } from '../../domain/canonical.ts';
import { DAY_IN_MS } from '../../domain/limits.ts';
import { parseRequestId, type ClusterName, type Instant } from '../../domain/names.ts';
import { parseEntry, parseEvent } from './entries.ts';
import type { Keys } from './keys.ts';
import { createRead, timeOf } from './read.ts';
import type { RecordSeals } from './seals.ts';
import { APPEND_AUTHORITY_LUA, SETTLE_AUTHORITY_LUA } from './scripts/authority.ts';

interface Scripted extends Redis {
  kdebugAppendAuthority(...keysThenArguments: (string | number)[]): Promise<[1, string] | [0, 'conflict' | 'too_late']>;
  kdebugSettleAuthority(events: string, looks: string, member: string, version: number, next: number | string): Promise<number>;
}

export interface AuthorityOptions {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly keepDays: number;
  readonly seals?: RecordSeals;
}

/** No cluster can be called so: its key is derived of the master, which no worker holds. */
const SERVE = '.serve' as ClusterName;
const SINGLE: readonly AuthorityKind[] = ['freeze'];

/** An event that was edited, moved or written by somebody without serve's key. */
export class ForgedAuthorityError extends Error {
  constructor(chain: string, version: number) {
    super(`Event ${version} of ${chain} is not sealed by kdebug: it was edited or written by somebody else. It counts for nothing.`);
    this.name = 'ForgedRecordError';
  }
}

const chainOf = ({ kind, id }: AuthorityRef): string => `${kind}.${id}`;
const refOf = (chain: string): AuthorityRef | undefined => {
  const [name, text] = chain.split('.');
  const [kind, id] = [AUTHORITY_KINDS.find((one) => one === name), parseRequestId(text)];
  return kind && id && { kind, id };
};

/** A worker carries a recycle out, so it is sealed by the key of its cluster, which the first event names. */
const sealerOf = (first: object | undefined): ClusterName =>
  (first !== undefined && 'type' in first && first.type === 'recycle_asked' ? (first as Extract<EventOf<'recycle'>, { type: 'recycle_asked' }>).ask.target.cluster : SERVE);

const messageOf = (chain: string, version: number, event: object): string => `${chain}\n${version}\n${JSON.stringify(event)}`;

const parseSealed = <Kind extends AuthorityKind>(line: string, where: string) =>
  parseEvent<EventOf<Kind> & { readonly mac?: string }>(parseEntry(line, where).text, where);

/** Seals over chain and place, so that an event cannot be moved either. */
const sealing = (seals: RecordSeals | undefined) => ({
  seal: (sealer: ClusterName, chain: string, version: number, event: object): string =>
    JSON.stringify(seals ? { ...event, mac: seals.mac(sealer, messageOf(chain, version, event)) } : event),
  unseal: <Kind extends AuthorityKind>(chain: string, lines: readonly string[]): readonly EventOf<Kind>[] => {
    const read = lines.map((line, index) => parseSealed<Kind>(line, `event ${index + 1} of ${chain}`));
    const sealer = sealerOf(read[0]);
    return read.map(({ mac, ...event }, index) => {
      if (seals && (mac === undefined || !seals.isMac(sealer, messageOf(chain, index + 1, event), mac))) throw new ForgedAuthorityError(chain, index + 1);
      return event as unknown as EventOf<Kind>;
    });
  },
});

export const createAuthorityRecords = (options: AuthorityOptions): AuthorityRecords => ({ ...createLists(options), ...createLooks(options), ...createPosts(options) });

const createLists = ({ redis, keys, keepDays, seals }: AuthorityOptions): Pick<AuthorityRecords, 'load' | 'append' | 'open'> => {
  redis.defineCommand('kdebugAppendAuthority', { numberOfKeys: 5, lua: APPEND_AUTHORITY_LUA });
  const [{ seal, unseal }, read] = [sealing(seals), createRead(redis)];
  return {
    load: async (kind, id) => {
      const chain = chainOf({ kind, id });
      const { lines, now } = await read(keys.authority(chain), 0);
      return { state: replayAuthority(kind, id, unseal(chain, lines)), now };
    },
    append: async (kind, id, state, event, validUntil) => {
      const [chain, version] = [chainOf({ kind, id }), state?.version ?? 0];
      const next = evolveAuthority(kind, state, id, event);
      const text = seal('ask' in next && 'target' in next.ask ? next.ask.target.cluster : SERVE, chain, version + 1, event);
      const answer = await (redis as Scripted).kdebugAppendAuthority(
        keys.authority(chain), keys.ledger, keys.ledgerHead, keys.authorityOpen(kind), keys.authorityLooks,
        chain, version, validUntil ?? '', keepDays * DAY_IN_MS, isAuthorityOver(next) ? '1' : '0', SINGLE.includes(kind) ? '1' : '0', id, text, sha256(text),
      );
      return answer[0] === 0 ? { ok: false, why: answer[1] } : { ok: true, at: Number(answer[1]) as Instant };
    },
    open: async (kind, limit) => (await redis.zrange(keys.authorityOpen(kind), '0', String(limit - 1))).flatMap((id) => parseRequestId(id) ?? []),
  };
};

const createLooks = ({ redis, keys }: AuthorityOptions): Pick<AuthorityRecords, 'due' | 'settle' | 'putOff'> => {
  redis.defineCommand('kdebugSettleAuthority', { numberOfKeys: 2, lua: SETTLE_AUTHORITY_LUA });
  return {
    due: async (limit) => {
      const now = await timeOf(redis);
      return (await redis.zrangebyscore(keys.authorityLooks, '-inf', now, 'LIMIT', 0, limit)).flatMap((chain) => refOf(chain) ?? []);
    },
    settle: async (ref, version, next) => {
      const chain = chainOf(ref);
      await (redis as Scripted).kdebugSettleAuthority(keys.authority(chain), keys.authorityLooks, chain, version, next ?? '');
    },
    putOff: async (ref, forMs) => {
      const now = await timeOf(redis);
      await redis.zadd(keys.authorityLooks, 'XX', now + forMs, chainOf(ref));
    },
  };
};

const createPosts = ({ redis, keys }: AuthorityOptions): Pick<AuthorityRecords, 'posts' | 'savePosts'> => ({
  posts: async (ref) => {
    const text = await redis.get(keys.authorityPosts(chainOf(ref)));
    return text === null ? {} : JSON.parse(text) as Posts;
  },
  // kept past the authority itself: a card that is over is still a card
  savePosts: async (ref, posts) => { await redis.set(keys.authorityPosts(chainOf(ref)), JSON.stringify(posts), 'PX', POSTS_KEPT_DAYS * DAY_IN_MS); },
});

/** Longer than anything lasts that is not over, but a review that nobody makes. */
const POSTS_KEPT_DAYS = 365;

export const createCoolDowns = (redis: Redis, keys: Keys): CoolDowns => ({
  begin: async (key, forMs) => { await redis.set(keys.coolDown(key), '1', 'PX', forMs); },
  left: async (key) => Math.max(0, await redis.pttl(keys.coolDown(key))),
});
