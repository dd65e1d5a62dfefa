/**
 * The world as the use cases see it. No vendor's type crosses these; nothing here decides.
 *
 * Terminology: a *step* is what a queue job asks for; a *delivery* is a message owed to Slack; *append* is the one way
 * a request changes.
 */
import type { RawOutput, SuggestedPods } from './cluster-port.ts';
import type { AuthorityEvent } from '../domain/authority.ts';
import type { Due } from '../domain/due.ts';
import type { EvictionClaim, GrantClaim } from '../domain/grant.ts';
import type { RequestEvent } from '../domain/events.ts';
import type { ChannelId, ClusterName, Instant, MessageTs, Namespace, RequestId, Sha256, UserId } from '../domain/names.ts';
import type { Output } from '../domain/output.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Request } from '../domain/request-states.ts';

export interface Loaded {
  readonly request: Request | undefined;
  /** The list that the request is made of. */
  readonly events: readonly RequestEvent[];
  /** Redis TIME when it was read: the `now` of every decision made on it. */
  readonly now: Instant;
}

export type Appended =
  | { readonly ok: true; readonly at: Instant }
  /** `conflict`: somebody appended first, load and decide again. `too_late`: the clock guard refused. */
  | { readonly ok: false; readonly why: 'conflict' | 'too_late' };

export interface RequestStore {
  load(id: RequestId): Promise<Loaded>;
  /** Its version alone, 0 when there is no such request: for whoever only waits for a change. */
  version(id: RequestId): Promise<number>;
  /** Begins a request with its first event; a `conflict` is an id that was used before. */
  begin(id: RequestId, event: Extract<RequestEvent, { type: 'requested' }>, validUntil: Instant): Promise<Appended>;
  /** Compare-and-append on the version of `request`: durable, chained and in the ledger when it answers ok. */
  append(request: Request, events: readonly RequestEvent[], validUntil?: Instant): Promise<Appended>;
  now(): Promise<Instant>;
  /** Appended but not yet seen through its queue for longer than `olderThanMs`; at most `limit`, oldest first. */
  unsettled(olderThanMs: number, limit: number): Promise<readonly RequestId[]>;
  /** Everything owed for this version is in a queue. Nobody waits for it: what is not noted is put into its queue again. */
  settle(id: RequestId, version: number): void;
  /** Requests that are not over, oldest first: `limit` of them after the first `skip`, only those that began until `before`. */
  open(skip: number, limit: number, before?: Instant): Promise<readonly RequestId[]>;
  openOf(user: UserId): Promise<readonly RequestId[]>;
  /** What one person asked, or what was asked in one channel, newest first. An index beside the ledger, best effort: it may lack a request. */
  history(of: { readonly user: UserId } | { readonly channel: ChannelId }, limit: number): Promise<readonly RequestId[]>;
}

/** What happened beside any request: refused attempts, security events. */
export interface Attempt {
  readonly user: UserId | null;
  readonly channel: ChannelId | null;
  readonly request: RequestId | null;
  readonly what: 'command' | 'click' | 'security';
  /** Text as typed, cut; never one that was refused as a credential. */
  readonly text: string | null;
  readonly refusal: Refusal | { readonly code: 'parse'; readonly message: string } | { readonly code: 'security'; readonly message: string };
}

/** What one line of the mirror is made of. */
export interface LedgerLine {
  readonly at: Instant;
  readonly request: RequestId | null;
  readonly event: RequestEvent | AuthorityEvent | { readonly type: 'attempt'; readonly attempt: Attempt; readonly count: number };
}

export interface LedgerEntry extends LedgerLine {
  /** Position in the global stream, from 1. */
  readonly position: number;
  readonly sequence: number;
  readonly hash: Sha256;
}

export interface Ledger {
  /** Beyond 20 a person and minute the attempts are counted into one entry, made when the minute is over. */
  recordAttempt(attempt: Attempt): Promise<void>;
  /** Makes the entries of minutes that are over. One process at a time. */
  settleAttempts(): Promise<void>;
  /** Entries after `position`, oldest first, at most `limit`. */
  after(position: number, limit: number): Promise<readonly LedgerEntry[]>;
}

