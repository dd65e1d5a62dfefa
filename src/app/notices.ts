/** What is said once of a request beside its card and its results, noted in the record as soon as Slack has it. */
import type { Instant } from '../domain/names.ts';
import { remindsAt } from '../domain/request-times.ts';
import type { Request } from '../domain/request-states.ts';
import type { Sent } from './chat-port.ts';
import { notSent, resultWhere, threadOf, TRIES_MAX, UNCERTAIN_AFTER_MS, type Delivering, type DeliverStep, type Made } from './deliver-step.ts';
import type { DeliveryRecord, Notice } from './ports.ts';

const isSaid = (record: DeliveryRecord, notice: Notice): boolean => {
  const before = record.notices?.[notice] ?? 0;
  return typeof before === 'string' || before >= TRIES_MAX;
};

/** Repeated once when Slack's answer was lost, then taken as given. */
const sayOnce = async (world: Delivering, request: Request, record: DeliveryRecord, notice: Notice, say: (isRepeat: boolean) => Promise<Sent>): Promise<Made> => {
  if (isSaid(record, notice)) return { record };
  const tries = Number(record.notices?.[notice] ?? 0);
  const noted = (value: NonNullable<DeliveryRecord['notices']>[Notice]): DeliveryRecord => ({ ...record, notices: { ...record.notices, [notice]: value } });
  const sent = await say(tries > 0);
  if (sent.kind === 'sent') return { record: noted(sent.ts) };
  if (sent.kind === 'uncertain') return { record: noted(tries + 1), ...(tries + 1 < TRIES_MAX && { afterMs: UNCERTAIN_AFTER_MS }) };
  return notSent(world, request, record, sent, noted(TRIES_MAX));
};

/** Several pods, one question: what differs is pointed out below the results. */
export const comparison: DeliverStep = async (world, request, record) => {
  if (request.state !== 'finished' || request.ends.length < 2 || isSaid(record, 'comparison')) return { record };
  const outputs = await Promise.all(request.ends.map((_end, index) => world.outputs.get(request.id, index)));
  return sayOnce(world, request, record, 'comparison', (isRepeat) => world.chat.comparison(request, outputs, resultWhere(request, record), isRepeat));
};

/** Everybody in the thread reads that there is an answer, and who has it. */
export const privately: DeliverStep = async (world, request, record) => {
  if (request.state !== 'finished' || request.plan.audience.kind !== 'person') return { record };
  const isTold = request.ends.every((_end, index) => typeof record.results[index] === 'string');
  return sayOnce(world, request, record, 'private', (isRepeat) => world.chat.privately(request, isTold, threadOf(request, record), isRepeat));
};

/** A click counts only on the card that Slack confirmed. */
export const unseen: DeliverStep = async (world, request, record) =>
  (record.card === undefined && (request.state === 'awaiting_approval' || request.state === 'choosing')
    ? sayOnce(world, request, record, 'unseen', (isRepeat) => world.chat.unseen(request, isRepeat))
    : { record });

/** Half of the time for an approval is over, and nobody was reminded yet. */
export const owesReminder = (request: Request, record: DeliveryRecord, now: Instant): boolean =>
  request.state === 'awaiting_approval' && record.card !== undefined && now >= remindsAt(request) && now < request.expiresAt && !isSaid(record, 'reminder');

export const reminder: DeliverStep = async (world, request, record, { now }) =>
  (request.state === 'awaiting_approval' && owesReminder(request, record, now)
    ? sayOnce(world, request, record, 'reminder', (isRepeat) => world.chat.reminder(request, threadOf(request, record), isRepeat))
    : { record });

/** Somebody else decided about it, or nobody did in time. */
const isDecided = (request: Request): boolean =>
  // one that is about to run says more in a moment, and its answer must not wait for this message
  ('authorization' in request && request.state !== 'queued' && request.authorization.by === 'approvals') || request.state === 'denied' || (request.state === 'expired' && request.waitingFor === 'approval');

/** The requester may look elsewhere by then: told alone, by direct message. */
export const decision: DeliverStep = async (world, request, record) => {
  if (!isDecided(request) || isSaid(record, 'decision')) return { record };
  const link = record.card && await world.directory.permalink(record.card.channel, record.card.ts);
  return sayOnce(world, request, record, 'decision', (isRepeat) => world.chat.decision(request, link, isRepeat));
};
