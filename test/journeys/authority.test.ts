/** The exceptional authorities in a whole kdebug: what people type, press and read. */
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestId } from '../../src/domain/names.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { ALICE, AUDIT, BOB, CAROL, DAVE, INCIDENT, openStage, OPS, type Stage } from './stage.ts';

const TOLD_WITHIN_MS = 8_000;
const POLL_MS = 50;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ configuration: exampleConfiguration().replace(/commands_per_person: \d+/, 'commands_per_person: 40') });
  await stage.world.start(['start']);
});
afterAll(() => stage.close());

/** What everybody in the channel sees, once it says this. */
const sees = async (channel: string, words: string | RegExp): Promise<string> => {
  for (let waited = 0; waited < TOLD_WITHIN_MS; waited += POLL_MS) {
    const seen = stage.sees(channel);
    if (typeof words === 'string' ? seen.includes(words) : words.test(seen)) return seen;
    await delay(POLL_MS);
  }
  throw new Error(`Nobody reads ${String(words)} in ${channel}:\n${stage.sees(channel)}`);
};

const cardOf = (channel: string, words: string) => {
  const found = stage.world.slack.world.messages(channel).find((message) => message.text.includes(words) && JSON.stringify(message.blocks).includes('kdebug.authority.actions'));
  if (!found) throw new Error(`There is no card that says ${words} in ${channel}.`);
  return found;
};

/** Presses a button of such a card; answers with what the person alone reads, if anything within a second. */
const press = async (user: string, channel: string, words: string, button: string): Promise<string | undefined> => {
  const slack = stage.world.slack;
  const before = slack.world.ephemerals(user).length;
  await slack.people.press(user, channel, cardOf(channel, words).ts, button, ['Approve', 'Revoke', 'Withdraw'].includes(button) ? { confirm: true } : {});
  for (let waited = 0; waited < 1_000; waited += POLL_MS) {
    const told = slack.world.ephemerals(user).slice(before).at(-1)?.text;
    if (told !== undefined) return told;
    await delay(POLL_MS);
  }
  return undefined;
};

const idIn = (text: string): RequestId => /kd-[0-9a-z]{8}/.exec(text)?.[0] as RequestId;

