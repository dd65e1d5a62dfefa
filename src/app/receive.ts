import type { Command } from '../domain/command/command.ts';
import { parseCommand } from '../domain/command/parse.ts';
import { isTerminal } from '../domain/due.ts';
import { REPLAY_MEMORY_MS } from '../domain/limits.ts';
import type { RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Request } from '../domain/request-states.ts';
import { advance, change } from './change.ts';
import { receiveRun, type Intake } from './intake.ts';
import type { Ledger, Log } from './ports.ts';
import { askRights, FRESH_MS, RECENT_MS } from './rights.ts';
import type { Answer, Listing, RequestLine, TypedCommand } from './slack-port.ts';

export interface Receiving extends Intake {
  readonly ledger: Ledger;
  readonly log: Log;
}

const LISTED_MAX = 20;
const TEXT_KEPT_CHARS = 300;

/**
 * A text addressed to kdebug. Parsed first (pure), then its trigger is claimed so that a replay or a redelivery changes
 * nothing, then answered by kind. Never rejects: with Redis away the person reads that nothing was saved.
 */
export const receive = async (world: Receiving, input: TypedCommand): Promise<Answer> => {
  const parsed = parseCommand(input.text, { escaped: input.escaped });
  const trigger = `trigger:${input.trigger}`;
  try {
    if (await world.once.claim(trigger, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'duplicate' };
    if (!parsed.ok) {
      // the text itself may be what was refused: a credential is not kept
      await record(world, input, { code: 'parse', message: parsed.error.message }, null);
      return { kind: 'unparsed', error: parsed.error, text: input.text };
    }
    const answer = parsed.command.kind === 'run' ? await receiveRun(world, input, parsed.command, parsed.normalised) : await answerTo(world, input, parsed.command);
    if (answer.kind === 'refused') await record(world, input, answer.refusal, input.text.slice(0, TEXT_KEPT_CHARS));
    return answer;
  } catch (error) {
    world.log.error({ user: input.user, error: error instanceof Error ? error.message : String(error) }, 'a command could not be saved');
    return { kind: 'unavailable' };
  }
};

const record = (world: Receiving, { user, channel }: TypedCommand, refusal: Refusal | { readonly code: 'parse'; readonly message: string }, text: string | null): Promise<void> =>
  world.ledger.recordAttempt({ user, channel, request: null, what: 'command', text, refusal });

const answerTo = async (world: Receiving, input: TypedCommand, command: Exclude<Command, { kind: 'run' }>): Promise<Answer> => {
  switch (command.kind) {
    case 'help': return lines({ of: 'help', ...(command.topic !== undefined && { topic: command.topic }) });
    case 'images': return lines({ of: 'images', images: world.catalogue.images });
    case 'presets': return lines({ of: 'presets', presets: world.catalogue.presets });
    case 'status': return command.id === undefined ? lines({ of: 'requests', which: 'status', requests: await openOf(world, input) }) : statusOf(world, input, command.id);
    case 'pending': return lines({ of: 'requests', which: 'pending', requests: await pendingFor(world, input) });
    case 'cancel': return cancel(world, input, command.id);
    case 'whoami': return whoami(world, input);
    case 'form': return lines({ of: 'help' });
    case 'rerun': case 'history': case 'timeline': case 'allow': case 'freeze': case 'unfreeze':
      return { kind: 'refused', refusal: { code: 'not_built', what: command.kind } };
  }
};

const lines = (listing: Listing): Answer => ({ kind: 'lines', listing });

const cancel = async (world: Receiving, input: TypedCommand, id: RequestId): Promise<Answer> => {
  const canStop = (request: Request): boolean => world.clusters.some((cluster) => cluster.name === request.ask.cluster && cluster.cancel === 'exec');
  const changed = await change(world.store, id, (request) => [{ type: 'cancel', by: input.user, isEntitled: false, canStop: canStop(request) }]);
  if (!changed.ok) return { kind: 'refused', refusal: changed.refusal };
  await advance(world, changed.request);
  return { kind: 'cancelled', request: id };
};

/** Of somebody else's request only what the channel it is shown in could see anyway. */
const statusOf = async (world: Receiving, input: TypedCommand, id: RequestId): Promise<Answer> => {
  const { request } = await world.store.load(id);
  const isVisible = request && (request.ask.requester === input.user || request.ask.place.cardIn === input.channel);
  return isVisible ? lines({ of: 'request', request }) : { kind: 'refused', refusal: { code: 'no_such_request' } };
};

const openOf = async (world: Receiving, { user }: TypedCommand): Promise<readonly RequestLine[]> =>
  (await loadAll(world, await world.store.openOf(user))).filter((request) => !isTerminal(request)).map(toLine);

/** What waits for this person's approval, in this channel or in one that shows its card. */
const pendingFor = async (world: Receiving, { user }: TypedCommand): Promise<readonly RequestLine[]> => {
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  const requests = await loadAll(world, await world.store.open(0, LISTED_MAX * 10));
  return requests.filter((request) => request.state === 'awaiting_approval' && request.ask.requester !== user && rights.isOneOf(user, request.hold.approvers))
    .slice(0, LISTED_MAX).map(toLine);
};

const loadAll = async (world: Receiving, ids: readonly RequestId[]): Promise<readonly Request[]> =>
  (await Promise.all(ids.map((id) => world.store.load(id)))).flatMap(({ request }) => request ?? []);

const whoami = async (world: Receiving, input: TypedCommand): Promise<Answer> => {
  const [rights, open] = await Promise.all([askRights(world.directory, world.policy, RECENT_MS), world.store.openOf(input.user)]);
  const approves = world.policy.rules.flatMap((rule) => (rule.decide === 'approve' && rights.isOneOf(input.user, rule.approvers) ? [rule.name] : []));
  return lines({ of: 'whoami', user: input.user, pending: open.length, approves });
};

const toLine = ({ id, state, ask, askedAt }: Request): RequestLine => ({
  request: id, state, requester: ask.requester, cluster: ask.cluster, namespace: ask.command.namespace, target: targetText(ask.command.target), argv: ask.command.argv, askedAt,
});

const targetText = (target: Request['ask']['command']['target']): string => {
  switch (target.kind) {
    case 'name': return target.name;
    case 'workload': return `${target.resource}/${target.name}`;
    case 'selector': return `-l ${target.selector}`;
  }
};
