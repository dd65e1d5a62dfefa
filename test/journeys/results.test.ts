/** What happens after a request was accepted, told as stories: run again, filter, stop, several pods, what is told to whom. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestId } from '../../src/domain/names.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { renderView } from '../../src/playground/slack/render/conversation.ts';
import { ALICE, BOB, CAROL, DAVE, INCIDENT, openStage, OPS, OVER, type Stage } from './stage.ts';

const SEEN_WITHIN_MS = 12_000;
const POLL_MS = 25;

/** The example, but: what runs may be stopped, an approval is waited for briefly, and output may be private where all is open. */
const configuration = exampleConfiguration()
  .replace('cancel: none', 'cancel: exec')
  .replace('  - name: privileged tools need two', `  - name: vaults wait briefly
    when: { namespaces: [locked] }
    decide: approve
    approvals: 1
    approvers: ["usergroup:S0SRE"]
    expires: 5s
    mention: true
  - name: privileged tools need two`)
  .replace('unbounded: false', 'unbounded: false\n    private: allow');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ configuration, cancel: true });
  await stage.world.start(['start']);
});
afterAll(() => stage.close());

const slackWorld = () => stage.world.slack.world;
const people = () => stage.world.slack.people;

const until = async <Value>(look: () => Value | undefined | false, what: string): Promise<Value> => {
  for (let waited = 0; waited < SEEN_WITHIN_MS; waited += POLL_MS) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    await delay(POLL_MS);
  }
  throw new Error(`Nothing came of it: ${what}`);
};

/** Every message of the channel, threads too. */
const messagesIn = (channel: string) => slackWorld().messages(channel).flatMap((thread) => [thread, ...thread.replies]);
/** The message with that button that belongs to the request. */
const withButton = (channel: string, id: RequestId, button: string) => until(
  () => messagesIn(channel).find((message) => JSON.stringify(message.blocks).includes(`"value":"${id}"`) && JSON.stringify(message.blocks).includes(`"text":"${button}"`)),
  `${button} of ${id} in ${channel}`,
);
const direct = (user: string): string => slackWorld().directMessages(user).flatMap((thread) => [thread, ...thread.replies]).map(({ text }) => text).join('\n');
const newest = (user: string): string => slackWorld().ephemerals(user).at(-1)?.text ?? '';
const requestIn = (text: string): RequestId => {
  const id = /kd-[0-9a-z]{8}/.exec(text)?.[0];
  if (id === undefined) throw new Error(`There is no request in: ${text}`);
  return id as RequestId;
};

describe('results', () => {
  it('run again by somebody else is a new request in that person’s name, in the same thread', async () => {
    const id = await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 -- echo once more');
    await stage.until(id, ['finished']);
    const { ts } = await withButton(OPS, id, 'Run again');
    const before = newest(BOB);
    await people().press(BOB, OPS, ts, 'Run again');
    const second = requestIn(await until(() => newest(BOB) !== before && newest(BOB), 'an answer to Run again'));
    expect(await stage.until(second, ['finished'])).toMatchObject({ ask: { requester: BOB, place: { thread: stage.card(id).ts } }, ends: [{ outcome: { code: 0 } }] });
    const outputs = messagesIn(OPS).filter((message) => message.threadTs === stage.card(id).ts && JSON.stringify(message.blocks).includes('"text":"once more"'));
    expect(outputs).toHaveLength(2);
    expect(outputs[0]?.text).toMatch(/Exit code 0 · in (?:under|about) \d s/);
  });

  it('a stored output is filtered without running anything, for those who may see it, and posted when they say so', async () => {
    const id = await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 -- sh -c "printf \'one a\\ntwo b\\nthree a\\n\'"');
    await stage.until(id, ['finished']);
    const { ts } = await withButton(OPS, id, 'Filter…');
    const before = stage.world.cluster.control.requests().filter(({ method }) => method === 'PATCH').length;
    await people().press(BOB, OPS, ts, 'Filter…');
    const form = await until(() => { const view = slackWorld().views(BOB).at(-1); return view && renderView(slackWorld(), view).includes('Which lines') && view; }, 'the form');
    await people().submit(BOB, form.id, { 'kdebug.filter.how': 'match', 'kdebug.filter.wanted': 'a$', 'kdebug.filter.columns': '1' });
    const shown = slackWorld().views(BOB).at(-1)!;
    expect(renderView(slackWorld(), shown)).toMatch(/one\s*│[\s\S]*three\s*│/);
    expect(renderView(slackWorld(), shown)).toContain('2 lines, 3 kept');
    await people().submit(BOB, shown.id, {});
    const posted = await until(() => messagesIn(OPS).find(({ text }) => text.includes('filtered the output')), 'the post');
    expect(posted).toMatchObject({ threadTs: stage.card(id).ts, text: expect.stringContaining('<@U0BOB> filtered the output') });
    expect(stage.world.cluster.control.requests().filter(({ method }) => method === 'PATCH')).toHaveLength(before);
    // DAVE is no approver, and neither in the channel any more: he still sees an old copy of the message
    slackWorld().leave(OPS, DAVE);
    const copy = stage.world.slack.attacks.copyMessage(OPS, ts, INCIDENT);
    await people().press(DAVE, INCIDENT, copy.ts, 'Filter…');
    await until(() => { const view = slackWorld().views(DAVE).at(-1); return view && renderView(slackWorld(), view).includes('not the card of that request'); }, 'a refusal');
    slackWorld().join(OPS, DAVE);
  });

  it('several pods are put side by side, with what differs', async () => {
    const id = await stage.ask(ALICE, OPS, 'staging deploy/api --replicas all -- sh -c "echo same; hostname"');
    const request = await stage.until(id, ['finished']);
    expect(request).toMatchObject({ ends: [{}, {}] });
    const told = await until(() => messagesIn(OPS).find(({ text }) => text.startsWith('Side by side: 2 pods')), 'the comparison');
    expect(told.text).toContain('No two pods answered the same, line for line.');
    expect(stage.card(id).text).toContain('2 pods:');
  });

  it('a private result is the requester’s alone, and the thread says so', async () => {
    const id = await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 --private -- echo for my eyes');
    await stage.until(id, ['finished']);
    expect(stage.sees(OPS)).toContain('The output went to @alice alone');
    expect(stage.sees(OPS)).not.toContain('│ for my eyes');
    expect(JSON.stringify(slackWorld().directMessages(ALICE))).toContain('"text":"for my eyes"');
  });
});

