import { renderCommand } from '../domain/command/render.ts';
import { changedCommand, defaultImage, insteadOf } from '../domain/instead.ts';
import type { EntryHandlers, Instead } from './entry-port.ts';
import type { DeliveryRecord, DeliveryRecords } from './ports.ts';
import { receive, type Receiving } from './receive.ts';
import type { Answer } from './slack-port.ts';

/** The same command with one thing changed: a new request in the name of whoever pressed, by the intake that typed ones take. */
export const askInstead: (world: Receiving & { readonly records: DeliveryRecords }, input: Instead) => ReturnType<EntryHandlers['instead']> = async (world, input) => {
  try {
    const [{ request }, record] = await Promise.all([world.store.load(input.request), world.records.load(input.request)]);
    if (request === undefined || !isOn(input, record)) return refused({ code: 'wrong_card' });
    const offered = insteadOf(request, defaultImage(world.catalogue)?.name);
    if (offered?.change !== input.change) return refused({ code: 'not_due', state: request.state });
    const { user, team, channel, trigger } = input;
    const thread = request.ask.place.thread ?? record.card?.ts;
    return await receive(world, { user, team, channel, trigger, text: renderCommand(changedCommand(request.ask.command, offered)), escaped: false, source: 'button', ...(thread !== undefined && { thread }) });
  } catch (error) {
    world.log.error({ request: input.request, user: input.user, error: error instanceof Error ? error.message : String(error) }, 'a command could not be asked another way');
    return { kind: 'unavailable' };
  }
};

const refused = (refusal: Extract<Answer, { kind: 'refused' }>['refusal']): Answer => ({ kind: 'refused', refusal });

/** A copy of the card, or of a result, elsewhere does not count. */
const isOn = ({ channel, ts }: Instead, { card, results }: DeliveryRecord): boolean =>
  card?.channel === channel && (card.ts === ts || Object.values(results).includes(ts));