describe('a freeze', () => {
  it('is loud, stops everybody, and is lifted by two', async () => {
    expect(await stage.slash(DAVE, OPS, 'freeze')).toMatch(/Only those who approve/);
    expect(await stage.slash(BOB, OPS, 'freeze deploying v3')).toMatch(/Everything is frozen/);
    for (const channel of [OPS, AUDIT]) expect(await sees(channel, 'deploying v3')).toMatch(/Frozen[\s\S]*@bob froze everything[\s\S]*@sre/);
    expect(await stage.slash(ALICE, OPS, 'staging api -- ls')).toMatch(/bob.* froze everything .*deploying v3/i);
    expect(await stage.slash(ALICE, OPS, 'status')).toMatch(/froze everything/);
    expect(await stage.slash(BOB, OPS, 'unfreeze')).toMatch(/one of two/);
    expect(await stage.slash(BOB, OPS, 'unfreeze')).toMatch(/You have asked for it already/);
    expect(await stage.slash(CAROL, INCIDENT, 'unfreeze')).toMatch(/is lifted/);
    for (const channel of [OPS, AUDIT]) expect(await sees(channel, 'The freeze is lifted')).toMatch(/Not frozen any more/);
    await stage.until(await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 -- ls'), ['finished']);
  });
});

describe('a pre-approval', () => {
  it('is approved by another one, runs without asking, and stops with its revocation', async () => {
    const said = await stage.slash(DAVE, INCIDENT, `allow <@${ALICE}> prod 2h image:netshoot`);
    const allow = idIn(said);
    await sees(INCIDENT, 'Pre-approval asked for');
    expect(await press(DAVE, INCIDENT, 'Pre-approval asked for', 'Approve')).toMatch(/somebody else has to decide/);
    expect(await press(ALICE, INCIDENT, 'Pre-approval asked for', 'Approve')).toMatch(/somebody else has to decide/);
    expect(await stage.slash(BOB, INCIDENT, 'pending')).toContain(allow);
    expect(await press(BOB, INCIDENT, 'Pre-approval asked for', 'Approve')).toBeUndefined();
    await sees(INCIDENT, /Pre-approved[\s\S]*approved by @bob/);
    expect(await stage.slash(ALICE, INCIDENT, 'whoami')).toContain(allow);

    const id = await stage.ask(ALICE, INCIDENT, 'prod api-7f9 --image netshoot -- ss -tlnp');
    expect(await stage.until(id, ['finished'])).toMatchObject({ authorization: { by: 'pre_approval', id: allow, approvedBy: [BOB] }, ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    await sees(INCIDENT, /pre-approved by @bob \(.kd-[0-9a-z]{8}.\)/);

    expect(await stage.slash(ALICE, INCIDENT, `allow revoke ${allow}`)).toMatch(/is revoked/);
    await sees(INCIDENT, /Pre-approval over[\s\S]*revoked by @alice/);
    await stage.until(await stage.ask(ALICE, INCIDENT, 'prod api-7f9 --image netshoot -- ss -s'), ['awaiting_approval']);
    expect(await stage.slash(ALICE, INCIDENT, 'allow list')).toMatch(/no pre-approval/);
  });

  it('denied with a reason, which stands on its card', async () => {
    await stage.slash(DAVE, OPS, `allow <@${ALICE}> prod 1h preset:dns image:netshoot`).then((said) => expect(said).toMatch(/No rule holds .*preset:dns/));
    await stage.slash(DAVE, OPS, `allow <@${ALICE}> prod 1h image:busybox`);
    await sees(OPS, 'Pre-approval asked for');
    await press(BOB, OPS, 'Pre-approval asked for', 'Deny…');
    await stage.world.slack.people.submit(BOB, await stage.view(BOB), { 'kdebug.authority.reason': 'not this week' });
    await sees(OPS, /Pre-approval over[\s\S]*denied by @bob: .not this week/);
  });
});

describe('break-glass', () => {
  const GLASS = 'prod api-7f9 --image netshoot --break-glass --reason "INC-42 burns" -- ss -tlnp';
  it('runs after its notice stands in the audit channel, and leaves a review owed', async () => {
    expect(await stage.slash(ALICE, INCIDENT, GLASS)).toMatch(/You cannot break the glass/);
    const id = await stage.ask(CAROL, INCIDENT, GLASS);
    const request = await stage.until(id, ['finished']);
    const notice = stage.world.slack.world.messages(AUDIT).find(({ text }) => text.includes('Break-glass: about to run'));
    expect(request).toMatchObject({ authorization: { by: 'break_glass', reason: 'INC-42 burns', notice: { channel: AUDIT, ts: notice?.ts } } });
    expect(await sees(AUDIT, 'about to run without approval')).toMatch(/@carol runs[\s\S]*cc @sre/);
    expect(await sees(INCIDENT, 'a review is owed')).toMatch(/break-glass, without the approvals/);

    expect(await stage.slash(BOB, INCIDENT, 'pending')).toMatch(new RegExp(`${id}.*broken glass.*INC-42 burns`));
    await press(CAROL, INCIDENT, 'a review is owed', 'Reviewed…');
    await stage.world.slack.people.submit(CAROL, await stage.view(CAROL), { 'kdebug.authority.reason': 'all fine' });
    const refused = stage.world.slack.world.views(CAROL).at(-1);
    expect(JSON.stringify(refused)).toContain('somebody else has to review it');
    await stage.world.slack.people.closeView(CAROL, refused?.id ?? '');
    await press(BOB, INCIDENT, 'a review is owed', 'Reviewed…');
    await stage.world.slack.people.submit(BOB, await stage.view(BOB), { 'kdebug.authority.reason': 'was a real fire' });
    await sees(INCIDENT, /Broken glass: reviewed[\s\S]*was a real fire/);
    await sees(AUDIT, 'broken glass reviewed by @bob');
  });

  it('with an audit channel that takes nothing, nothing runs, and the person reads why', async () => {
    const restore = stage.world.slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'error', error: 'is_archived' }, when: (args) => args['channel'] === AUDIT });
    const id = await stage.ask(CAROL, OPS, 'prod api-7f9 --image netshoot --break-glass --reason "INC-43" -- ss -s');
    expect(await stage.until(id, ['refused', 'finished'])).toMatchObject({ state: 'refused', refusal: { code: 'not_announced', why: 'that channel is archived' } });
    expect(restore()).toBeGreaterThan(0);
    expect(await sees(OPS, 'could not be announced')).toContain('that channel is archived');
  });
});

describe('the ledger', () => {
  it('holds all of it in one chain, and verifies', () => {
    const kdebug = (...args: readonly string[]) => spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', ...args], { env: { ...process.env, ...stage.world.env }, encoding: 'utf8' });
    expect(kdebug('verify').stdout).toMatch(/^ok: \d+ entries/);
    const listed = kdebug('list').stdout;
    for (const type of ['frozen', 'unfrozen', 'allow_asked', 'allow_approved', 'allow_revoked', 'pre_approved', 'glass_broken', 'announced', 'review_owed', 'reviewed']) expect(listed, type).toContain(`"${type}"`);
  });
});

describe('quotas', () => {
  it('a person who types without end is told when to try again, others go on', async () => {
    const answers: string[] = [];
    for (let count = 0; count < 45; count += 1) answers.push(await stage.slash(DAVE, OPS, 'images'));
    expect(answers.at(-1)).toMatch(/more commands than kdebug takes in a minute. Try again in \d+ s/);
    expect(await stage.slash(ALICE, 'C0APPROVALS', 'images')).not.toMatch(/more commands/);
  });

  it('what was denied is not asked again at once', async () => {
    const id = await stage.ask(BOB, INCIDENT, 'prod web --image netshoot -- ss');
    await stage.until(id, ['awaiting_approval']);
    await stage.world.slack.people.press(CAROL, stage.card(id).channel, stage.card(id).ts, 'Deny…');
    await stage.world.slack.people.submit(CAROL, await stage.view(CAROL), { 'kdebug.deny.reason': 'no' });
    await stage.until(id, ['denied']);
    expect(await stage.slash(BOB, INCIDENT, 'prod web --image netshoot -- ss -s')).toMatch(/denied a moment ago/);
  });
});
