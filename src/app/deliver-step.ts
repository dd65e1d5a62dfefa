import type { RequestEvent } from '../domain/events.ts';
import type { Instant } from '../domain/names.ts';
import type { Request } from '../domain/request-states.ts';
import type { ThreadOf } from './after-port.ts';
import type { Chat, Directory, ResultWhere, Sent } from './chat-port.ts';
import type { DeliveryRecord, DeliveryRecords, Leases, Log, OutputStore, ProgressBoard, RequestStore } from './ports.ts';

export interface Delivering {
  readonly store: RequestStore;
  readonly records: DeliveryRecords;
  readonly outputs: OutputStore;
  readonly progress: ProgressBoard;
  readonly chat: Chat;
  readonly directory: Pick<Directory, 'permalink'>;
  readonly leases: Leases;
  readonly log: Log;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Made {
  readonly record: DeliveryRecord;
  /** Not finished: come again after this. */
  readonly afterMs?: number;
}
export interface Known {
  readonly events: readonly RequestEvent[];
  readonly now: Instant;
}
/** One message that may be owed; the record says whether Slack has it. */
export type DeliverStep = (world: Delivering, request: Request, record: DeliveryRecord, known: Known) => Promise<Made>;

/** An answer that was lost is repeated once, marked; then it is taken as given. */
export const TRIES_MAX = 2;
export const UNCERTAIN_AFTER_MS = 1_000;

export const digestOf = (request: Request) => ('digest' in request ? request.digest : null);

/** Slack said "later", or "never": the one waits, the other is given up and logged. */
export const notSent = (world: Delivering, request: Request, record: DeliveryRecord, sent: Extract<Sent, { kind: 'later' | 'never' }>, givenUp: DeliveryRecord): Made => {
  if (sent.kind === 'later') return { record, afterMs: sent.afterMs };
  world.log.error({ request: request.id, why: sent.why }, 'Slack will not take a message');
  return { record: givenUp };
};

export const threadOf = ({ ask }: Request, { card }: DeliveryRecord): ThreadOf => {
  const thread = ask.place.thread ?? card?.ts;
  return { channel: ask.place.cardIn, ...(thread && { thread }) };
};

/** The thread, or with --private the requester's direct messages: the plan says which, and that was approved. */
export const resultWhere = (request: Request, record: DeliveryRecord): ResultWhere =>
  ('plan' in request && request.plan.audience.kind === 'person' ? { person: request.plan.audience.user } : threadOf(request, record));
