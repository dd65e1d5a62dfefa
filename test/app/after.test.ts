/** What happens after a request was accepted: run again, stored output, cancel, lists, and what is told once. */
import { describe, expect, it } from 'vitest';
import { click } from '../../src/app/click.ts';
import { filter, filterable, postFiltered } from '../../src/app/filter.ts';
import { rerun } from '../../src/app/rerun.ts';
import type { Sent } from '../../src/app/chat-port.ts';
import type { FilterAsk } from '../../src/app/slack-port.ts';
import { sweep } from '../../src/app/sweep.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import type { FilterSpec } from '../../src/domain/output-text/filter.ts';
import type { ChannelId, MessageTs, PodName, RequestId, UserId } from '../../src/domain/names.ts';
import { ALICE, BOB, CAROL, INCIDENT } from '../fixtures/requests.ts';
import { approve, ask, codeOf, denyIt, grantedRequest, HELD, heldRequest, OPEN, press, stateOf, type, workAll } from './stories.ts';
import { APPROVALS, createWorld, DAVE, OPS, POD, settings, type TestWorld } from './world.ts';

const said = (world: TestWorld, kind: string) => world.slack.said.filter((one) => one.kind === kind);
/** Finished, its result in Slack; the click is on that result. */
const finished = async (world: TestWorld, text = HELD): Promise<RequestId> => {
  const id = await heldRequest(world, text);
  if (text.startsWith('prod')) await approve(world, id, BOB);
  await workAll(world);
  expect(stateOf(world, id)).toBe('finished');
  return id;
};
const onResult = async (world: TestWorld, id: RequestId, user: UserId, changed: object = {}) => {
  const { results } = await world.ports.records.load(id);
  return { ...await press(world, id, user), ts: results[0] as MessageTs, ...changed };
};
const EVERYTHING: FilterSpec = { select: { by: 'all' }, first: null, last: null, columns: [] };
const asked = async (world: TestWorld, id: RequestId, user: UserId, spec: Partial<FilterSpec> = {}, changed: object = {}): Promise<FilterAsk> =>
  ({ ...await onResult(world, id, user, changed), spec: { ...EVERYTHING, ...spec } });

describe('run again', () => {
  it('is a new request in the name of who pressed, in the thread of the message, decided by the rules for this person', async () => {
    const world = createWorld();
    const id = await finished(world);
    const answer = await rerun(world.ports, await onResult(world, id, CAROL));
    if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
    const { card } = await world.ports.records.load(id);
    expect(world.request(answer.request)?.ask).toMatchObject({ requester: CAROL, place: { cardIn: OPS, thread: card?.ts }, command: world.request(id)?.ask.command });
    await workAll(world);
    expect(stateOf(world, answer.request)).toBe('awaiting_approval');
  });
  it('of what broke the glass is asked for like anything else', async () => {
    const world = createWorld();
    const id = await finished(world);
    const [first, ...rest] = world.memory.lists.get(id)!;
    const asked = first as Extract<RequestEvent, { type: 'requested' }>;
    world.memory.lists.set(id, [{ ...asked, ask: { ...asked.ask, command: { ...asked.ask.command, options: { ...asked.ask.command.options, breakGlass: true, reason: 'INC-42' } } } }, ...rest]);
    const answer = await rerun(world.ports, await onResult(world, id, CAROL));
    if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
    expect(world.request(answer.request)?.ask.command.options).toEqual({ image: 'netshoot', reason: 'INC-42' });
  });
  it('counts on the record’s own messages only', async () => {
    const world = createWorld();
    const id = await finished(world);
    for (const changed of [{ ts: '9.9' as MessageTs }, { channel: APPROVALS }]) expect(codeOf(await rerun(world.ports, await onResult(world, id, CAROL, changed)))).toBe('wrong_card');
    world.people.members.delete(CAROL);
    expect(codeOf(await rerun(world.ports, await onResult(world, id, CAROL)))).toBe('not_a_member');
    expect(world.attempts).toHaveLength(3);
  });
  it('one press that is delivered twice is one request', async () => {
    const world = createWorld();
    const input = await onResult(world, await finished(world), BOB);
    expect([(await rerun(world.ports, input)).kind, (await rerun(world.ports, input)).kind]).toEqual(['accepted', 'duplicate']);
  });
  it('what expired is asked again from its card, which starts a card of its own', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.pass(901);
    await sweep(world.ports);
    await workAll(world);
    const answer = await rerun(world.ports, await press(world, id, ALICE));
    expect(answer.kind === 'accepted' && world.request(answer.request)?.ask.place).not.toHaveProperty('thread');
  });
  it('by name: for the requester, and for whoever could see the card', async () => {
    const world = createWorld();
    const id = await finished(world);
    expect((await type(world, `rerun ${id}`, { channel: INCIDENT })).kind).toBe('accepted');
    expect(codeOf(await type(world, `rerun ${id}`, { user: DAVE, channel: INCIDENT }))).toBe('no_such_request');
    expect(codeOf(await type(world, 'rerun kd-00000009'))).toBe('no_such_request');
  });
  it('without Redis it says that nothing was saved', async () => {
    const world = createWorld();
    const input = await onResult(world, await finished(world), BOB);
    world.script.away = true;
    expect((await rerun(world.ports, input)).kind).toBe('unavailable');
  });
});

