import { nextLookAt, type AuthorityKind, type StateOf } from '../../domain/authority.ts';
import { decideReview, type Review } from '../../domain/break-glass-review.ts';
import type { Freeze } from '../../domain/freeze.ts';
import { after, type ChannelId, type Instant, type MessageTs, type RequestId } from '../../domain/names.ts';
import { allApprovers } from '../../domain/policy/holding.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import { decidePreApproval, type PreApproval } from '../../domain/pre-approval.ts';
import { decideRecycle } from '../../domain/recycle.ts';
import type { Recycle } from '../../domain/recycle-states.ts';
import type { Leases, Log } from '../ports.ts';
import { driveRecycle, type DrivingRecycle } from '../recycle/drive.ts';
import { underLease } from '../under-lease.ts';
import { changeAuthority } from './change.ts';
import { CARD_KEY } from './click.ts';
import type { AuthorityChat, AuthorityMessage, AuthorityRecords, AuthorityRef, Posts } from './ports.ts';

export interface TellingAuthority extends DrivingRecycle {
  readonly authority: AuthorityRecords;
  readonly chat: AuthorityChat;
  readonly leases: Leases;
  readonly policy: Policy;
  readonly audit: ChannelId;
  readonly log: Log;
}

const LEASE = 'authority';
const LEASE_MS = 30_000;
const BATCH = 50;
const TRIES_MAX = 2;
const PASSED_OVER_MS = 5_000;
const UNCERTAIN_AFTER_MS = 1_000;

/** What changed, and what time has come for: expires, reminds, and brings Slack up to date. One process at a time. */
export const tellAuthorities = async (world: TellingAuthority): Promise<void> => {
  const refs = await world.authority.due(BATCH);
  if (refs.length === 0) return;
  await underLease(world.leases, LEASE, LEASE_MS, async () => { for (const ref of refs) await apart(world, ref); });
};

/** One that cannot be read must not keep the others waiting, nor be tried again on every turn. */
const apart = async (world: TellingAuthority, ref: AuthorityRef): Promise<void> => {
  try {
    await tend(world, ref);
  } catch (error) {
    world.log.error({ ...ref, error: error instanceof Error ? error.message : String(error) }, 'a freeze, pre-approval, review or recycle was passed over');
    await world.authority.putOff(ref, PASSED_OVER_MS);
  }
};

const tend = async (world: TellingAuthority, ref: AuthorityRef): Promise<void> => {
  await lapse(world.authority, ref);
  const drivenMs = ref.kind === 'recycle' ? await driveRecycle(world, ref.id) : undefined;
  const { state, now } = await world.authority.load(ref.kind, ref.id);
  if (!state) return;
  const afterMs = await bringUpToDate(world, ref, state);
  const next = [...(drivenMs === undefined ? [] : [after(now, drivenMs)]), afterMs === undefined ? nextLookAt(state) : after(now, afterMs)].filter((at) => at !== undefined);
  await world.authority.settle(ref, state.version, next.length === 0 ? undefined : Math.min(...next) as Instant);
};

const MISSING = { code: 'no_such_request' } as const;

const lapse = async (records: AuthorityRecords, { kind, id }: AuthorityRef): Promise<void> => {
  if (kind === 'allow') await changeAuthority(records, kind, id, MISSING, (state, now) => decidePreApproval(state, { type: 'lapse' }, now));
  if (kind === 'recycle') await changeAuthority(records, kind, id, MISSING, (state, now) => decideRecycle(state, { type: 'lapse' }, now));
  if (kind === 'review') await changeAuthority(records, kind, id, MISSING, (state, now) => decideReview(state, { type: 'remind' }, now));
};

/** A message owed: one that is there is updated when it is a card, and left alone when it is not. */
interface Owed {
  readonly key: string;
  readonly channel: ChannelId;
  readonly thread?: MessageTs;
  readonly message: AuthorityMessage;
  readonly isCard: boolean;
}

const once = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

