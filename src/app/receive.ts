import type { AllowAbout, AllowCommand, Command } from '../domain/command/command.ts';
import { parseCommand } from '../domain/command/parse.ts';
import { REPLAY_MEMORY_MS } from '../domain/limits.ts';
import type { RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import { tell } from './about.ts';
import { freezeTyped, unfreezeTyped } from './authority/frozen.ts';
import { allowTyped, listAllows, revokeTyped } from './authority/pre-approvals.ts';
import { canStop } from './can-stop.ts';
import { advance, change } from './change.ts';
import { receiveRun, type Intake } from './intake.ts';
import { history, openRequests, pendingRequests, timeline, type Listing as Listed } from './lists.ts';
import type { Ledger, Log } from './ports.ts';
import { tooFast } from './quotas.ts';
import { rerunTyped, type Rerunning } from './rerun.ts';
import type { Answer, Listing, TypedCommand } from './slack-port.ts';
import { orUnavailable } from './unavailable.ts';

export interface Receiving extends Intake, Rerunning, Listed {
  readonly ledger: Ledger;
  readonly log: Log;
}

const TEXT_KEPT_CHARS = 300;

/**
 * A text addressed to kdebug. Parsed first (pure), then its trigger is claimed so that a replay or a redelivery changes
 * nothing, then answered by kind. Never rejects: with Redis away the person reads that nothing was saved.
 */
export const receive = (world: Receiving, input: TypedCommand): Promise<Answer> => orUnavailable<Answer>(world.log, { user: input.user }, 'a command could not be saved', async () => {
  const parsed = parseCommand(input.text, { escaped: input.escaped });
  if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'duplicate' };
  if (!parsed.ok) {
    // the text itself may be what was refused: a credential is not kept
    await record(world, input, { code: 'parse', message: parsed.error.message }, null);
    return { kind: 'unparsed', error: parsed.error, text: input.text };
  }
  const answer = parsed.command.kind === 'run' ? await receiveRun(world, input, parsed.command, parsed.normalised) : await answerTo(world, input, parsed.command);
  if (answer.kind === 'refused') await record(world, input, answer.refusal, input.text.slice(0, TEXT_KEPT_CHARS));
  return answer;
});

const record = (world: Receiving, { user, channel }: TypedCommand, refusal: Refusal | { readonly code: 'parse'; readonly message: string }, text: string | null): Promise<void> =>
  world.ledger.recordAttempt({ user, channel, request: null, what: 'command', text, refusal });

/** What stops things is never refused for haste. */
const UNLIMITED: ReadonlySet<Command['kind']> = new Set(['cancel', 'freeze', 'unfreeze']);

const answerTo = async (world: Receiving, input: TypedCommand, command: Exclude<Command, { kind: 'run' }>): Promise<Answer> => {
  if (await world.directory.member(input.user, input.team) !== 'member') return { kind: 'refused', refusal: { code: 'not_a_member', user: input.user } };
  const busy = UNLIMITED.has(command.kind) ? undefined : await tooFast(world, input);
  if (busy) return { kind: 'refused', refusal: busy };
  switch (command.kind) {
    case 'help': case 'form': return lines(await tell(world, input, command));
    case 'images': case 'presets': case 'whoami': return lines(await tell(world, input, { kind: command.kind }));
    case 'status': return command.id === undefined ? openRequests(world, input) : statusOf(world, input, command.id);
    case 'pending': return pendingRequests(world, input);
    case 'history': return history(world, input);
    case 'timeline': return timeline(world, input);
    case 'rerun': return rerunTyped(world, input, command.id);
    case 'cancel': return cancel(world, input, command.id);
    case 'allow': return allow(world, input, command);
    case 'freeze': return freezeTyped(world, input, command.reason ?? null);
    case 'unfreeze': return unfreezeTyped(world, input);
  }
};

const allow = async (world: Receiving, input: TypedCommand, command: AllowCommand | AllowAbout): Promise<Answer> => {
  if (!('about' in command)) return allowTyped(world, input, command);
  return command.about === 'list' ? lines({ of: 'allows', allows: await listAllows(world, input) }) : revokeTyped(world, input, command.id);
};

const lines = (listing: Listing): Answer => ({ kind: 'lines', listing });

const cancel = async (world: Receiving, input: TypedCommand, id: RequestId): Promise<Answer> => {
  const changed = await change(world.store, id, (request) => [{ type: 'cancel', by: input.user, canStop: canStop(world.clusters, request) }]);
  if (!changed.ok) return { kind: 'refused', refusal: changed.refusal };
  await advance(world, changed.request);
  return { kind: 'cancelled', request: id, ...(changed.request.state === 'running' && { isStopping: true }) };
};

/** Of somebody else's request only what the channel it is shown in could see anyway. */
const statusOf = async (world: Receiving, input: TypedCommand, id: RequestId): Promise<Answer> => {
  const { request } = await world.store.load(id);
  const isVisible = request && (request.ask.requester === input.user || request.ask.place.cardIn === input.channel);
  return isVisible ? lines({ of: 'request', request }) : { kind: 'refused', refusal: { code: 'no_such_request' } };
};
