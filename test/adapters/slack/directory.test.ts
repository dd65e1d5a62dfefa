import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClients, type Clients } from '../../../src/adapters/slack/clients.ts';
import { createDirectory } from '../../../src/adapters/slack/directory.ts';
import { remembered } from '../../../src/adapters/slack/remembered.ts';
import type { Directory } from '../../../src/app/chat-port.ts';
import type { ChannelId, GroupId, TeamId, UserId } from '../../../src/domain/names.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';
import { quietLog } from './workspace.ts';

const TEAM = 'T0ACME' as TeamId;
const SRE = 'S0SRE' as GroupId;

describe('the directory', () => {
  let slack: FakeSlack;
  let clients: Clients;
  let clock = 0;
  let directory: Directory;
  const calls = (method: string): number => slack.log.count(method);

  beforeAll(async () => {
    slack = await startFakeSlack({ clockScale: 2_000 });
    clients = createClients(slack.botToken, slack.apiUrl, quietLog());
  });
  afterAll(() => slack.close());
  beforeEach(() => {
    slack.faults.clear();
    clock = 0;
    directory = createDirectory(clients.interactive, quietLog(), () => clock);
  });

  it.each([
    ['U0ALICE', 'member'], ['U0GUEST', 'stranger'], ['U0GONE', 'stranger'], ['U0ROBOT', 'stranger'], ['U0STRANGER', 'stranger'],
    ['U0KDEBUG', 'stranger'], ['U0NOBODY', 'stranger'], ['USLACKBOT', 'stranger'],
  ])('says of %s: %s', async (user, member) => {
    expect(await directory.member(user as UserId, TEAM)).toBe(member);
  });

  it('takes a member of ours for a stranger elsewhere', async () => {
    expect(await directory.member('U0ALICE' as UserId, 'T0OTHER' as TeamId)).toBe('stranger');
  });

  it.each([['status', { kind: 'status', status: 500 }], ['error', { kind: 'error', error: 'internal_error' }], ['rate', { kind: 'rate_limited', retryAfterS: 3 }], ['cut', { kind: 'cut', when: 'before' }], ['html', { kind: 'html' }]] as const)('says that it does not know when Slack does not answer (%s), and asks again', async (_what, fault) => {
    slack.faults.add({ method: '*', fault });
    expect(await directory.member('U0ALICE' as UserId, TEAM)).toBe('unknown');
    expect(await directory.membersOf(SRE, 0)).toEqual(new Set());
    expect(await directory.channel('C0OPS' as ChannelId)).toBe('unknown');
    slack.faults.clear();
    expect(await directory.member('U0ALICE' as UserId, TEAM)).toBe('member');
    expect((await directory.membersOf(SRE, 60_000)).size).toBe(2);
    expect(await directory.channel('C0OPS' as ChannelId)).toMatchObject({ name: 'ops' });
  });

  it('asks once for many at the same time, and not again within the age a caller accepts', async () => {
    const before = calls('usergroups.users.list');
    await Promise.all(Array.from({ length: 50 }, () => directory.membersOf(SRE, 30_000)));
    expect(calls('usergroups.users.list') - before).toBe(1);
    clock = 29_999;
    await directory.membersOf(SRE, 30_000);
    expect(calls('usergroups.users.list') - before).toBe(1);
    clock = 30_001;
    await directory.membersOf(SRE, 30_000);
    expect(calls('usergroups.users.list') - before).toBe(2);
  });

  it('sees within its age who left a group, and nobody in a group that is disabled or not there', async () => {
    expect([...await directory.membersOf(SRE, 0)]).toEqual(['U0BOB', 'U0CAROL']);
    slack.world.changeGroup('S0SRE', { users: ['U0CAROL'] });
    clock += 1;
    expect([...await directory.membersOf(SRE, 0)]).toEqual(['U0CAROL']);
    slack.world.changeGroup('S0SRE', { disabled: true });
    clock += 1;
    expect([...await directory.membersOf(SRE, 0)]).toEqual([]);
    expect([...await directory.membersOf('S0NONE' as GroupId, 0)]).toEqual([]);
    slack.world.changeGroup('S0SRE', { users: ['U0BOB', 'U0CAROL'], disabled: false });
  });

  it.each([
    ['C0OPS', { name: 'ops', isMember: true, isArchived: false, isShared: false, isDirect: false }],
    ['C0NOBOT', { isMember: false }],
    ['C0OLD', { isArchived: true }],
    ['C0SHARED', { isShared: true }],
  ])('knows what %s is', async (id, facts) => {
    expect(await directory.channel(id as ChannelId)).toMatchObject({ id, ...facts });
  });

  it('sees no private channel it was not invited to', async () => {
    expect(await directory.channel('C0PRIVATE' as ChannelId)).toBeUndefined();
  });
});

describe('what is remembered', () => {
  it('stays within its size, the oldest going first', async () => {
    const asked: number[] = [];
    const memory = remembered((key: number) => { asked.push(key); return Promise.resolve(key); }, () => 0, 3);
    for (const key of [1, 2, 3, 4, 2, 1]) await memory.get(key, 100);
    expect(asked).toEqual([1, 2, 3, 4, 1]);
  });

  it('is no failure', async () => {
    let tries = 0;
    const memory = remembered(() => { tries += 1; return tries === 1 ? Promise.reject(new Error('no')) : Promise.resolve(tries); }, () => 0, 3);
    await expect(memory.get('a', 100)).rejects.toThrow('no');
    expect(await memory.get('a', 100)).toBe(2);
  });
});