describe('while it runs', () => {
  it('the card says how far it is, and the requester stops it', async () => {
    const id = await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 --timeout 50s -- sh -c "while true; do echo tick; sleep 0.2; done"');
    await stage.reached(id, ['running']);
    const { ts } = await withButton(OPS, id, 'Cancel');
    await until(() => /running for \d+ s · \d+ lines/.test(JSON.stringify(slackWorld().message(OPS, ts)?.blocks)), 'progress on the card');
    await people().press(BOB, OPS, ts, 'Cancel');
    await until(() => newest(BOB).includes('Only the person who asked'), 'nobody else stops it');
    await people().press(ALICE, OPS, ts, 'Cancel');
    const request = await stage.until(id, OVER);
    expect(request).toMatchObject({ state: 'finished', ends: [{ outcome: { kind: 'cancelled' } }] });
    expect(stage.sees(OPS)).toContain('Cancelled while it ran');
  });
});

describe('what is told to whom', () => {
  it('a denial reaches the requester by direct message, with the reason', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'prod web -- hostname');
    await stage.until(id, ['awaiting_approval']);
    const { channel, ts } = stage.card(id);
    await people().press(BOB, channel, ts, 'Deny…');
    await people().submit(BOB, await stage.view(BOB), { 'kdebug.reason': 'not during the sale' });
    await stage.until(id, ['denied']);
    expect(direct(ALICE)).toMatch(/<@U0BOB> denied hostname in prod .*not during the sale/);
  });

  it('history has verdicts and links, and an incident’s timeline stands in its channel with Markdown', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'staging api-5d6f7b8c9-2 -- false');
    await stage.until(id, ['finished']);
    expect(await stage.slash(ALICE, INCIDENT, 'history')).toMatch(new RegExp(`${id} exit 1 .*card`));
    await stage.slash(CAROL, INCIDENT, 'timeline');
    await until(() => newest(CAROL).includes('in the channel'), 'the timeline');
    const told = messagesIn(INCIDENT).find(({ text }) => text.startsWith('Debug commands in this channel'));
    expect(told?.text).toMatch(/<@U0ALICE> hostname in prod .* denied.*<@U0ALICE> false in staging .* exit 1/s);
    const file = slackWorld().files().find(({ name }) => name === 'timeline.md');
    expect(Buffer.from(file!.bytes).toString()).toContain('` false `');
  });

  it('by half of its time the approvers are reminded in the thread, once; expired it can be asked again', async () => {
    const id = await stage.ask(ALICE, OPS, 'locked vault-0 --image busybox -- id');
    await stage.until(id, ['awaiting_approval']);
    const reminders = () => messagesIn(OPS).filter(({ text }) => text.includes('Still waiting for approval'));
    expect(reminders()).toEqual([]);
    await stage.until(id, ['expired']);
    expect(reminders().map(({ text, threadTs }) => [/cc <!subteam\^S0SRE>/.test(text), threadTs])).toEqual([[true, stage.card(id).ts]]);
    expect(direct(ALICE)).toMatch(/Nobody approved id in locked .* in time/);
    const before = newest(ALICE);
    await people().press(ALICE, OPS, stage.card(id).ts, 'Ask again');
    const again = requestIn(await until(() => newest(ALICE) !== before && newest(ALICE), 'an answer to Ask again'));
    expect(again).not.toBe(id);
  });
});
