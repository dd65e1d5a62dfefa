import type { JsonObject } from '../json.ts';
import { SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import type { Content, Message } from '../world/model.ts';
import { checkThread, ownMessage, postableChannel, visibleChannel } from './access.ts';
import { flagArg, requiredArg, textArg, type Call, type MethodTable } from './call.ts';
import { compose } from './compose.ts';
import { messageJson } from './shown.ts';

const threadOf = (workspace: Workspace, channel: string, { args }: Call): { readonly threadTs?: string } => {
  const threadTs = textArg(args, 'thread_ts');
  if (threadTs === undefined) return {};
  checkThread(workspace, channel, threadTs);
  return { threadTs };
};

/** `scope` chat:write; https://docs.slack.dev/reference/methods/chat.postMessage */
const postMessage = (workspace: Workspace, call: Call): JsonObject => {
  const channel = postableChannel(workspace, requiredArg(call.args, 'channel', 'channel_not_found'), call.scopes);
  const content = compose(workspace, call.args, 'post');
  const message = workspace.messages.add({ ...content, ...threadOf(workspace, channel.id, call), ...ours(workspace, channel.id) });
  return { channel: channel.id, ts: message.ts, message: messageJson(workspace, message) };
};

const ours = ({ seed }: Workspace, channel: string): Pick<Message, 'channel' | 'user' | 'appId' | 'fileIds'> =>
  ({ channel, user: seed.app.botUserId, appId: seed.app.id, fileIds: [] });

const postEphemeral = (workspace: Workspace, call: Call): JsonObject => {
  const channel = postableChannel(workspace, requiredArg(call.args, 'channel', 'channel_not_found'), call.scopes);
  const viewer = requiredArg(call.args, 'user');
  if (!channel.members.includes(viewer)) throw new SlackError('user_not_in_channel');
  const content = compose(workspace, call.args, 'post');
  const added = workspace.messages.addEphemeral({ ...content, ...threadOf(workspace, channel.id, call), channel: channel.id, viewer, via: 'postEphemeral' });
  return { message_ts: added.ts };
};

const isRichText = (block: JsonObject): boolean => block['type'] === 'rich_text';

/** "Rich-text blocks cannot be replaced with non-rich-text blocks." */
const refuseMismatch = (before: Message, after: Content): void => {
  if (before.blocks.some(isRichText) && !after.blocks.some(isRichText)) throw new SlackError('block_mismatch');
};

/** Without blocks the old ones go; `parse` starts anew. */
const update = (workspace: Workspace, call: Call): JsonObject => {
  const channel = visibleChannel(workspace, requiredArg(call.args, 'channel', 'channel_not_found')).id;
  const ts = requiredArg(call.args, 'ts', 'message_not_found');
  const content = compose(workspace, call.args, 'update');
  if (workspace.messages.forgotten(channel, ts)) return { channel, ts, text: content.text };
  const before = ownMessage(workspace, channel, ts, 'cant_update_message');
  if (workspace.people.channel(channel)?.archived === true) throw new SlackError('is_inactive');
  refuseMismatch(before, content);
  const message = workspace.messages.edit(before, content);
  return { channel, ts, text: content.text, message: messageJson(workspace, message) };
};

const remove = (workspace: Workspace, call: Call): JsonObject => {
  const channel = visibleChannel(workspace, requiredArg(call.args, 'channel', 'channel_not_found')).id;
  const ts = requiredArg(call.args, 'ts', 'message_not_found');
  workspace.messages.remove(ownMessage(workspace, channel, ts, 'cant_delete_message'));
  return { channel, ts };
};

const getPermalink = (workspace: Workspace, call: Call): JsonObject => {
  const channel = visibleChannel(workspace, requiredArg(call.args, 'channel', 'channel_not_found')).id;
  const ts = requiredArg(call.args, 'message_ts', 'message_not_found');
  const message = workspace.messages.get(channel, ts);
  if (message === undefined) throw new SlackError('message_not_found');
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel}`;
  return { channel, permalink: `https://${workspace.seed.team.domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}${thread}` };
};

export const chatMethods = (workspace: Workspace): MethodTable => ({
  'chat.postMessage': {
    scope: 'chat:write',
    meter: 'post',
    run: (call) => {
      if (flagArg(call.args, 'reply_broadcast')) throw new SlackError('invalid_arguments');
      return postMessage(workspace, call);
    },
  },
  'chat.postEphemeral': { scope: 'chat:write', meter: 4, run: (call) => postEphemeral(workspace, call) },
  'chat.update': { scope: 'chat:write', meter: 3, run: (call) => update(workspace, call) },
  'chat.delete': { scope: 'chat:write', meter: 3, run: (call) => remove(workspace, call) },
  'chat.getPermalink': { meter: 'none', run: (call) => getPermalink(workspace, call) },
});
