import type { Directory } from '../blocks/references.ts';
import type { Channel, Group, Person, Seed } from './model.ts';

/** Who and what there is in the workspace, and how a test changes it. */
export interface People {
  readonly person: (id: string) => Person | undefined;
  readonly group: (id: string) => Group | undefined;
  readonly channel: (id: string) => Channel | undefined;
  readonly persons: () => readonly Person[];
  readonly groups: () => readonly Group[];
  readonly channels: () => readonly Channel[];
  /** The conversation between the bot and one person; made at first use. */
  readonly directChannel: (userId: string) => Channel;
  readonly join: (channelId: string, userId: string) => void;
  readonly leave: (channelId: string, userId: string) => void;
  readonly changeChannel: (channelId: string, change: Partial<Channel>) => void;
  readonly changePerson: (userId: string, change: Partial<Person>) => void;
  readonly changeGroup: (groupId: string, change: Partial<Group>) => void;
  readonly names: Directory;
}

const change = <Thing>(things: Map<string, Thing>, id: string, by: Partial<Thing>): void => {
  const thing = things.get(id);
  if (thing === undefined) throw new Error(`There is no ${id} in the fake workspace; seed it first.`);
  things.set(id, { ...thing, ...by });
};

const namesOf = (persons: Map<string, Person>, groups: Map<string, Group>, channels: Map<string, Channel>): Directory => {
  const idOf = <Thing extends { readonly id: string }>(things: Map<string, Thing>, is: (thing: Thing) => boolean): string | undefined =>
    [...things.values()].find(is)?.id;
  return {
    person: (name) => idOf(persons, (person) => person.name === name),
    group: (handle) => idOf(groups, (group) => group.handle === handle),
    channel: (name) => idOf(channels, (channel) => channel.name === name && channel.kind === 'public'),
  };
};

export const createPeople = (seed: Seed): People => {
  const persons = new Map(seed.people.map((person) => [person.id, person]));
  const groups = new Map(seed.groups.map((group) => [group.id, group]));
  const channels = new Map(seed.channels.map((channel) => [channel.id, channel]));
  const members = (channelId: string): readonly string[] => channels.get(channelId)?.members ?? [];

  const directChannel = (userId: string): Channel => {
    const id = `D${userId.slice(1)}`;
    const there = channels.get(id);
    if (there !== undefined) return there;
    const made: Channel = { id, name: id, kind: 'im', members: [userId, seed.app.botUserId], archived: false, externallyShared: false };
    channels.set(id, made);
    return made;
  };

  return {
    person: (id) => persons.get(id),
    group: (id) => groups.get(id),
    channel: (id) => channels.get(id),
    persons: () => [...persons.values()],
    groups: () => [...groups.values()],
    channels: () => [...channels.values()],
    directChannel,
    join: (channelId, userId) => change(channels, channelId, { members: [...new Set([...members(channelId), userId])] }),
    leave: (channelId, userId) => change(channels, channelId, { members: members(channelId).filter((member) => member !== userId) }),
    changeChannel: (channelId, by) => change(channels, channelId, by),
    changePerson: (userId, by) => change(persons, userId, by),
    changeGroup: (groupId, by) => change(groups, groupId, by),
    names: namesOf(persons, groups, channels),
  };
};