describe('who may see a stored output', () => {
  it.each<readonly [string, UserId, (world: TestWorld) => void, string]>([
    ['the requester, wherever they are now', ALICE, (world) => world.people.inChannel.clear(), 'filterable'],
    ['who approved it, gone from the channel', BOB, (world) => world.people.inChannel.clear(), 'filterable'],
    ['who may approve it', CAROL, () => undefined, 'filterable'],
    ['a member of the channel', DAVE, (world) => world.people.inChannel.set(OPS, new Set([DAVE])), 'filterable'],
    ['nobody else', DAVE, () => undefined, 'may_not_see'],
    ['nobody who is no member of the workspace', DAVE, (world) => { world.people.members.delete(DAVE); world.people.inChannel.set(OPS, new Set([DAVE])); }, 'not_a_member'],
  ])('%s', async (_who, user, prepare, answer) => {
    const world = createWorld();
    const id = await finished(world);
    prepare(world);
    expect(codeOf(await filterable(world.ports, await onResult(world, id, user)) as never)).toBe(answer);
    expect(codeOf(await filter(world.ports, await asked(world, id, user)) as never)).toBe(answer === 'filterable' ? 'filtered' : answer);
    if (answer !== 'filterable') expect(world.attempts).toMatchObject([{ user, what: 'click', refusal: { code: answer } }, {}]);
  });
  it('of a private one the requester alone, and nobody posts it', async () => {
    const { policy } = settings;
    const world = createWorld({ ...policy, rules: policy.rules.map((rule) => ({ ...rule, private: 'allow' })) });
    const id = await finished(world, 'staging api-7f9 --image netshoot --private -- ss -tlnp');
    expect(world.slack.said.filter(({ person }) => person !== undefined).map(({ kind, person }) => [kind, person])).toEqual([['result', ALICE]]);
    expect(said(world, 'privately')).toMatchObject([{ channel: OPS, of: 'finished' }]);
    expect((await filter(world.ports, await asked(world, id, ALICE, {}, { channel: 'D0ALICE' as ChannelId }))).kind).toBe('filtered');
    expect(codeOf(await filter(world.ports, await asked(world, id, BOB)) as never)).toBe('wrong_card');
    expect(codeOf(await postFiltered(world.ports, await asked(world, id, ALICE)) as never)).toBe('may_not_see');
  });
});

