import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Group, Message, Person, StoredFile, View } from '../world/model.ts';

const ENTITY_OR_SPECIAL = /<[@#!][^<>]*>|<(?:https?|mailto|tel|slack):[^<>]*>|&(?:amp|lt|gt);|[&<>]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack gives text back escaped, whatever its author sent; entities of its own stay. */
export const escaped = (text: string): string => text.replaceAll(ENTITY_OR_SPECIAL, (found) => ESCAPES[found] ?? found);

const escapedBelow = (value: Json | undefined): Json | undefined => {
  if (isList(value)) return value.map((item) => escapedBelow(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'text' && typeof item === 'string' ? escaped(item) : escapedBelow(item)]));
};

export const fileJson = ({ origin }: Workspace, file: StoredFile): JsonObject => ({
  id: file.id, name: file.name, title: file.title, size: file.length, mode: file.snippetType === undefined ? 'hosted' : 'snippet',
  url_private: `${origin()}/files/${file.id}`, permalink: `${origin()}/files/${file.id}`,
});

/** A message as the API and the payload of a click show it. */
export const messageJson = (workspace: Workspace, message: Message): JsonObject => ({
  type: 'message',
  ...(message.tombstone ? { subtype: 'tombstone' } : {}),
  user: message.user,
  ts: message.ts,
  text: escaped(message.text),
  team: workspace.seed.team.id,
  ...(message.appId === undefined ? {} : { app_id: message.appId, bot_id: workspace.seed.app.botId }),
  ...(message.blocks.length === 0 ? {} : { blocks: escapedBelow(message.blocks) }),
  ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  ...(message.editedTs === undefined ? {} : { edited: { user: workspace.seed.app.botId, ts: message.editedTs } }),
  ...(message.fileIds.length === 0 ? {} : { files: message.fileIds.map((id) => workspace.files.get(id)).filter((file) => file !== undefined).map((file) => fileJson(workspace, file)) }),
});

export const channelJson = ({ seed }: Workspace, channel: Channel): JsonObject => ({
  id: channel.id, name: channel.name, name_normalized: channel.name, is_channel: channel.kind === 'public', is_group: false,
  is_im: channel.kind === 'im', is_private: channel.kind !== 'public', is_mpim: false, is_archived: channel.archived,
  is_member: channel.members.includes(seed.app.botUserId), is_ext_shared: channel.externallyShared, is_pending_ext_shared: false,
  is_shared: channel.externallyShared, is_org_shared: false, is_general: false, num_members: channel.members.length,
  context_team_id: seed.team.id, creator: channel.members[0] ?? seed.app.botUserId, created: 1_700_000_000,
  ...(channel.kind === 'im' ? { user: channel.members.find((member) => member !== seed.app.botUserId) } : {}),
});

/** `email` is there only for a token that may read it. */
export const personJson = (person: Person, mayReadEmail: boolean): JsonObject => ({
  id: person.id, team_id: person.teamId, name: person.name, real_name: person.realName, deleted: person.deleted, is_bot: person.bot,
  is_app_user: false, is_admin: false, is_owner: false, is_primary_owner: false, is_restricted: person.restricted,
  is_ultra_restricted: false, is_stranger: person.stranger, is_email_confirmed: person.emailConfirmed, tz: 'Europe/Berlin', tz_offset: 3_600,
  profile: { real_name: person.realName, display_name: person.name, ...(mayReadEmail && !person.stranger ? { email: person.email } : {}) },
});

export const groupJson = ({ seed }: Workspace, group: Group, withUsers: boolean): JsonObject => ({
  id: group.id, team_id: seed.team.id, is_usergroup: true, name: group.name, handle: group.handle, description: '', is_external: false,
  date_delete: group.disabled ? 1_700_000_000 : 0, user_count: group.users.length, ...(withUsers ? { users: group.users } : {}),
});

export const viewJson = ({ seed }: Workspace, view: View): JsonObject => ({
  private_metadata: '', callback_id: '', clear_on_close: false, notify_on_close: false, close: null, submit: null,
  ...view.body,
  id: view.id, team_id: seed.team.id, app_id: seed.app.id, app_installed_team_id: seed.team.id, bot_id: seed.app.botId,
  root_view_id: view.rootId, previous_view_id: view.previousId ?? null, hash: view.hash, external_id: view.externalId ?? '',
  state: { values: view.values },
});
