import { decide } from '../domain/request.ts';
import { dueOf } from '../domain/due.ts';
import type { RequestEvent } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import { APPEND_TRIES_MAX } from '../domain/limits.ts';
import type { Instant, RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Command, Request } from '../domain/request-states.ts';
import type { Loaded, Log, Queues, RequestStore } from './ports.ts';

export type Changed =
  | { readonly ok: true; readonly request: Request; readonly events: readonly RequestEvent[]; readonly at: Instant }
  | { readonly ok: false; readonly refusal: Refusal; readonly request: Request | undefined };

/** What to want of the request as it stands; several are decided one after the other and appended together. */
export type Want = (request: Request, now: Instant) => readonly Command[] | Promise<readonly Command[]>;

/**
 * Load, decide, append; when somebody appended first, all of it again, at most 5 times. Of several commands those
 * before the first refused one are appended. Rejects only when Redis does not answer; then the append is uncertain.
 * `known` was loaded just now, and stands for the first load: the append proves that it still holds.
 */
export const change = async (store: RequestStore, id: RequestId, want: Want, known?: Pick<Loaded, 'request' | 'now'>): Promise<Changed> => {
  for (let tries = 0; tries < APPEND_TRIES_MAX; tries += 1) {
    const { request, now } = tries === 0 && known ? known : await store.load(id);
    if (!request) return { ok: false, refusal: { code: 'no_such_request' }, request };
    const decided = decideAll(request, await want(request, now), now);
    if (decided.events.length === 0) return { ok: false, refusal: decided.refusal ?? { code: 'not_due', state: request.state }, request };
    const appended = await store.append(request, decided.events, decided.validUntil);
    if (appended.ok) return { ok: true, request: decided.request, events: decided.events, at: appended.at };
    if (appended.why === 'too_late') return { ok: false, refusal: { code: 'too_late', since: decided.validUntil ?? now }, request };
  }
  return { ok: false, refusal: { code: 'too_busy' }, request: undefined };
};

interface DecidedAll {
  readonly request: Request;
  readonly events: readonly RequestEvent[];
  readonly validUntil?: Instant;
  readonly refusal?: Refusal;
}

const decideAll = (request: Request, commands: readonly Command[], now: Instant): DecidedAll => {
  let result: DecidedAll = { request, events: [] };
  for (const command of commands) {
    const decision = decide(result.request, command, now);
    if (!decision.ok) return { ...result, refusal: decision.refusal };
    const validUntil = Math.min(result.validUntil ?? Infinity, decision.validUntil ?? Infinity);
    result = {
      request: evolve(result.request, decision.event),
      events: [...result.events, decision.event],
      ...(Number.isFinite(validUntil) && { validUntil: validUntil as Instant }),
    };
  }
  return result;
};

export interface Advancing {
  readonly store: RequestStore;
  readonly queues: Queues;
  readonly log: Log;
}

/** Before there is a plan or a menu there is nothing to show: the requester was answered when the command was typed. */
export const owesDelivery = (request: Request): boolean =>
  (request.state !== 'requested' && request.state !== 'planned') || request.chosen !== null || request.revision > 1;

/**
 * Puts what the request owes now into its queue. A failure here loses nothing: the append left the id in the outbox,
 * and the sweeper does this again.
 */
export const advance = async ({ store, queues, log }: Advancing, request: Request): Promise<void> => {
  const due = dueOf(request);
  try {
    await Promise.all([
      due && queues.enqueue(request.id, due),
      owesDelivery(request) && queues.enqueueDelivery(request.id, request.version),
    ]);
    store.settle(request.id, request.version);
  } catch (error) {
    log.warn({ request: request.id, error: error instanceof Error ? error.message : String(error) }, 'left to the sweeper');
  }
};
