import { SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Message } from '../world/model.ts';

/** The channel as the bot may see it: a private one without the bot does not exist for it. Throws channel_not_found. */
export const visibleChannel = ({ people, seed }: Workspace, id: string): Channel => {
  const channel = people.channel(id);
  const hidden = channel !== undefined && channel.kind !== 'public' && !channel.members.includes(seed.app.botUserId);
  if (channel === undefined || hidden) throw new SlackError('channel_not_found');
  return channel;
};

/**
 * The channel a bot posts to; a person's id means their direct messages. Throws channel_not_found, is_archived,
 * not_in_channel, restricted_action….
 */
export const postableChannel = (workspace: Workspace, id: string, scopes: readonly string[]): Channel => {
  const { people, seed } = workspace;
  const addressee = people.person(id);
  const channel = visibleChannel(workspace, addressee === undefined || addressee.deleted ? id : people.directChannel(id).id);
  if (channel.archived) throw new SlackError('is_archived');
  const member = channel.members.includes(seed.app.botUserId);
  if (!member && !(channel.kind === 'public' && scopes.includes('chat:write.public'))) throw new SlackError('not_in_channel');
  if (channel.postingRefusal !== undefined) throw new SlackError(channel.postingRefusal);
  return channel;
};

/**
 * A thread hangs on its parent. Slack takes a reply's time stamp too and shows a mess; the fake refuses that, and a
 * parent that is not there, with the error Slack has for messages nobody can reply to.
 */
export const checkThread = ({ messages }: Workspace, channel: string, threadTs: string): void => {
  const parent = messages.get(channel, threadTs);
  if (parent === undefined && messages.forgotten(channel, threadTs)) return;
  if (parent === undefined || parent.threadTs !== undefined) throw new SlackError('cannot_reply_to_message');
};

/** The bot's own message. Throws message_not_found or `notOurs`. */
export const ownMessage = ({ messages, seed }: Workspace, channel: string, ts: string, notOurs: string): Message => {
  const message = messages.get(channel, ts);
  if (message === undefined || message.tombstone) throw new SlackError('message_not_found');
  if (message.appId !== seed.app.id) throw new SlackError(notOurs);
  return message;
};
