import type { RunCommand } from '../domain/command/command.ts';
import { renderCommand } from '../domain/command/render.ts';
import { REPLAY_MEMORY_MS } from '../domain/limits.ts';
import type { RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request-states.ts';
import { receiveRun, type Intake } from './intake.ts';
import { messagePressed, type PressedOn, type PressedWorld } from './pressed.ts';
import type { Ledger } from './ports.ts';
import type { Answer, Click, TypedCommand } from './slack-port.ts';
import { orUnavailable } from './unavailable.ts';

export interface Rerunning extends Intake, PressedWorld {
  readonly ledger: Ledger;
}

/**
 * Run again, or ask again for what expired: a new request in the name of whoever pressed, through the same door, so that
 * the rules decide about this person now. It goes to the thread of the message. Never rejects.
 */
export const rerun = (world: Rerunning, input: Click): Promise<Answer> => orUnavailable<Answer>(world.log, input, 'a run could not be asked for again', async () => {
  if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'duplicate' };
  const pressed = await messagePressed(world, input);
  const answer: Answer = 'code' in pressed ? { kind: 'refused', refusal: pressed } : await askAgain(world, pressed.request, typedBy(input, pressed));
  if (answer.kind === 'refused') await world.ledger.recordAttempt({ user: input.user, channel: input.channel, request: input.request, what: 'click', text: null, refusal: answer.refusal });
  return answer;
});

type Where = Pick<TypedCommand, 'user' | 'team' | 'channel' | 'trigger' | 'source' | 'thread'>;

/** A result in a direct message was asked for in a channel: the new card goes there too. */
const typedBy = ({ user, team, channel, trigger }: Click, { on, request, record }: PressedOn): Where => {
  const { place } = request.ask;
  const isDirect = request.state === 'finished' && request.plan.audience.kind === 'person';
  const thread = place.thread ?? (on === 'result' ? record.card?.ts : undefined);
  return { user, team, channel: isDirect ? place.typedIn : channel, trigger, source: 'button', ...(thread !== undefined && { thread }) };
};

/** The glass is broken by hand only: what was run that way is asked for like anything else. */
const withoutGlass = ({ options: { breakGlass: _broken, ...options }, ...command }: RunCommand): RunCommand => ({ ...command, options });

const askAgain = (world: Rerunning, { ask }: Request, where: Where): Promise<Answer> => {
  const command = withoutGlass(ask.command);
  return receiveRun(world, { ...where, text: renderCommand(command), escaped: false }, command, []);
};

/** `rerun ID`: for the requester, and where the request's card can be seen anyway. */
export const rerunTyped = async (world: Rerunning, input: TypedCommand, id: RequestId): Promise<Answer> => {
  const { request } = await world.store.load(id);
  const { requester, place } = request?.ask ?? {};
  const isVisible = request && (requester === input.user || place?.cardIn === input.channel || await world.directory.isInChannel(input.user, request.ask.place.cardIn));
  return isVisible ? askAgain(world, request, input) : { kind: 'refused', refusal: { code: 'no_such_request' } };
};
