/**
 * Requests of their own kind as the use cases see them: where they lie, and what Slack is told of them.
 *
 * Terminology: an *authority* is a freeze, a pre-approval (`allow`), a review or a recycle; a *post* is a message owed once, kept
 * by its key; a *card* is a post that follows its authority's state.
 */
import type { AuthorityKind, EventOf, StateOf } from '../../domain/authority.ts';
import type { Review } from '../../domain/break-glass-review.ts';
import type { Freeze } from '../../domain/freeze.ts';
import type { ChannelId, ClusterName, Instant, MessageTs, RequestId } from '../../domain/names.ts';
import type { PreApproval } from '../../domain/pre-approval.ts';
import type { Principal } from '../../domain/policy/rule.ts';
import type { Profile } from '../../domain/container.ts';
import type { Recycle } from '../../domain/recycle-states.ts';
import type { Queued } from '../../domain/request-states.ts';
import type { Sent } from '../chat-port.ts';
import type { Appended } from '../ports.ts';

export interface AuthorityRef {
  readonly kind: AuthorityKind;
  readonly id: RequestId;
}

/** By key: the message, and the version it shows; or how many posts of it went without an answer. */
export type Posts = Readonly<Record<string, { readonly channel: ChannelId; readonly ts: MessageTs; readonly version: number } | number>>;

export interface AuthorityRecords {
  load<Kind extends AuthorityKind>(kind: Kind, id: RequestId): Promise<{ readonly state: StateOf<Kind> | undefined; readonly now: Instant }>;
  /**
   * Compare-and-append on the version of `state` (undefined: the first event): durable and in the ledger when it answers
   * ok. A second freeze while there is one is a `conflict`.
   */
  append<Kind extends AuthorityKind>(kind: Kind, id: RequestId, state: StateOf<Kind> | undefined, event: EventOf<Kind>, validUntil?: Instant): Promise<Appended>;
  /** Those that are not over, oldest first. */
  open(kind: AuthorityKind, limit: number): Promise<readonly RequestId[]>;
  /** Those that somebody must look at: changed, or at a time that has come. */
  due(limit: number): Promise<readonly AuthorityRef[]>;
  /** Not before `next` (undefined: until it changes), unless it has changed since `version`. */
  settle(ref: AuthorityRef, version: number, next: Instant | undefined): Promise<void>;
  /** One that cannot be looked at now: not before `forMs` are over, whatever it is. */
  putOff(ref: AuthorityRef, forMs: number): Promise<void>;
  posts(ref: AuthorityRef): Promise<Posts>;
  savePosts(ref: AuthorityRef, posts: Posts): Promise<void>;
}

export type AuthorityMessage =
  /** The card of a freeze, loud when it is new. */
  | { readonly of: 'freeze'; readonly freeze: Freeze; readonly mention: readonly Principal[] }
  | { readonly of: 'lifting' | 'lifted'; readonly freeze: Freeze }
  | { readonly of: 'allow'; readonly allow: PreApproval }
  | { readonly of: 'review' | 'reminder'; readonly review: Review }
  | { readonly of: 'recycle'; readonly recycle: Recycle }
  /** Before anything runs. */
  | { readonly of: 'glass'; readonly request: Queued };

export interface AuthorityChat {
  /** With `ts` the message is updated in place; with `thread` it stands there. */
  authority(message: AuthorityMessage, where: { readonly channel: ChannelId; readonly thread?: MessageTs; readonly ts?: MessageTs }, isRepeat: boolean): Promise<Sent>;
}

/** Denied not long ago: the same person and target. */
export interface CoolDowns {
  begin(key: string, forMs: number): Promise<void>;
  /** Milliseconds; 0: none. */
  left(key: string): Promise<number>;
}

/** How much waits for the workers of a cluster. */
export interface QueueLengths {
  waiting(cluster: ClusterName): Promise<number>;
}

/** `break_glass:` of kdebug.yaml. */
export interface BreakGlassPolicy {
  readonly who: readonly Principal[];
  readonly profiles: readonly Profile[];
  readonly reviewWithinMs: number;
}

/** Commands typed a minute, and jobs that wait. */
export interface Quotas {
  readonly perPersonAMinute: number;
  readonly perChannelAMinute: number;
  readonly ofAllAMinute: number;
  readonly waitingPerCluster: number;
}
