/** Who people are and what channels are, as Slack says. Every doubt is a no. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelFacts, Directory, Member } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import { parseUserId, type ChannelId, type GroupId, type MessageTs, type TeamId, type UserId } from '../../domain/names.ts';
import { CHANNEL_AGE_MS, CHANNEL_MEMBERS_AGE_MS, CHANNEL_MEMBERS_PAGE, CHANNEL_MEMBERS_PAGES_MAX, CHANNELS_REMEMBERED_MAX, DIRECTORY_ENTRIES_MAX, GROUP_AGE_MAX_MS, MEMBER_AGE_MS } from './limits.ts';
import { errorLine } from './logger.ts';
import { remembered } from './remembered.ts';
import { platformCode } from './sent.ts';

const USER = z.object({
  id: z.string(),
  team_id: z.string(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_workflow_bot: z.boolean().default(false),
  is_connector_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  name: z.string().default(''),
  real_name: z.string().default(''),
  is_email_confirmed: z.boolean().default(false),
  profile: z.object({ email: z.string().optional() }).default({}),
});
type User = z.infer<typeof USER>;

/** Slack's own bot does not call itself one. */
const SLACKBOT = 'USLACKBOT';

const isFullMember = (user: User, id: UserId, team: TeamId): boolean =>
  user.id === id && user.id !== SLACKBOT && user.team_id === team
  && !user.deleted && !user.is_bot && !user.is_workflow_bot && !user.is_connector_bot
  && !user.is_restricted && !user.is_ultra_restricted && !user.is_stranger;

/** Needs the scope users:read.email; case counts nowhere in it. */
const confirmedEmail = (user: User | undefined): string | undefined =>
  (user?.is_email_confirmed && isFullMember(user, user.id as UserId, user.team_id as TeamId) ? user.profile.email?.toLowerCase() : undefined);

const CHANNEL = z.object({
  id: z.string(),
  name: z.string().default(''),
  is_member: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  is_im: z.boolean().default(false),
  is_mpim: z.boolean().default(false),
  is_shared: z.boolean().default(false),
  is_ext_shared: z.boolean().default(false),
  is_org_shared: z.boolean().default(false),
  is_pending_ext_shared: z.boolean().default(false),
  pending_shared: z.array(z.unknown()).default([]),
});
type Channel = z.infer<typeof CHANNEL>;

/** By what Slack says, never by the first letter of the id: `G…` may become `C…`. */
const factsOf = (channel: Channel, id: ChannelId): ChannelFacts => ({
  id,
  name: channel.name,
  isMember: channel.is_member || channel.is_im,
  isArchived: channel.is_archived,
  isShared: channel.is_ext_shared || channel.is_pending_ext_shared || channel.pending_shared.length > 0 || (channel.is_shared && !channel.is_org_shared),
  isDirect: channel.is_im || channel.is_mpim,
});

const NO_SUCH_USER = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);

const askUser = (client: WebClient) => async (id: UserId): Promise<User | undefined> => {
  try {
    return USER.parse((await client.users.info({ user: id })).user);
  } catch (error) {
    if (NO_SUCH_USER.has(platformCode(error) ?? '')) return undefined;
    throw error;
  }
};

const askGroup = (client: WebClient) => async (id: GroupId): Promise<ReadonlySet<UserId>> => {
  const { users } = await client.usergroups.users.list({ usergroup: id });
  return new Set((users ?? []).map(parseUserId).filter((user) => user !== undefined));
};

/** Direct messages among them: to look into those kdebug has no scope, and wants none. */
const UNSEEN = new Set(['channel_not_found', 'missing_scope']);

const askChannel = (client: WebClient) => async (id: ChannelId): Promise<ChannelFacts | undefined> => {
  try {
    return factsOf(CHANNEL.parse((await client.conversations.info({ channel: id })).channel), id);
  } catch (error) {
    if (UNSEEN.has(platformCode(error) ?? '')) return undefined;
    throw error;
  }
};

/** All of them or nothing: half a list would make a no of a yes by chance. */
const askMembers = (client: WebClient) => async (channel: ChannelId): Promise<ReadonlySet<UserId>> => {
  const found = new Set<UserId>();
  let cursor = '';
  for (let pages = 0; pages < CHANNEL_MEMBERS_PAGES_MAX; pages += 1) {
    const page = await client.conversations.members({ channel, limit: CHANNEL_MEMBERS_PAGE, ...(cursor !== '' && { cursor }) });
    for (const user of page.members ?? []) found.add(parseUserId(user) ?? NOBODY);
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '') return found;
  }
  throw new Error(`${channel} has more members than ${CHANNEL_MEMBERS_PAGES_MAX * CHANNEL_MEMBERS_PAGE}, so nobody was counted as one.`);
};
/** An id that is none is nobody's. */
const NOBODY = '' as UserId;

const askPermalink = (client: WebClient) => async (message: string): Promise<string | undefined> => {
  const [channel = '', ts = ''] = message.split(' ');
  return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink;
};

/** `now`: milliseconds on a clock that never goes back. */
export const createDirectory = (client: WebClient, log: Log, now: () => number = () => performance.now()): Directory => {
  const users = remembered(askUser(client), now, DIRECTORY_ENTRIES_MAX);
  const groups = remembered(askGroup(client), now, DIRECTORY_ENTRIES_MAX);
  const channels = remembered(askChannel(client), now, DIRECTORY_ENTRIES_MAX);
  const members = remembered(askMembers(client), now, CHANNELS_REMEMBERED_MAX);
  const links = remembered(askPermalink(client), now, DIRECTORY_ENTRIES_MAX);

  const orElse = async <Value, Other>(asked: Promise<Value>, other: Other, what: string): Promise<Value | Other> => {
    try {
      return await asked;
    } catch (error) {
      log.warn({ error: errorLine(error) }, what);
      return other;
    }
  };

  const member = async (id: UserId, team: TeamId): Promise<Member> => {
    const user = await users.get(id, MEMBER_AGE_MS);
    return user !== undefined && isFullMember(user, id, team) ? 'member' : 'stranger';
  };

  return {
    member: (id, team) => orElse(member(id, team), 'unknown' as const, 'Slack did not say who a person is'),
    membersOf: (group, maxAgeMs) => orElse(groups.get(group, Math.min(maxAgeMs, GROUP_AGE_MAX_MS)), new Set<UserId>(), 'Slack did not say who is in a group: it counts as empty'),
    isInChannel: (user, channel) => orElse(members.get(channel, CHANNEL_MEMBERS_AGE_MS).then((all) => all.has(user)), false, 'Slack did not say who is in a channel: it counts as empty'),
    permalink: (channel, ts: MessageTs) => orElse(links.get(`${channel} ${ts}`, Infinity), undefined, 'Slack did not say how to link to a message'),
    nameOf: (id) => orElse(users.get(id, MEMBER_AGE_MS).then((user) => user?.real_name || user?.name || undefined), undefined, 'Slack did not say what a person is called'),
    email: (id) => orElse(users.get(id, MEMBER_AGE_MS).then(confirmedEmail), undefined, 'Slack did not say the address of a person'),
    channel: (id) => orElse(channels.get(id, CHANNEL_AGE_MS), 'unknown' as const, 'Slack did not say what a channel is'),
  };
};
