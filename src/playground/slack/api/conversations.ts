import type { JsonObject } from '../json.ts';
import { SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import { visibleChannel } from './access.ts';
import { page, requiredArg, textArg, type Call, type MethodTable } from './call.ts';
import { channelJson, messageJson } from './shown.ts';

const SCOPE_PREFIX = { public: 'channels', private: 'groups', im: 'im' } as const;

/** channels:read, groups:read or im:read, by the kind of the channel named. */
const scopeFor = (workspace: Workspace, right: 'read' | 'history') => ({ args }: Call): string => {
  const kind = workspace.people.channel(textArg(args, 'channel') ?? '')?.kind ?? 'public';
  return `${SCOPE_PREFIX[kind]}:${right}`;
};

const named = (workspace: Workspace, { args }: Call): ReturnType<typeof visibleChannel> =>
  visibleChannel(workspace, requiredArg(args, 'channel', 'channel_not_found'));

const list = (workspace: Workspace, call: Call): JsonObject => {
  const types = (textArg(call.args, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const wanted = { public: 'public_channel', private: 'private_channel', im: 'im' } as const;
  const withoutArchived = textArg(call.args, 'exclude_archived') === 'true';
  const found = workspace.people.channels().filter((channel) => {
    const seen = channel.kind === 'public' || channel.members.includes(workspace.seed.app.botUserId);
    return seen && types.includes(wanted[channel.kind]) && !(withoutArchived && channel.archived);
  });
  const { items, next } = page(call.args, found);
  return { channels: items.map((channel) => channelJson(workspace, channel)), ...next };
};

const open = (workspace: Workspace, call: Call): JsonObject => {
  const users = requiredArg(call.args, 'users', 'users_list_not_supplied').split(',');
  const [user] = users;
  if (users.length !== 1 || user === undefined) throw new SlackError('method_not_supported_for_channel_type');
  const person = workspace.people.person(user);
  if (person === undefined) throw new SlackError('user_not_found');
  if (person.deleted) throw new SlackError('user_disabled');
  return { channel: { id: workspace.people.directChannel(user).id } };
};

const join = (workspace: Workspace, call: Call): JsonObject => {
  const channel = named(workspace, call);
  if (channel.archived) throw new SlackError('is_archived');
  if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
  workspace.people.join(channel.id, workspace.seed.app.botUserId);
  return { channel: channelJson(workspace, visibleChannel(workspace, channel.id)) };
};

const inside = (workspace: Workspace, call: Call): string => {
  const channel = named(workspace, call);
  if (!channel.members.includes(workspace.seed.app.botUserId)) throw new SlackError('not_in_channel');
  return channel.id;
};

const replies = (workspace: Workspace, call: Call): JsonObject => {
  const channel = inside(workspace, call);
  const ts = requiredArg(call.args, 'ts', 'thread_not_found');
  const thread = workspace.messages.threads(channel).find((each) => each.ts === ts);
  if (thread === undefined) throw new SlackError('thread_not_found');
  const { items, more, next } = page(call.args, [thread, ...thread.replies]);
  return { messages: items.map((message) => messageJson(workspace, message)), has_more: more, ...next };
};

const history = (workspace: Workspace, call: Call): JsonObject => {
  const newestFirst = workspace.messages.threads(inside(workspace, call)).toReversed();
  const { items, more, next } = page(call.args, newestFirst);
  return { messages: items.map((message) => messageJson(workspace, message)), has_more: more, ...next };
};

const members = (workspace: Workspace, call: Call): JsonObject => {
  const { items, next } = page(call.args, named(workspace, call).members);
  return { members: items, ...next };
};

export const conversationsMethods = (workspace: Workspace): MethodTable => ({
  'conversations.info': { scope: scopeFor(workspace, 'read'), meter: 3, run: (call) => ({ channel: channelJson(workspace, named(workspace, call)) }) },
  'conversations.list': { scope: 'channels:read', meter: 2, run: (call) => list(workspace, call) },
  'conversations.open': { scope: 'im:write', meter: 3, run: (call) => open(workspace, call) },
  'conversations.members': { scope: scopeFor(workspace, 'read'), meter: 4, run: (call) => members(workspace, call) },
  'conversations.join': { scope: 'channels:join', meter: 3, run: (call) => join(workspace, call) },
  'conversations.replies': { scope: scopeFor(workspace, 'history'), meter: 3, run: (call) => replies(workspace, call) },
  'conversations.history': { scope: scopeFor(workspace, 'history'), meter: 3, run: (call) => history(workspace, call) },
});
