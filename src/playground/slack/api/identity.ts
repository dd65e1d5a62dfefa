import type { JsonObject } from '../json.ts';
import { SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import { flagArg, requiredArg, textArg, type Call, type MethodTable } from './call.ts';
import { groupJson, personJson } from './shown.ts';

const authTest = ({ seed }: Workspace): JsonObject => ({
  url: `https://${seed.team.domain}.slack.com/`, team: seed.team.name, user: seed.app.name, team_id: seed.team.id,
  user_id: seed.app.botUserId, bot_id: seed.app.botId, app_id: seed.app.id, is_enterprise_install: false,
});

const usersInfo = ({ people }: Workspace, call: Call): JsonObject => {
  const person = people.person(requiredArg(call.args, 'user', 'user_not_found'));
  if (person === undefined) throw new SlackError('user_not_found');
  return { user: personJson(person, call.scopes.includes('users:read.email')) };
};

const groupsList = (workspace: Workspace, { args }: Call): JsonObject => {
  const found = workspace.people.groups().filter((group) => !group.disabled || flagArg(args, 'include_disabled'));
  return { usergroups: found.map((group) => groupJson(workspace, group, flagArg(args, 'include_users'))) };
};

/** A disabled group has nobody, unless one asks for it. */
const groupUsers = ({ people }: Workspace, { args }: Call): JsonObject => {
  const group = people.group(requiredArg(args, 'usergroup', 'no_such_subteam'));
  if (group === undefined) throw new SlackError('no_such_subteam');
  return { users: group.disabled && !flagArg(args, 'include_disabled') ? [] : group.users };
};

const botsInfo = ({ seed }: Workspace, { args }: Call): JsonObject => {
  if ((textArg(args, 'bot') ?? seed.app.botId) !== seed.app.botId) throw new SlackError('bot_not_found');
  return { bot: { id: seed.app.botId, deleted: false, name: seed.app.name, app_id: seed.app.id, user_id: seed.app.botUserId } };
};

/** Who we are and who the others are. */
export const identityMethods = (workspace: Workspace, openConnection: () => string): MethodTable => ({
  'auth.test': { meter: 'none', run: () => authTest(workspace) },
  'apps.connections.open': { token: 'app', meter: 3, run: () => ({ url: openConnection() }) },
  'users.info': { scope: 'users:read', meter: 4, run: (call) => usersInfo(workspace, call) },
  'usergroups.list': { scope: 'usergroups:read', meter: 2, run: (call) => groupsList(workspace, call) },
  'usergroups.users.list': { scope: 'usergroups:read', meter: 2, run: (call) => groupUsers(workspace, call) },
  'team.info': { scope: 'team:read', meter: 3, run: () => ({ team: { ...workspace.seed.team, email_domain: '' } }) },
  'bots.info': { scope: 'users:read', meter: 3, run: (call) => botsInfo(workspace, call) },
});
