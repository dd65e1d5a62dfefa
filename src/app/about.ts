import type { Command } from '../domain/command/command.ts';
import { outlooksOf } from '../domain/policy/outlook.ts';
import type { AuthorityRecords } from './authority/ports.ts';
import { openAllows } from './authority/pre-approvals.ts';
import { defaultFirst, reachOf, type Reaching } from './reach.ts';
import { askRights, RECENT_MS } from './rights.ts';
import type { RequestStore } from './ports.ts';
import type { Listing, TypedCommand } from './slack-port.ts';

export interface Telling extends Reaching {
  readonly store: Pick<RequestStore, 'openOf' | 'now'>;
  readonly authority: AuthorityRecords;
}

type Question = Extract<Command, { kind: 'help' | 'form' }> | { readonly kind: 'images' | 'presets' | 'whoami' };

/** What there is for this person: nothing is listed that the rules would refuse them anyway. */
export const tell = async (world: Telling, input: TypedCommand, question: Question): Promise<Listing> => {
  if (question.kind === 'whoami') return whoami(world, input);
  const reach = await reachOf(world, input);
  if (question.kind === 'images') return { of: 'images', images: reach.images() };
  if (question.kind === 'presets') return { of: 'presets', presets: reach.presets() };
  const topic = question.kind === 'help' ? question.topic : undefined;
  return {
    of: 'help', mayDecide: reach.mayDecide, namespaces: reach.namespaces(), images: reach.images().map(({ name }) => name), presets: reach.presets().map(({ name }) => name),
    ...(topic !== undefined && { topic }),
  };
};

const whoami = async (world: Telling, input: TypedCommand): Promise<Listing> => {
  const [rights, open, now, allows] = await Promise.all([
    askRights(world.directory, world.policy, RECENT_MS), world.store.openOf(input.user), world.store.now(), openAllows(world.authority),
  ]);
  const { known } = await reachOf(world, input, now);
  const approves = world.policy.rules.flatMap((rule) => (rule.decide === 'approve' && rights.isOneOf(input.user, rule.approvers) ? [rule.name] : []));
  return { of: 'whoami', user: input.user, pending: open.length, approves, outlooks: outlooksOf(world.policy, defaultFirst(world), known), allows: allows.filter(({ ask }) => ask.person === input.user) };
};