export interface Queues {
  /** Adding the same step of the same generation twice is a no-op. Rejects within 1.5 s when Redis cannot take it. */
  enqueue(id: RequestId, due: Due): Promise<void>;
  enqueueDelivery(id: RequestId, version: number): Promise<void>;
  /** The delivery that shows how far a long run is, again and again until it ends. */
  enqueueProgress(id: RequestId, version: number): Promise<void>;
  /** The delivery that reminds approvers of a request that still waits. */
  enqueueReminder(id: RequestId, version: number): Promise<void>;
  /** For the sweeper: takes a dead job of this step away so that it can be added again; true when one is still alive. */
  isAlive(id: RequestId, due: Due): Promise<boolean>;
}

/** Exclusive rights that end by themselves. */
export interface Leases {
  /** Undefined when somebody else holds it. */
  acquire(name: string, forMs: number): Promise<Lease | undefined>;
}
export interface Lease {
  renew(forMs: number): Promise<boolean>;
  release(): Promise<void>;
}

/** First-seen memory for triggers, signatures and texts. */
export interface Once {
  /** The value that is there already, or undefined when ours was set. */
  claim(key: string, value: string, forMs: number): Promise<string | undefined>;
  release(key: string): Promise<void>;
}

export interface OutputStore {
  put(id: RequestId, index: number, output: Output): Promise<void>;
  get(id: RequestId, index: number): Promise<Output | undefined>;
}

/** What Slack was told of a request, and where: not a fact about the request, so not an event. */
export interface DeliveryRecord {
  /** `digest` is of the plan it shows: what a click on it approves. */
  readonly card?: { readonly channel: ChannelId; readonly ts: MessageTs; readonly version: number; readonly digest: Sha256 | null };
  /** Posts of the card whose answer never came: each may be there. Repeated once, then given up. */
  readonly cardTries?: number;
  /** By the index of the run: its message, or how many posts of it went without an answer. */
  readonly results: Readonly<Record<number, MessageTs | number>>;
  /** Messages owed once: each one's time stamp, or how many posts of it went without an answer. */
  readonly notices?: Readonly<Partial<Record<Notice, MessageTs | number>>>;
  /** Events that stand in the incident's trail. */
  readonly trailed: number;
  /** Highest version whose deliveries are all made. */
  readonly delivered: number;
}
/** What is said once of a request, beside its card and its results. */
export type Notice = 'comparison' | 'private' | 'decision' | 'reminder' | 'unseen';
export interface DeliveryRecords {
  load(id: RequestId): Promise<DeliveryRecord>;
  save(id: RequestId, record: DeliveryRecord): Promise<void>;
}

/** How far a run has come, while it runs. Never output: seconds, lines and bytes only. */
export interface Progress {
  readonly runningSince: Instant;
  /** When it was as far as that. */
  readonly at: Instant;
  readonly bytes: number;
  readonly lines: number;
}
export interface ProgressBoard {
  put(id: RequestId, progress: Progress): Promise<void>;
  get(id: RequestId): Promise<Progress | undefined>;
}

/** How far a reader of the ledger has come. */
export interface Cursors {
  get(name: string): Promise<number>;
  set(name: string, position: number): Promise<void>;
}

/** Bytes from a container to text that may be shown: sanitised, redacted, cut; within a time limit, else withheld. */
export interface Sanitiser {
  sanitise(raw: RawOutput): Promise<Output>;
}

/** Serve's key. */
export interface GrantSigner {
  sign(claim: GrantClaim | EvictionClaim): string;
}
/** A worker's half of it. */
export interface GrantVerifier {
  isSigned(claim: GrantClaim | EvictionClaim, signature: string): boolean;
}

/** One question of type-ahead: serve may not ask a cluster, so a worker of it does. */
export interface PodQuestion {
  readonly namespace: Namespace;
  /** Beginning of a pod's name; empty: all of them. */
  readonly prefix: string;
}
/** Questions and answers that live for seconds. Not a request: nothing of them is kept, decided or in the ledger. */
export interface PodLookups {
  /** Undefined: no worker answered in time, or there are too many questions already. Never rejects. */
  ask(cluster: ClusterName, question: PodQuestion): Promise<SuggestedPods | undefined>;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