describe('a part of a stored output', () => {
  const stored = async (lines: readonly string[]) => {
    const world = createWorld();
    const id = await finished(world);
    const kept = await world.ports.outputs.get(id, 0);
    await world.ports.outputs.put(id, 0, { ...kept!, head: lines.join('\n') });
    return { world, id };
  };
  const shown = async (lines: readonly string[], spec: Partial<FilterSpec>) => {
    const { world, id } = await stored(lines);
    const before = world.kubernetes.calls.length;
    const answer = await filter(world.ports, await asked(world, id, ALICE, spec));
    expect(world.kubernetes.calls, 'nothing ran again').toHaveLength(before);
    return answer.kind === 'filtered' ? answer.filtered : answer;
  };
  it.each<readonly [string, Partial<FilterSpec>, readonly string[]]>([
    ['a text is literal', { select: { by: 'text', wanted: 'a.c', invert: false } }, ['a.c']],
    ['a pattern is one', { select: { by: 'pattern', wanted: '^a.c$', invert: false } }, ['a.c', 'abc']],
    ['inverted', { select: { by: 'text', wanted: 'a', invert: true } }, ['x']],
    ['the last of them', { select: { by: 'pattern', wanted: 'a', invert: false }, last: 1 }, ['abc']],
  ])('%s', async (_what, spec, lines) => expect(await shown(['a.c', 'abc', 'x'], spec)).toMatchObject({ lines, of: 3 }));
  it('a pattern that would take a backtracking engine for ever is answered at once', async () => {
    const begun = performance.now();
    expect(await shown(Array.from({ length: 200 }, () => `${'a'.repeat(4_000)}!`), { select: { by: 'pattern', wanted: '(a+)+$', invert: false } })).toMatchObject({ matched: 0, of: 200 });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
  it.each(['(', '', 'x'.repeat(201), 'a{500}', String.raw`(a)\1`])('the pattern %j is a mistake, told', async (wanted) => {
    expect(await shown(['x'], { select: { by: 'pattern', wanted, invert: false } })).toMatchObject({ kind: 'mistake', why: expect.any(String) });
  });
  it('is posted to the thread once, with who asked', async () => {
    const { world, id } = await stored(['a', 'b']);
    const input = await asked(world, id, BOB, { first: 1 });
    expect([await postFiltered(world.ports, input), await postFiltered(world.ports, input)]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    const { card } = await world.ports.records.load(id);
    expect(said(world, 'filtered')).toMatchObject([{ channel: OPS, thread: card?.ts, of: `${BOB} 0`, output: 'a' }]);
  });
  it('waits for Slack, not for ever', async () => {
    const { world, id } = await stored(['a']);
    world.slack.answers.push(...Array.from({ length: 9 }, (): Sent => ({ kind: 'later', afterMs: 30_000 })));
    expect(await postFiltered(world.ports, await asked(world, id, BOB))).toMatchObject({ kind: 'not_posted' });
  });
  it('that is kept no more is told', async () => {
    const world = createWorld();
    const id = await finished(world);
    const outputs = { ...world.ports.outputs, get: async () => undefined };
    expect(codeOf(await filter({ ...world.ports, outputs }, await asked(world, id, ALICE)) as never)).toBe('output_gone');
  });
});

describe('cancel', () => {
  const clusters = (cancel: 'none' | 'exec') => createWorld().ports.clusters.map((cluster) => ({ ...cluster, cancel }));
  const pressed = async (world: TestWorld, id: RequestId, user: UserId, cancel: 'none' | 'exec' = 'none') => codeOf(await click({ ...world.ports, clusters: clusters(cancel) }, { ...await press(world, id, user), action: 'cancel' }));
  it('before the start it is certain, for the requester alone', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    await workAll(world, 'deliver');
    expect(await pressed(world, id, BOB)).toBe('not_the_requester');
    expect(await pressed(world, id, ALICE)).toBe('done');
    expect(stateOf(world, id)).toBe('cancelled');
  });
  it('while it runs only where the cluster permits it, once; else the honest sentence', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(async () => {
      await workAll(world, 'deliver');
      expect(await pressed(world, id, ALICE, 'none')).toBe('running');
      expect(await pressed(world, id, ALICE, 'exec')).toBe('done');
      expect(await pressed(world, id, ALICE, 'exec')).toBe('stopping');
      return { outcome: { kind: 'exited', code: 143, durationMs: 100 }, logged: true };
    });
    await workAll(world, 'run');
    expect(world.events(id)).toContain('stop_requested');
  });
});

describe('lists', () => {
  it.each(['status', 'pending', 'history', 'timeline'])('%s shows the others when somebody edited one record', async (which) => {
    const world = createWorld();
    const [id, edited] = [await heldRequest(world, HELD), await heldRequest(world, 'prod b -- ss')];
    const { store } = world.ports;
    const forged = { ...store, load: (one: RequestId) => (one === edited ? Promise.reject(Object.assign(new Error('not sealed by kdebug'), { name: 'ForgedRecordError' })) : store.load(one)) };
    const answer = await type({ ...world, ports: { ...world.ports, store: forged } }, which, { user: which === 'pending' ? BOB : ALICE });
    expect(answer).toMatchObject({ kind: 'lines', listing: { requests: [{ request: id }] } });
  });
  it('history is the person’s own, newest first, with outcomes and links', async () => {
    const world = createWorld();
    const first = await finished(world);
    const second = await ask(world, OPEN);
    await ask(world, HELD, { user: BOB });
    const answer = await type(world, 'history');
    expect(answer.kind === 'lines' && answer.listing.of === 'requests' && answer.listing.requests.map(({ request, outcomes, link }) => [request, outcomes?.length, link === undefined])).toEqual([[second, undefined, true], [first, 1, false]]);
  });
  it('an incident’s timeline is posted, oldest first; another channel’s is read by who asked', async () => {
    const world = createWorld();
    await heldRequest(world, HELD, { channel: INCIDENT });
    await ask(world, OPEN, { channel: INCIDENT });
    expect(await type(world, 'timeline', { channel: INCIDENT })).toEqual({ kind: 'posted', requests: 2 });
    expect(said(world, 'timeline')).toMatchObject([{ channel: INCIDENT, of: 'awaiting_approval requested' }]);
    expect(await type(world, 'timeline', { channel: OPS })).toMatchObject({ kind: 'lines', listing: { which: 'timeline', requests: [] } });
  });
  it('a timeline that Slack does not take now is read by who asked', async () => {
    const world = createWorld();
    await ask(world, OPEN, { channel: INCIDENT });
    world.slack.answers.push(...Array.from({ length: 9 }, (): Sent => ({ kind: 'later', afterMs: 1_000 })));
    expect(await type(world, 'timeline', { channel: INCIDENT })).toMatchObject({ kind: 'lines', listing: { requests: [{}] } });
  });
});

describe('what is told once', () => {
  it('half of the time is over: the approvers are reminded, once, in the thread', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const { card } = await world.ports.records.load(id);
    world.pass(440);
    await sweep(world.ports);
    await workAll(world);
    expect(said(world, 'reminder')).toEqual([]);
    for (const seconds of [20, 100, 100]) { world.pass(seconds); await sweep(world.ports); await workAll(world); }
    expect(said(world, 'reminder')).toMatchObject([{ channel: OPS, thread: card?.ts, of: 'awaiting_approval' }]);
    expect((await world.ports.records.load(id)).notices).toMatchObject({ reminder: expect.any(String) });
  });
  it.each<readonly [string, (world: TestWorld, id: RequestId) => Promise<unknown>, string | undefined]>([
    ['approved', (world, id) => approve(world, id, BOB), 'finished, linked'],
    ['denied', (world, id) => denyIt(world, id, BOB, 'no'), 'denied, linked'],
    ['expired', async (world) => { world.pass(901); await sweep(world.ports); }, 'expired, linked'],
  ])('that it was %s: to the requester alone', async (_how, decide, of) => {
    const world = createWorld();
    const id = await heldRequest(world);
    await decide(world, id);
    await workAll(world);
    await workAll(world);
    expect(said(world, 'decision')).toEqual([{ kind: 'decision', person: ALICE, isRepeat: false, of }]);
  });
  it('nothing of what needed nobody', async () => {
    const world = createWorld();
    await finished(world, OPEN);
    expect([...said(world, 'decision'), ...said(world, 'reminder'), ...said(world, 'comparison'), ...said(world, 'privately')]).toEqual([]);
  });
  it('a lost answer repeats it once, marked', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await denyIt(world, id, BOB);
    world.slack.answers.push({ kind: 'sent', ts: '1.1' as MessageTs }, { kind: 'uncertain' }, { kind: 'uncertain' });
    await workAll(world);
    expect(said(world, 'decision').map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
  });
  it('of several pods, after the results, what differs', async () => {
    const world = createWorld();
    const there = { ...POD, namespace: 'staging' as typeof POD.namespace };
    world.kubernetes.script.find.push({ kind: 'pods', pods: [there, { ...there, name: 'api-7f9c4d8b6-zz5mq' as PodName, uid: `${POD.uid}-2` as typeof POD.uid }] });
    const id = await ask(world, 'staging deploy/api --replicas all --image netshoot -- ss -tlnp');
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
    expect(world.slack.said.filter(({ kind }) => kind !== 'card').map(({ kind, of }) => `${kind} ${of}`)).toEqual(['result finished 0', 'result finished 1', 'comparison finished 2']);
  });
});

it('a request of nobody is none', async () => {
  const world = createWorld();
  expect(codeOf(await filterable(world.ports, { ...await press(world, 'kd-00000009' as RequestId, ALICE) }) as never)).toBe('no_such_request');
});
