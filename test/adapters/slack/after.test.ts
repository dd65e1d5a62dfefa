/** What happens in Slack after a request was accepted: results with their buttons, filters, direct messages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILTER_FIELDS } from '../../../src/adapters/slack/render/filter.ts';
import type { Sent } from '../../../src/app/chat-port.ts';
import type { FilterAsk } from '../../../src/app/slack-port.ts';
import type { ChannelId, MessageTs, UserId } from '../../../src/domain/names.ts';
import type { Output } from '../../../src/domain/output.ts';
import type { AwaitingApproval, Finished } from '../../../src/domain/request-states.ts';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import { renderView } from '../../../src/playground/slack/render/conversation.ts';
import { ALICE, BOB, given, ID, INCIDENT, runCommand, STATES } from '../../fixtures/requests.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const FINISHED = given(...STATES.finished) as Finished;
const output = (head: string): Output => ({ head, summary: { bytes: head.length, lines: 2, complete: true, keptBytes: head.length, binary: false, redactions: [] } });
const WIDE = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*    users:(("api",pid=1,fd=3),("api",pid=22,fd=4),("api",pid=31,fd=5))
`;

describe('after a run', () => {
  let place: Workspace;
  let ts: MessageTs;
  const sentTs = (sent: Sent): MessageTs => { if (sent.kind !== 'sent') throw new Error(JSON.stringify(sent)); return sent.ts; };
  const view = async (user: string) => vi.waitFor(() => {
    const top = place.slack.world.views(user).at(-1);
    if (top === undefined) throw new Error('nothing opened');
    return top;
  }, 2_000);
  const reads = async (user: string, text: RegExp) => vi.waitFor(async () => {
    const shown = renderView(place.slack.world, await view(user));
    if (!text.test(shown)) throw new Error(shown);
    return shown;
  }, 2_000);
  const closeAll = (user: string): void => { while (place.slack.world.views(user).length > 0) void place.slack.people.closeView(user, place.slack.world.views(user).at(-1)!.id); };
  const blocksOf = (message: MessageTs): readonly string[] => (place.slack.world.message(INCIDENT, message)?.blocks ?? []).map(({ type }) => (typeof type === 'string' ? type : ''));

  beforeAll(async () => {
    place = await openWorkspace('socket');
    ts = sentTs(await place.connection.chat.result(FINISHED, 0, output('ESTAB 1\nLISTEN 2\n'), { channel: INCIDENT }, false));
  });
  afterAll(() => place.close());
  beforeEach(() => {
    place.slack.faults.clear();
    for (const list of Object.values(place.heard)) list.length = 0;
    closeAll(BOB);
    place.played.filterable = () => Promise.resolve({ kind: 'filterable', request: FINISHED, index: 0 });
    place.played.filter = ({ spec }) => Promise.resolve({ kind: 'filtered', request: FINISHED, index: 0, filtered: { spec, lines: ['ESTAB 1'], of: 2, matched: 1, isPart: false } });
    place.played.postFiltered = () => Promise.resolve({ kind: 'done' });
  });

  it('Run again hands over who pressed on which message, and answers like a command', async () => {
    place.played.rerun = () => Promise.resolve({ kind: 'accepted', request: ID, command: runCommand('prod api-7f9 -- ss'), normalised: [] });
    await place.slack.people.press(BOB, INCIDENT, ts, 'Run again');
    await vi.waitFor(() => expect(place.slack.world.ephemerals(BOB).at(-1)?.text).toContain('Looking for api-7f9'));
    expect(place.heard.reruns).toMatchObject([{ user: BOB, channel: INCIDENT, ts, request: ID }]);
  });

  describe('Filter', () => {
    const open = async () => {
      await place.slack.people.press(BOB, INCIDENT, ts, 'Filter…');
      await reads(BOB, /Which lines/);
      return (await view(BOB)).id;
    };

    it('asks who may see before it shows a form', async () => {
      place.played.filterable = () => Promise.resolve({ kind: 'refused', refusal: { code: 'may_not_see' } });
      await place.slack.people.press(BOB, INCIDENT, ts, 'Filter…');
      expect(await reads(BOB, /Only the person who asked/)).not.toContain('Which lines');
    });

    it('shows what was found on top of the form, and goes back to it', async () => {
      await place.slack.people.submit(BOB, await open(), { [FILTER_FIELDS.how]: 'contain', [FILTER_FIELDS.wanted]: 'ESTAB', [FILTER_FIELDS.first]: '10', [FILTER_FIELDS.columns]: '1,3-' });
      expect(place.heard.filters).toMatchObject([{ user: BOB, channel: INCIDENT, ts, request: ID, spec: { select: { by: 'text', wanted: 'ESTAB', invert: false }, first: 10, last: null, columns: [{ from: 1, to: 1 }, { from: 3, to: Infinity }] } }]);
      expect(await reads(BOB, /ESTAB 1/)).toMatch(/lines that contain .*ESTAB.*, the first 10, columns 1,3-.*1 line, 2 kept/s);
      await place.slack.people.closeView(BOB, (await view(BOB)).id);
      expect(await reads(BOB, /Which lines/)).toContain('Text or pattern');
    });

    it('posts to the thread what was asked for, not what a view says it was', async () => {
      await place.slack.people.submit(BOB, await open(), { [FILTER_FIELDS.how]: 'differ', [FILTER_FIELDS.wanted]: '^LISTEN' });
      await reads(BOB, /ESTAB 1/);
      await place.slack.people.submit(BOB, (await view(BOB)).id, {});
      await vi.waitFor(() => expect(place.heard.posts).toMatchObject([{ user: BOB, ts, spec: { select: { by: 'pattern', wanted: '^LISTEN', invert: true } } }]));
      expect(place.slack.world.views(BOB)).toEqual([]);
    });

    it('tells the person alone when it could not be posted', async () => {
      place.played.postFiltered = () => Promise.resolve({ kind: 'not_posted', why: 'that channel is archived' });
      await place.slack.people.submit(BOB, await open(), {});
      await reads(BOB, /ESTAB 1/);
      await place.slack.people.submit(BOB, (await view(BOB)).id, {});
      await vi.waitFor(() => expect(place.slack.world.ephemerals(BOB).at(-1)?.text).toBe('The filtered output was not posted: that channel is archived.'));
    });

    it.each<readonly [string, Partial<Record<keyof typeof FILTER_FIELDS, string>>, RegExp]>([
      ['columns that are none', { columns: 'five' }, /numbers and ranges/], ['a count of nothing', { first: '0' }, /from 1 to/], ['a count that is too large', { last: '9999999' }, /from 1 to/],
    ])('%s stays in the form, at its field', async (_what, typed, mistake) => {
      await place.slack.people.submit(BOB, await open(), Object.fromEntries(Object.entries(typed).map(([field, text]) => [FILTER_FIELDS[field as keyof typeof FILTER_FIELDS], text])));
      expect(renderView(place.slack.world, await view(BOB))).toMatch(mistake);
      expect(place.heard.filters).toEqual([]);
    });

    it('a pattern that is none stays in the form too', async () => {
      place.played.filter = () => Promise.resolve({ kind: 'mistake', why: 'it is empty' });
      await place.slack.people.submit(BOB, await open(), { [FILTER_FIELDS.how]: 'match', [FILTER_FIELDS.wanted]: '(' });
      expect(renderView(place.slack.world, await view(BOB))).toContain('That is no pattern: it is empty.');
    });

    it('a form that another app, or nobody, could have sent is refused and recorded', async () => {
      await place.slack.people.submit(BOB, await open(), {}, { tamper: (content: JsonObject) => ({ ...content, view: { ...content['view'] as JsonObject, private_metadata: 'kd-8fk20000 C0INC42' } }) });
      expect(place.heard.filters).toEqual([]);
      await vi.waitFor(() => expect(place.heard.rejected).toMatchObject([{ what: 'view', user: BOB }]));
    });

    it('output that one person alone was sent offers no thread', async () => {
      const request = { ...FINISHED, plan: { ...FINISHED.plan, audience: { kind: 'person', user: BOB } as const } };
      place.played.filter = ({ spec }: FilterAsk) => Promise.resolve({ kind: 'filtered', request, index: 0, filtered: { spec, lines: [], of: 2, matched: 0, isPart: true } });
      await place.slack.people.submit(BOB, await open(), {});
      expect(await reads(BOB, /no such line/)).not.toContain('Post to the thread');
    });
  });

  it('a table that Slack refuses is posted as text, and not tried again', async () => {
    const hasTable = (args: Record<string, unknown>): boolean => JSON.stringify(args['blocks']).includes('raw_text');
    const other = await openWorkspace('socket');
    const strikes = other.slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'error', error: 'invalid_blocks' }, when: hasTable });
    const post = async () => sentTs(await other.connection.chat.result(FINISHED, 0, output(WIDE), { channel: INCIDENT }, false));
    const types = (message: MessageTs) => (other.slack.world.message(INCIDENT, message)?.blocks ?? []).map((block) => block['type']);
    expect(types(await post())).toEqual(['rich_text', 'actions']);
    expect(types(await post())).toEqual(['rich_text', 'actions']);
    expect(strikes()).toBe(1);
    await other.close();
  });

  it('a table that Slack takes stands below the box', async () => {
    expect(blocksOf(sentTs(await place.connection.chat.result(FINISHED, 0, output(WIDE), { channel: INCIDENT }, false)))).toEqual(['rich_text', 'table', 'rich_text', 'actions']);
  });

  it('a private result and its file go to one person, and the thread says so', async () => {
    const long = Array.from({ length: 900 }, (_, index) => `line ${index}`).join('\n');
    const [about] = FINISHED.ends;
    const end = { ...about!, output: { ...about!.output!, bytes: long.length, keptBytes: long.length, lines: 900 } };
    const request = { ...FINISHED, ends: [end], plan: { ...FINISHED.plan, audience: { kind: 'person', user: ALICE } as const } };
    const sent = await place.connection.chat.result(request, 0, { head: long, summary: end.output }, { person: ALICE }, false);
    expect(sent).toMatchObject({ kind: 'sent', channel: 'D0ALICE' });
    const [message] = place.slack.world.directMessages(ALICE).filter((one) => one.ts === sentTs(sent));
    expect(message?.replies.some((reply) => reply.fileIds.length > 0), 'the file is in its thread').toBe(true);
    sentTs(await place.connection.chat.privately(request, true, { channel: INCIDENT }, false));
    expect(place.slack.world.messages(INCIDENT).at(-1)?.text).toBe('Finished: exit 0. The output went to <@U0ALICE> alone, as the plan said (--private).');
  });

  it('a decision is told to the requester alone, with a link of Slack', async () => {
    const link = await place.connection.directory.permalink(INCIDENT, ts);
    sentTs(await place.connection.chat.decision(given(...STATES.denied), link, false));
    const message = place.slack.world.directMessages(ALICE).at(-1)!;
    expect(message.text).toBe('<@U0BOB> denied ss -tlnp in prod / api-7f9c4d8b6-x2k9p (kd-8fk20000). Reason: not now · card');
    expect(JSON.stringify(message.blocks)).toContain(`"url":"${link}"`);
    expect(place.slack.world.directMessages(BOB)).toEqual([]);
  });

  it('of a card that Slack did not confirm the requester alone is told', async () => {
    sentTs(await place.connection.chat.unseen(given(...STATES.awaiting_approval), false));
    expect(place.slack.world.directMessages(ALICE).at(-1)!.text).toBe('Slack did not confirm the card of ss -tlnp in prod / api-7f9c4d8b6-x2k9p (kd-8fk20000), so no button of it works, and the request will expire. Look whether the channel is archived or kdebug was removed from it, then ask again.');
  });

  it('a reminder names the group where the rule says so', async () => {
    const request = given(...STATES.awaiting_approval) as AwaitingApproval;
    const text = async (mention: boolean): Promise<string> => {
      const sent = await place.connection.chat.reminder({ ...request, hold: { ...request.hold, mention } }, { channel: 'C0OPS' as ChannelId }, false);
      return place.slack.world.message('C0OPS', sentTs(sent))?.text ?? '';
    };
    expect(await text(true)).toMatch(/Still waiting for approval: 1 of 1 needed.*cc <@U0BOB>/s);
    expect(await text(false)).not.toContain('cc');
  });

  it('a timeline is posted with its Markdown in the thread', async () => {
    const sent = await place.connection.chat.timeline([{ request: FINISHED, name: 'Alice' }, { request: given(...STATES.denied) }], { channel: 'C0OPS' as ChannelId });
    expect(place.slack.world.message('C0OPS', sentTs(sent))?.text).toContain('ss -tlnp in prod / api-7f9c4d8b6-x2k9p: exit 0, approved by <@U0BOB>');
    const file = place.slack.world.files().at(-1)!;
    expect(Buffer.from(file.bytes).toString()).toMatch(/^# Debug commands\n\n- 2025-10-09 08:53 UTC, ` Alice `: ` ss -tlnp ` in ` prod\/api-7f9c4d8b6-x2k9p `: exit 0, approved by ` U0BOB ` \(kd-8fk20000\)\n/);
  });
});

describe('who is in a channel', () => {
  let place: Workspace;
  beforeAll(async () => { place = await openWorkspace('http'); });
  afterAll(() => place.close());
  const isIn = (user: string, channel: string) => place.connection.directory.isInChannel(user as UserId, channel as ChannelId);

  it('is asked of Slack once a minute; outsiders, and what Slack does not say, are a no', async () => {
    expect([await isIn('U0ALICE', 'C0INC42'), await isIn('U0CAROL', 'C0PRIVATE'), await isIn('U0ALICE', 'C0NOWHERE'), await isIn('U0DAVE', 'C0AUDIT')]).toEqual([true, false, false, false]);
    const before = place.slack.log.count('conversations.members');
    expect(await isIn('U0BOB', 'C0INC42')).toBe(true);
    expect(place.slack.log.count('conversations.members')).toBe(before);
  });
  it('an error is a no, and is not remembered', async () => {
    const undo = place.slack.faults.add({ method: 'conversations.members', fault: { kind: 'error', error: 'internal_error' } });
    expect(await isIn('U0ALICE', 'C0OPS')).toBe(false);
    undo();
    expect(await isIn('U0ALICE', 'C0OPS')).toBe(true);
  });
  it('reads every page, and of more pages than it reads nobody counts', async () => {
    const many = (count: number) => ['U0ALICE', 'U0KDEBUG', ...Array.from({ length: count }, (_, index) => `U1${index}`), 'U0DAVE'];
    place.slack.world.changeChannel('C0APPROVALS', { members: many(2_000) });
    expect(await isIn('U0DAVE', 'C0APPROVALS')).toBe(true);
    place.slack.world.changeChannel('C0AUDIT', { members: many(9_000) });
    expect(await isIn('U0ALICE', 'C0AUDIT')).toBe(false);
  });
});
