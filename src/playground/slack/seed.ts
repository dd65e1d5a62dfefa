import type { Channel, Group, Person, Seed } from './world/model.ts';

/** The ACME workspace that tests and the demo start from. */
const TEAM = 'T0ACME';
const BOT = 'U0KDEBUG';

const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id, name, realName: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, teamId: TEAM, email: `${name}@example.org`,
  emailConfirmed: true, bot: false, deleted: false, restricted: false, stranger: false, ...more,
});

const group = (id: string, handle: string, name: string, users: readonly string[]): Group => ({ id, handle, name, users, disabled: false });

const STAFF = ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAVE'];

const channel = (id: string, name: string, members: readonly string[], more: Partial<Channel> = {}): Channel => ({
  id, name, kind: 'public', members, archived: false, externallyShared: false, ...more,
});

export const DEFAULT_SCOPES: readonly string[] = [
  'commands', 'chat:write', 'files:write', 'app_mentions:read', 'users:read', 'users:read.email', 'usergroups:read',
  'channels:read', 'groups:read', 'im:write',
];

export const ACME: Seed = {
  team: { id: TEAM, name: 'Acme', domain: 'acme' },
  app: { id: 'A0KDEBUG', name: 'kdebug', botId: 'B0KDEBUG', botUserId: BOT, commands: ['/kdebug'] },
  scopes: DEFAULT_SCOPES,
  people: [
    person('U0ALICE', 'alice'),
    person('U0BOB', 'bob'),
    person('U0CAROL', 'carol'),
    person('U0DAVE', 'dave'),
    person('U0GUEST', 'guest', { restricted: true }),
    person('U0GONE', 'gone', { deleted: true }),
    person('U0ROBOT', 'robot', { bot: true }),
    person('U0STRANGER', 'stranger', { teamId: 'T0OTHER', stranger: true, email: 'stranger@example.com' }),
    person(BOT, 'kdebug', { realName: 'kdebug', bot: true }),
  ],
  groups: [
    group('S0SRE', 'sre', 'SRE', ['U0BOB', 'U0CAROL']),
    group('S0ENG', 'eng', 'Engineers', ['U0ALICE', 'U0BOB', 'U0CAROL']),
    group('S0ONCALL', 'oncall', 'On call', ['U0CAROL']),
  ],
  channels: [
    channel('C0INC42', 'inc-42', [...STAFF, 'U0GUEST', BOT]),
    channel('C0OPS', 'ops', [...STAFF, 'U0ROBOT', BOT]),
    channel('C0AUDIT', 'audit', ['U0BOB', 'U0CAROL', BOT]),
    channel('C0APPROVALS', 'approvals', ['U0ALICE', 'U0BOB', 'U0CAROL', BOT]),
    channel('C0PRIVATE', 'private', ['U0ALICE', 'U0BOB'], { kind: 'private' }),
    channel('C0NOBOT', 'nobot', STAFF),
    channel('C0SHARED', 'shared', ['U0ALICE', 'U0BOB', 'U0STRANGER', BOT], { externallyShared: true }),
    channel('C0OLD', 'old', [...STAFF, BOT], { archived: true }),
  ],
};
