import type { Refusal } from '../domain/refusal.ts';
import type { Finished, Request } from '../domain/request-states.ts';
import type { Directory } from './chat-port.ts';
import type { DeliveryRecord, DeliveryRecords, RequestStore } from './ports.ts';
import type { Click } from './slack-port.ts';

export interface PressedWorld {
  readonly store: RequestStore;
  readonly records: DeliveryRecords;
  readonly directory: Directory;
}

/** Which of our messages a click was on, by the record and never by the button. */
export type PressedOn =
  | { readonly on: 'card'; readonly request: Request; readonly record: DeliveryRecord }
  | { readonly on: 'result'; readonly request: Finished; readonly index: number; readonly record: DeliveryRecord };

/** Refused: a copy elsewhere, a message that is not the record's, somebody from outside. */
export const messagePressed = async ({ store, records, directory }: PressedWorld, input: Click): Promise<PressedOn | Refusal> => {
  const [{ request }, record, member] = await Promise.all([store.load(input.request), records.load(input.request), directory.member(input.user, input.team)]);
  if (!request) return { code: 'no_such_request' };
  if (member !== 'member') return { code: 'not_a_member', user: input.user };
  if (record.card?.ts === input.ts && record.card.channel === input.channel) return { on: 'card', request, record };
  const index = resultPressed(request, record, input);
  return request.state === 'finished' && index !== undefined ? { on: 'result', request, index, record } : { code: 'wrong_card' };
};

const resultPressed = (request: Request, { results }: DeliveryRecord, { ts, channel, user }: Click): number | undefined => {
  if (request.state !== 'finished') return undefined;
  // where a direct message stands only Slack knows: nobody but the requester can have pressed there
  const isPlace = request.plan.audience.kind === 'person' ? user === request.ask.requester : channel === request.ask.place.cardIn;
  return isPlace ? [...request.ends.keys()].find((index) => results[index] === ts) : undefined;
};
