import type { Place } from '../domain/events.ts';
import type { ChannelId } from '../domain/names.ts';
import { matchesName } from '../domain/policy/match.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ChannelFacts, Directory } from './chat-port.ts';
import type { TypedCommand } from './slack-port.ts';

interface Placing {
  readonly directory: Directory;
  readonly incidents: readonly string[];
  readonly approvalsChannel: ChannelId | undefined;
}

/**
 * Where the card goes: where the command was typed, else to the approvals channel, else nowhere, and then nothing is
 * planned. A channel that other organisations read is refused; when Slack does not say, so is the command.
 */
export const placeFor = async (placing: Placing, input: TypedCommand): Promise<Place | Refusal> => {
  const channel = await placing.directory.channel(input.channel);
  if (channel === 'unknown') return { code: 'unknown_channel' };
  if (channel?.isShared) return { code: 'shared_channel' };
  if (channel === undefined || !canPost(channel)) return elsewhere(placing, input);
  const incident = placing.incidents.some((pattern) => matchesName(pattern, channel.name));
  return { team: input.team, typedIn: input.channel, cardIn: input.channel, incident, ...(input.thread && { thread: input.thread }) };
};

/** A direct message, a channel that kdebug is not in or cannot see: approvers would not see the card there. */
const elsewhere = async ({ directory, approvalsChannel }: Placing, input: TypedCommand): Promise<Place | Refusal> => {
  if (approvalsChannel === undefined) return { code: 'nowhere_to_post' };
  const approvals = await directory.channel(approvalsChannel);
  if (approvals === 'unknown') return { code: 'unknown_channel' };
  if (approvals?.isShared) return { code: 'shared_channel' };
  if (approvals === undefined || !canPost(approvals)) return { code: 'nowhere_to_post' };
  return { team: input.team, typedIn: input.channel, cardIn: approvalsChannel, incident: false };
};

const canPost = (channel: ChannelFacts): boolean => channel.isMember && !channel.isArchived && !channel.isDirect;
