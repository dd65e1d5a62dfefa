import { createBoundedMap, type BoundedMap } from '../bounded.ts';
import { EPHEMERALS_PER_PERSON_MAX } from '../limits.ts';
import type { Content, Ephemeral, Message, Thread } from './model.ts';

/** Every message of every channel, oldest first, the oldest forgotten beyond `perChannelMax`. */
export interface Messages {
  readonly get: (channel: string, ts: string) => Message | undefined;
  readonly list: (channel: string) => readonly Message[];
  /** Parents with their replies nested, as the channel shows them; a reply whose parent was forgotten stands alone. */
  readonly threads: (channel: string) => readonly Thread[];
  readonly add: (message: Omit<Message, 'ts' | 'tombstone'>) => Message;
  readonly edit: (message: Message, content: Content) => Message;
  /** A parent with replies leaves a tombstone. */
  readonly remove: (message: Message) => void;
  /** Older than what this channel still remembers: the fake can say neither yes nor no. */
  readonly forgotten: (channel: string, ts: string) => boolean;
  readonly dropped: (channel: string) => number;
  readonly ephemerals: (userId: string) => readonly Ephemeral[];
  readonly addEphemeral: (ephemeral: Omit<Ephemeral, 'ts'>) => Ephemeral;
  readonly replaceEphemeral: (viewer: string, ts: string, content: Content | undefined) => boolean;
}

interface Shelf {
  readonly messages: BoundedMap<string, Message>;
  readonly replyCounts: Map<string, number>;
  lastDroppedTs: string;
}

const nested = (messages: readonly Message[]): readonly Thread[] => {
  const threads = new Map<string, Thread & { replies: Message[] }>();
  for (const message of messages) {
    const parent = message.threadTs === undefined ? undefined : threads.get(message.threadTs);
    if (parent === undefined) threads.set(message.ts, { ...message, replies: [] });
    else parent.replies.push(message);
  }
  return [...threads.values()];
};

const createEphemerals = (nextTs: () => string): Pick<Messages, 'ephemerals' | 'addEphemeral' | 'replaceEphemeral'> => {
  const seen = new Map<string, BoundedMap<string, Ephemeral>>();
  const of = (viewer: string): BoundedMap<string, Ephemeral> => {
    const there = seen.get(viewer) ?? createBoundedMap<string, Ephemeral>(EPHEMERALS_PER_PERSON_MAX);
    seen.set(viewer, there);
    return there;
  };
  return {
    ephemerals: (userId) => [...(seen.get(userId)?.values() ?? [])],
    addEphemeral: (ephemeral) => {
      const added = { ...ephemeral, ts: nextTs() };
      of(ephemeral.viewer).set(added.ts, added);
      return added;
    },
    replaceEphemeral: (viewer, ts, content) => {
      const old = of(viewer).get(ts);
      if (old === undefined) return false;
      if (content === undefined) of(viewer).delete(ts);
      else of(viewer).set(ts, { ...old, ...content });
      return true;
    },
  };
};

const createShelf = (max: number): Shelf => {
  const replyCounts = new Map<string, number>();
  const shelf: Shelf = {
    messages: createBoundedMap<string, Message>(max, (old) => {
      shelf.lastDroppedTs = old.ts;
      replyCounts.delete(old.ts);
    }),
    replyCounts,
    lastDroppedTs: '',
  };
  return shelf;
};

const tombstone = (message: Message): Message =>
  ({ ...message, text: 'This message was deleted.', blocks: [], references: [], fileIds: [], tombstone: true });

export const createMessages = (nextTs: () => string, perChannelMax: number): Messages => {
  const shelves = new Map<string, Shelf>();
  const shelf = (channel: string): Shelf => {
    const there = shelves.get(channel) ?? createShelf(perChannelMax);
    shelves.set(channel, there);
    return there;
  };
  const put = (message: Message): Message => {
    shelf(message.channel).messages.set(message.ts, message);
    return message;
  };
  const countReply = ({ channel, threadTs }: Pick<Message, 'channel' | 'threadTs'>, by: number): void => {
    const { messages, replyCounts } = shelf(channel);
    if (threadTs !== undefined && messages.get(threadTs) !== undefined) replyCounts.set(threadTs, (replyCounts.get(threadTs) ?? 0) + by);
  };
  const remove = (message: Message): void => {
    const { messages, replyCounts } = shelf(message.channel);
    if ((replyCounts.get(message.ts) ?? 0) > 0) put(tombstone(message));
    else messages.delete(message.ts);
    countReply(message, -1);
  };
  const list = (channel: string): readonly Message[] => [...(shelves.get(channel)?.messages.values() ?? [])];

  return {
    ...createEphemerals(nextTs),
    get: (channel, ts) => shelves.get(channel)?.messages.get(ts),
    list,
    threads: (channel) => nested(list(channel)),
    add: (message) => {
      countReply(message, 1);
      return put({ ...message, ts: nextTs(), tombstone: false });
    },
    edit: (message, content) => put({ ...message, ...content, editedTs: nextTs() }),
    remove,
    forgotten: (channel, ts) => ts <= (shelves.get(channel)?.lastDroppedTs ?? ''),
    dropped: (channel) => shelves.get(channel)?.messages.dropped() ?? 0,
  };
};
