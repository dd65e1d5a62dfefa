import type { RequestId } from '../domain/names.ts';
import type { Finished, Running } from '../domain/request-states.ts';
import { owesDelivery } from './change.ts';
import { digestOf, notSent, resultWhere, TRIES_MAX, UNCERTAIN_AFTER_MS, type Delivering, type DeliverStep, type Made } from './deliver-step.ts';
import { comparison, decision, owesReminder, privately, reminder, unseen } from './notices.ts';
import type { ResultWhere, Sent } from './chat-port.ts';
import type { Output } from '../domain/output.ts';
import type { DeliveryRecord } from './ports.ts';

export type { Delivering } from './deliver-step.ts';

/** `again`: Slack, or another process that is at it, wants us to wait. */
export type DeliverResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

const LEASE_MS = 60_000;
/** One output that Slack takes slowly, as a file, lasts as long as the lease: each call to Slack has its end. */
const RENEW_EVERY_MS = 20_000;
const LEASE_TRIES = 40;
const LEASE_POLL_MS = 5;
/** Slack's own budget is one update of a message every 3 s. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * Brings Slack to what the request is now: card, results, the incident's trail, then the card's last word. One at a
 * time per request; each message is noted as soon as Slack has it, so that a crash repeats at most the one under way.
 */
export const deliver = async (world: Delivering, id: RequestId, generation = Infinity): Promise<DeliverResult> => {
  const lease = await acquire(world, id);
  if (!lease) return { kind: 'again', afterMs: LEASE_TRIES * LEASE_POLL_MS };
  const renewing = setInterval(() => { lease.renew(LEASE_MS).catch(() => undefined); }, RENEW_EVERY_MS);
  try {
    return await bringUpToDate(world, id, generation);
  } finally {
    clearInterval(renewing);
    await lease.release();
  }
};

/** Most often the other delivery of this request ends within milliseconds. */
const acquire = async ({ leases, sleep }: Delivering, id: RequestId) => {
  for (let tries = 0; tries < LEASE_TRIES; tries += 1) {
    const lease = await leases.acquire(`deliver:${id}`, LEASE_MS);
    if (lease) return lease;
    await sleep(LEASE_POLL_MS);
  }
  return undefined;
};

const bringUpToDate = async (world: Delivering, id: RequestId, generation: number): Promise<DeliverResult> => {
  const [{ request, events, now }, record] = await Promise.all([world.store.load(id), world.records.load(id)]);
  // a job of a later version is in the queue: it shows all that this one would
  if (!request || !owesDelivery(request) || generation < request.version) return { kind: 'done' };
  if (record.delivered >= request.version && !owesReminder(request, record, now)) return request.state === 'running' ? showProgress(world, request, record) : { kind: 'done' };
  const steps: readonly DeliverStep[] = [firstCard, unseen, results, privately, comparison, trail, latestCard, reminder, decision];
  let current: DeliveryRecord = record;
  for (const step of steps) {
    const made = await step(world, request, current, { events, now });
    if (made.record !== current) await world.records.save(id, made.record);
    if (made.afterMs !== undefined) return { kind: 'again', afterMs: made.afterMs };
    current = made.record;
  }
  await world.records.save(id, { ...current, delivered: request.version });
  return { kind: 'done' };
};

/** While a long command runs its card says how far it is: seconds, lines and bytes, never output. */
const showProgress = async ({ progress, chat }: Delivering, request: Running, { card }: DeliveryRecord): Promise<DeliverResult> => {
  const soFar = await progress.get(request.id);
  if (!soFar) return { kind: 'done' };
  if (card) await chat.card(request, { channel: card.channel, ts: card.ts }, false, soFar);
  return { kind: 'again', afterMs: PROGRESS_EVERY_MS };
};

const firstCard: DeliverStep = async (world, request, record) => {
  const tries = record.cardTries ?? 0;
  if (record.card || tries >= TRIES_MAX) return { record };
  const { cardIn, thread } = request.ask.place;
  const sent = await world.chat.card(request, { channel: cardIn, ...(thread && { thread }) }, tries > 0);
  if (sent.kind === 'sent') return { record: { ...record, card: { channel: cardIn, ts: sent.ts, version: request.version, digest: digestOf(request) } } };
  if (sent.kind === 'uncertain') return tries + 1 < TRIES_MAX ? { record: { ...record, cardTries: tries + 1 }, afterMs: UNCERTAIN_AFTER_MS } : { record: { ...record, cardTries: tries + 1 } };
  return notSent(world, request, record, sent, { ...record, cardTries: TRIES_MAX });
};

const results: DeliverStep = async (world, request, record) => {
  if (request.state !== 'finished') return { record };
  let current = record;
  for (const index of request.ends.keys()) {
    if (current !== record) await world.records.save(request.id, current);
    const made = await result(world, request, current, index);
    if (made.afterMs !== undefined) return made;
    current = made.record;
  }
  return { record: current };
};

const result = async (world: Delivering, request: Finished, record: DeliveryRecord, index: number): Promise<Made> => {
  const before = record.results[index] ?? 0;
  if (typeof before === 'string' || before >= TRIES_MAX) return { record };
  const output = await world.outputs.get(request.id, index);
  const sent = await sayResult(world, request, output, { index, where: resultWhere(request, record), isRepeat: before > 0 });
  const noted = (value: DeliveryRecord['results'][number]): DeliveryRecord => ({ ...record, results: { ...record.results, [index]: value } });
  if (sent.kind === 'sent') return { record: noted(sent.ts) };
  if (sent.kind === 'uncertain') return before + 1 < TRIES_MAX ? { record: noted(before + 1), afterMs: UNCERTAIN_AFTER_MS } : { record: noted(before + 1) };
  return notSent(world, request, record, sent, noted(TRIES_MAX));
};

/** Where the channel takes nothing any more, the one who asked is told directly: the output was for the channel, so for him too. */
const sayResult = async ({ chat }: Delivering, request: Finished, output: Output | undefined, { index, where, isRepeat }: { readonly index: number; readonly where: ResultWhere; readonly isRepeat: boolean }): Promise<Sent> => {
  const sent = await chat.result(request, index, output, where, isRepeat);
  return sent.kind === 'never' && !('person' in where) ? chat.result(request, index, output, { person: request.ask.requester }, isRepeat) : sent;
};

/** A request typed in an incident channel has its trail in its own thread there; a line lost to Slack stays in the ledger. */
const trail: DeliverStep = async (world, request, record, { events }) => {
  const { incident, thread, cardIn } = request.ask.place;
  const parent = thread ?? record.card?.ts;
  // between the grant and the end it waits: the result must not queue behind it
  if (!incident || !parent || record.trailed >= events.length || request.state === 'queued' || request.state === 'running') return { record };
  const lines = events.slice(record.trailed).map((event) => ({ at: event.at, request: request.id, event }));
  const sent = await world.chat.lines(lines, { channel: cardIn, thread: parent });
  if (sent.kind === 'later') return { record, afterMs: sent.afterMs };
  return { record: { ...record, trailed: events.length } };
};

const latestCard: DeliverStep = async (world, request, record) => {
  if (!record.card || record.card.version >= request.version) return { record };
  const { channel, ts } = record.card;
  const sent = await world.chat.card(request, { channel, ts }, false);
  // an update says the same however often it is sent
  if (sent.kind === 'uncertain') return { record, afterMs: UNCERTAIN_AFTER_MS };
  const updated = { ...record, card: { channel, ts, version: request.version, digest: digestOf(request) } };
  return sent.kind === 'sent' ? { record: updated } : notSent(world, request, record, sent, updated);
};
