/** What a person types, and what they read at once. */
import { describe, expect, it } from 'vitest';
import { receive } from '../../src/app/receive.ts';
import type { Answer } from '../../src/app/slack-port.ts';
import type { ChannelId, Instant, RequestId } from '../../src/domain/names.ts';
import { BOB, CAROL, INCIDENT, type ALICE } from '../fixtures/requests.ts';
import { approve, ask, codeOf, elsewhere, HELD, heldRequest, OPEN, stateOf, type, typed, workAll } from './stories.ts';
import { APPROVALS, createWorld, DAVE, OPS, settings } from './world.ts';

const requestOf = (answer: Answer): RequestId => ('request' in answer ? answer.request : '' as RequestId);

describe('a command that is accepted', () => {
  it('is durable and in its queue before the person is answered', async () => {
    const world = createWorld();
    const answer = await type(world, HELD);
    expect(answer).toMatchObject({ kind: 'accepted', command: { namespace: 'prod', argv: ['ss', '-tlnp'] } });
    const id = requestOf(answer);
    expect(world.events(id)).toEqual(['requested']);
    expect(world.queue.waiting()).toEqual([{ step: 'plan', id, generation: 1, done: false }]);
    expect(world.memory.outbox.size).toBe(0);
    expect(world.slack.said).toEqual([]);
  });
  it('keeps the text as typed, and lists what was normalised', async () => {
    const world = createWorld();
    const text = HELD.replace('-- ss', '— ss');
    const answer = await type(world, text);
    expect(answer).toMatchObject({ kind: 'accepted', normalised: [{ from: '—', to: '--' }] });
    expect(world.request(requestOf(answer))?.ask.text).toBe(text);
  });
  it('a queue that is away loses nothing: the sweeper finds it in the outbox', async () => {
    const world = createWorld();
    world.script.queueAway = true;
    const id = await ask(world, HELD);
    expect([...world.memory.outbox.keys()]).toEqual([id]);
    expect(world.logged.map(([message]) => message)).toContain('left to the sweeper');
  });
  it('a message is read as Slack wrote it: escaped inside of quotes too', async () => {
    const world = createWorld();
    const answer = await type(world, "staging api -- sh -c 'a &amp;&amp; b'", { escaped: true, source: 'mention' });
    expect(answer).toMatchObject({ kind: 'accepted', command: { argv: ['sh', '-c', 'a && b'] } });
  });
});

describe('the same again', () => {
  it('the same delivery is answered with nothing new', async () => {
    const world = createWorld();
    const input = typed(HELD);
    await receive(world.ports, input);
    expect(await receive(world.ports, input)).toEqual({ kind: 'duplicate' });
    expect(world.memory.lists.size).toBe(1);
  });
  it('the same text within 30 s is answered with the first', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.pass(29);
    expect(await type(world, HELD)).toEqual({ kind: 'again', request: id, state: 'requested' });
    expect(world.memory.lists.size).toBe(1);
  });
  it('spaces make no other text', async () => {
    const world = createWorld();
    await ask(world, HELD);
    expect((await type(world, HELD.replace(' --image', '  --image'))).kind).toBe('again');
  });
  const others: readonly [string, Parameters<typeof type>[2], string, number][] = [
    ['after 30 s', {}, HELD, 31],
    ['in another channel', { channel: INCIDENT }, HELD, 1],
    ['by somebody else', { user: BOB }, HELD, 1],
    ['with another option', {}, HELD.replace('--image netshoot', '--timeout 5s'), 1],
  ];
  it.each(others)('it is a new request %s', async (_name, changed, text, seconds) => {
    const world = createWorld();
    await ask(world, HELD);
    world.pass(seconds);
    expect((await type(world, text, changed)).kind).toBe('accepted');
    expect(world.memory.lists.size).toBe(2);
  });
  it('it is a new request once the first is over', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
    expect((await type(world, OPEN)).kind).toBe('accepted');
  });
  it('typed twice at the very same time it is one request', async () => {
    const world = createWorld();
    const answers = await Promise.all([type(world, HELD), type(world, HELD), type(world, HELD)]);
    expect(answers.map((answer) => answer.kind).sort()).toEqual(['accepted', 'again', 'again']);
    expect(world.memory.lists.size).toBe(1);
  });
  it('typed twice at the very same time after the first is over it is one request more', async () => {
    const world = createWorld();
    await ask(world, OPEN);
    await workAll(world);
    const answers = await Promise.all([type(world, OPEN), type(world, OPEN), type(world, OPEN)]);
    expect(answers.map((answer) => answer.kind).sort()).toEqual(['accepted', 'again', 'again']);
    expect(world.memory.lists.size).toBe(2);
    expect(new Set(answers.map(requestOf)).size).toBe(1);
  });
  it('a first that never came to be does not stand in the way of the next', async () => {
    const world = createWorld();
    world.script.beforeAppend.push(() => { world.script.away = true; });
    expect((await type(world, HELD)).kind).toBe('unavailable');
    world.script.away = false;
    world.pass(2);
    expect((await type(world, HELD)).kind).toBe('accepted');
  });
});

