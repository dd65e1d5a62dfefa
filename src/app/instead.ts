import { renderCommand } from '../domain/command/render.ts';
import { changedCommand, defaultImage, insteadOf } from '../domain/instead.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EntryHandlers, Instead } from './entry-port.ts';
import { messagePressed, type PressedOn, type PressedWorld } from './pressed.ts';
import { receive, type Receiving } from './receive.ts';
import type { Answer, TypedCommand } from './slack-port.ts';
import { orUnavailable } from './unavailable.ts';

type Asking = Receiving & PressedWorld;

/** The same command with one thing changed: a new request in the name of whoever pressed, by the intake that typed ones take. Never rejects. */
export const askInstead: (world: Asking, input: Instead) => ReturnType<EntryHandlers['instead']> = (world, input) => orUnavailable<Awaited<ReturnType<EntryHandlers['instead']>>>(world.log, input, 'a command could not be asked another way', async () => {
  const pressed = await messagePressed(world, input);
  const typed = 'code' in pressed ? pressed : typedInstead(world, input, pressed);
  return 'code' in typed ? refused(world, input, typed) : receive(world, typed);
});

const typedInstead = ({ catalogue }: Asking, { change, user, team, channel, trigger }: Instead, { request, record }: PressedOn): TypedCommand | Refusal => {
  const offered = insteadOf(request, defaultImage(catalogue)?.name);
  if (offered?.change !== change) return { code: 'not_due', state: request.state };
  const thread = request.ask.place.thread ?? record.card?.ts;
  return { user, team, channel, trigger, text: renderCommand(changedCommand(request.ask.command, offered)), escaped: false, source: 'button', ...(thread !== undefined && { thread }) };
};

const refused = async ({ ledger }: Asking, { user, channel, request }: Instead, refusal: Refusal): Promise<Answer> => {
  await ledger.recordAttempt({ user, channel, request, what: 'click', text: null, refusal });
  return { kind: 'refused', refusal };
};
