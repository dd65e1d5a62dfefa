import type { Reference } from '../blocks/references.ts';
import type { Workspace } from '../workspace.ts';
import type { People } from './directory.ts';
import type { Ephemeral, Message, StoredFile, Thread, View } from './model.ts';

/** The workspace as tests and the demo look at it: what each person sees, and how to change who is where. */
export interface World extends Pick<People, 'person' | 'group' | 'channel' | 'persons' | 'groups' | 'channels' | 'join' | 'leave' | 'changeChannel' | 'changePerson' | 'changeGroup'> {
  readonly botUserId: string;
  /** The channel, oldest first, threads nested. */
  readonly messages: (channelId: string) => readonly Thread[];
  readonly message: (channelId: string, ts: string) => Message | undefined;
  /** What only this person sees, oldest first. */
  readonly ephemerals: (userId: string) => readonly Ephemeral[];
  /** Modals open on this person's screen, the top one last. */
  readonly views: (userId: string) => readonly View[];
  readonly home: (userId: string) => View | undefined;
  readonly directMessages: (userId: string) => readonly Thread[];
  readonly files: () => readonly StoredFile[];
  /** How many of a channel's oldest messages were forgotten to keep memory flat. */
  readonly droppedMessages: (channelId: string) => number;
  /** Every mention, channel name and link that Slack would make of all messages of the channel and its threads. */
  readonly references: (channelId: string) => readonly Reference[];
}

export const createWorld = ({ seed, people, messages, views, files }: Workspace): World => ({
  botUserId: seed.app.botUserId,
  person: people.person,
  group: people.group,
  channel: people.channel,
  persons: people.persons,
  groups: people.groups,
  channels: people.channels,
  join: people.join,
  leave: people.leave,
  changeChannel: people.changeChannel,
  changePerson: people.changePerson,
  changeGroup: people.changeGroup,
  messages: messages.threads,
  message: messages.get,
  ephemerals: messages.ephemerals,
  views: views.stack,
  home: views.home,
  directMessages: (userId) => messages.threads(people.directChannel(userId).id),
  files: files.list,
  droppedMessages: messages.dropped,
  references: (channelId) => messages.list(channelId).flatMap((message) => message.references),
});