describe('a command that is not accepted', () => {
  const cases: readonly [string, string, string, Parameters<typeof type>[2]?][] = [
    ['the rules refuse it', 'kube-system coredns -- ss', 'rule'],
    ['no rule matches', 'staging api -- ss', 'no_rule', { user: DAVE }],
    ['an unknown cluster', 'eu/prod api -- ss', 'cluster_unknown'],
    ['an unknown image', 'prod api --image debian -- ss', 'not_planned'],
    ['an unknown preset', 'prod api --preset nothing', 'not_planned'],
    ['a parameter that is missing', 'prod api --preset dns', 'not_planned'],
    ['the namespace of kdebug itself', 'kdebug api -- ss', 'own_namespace'],
    ['a stranger', HELD, 'not_a_member', { user: 'U0GUEST' as typeof ALICE }],
    ['a channel that others read', HELD, 'shared_channel', { channel: elsewhere('C0SHARED') }],
    ['a channel of which Slack does not say what it is', HELD, 'unknown_channel', { channel: elsewhere('C0UNKNOWN') }],
    ['break glass by somebody who may not', HELD.replace(' --', ' --break-glass --reason "x" --'), 'break_glass_who'],
    ['running again what is not there', 'rerun kd-zzzzzzzz', 'no_such_request'],
    ['private output', 'prod api --private -- ss', 'private_refused'],
  ];
  it.each(cases)('%s', async (_name, text, code, changed = {}) => {
    const world = createWorld();
    world.people.channels.set(elsewhere('C0SHARED'), world.people.facts(elsewhere('C0SHARED'), 'partners', { isShared: true }));
    world.people.channels.set(elsewhere('C0UNKNOWN'), 'unknown');
    expect(codeOf(await type(world, text, changed))).toBe(code);
    expect(world.memory.lists.size).toBe(0);
    expect(world.kubernetes.calls).toEqual([]);
    expect(world.attempts).toEqual([expect.objectContaining({ what: 'command', text, refusal: expect.objectContaining({ code }) })]);
  });
  it('a text that does not parse changes nothing, and is not kept', async () => {
    const world = createWorld();
    expect(await type(world, 'prod api --imag netshoot -- ss')).toMatchObject({ kind: 'unparsed', error: { offset: 9 } });
    expect(world.memory.lists.size).toBe(0);
    expect(world.attempts).toEqual([expect.objectContaining({ text: null, refusal: expect.objectContaining({ code: 'parse' }) })]);
  });
  it('a fourth request while three wait', async () => {
    const world = createWorld();
    const waiting = [];
    for (const pod of ['a', 'b', 'c']) waiting.push(await ask(world, `prod ${pod} -- ss`));
    expect(await type(world, 'prod d -- ss')).toMatchObject({ kind: 'refused', refusal: { code: 'too_many_pending', pending: waiting } });
    expect((await type(world, 'prod d -- ss', { user: BOB })).kind).toBe('accepted');
  });
  it('but not when one of them is over', async () => {
    const world = createWorld();
    for (const pod of ['a', 'b', 'c']) await ask(world, `prod ${pod} -- ss`);
    await type(world, `cancel ${[...world.memory.lists.keys()][0] ?? ''}`);
    expect((await type(world, 'prod d -- ss')).kind).toBe('accepted');
  });
});

describe('Redis is away', () => {
  it('the person reads that nothing was saved', async () => {
    const world = createWorld();
    world.script.away = true;
    expect(await type(world, HELD)).toEqual({ kind: 'unavailable' });
    expect(await type(world, 'status')).toEqual({ kind: 'unavailable' });
    expect(world.memory.lists.size).toBe(0);
  });
  it('goes away in the middle: the same', async () => {
    const world = createWorld();
    world.script.beforeAppend.push(() => { world.script.away = true; });
    expect(await type(world, HELD)).toEqual({ kind: 'unavailable' });
    expect(world.memory.lists.size).toBe(0);
  });
  it('takes so long that the person was told already: nothing is saved', async () => {
    const world = createWorld();
    world.script.beforeAppend.push(() => { world.clock.now = (world.clock.now + 1_501) as Instant; });
    expect(await type(world, HELD)).toEqual({ kind: 'unavailable' });
    expect(world.memory.lists.size).toBe(0);
  });
});