const ofFreeze = (freeze: Freeze, { audit, policy }: TellingAuthority): readonly Owed[] => {
  const channels = once([audit, freeze.channel]);
  const all = (key: string, message: AuthorityMessage, isCard: boolean): readonly Owed[] => channels.map((channel) => ({ key: `${key} ${channel}`, channel, message, isCard }));
  const mention = allApprovers(policy).filter((principal, index, list) => list.findIndex((one) => one.id === principal.id) === index);
  return [
    ...all('freeze', { of: 'freeze', freeze, mention }, true),
    ...(freeze.state === 'lifting' ? all(`lifting ${freeze.version}`, { of: 'lifting', freeze }, false) : []),
    ...(freeze.state === 'lifted' ? all('lifted', { of: 'lifted', freeze }, false) : []),
  ];
};

const ofAllow = (allow: PreApproval): readonly Owed[] => [{ key: CARD_KEY, channel: allow.ask.channel, message: { of: 'allow', allow }, isCard: true }];

const ofRecycle = (recycle: Recycle): readonly Owed[] => {
  const { channel, thread } = recycle.ask;
  return recycle.state === 'checking' ? [] : [{ key: CARD_KEY, channel, ...(thread !== null && { thread }), message: { of: 'recycle', recycle }, isCard: true }];
};

const REMINDED: readonly Review['state'][] = ['reminded', 'overdue'];

const ofReview = (review: Review, { audit }: TellingAuthority): readonly Owed[] => [
  { key: CARD_KEY, channel: review.glass.channel, message: { of: 'review', review }, isCard: true },
  ...(REMINDED.includes(review.state) ? [{ key: review.state, channel: audit, message: { of: 'reminder', review } as const, isCard: false }] : []),
];

const owedBy = (world: TellingAuthority, kind: AuthorityKind, state: StateOf<AuthorityKind>): readonly Owed[] => {
  if (kind === 'freeze') return ofFreeze(state as Freeze, world);
  if (kind === 'recycle') return ofRecycle(state as Recycle);
  return kind === 'allow' ? ofAllow(state as PreApproval) : ofReview(state as Review, world);
};

/** Undefined: all is told, or given up. Otherwise the milliseconds to wait. */
const bringUpToDate = async (world: TellingAuthority, ref: AuthorityRef, state: StateOf<AuthorityKind>): Promise<number | undefined> => {
  let posts = await world.authority.posts(ref);
  for (const owed of owedBy(world, ref.kind, state)) {
    const told = await tell(world, ref.id, owed, posts[owed.key], state.version);
    if (told.post !== undefined) {
      posts = { ...posts, [owed.key]: told.post };
      await world.authority.savePosts(ref, posts);
    }
    if (told.afterMs !== undefined) return told.afterMs;
  }
  return undefined;
};

interface Told {
  readonly post?: Posts[string];
  readonly afterMs?: number;
}

const tell = async (world: TellingAuthority, id: RequestId, { channel, thread, message, isCard }: Owed, before: Posts[string] | undefined, version: number): Promise<Told> => {
  const isThere = typeof before === 'object';
  const tries = isThere ? 0 : before ?? 0;
  if (isThere ? !isCard || before.version >= version : tries >= TRIES_MAX) return {};
  const sent = await world.chat.authority(message, { channel, ...(thread !== undefined && { thread }), ...(isThere && { ts: before.ts }) }, tries > 0);
  if (sent.kind === 'sent') return { post: { channel, ts: isThere ? before.ts : sent.ts, version } };
  if (sent.kind === 'later') return { afterMs: sent.afterMs };
  if (sent.kind === 'uncertain') return isThere ? { afterMs: UNCERTAIN_AFTER_MS } : { post: tries + 1, ...(tries + 1 < TRIES_MAX && { afterMs: UNCERTAIN_AFTER_MS }) };
  world.log.error({ id, channel, why: sent.why }, 'Slack will not take a message');
  return isThere ? { post: { ...before, version } } : { post: TRIES_MAX };
};