describe('where the card goes', () => {
  const place = async (channel: ChannelId, changed: Parameters<ReturnType<typeof createWorld>['people']['facts']>[2] | null, thread?: string) => {
    const world = createWorld();
    if (changed !== null) world.people.channels.set(channel, world.people.facts(channel, 'somewhere', changed));
    return world.request(await ask(world, HELD, { channel, ...(thread !== undefined && { thread: thread as never }) }))?.ask.place;
  };
  it('where it was typed, in its thread', async () => { expect(await place(OPS, {}, '1.2')).toMatchObject({ typedIn: OPS, cardIn: OPS, thread: '1.2', incident: false }); });
  it('to the approvals channel from where kdebug is no member', async () => { expect(await place(elsewhere('C0X'), { isMember: false }, '1.2')).toEqual(expect.not.objectContaining({ thread: '1.2' })); });
  it.each([['a direct message', { isDirect: true }], ['an archived channel', { isArchived: true }], ['one that kdebug cannot see', null], ['one that kdebug is not in', { isMember: false }]] as const)(
    'to the approvals channel from %s', async (_name, changed) => { expect(await place(elsewhere('D0X'), changed)).toMatchObject({ typedIn: 'D0X', cardIn: APPROVALS, incident: false }); });
  it('an incident channel is known by its name, underscores and all', async () => {
    const world = createWorld();
    expect(world.request(await ask(world, HELD, { channel: INCIDENT }))?.ask.place).toMatchObject({ cardIn: INCIDENT, incident: true });
  });
  it('nowhere: refused before anything is planned', async () => {
    const world = createWorld();
    world.people.channels.delete(OPS);
    expect(codeOf(await receive({ ...world.ports, approvalsChannel: undefined }, typed(HELD)))).toBe('nowhere_to_post');
    expect(world.memory.lists.size).toBe(0);
  });
});

describe('questions', () => {
  it('cancel ends what did not start, for its requester only', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    expect(codeOf(await type(world, `cancel ${id}`, { user: BOB }))).toBe('not_the_requester');
    expect(await type(world, `cancel ${id}`)).toEqual({ kind: 'cancelled', request: id });
    expect(stateOf(world, id)).toBe('cancelled');
    expect(codeOf(await type(world, `cancel ${id}`))).toBe('already_decided');
    expect(codeOf(await type(world, 'cancel kd-zzzzzzzz'))).toBe('no_such_request');
  });
  it('status shows a request to its requester and to the channel of its card', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    expect(await type(world, `status ${id}`, { channel: INCIDENT })).toMatchObject({ kind: 'lines', listing: { of: 'request', request: { id } } });
    expect(await type(world, `status ${id}`, { user: DAVE })).toMatchObject({ kind: 'lines' });
    expect(codeOf(await type(world, `status ${id}`, { user: DAVE, channel: INCIDENT }))).toBe('no_such_request');
  });
  it('status alone lists what is open of the person', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    await ask(world, 'prod other -- ss', { user: BOB });
    expect(await type(world, 'status')).toMatchObject({ listing: { which: 'status', requests: [{ request: id, state: 'requested', target: 'api-7f9', namespace: 'prod' }] } });
  });
  it('pending lists what waits for this person, by name or group, and not what it asked itself', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    const own = await heldRequest(world, 'prod other -- ss', { user: BOB });
    const pending = async (user: typeof ALICE) => (await type(world, 'pending', { user }) as { readonly listing: { readonly requests: readonly { readonly request: string }[] } }).listing.requests.map(({ request }) => request);
    expect(await pending(BOB)).toEqual([id]);
    expect(await pending(CAROL)).toEqual([id, own]);
    expect(await pending(DAVE)).toEqual([]);
    await approve(world, id, BOB);
    expect(await pending(BOB)).toEqual([]);
  });
  it('whoami says what one may approve', async () => {
    const world = createWorld();
    expect(await type(world, 'whoami', { user: CAROL })).toMatchObject({ listing: { of: 'whoami', pending: 0, approves: ['privileged tools need two', 'production needs one other person'] } });
    expect(await type(world, 'whoami')).toMatchObject({ listing: { approves: [] } });
  });
  it.each([['help', 'help'], ['', 'help'], ['images', 'images'], ['presets', 'presets']])('"%s" answers with %s', async (text, of) => {
    expect(await type(createWorld(), text)).toMatchObject({ kind: 'lines', listing: { of } });
  });
  it('images and presets are those of the file', async () => {
    expect(await type(createWorld(), 'images')).toMatchObject({ listing: { images: settings.catalogue.images } });
  });
});
