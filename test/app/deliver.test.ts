/** What Slack is told, when, and how often. */
import { describe, expect, it, vi } from 'vitest';
import { deliver } from '../../src/app/deliver.ts';
import { mirrorOnce } from '../../src/app/mirror.ts';
import { BrokenLedgerError } from '../../src/app/ledger/ports.ts';
import type { Sent } from '../../src/app/chat-port.ts';
import type { AwaitingApproval } from '../../src/domain/request-states.ts';
import type { MessageTs, RequestId } from '../../src/domain/names.ts';
import { ALICE, BOB, INCIDENT } from '../fixtures/requests.ts';
import { approve, ask, HELD, heldRequest, OPEN, type, workAll } from './stories.ts';
import { AUDIT, createWorld, OPS, type Said, type TestWorld } from './world.ts';

const TS = '1760000000.000001' as MessageTs;
const said = (world: TestWorld): readonly string[] => world.slack.said.map(({ kind, of, ts, isRepeat }) => `${kind} ${of}${ts === undefined ? '' : ' updated'}${isRepeat ? ' (repeat)' : ''}`);
const toDeliver = async (text = OPEN, channel = OPS): Promise<{ readonly world: TestWorld; readonly id: RequestId }> => {
  const world = createWorld();
  const id = await ask(world, text, { channel });
  await workAll(world, 'plan', 'decide', 'run');
  return { world, id };
};
const record = (world: TestWorld, id: RequestId) => world.ports.records.load(id);

describe('card and result', () => {
  it('a held request shows its card once, with the digest that a click approves', async () => {
    const { world, id } = await toDeliver(HELD);
    await workAll(world);
    expect(said(world)).toEqual(['card awaiting_approval']);
    expect(await record(world, id)).toMatchObject({ card: { channel: OPS, ts: TS, version: 3, digest: (world.request(id) as AwaitingApproval).digest }, delivered: 3 });
  });
  it('nothing is said before there is a plan', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(world.slack.said).toEqual([]);
  });
  it('the card follows in place, the result comes once, in the thread of the card', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, BOB);
    await workAll(world);
    expect(said(world).filter((one) => one.startsWith('result'))).toEqual(['result finished 0']);
    expect(said(world).filter((one) => one.startsWith('card'))[0]).toBe('card awaiting_approval');
    expect(said(world).filter((one) => one.startsWith('card')).slice(1).every((one) => one.includes('updated'))).toBe(true);
    expect(said(world).slice(-2)).toEqual(['card finished updated', 'decision finished, linked']);
    expect(world.slack.said.find(({ kind }) => kind === 'result')).toMatchObject({ channel: OPS, thread: TS, output: 'LISTEN 0 128\n' });
  });
  it('delivered again it says nothing', async () => {
    const { world, id } = await toDeliver();
    await deliver(world.ports, id);
    const before = world.slack.said.length;
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(world.slack.said).toHaveLength(before);
  });
  it('two deliveries at once post one card and one result', async () => {
    const { world, id } = await toDeliver();
    await Promise.all([deliver(world.ports, id), deliver(world.ports, id)]);
    expect(said(world)).toEqual(['card finished', 'result finished 0']);
  });
  it('in the thread where it was typed', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN, { thread: '1.5' as MessageTs });
    await workAll(world);
    expect(world.slack.said.filter(({ ts }) => ts === undefined).map(({ kind, thread }) => [kind, thread])).toEqual([['card', '1.5'], ['result', '1.5']]);
    expect(await record(world, id)).toMatchObject({ results: { 0: expect.any(String) } });
  });
  it('while somebody else is at it for long, it comes again', async () => {
    const { world, id } = await toDeliver();
    await world.ports.leases.acquire(`deliver:${id}`, 60_000);
    expect(await deliver(world.ports, id)).toMatchObject({ kind: 'again' });
    expect(world.slack.said).toEqual([]);
  });
  it('the lease is kept for as long as Slack takes, and no longer', async () => {
    const { world, id } = await toDeliver();
    const [renewed, slow] = [vi.fn<() => Promise<boolean>>(async () => true), Promise.withResolvers<Sent>()];
    const leases = { acquire: async () => ({ renew: renewed, release: async () => undefined }) };
    vi.useFakeTimers();
    try {
      const delivered = deliver({ ...world.ports, leases, chat: { ...world.ports.chat, card: () => slow.promise } }, id);
      await vi.advanceTimersByTimeAsync(90_000);
      expect(renewed).toHaveBeenCalledTimes(4);
      slow.resolve({ kind: 'sent', ts: TS });
      await delivered;
      await vi.advanceTimersByTimeAsync(90_000);
      expect(renewed).toHaveBeenCalledTimes(4);
    } finally {
      vi.useRealTimers();
    }
  });
  it('the lease is given back, also when Redis went away in the middle', async () => {
    const { world, id } = await toDeliver();
    const chat = { ...world.ports.chat, card: () => Promise.reject(new Error('our bug')) };
    await expect(deliver({ ...world.ports, chat }, id)).rejects.toThrow('our bug');
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
  });
});

describe('an answer of Slack that was lost', () => {
  const uncertain: Sent = { kind: 'uncertain' };
  it('the card is repeated once, marked', async () => {
    const { world, id } = await toDeliver(HELD);
    world.slack.answers.push(uncertain);
    expect(await deliver(world.ports, id)).toMatchObject({ kind: 'again' });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(said(world)).toEqual(['card awaiting_approval', 'card awaiting_approval (repeat)']);
  });
  it('twice: the card is taken as given, and never posted a third time', async () => {
    const { world, id } = await toDeliver(HELD);
    world.slack.answers.push(uncertain, uncertain);
    await deliver(world.ports, id);
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    await deliver(world.ports, id);
    expect(said(world)).toEqual(['card awaiting_approval', 'card awaiting_approval (repeat)', 'unseen awaiting_approval']);
  });
  it('the result is repeated once, marked, and the card is not', async () => {
    const { world, id } = await toDeliver();
    world.slack.answers.push({ kind: 'sent', ts: TS }, uncertain);
    expect(await deliver(world.ports, id)).toMatchObject({ kind: 'again' });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(said(world)).toEqual(['card finished', 'result finished 0', 'result finished 0 (repeat)']);
  });
  it('an update is sent again as it is', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, BOB);
    world.slack.answers.push(uncertain);
    expect(await deliver(world.ports, id)).toMatchObject({ kind: 'again' });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(said(world)).toEqual(['card awaiting_approval', 'card queued updated', 'card queued updated']);
  });
  it('a crash after the card repeats only what was under way', async () => {
    const { world, id } = await toDeliver();
    const chat = { ...world.ports.chat, result: () => Promise.reject(new Error('the process dies here')) };
    await expect(deliver({ ...world.ports, chat }, id)).rejects.toThrow('the process dies here');
    await deliver(world.ports, id);
    expect(said(world)).toEqual(['card finished', 'result finished 0']);
  });
});

describe('Slack says later', () => {
  it.each([[0, 'card'], [1, 'result']] as const)('that is honoured, and counts as no try (message %i, a %s)', async (index, _kind) => {
    const { world, id } = await toDeliver();
    world.slack.answers.push(...Array.from({ length: index }, (): Sent => ({ kind: 'sent', ts: TS })), { kind: 'later', afterMs: 30_000 }, { kind: 'later', afterMs: 7_000 });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'again', afterMs: 30_000 });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'again', afterMs: 7_000 });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(world.slack.said.some(({ isRepeat }) => isRepeat)).toBe(false);
    expect(said(world)).toHaveLength(4);
  });
  it.each([['never', { kind: 'never', why: 'is_archived' }], ['uncertain', { kind: 'uncertain' }]] as const)('%s, of a card that waits for somebody: the requester is told, once, and nobody is reminded of it', async (kind, answer) => {
    const { world, id } = await toDeliver(HELD);
    world.slack.answers.push(...(kind === 'never' ? [answer] : [answer, answer]));
    await workAll(world, 'deliver');
    await deliver(world.ports, id);
    expect(world.slack.said.filter((one) => one.kind !== 'card')).toMatchObject([{ kind: 'unseen', person: ALICE, of: 'awaiting_approval' }]);
    world.pass(600);
    await deliver(world.ports, id);
    expect(world.slack.said.filter((one) => one.kind !== 'card')).toHaveLength(1);
  });
  it('and never: logged, and the result still comes', async () => {
    const { world, id } = await toDeliver();
    world.slack.answers.push({ kind: 'never', why: 'channel_not_found' });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'done' });
    expect(said(world)).toEqual(['card finished', 'result finished 0']);
    expect(world.logged).toContainEqual(['Slack will not take a message', { request: id, why: 'channel_not_found' }]);
    await deliver(world.ports, id);
    expect(said(world)).toHaveLength(2);
  });
});

describe('the trail of an incident', () => {
  const lines = (world: TestWorld): readonly Said[] => world.slack.said.filter(({ kind }) => kind === 'lines');
  it('holds every event once, in order, in the thread of the card', async () => {
    const world = createWorld();
    const id = await heldRequest(world, HELD, { channel: INCIDENT });
    await approve(world, id, BOB);
    await workAll(world);
    expect(lines(world).map(({ of }) => of).join(' ')).toBe('requested planned held approved granted started finished');
    expect(lines(world).every(({ channel, thread }) => channel === INCIDENT && thread === TS)).toBe(true);
  });
  it('is in the thread where the request was typed', async () => {
    const world = createWorld();
    await heldRequest(world, HELD, { channel: INCIDENT, thread: '1.5' as MessageTs });
    expect(lines(world)).toMatchObject([{ thread: '1.5' }]);
  });
  it('waits when Slack says so, and then misses nothing', async () => {
    const { world, id } = await toDeliver(HELD, INCIDENT);
    world.slack.answers.push({ kind: 'sent', ts: TS }, { kind: 'later', afterMs: 3_000 });
    expect(await deliver(world.ports, id)).toEqual({ kind: 'again', afterMs: 3_000 });
    await deliver(world.ports, id);
    expect(lines(world).map(({ of }) => of)).toEqual(['requested planned held', 'requested planned held']);
    expect(await record(world, id)).toMatchObject({ trailed: 3 });
  });
  it('there is none in another channel', async () => {
    const { world } = await toDeliver();
    await workAll(world);
    expect(lines(world)).toEqual([]);
  });
});

describe('the mirror', () => {
  it('brings every entry to the audit channel once, in batches, in order', async () => {
    const world = createWorld();
    for (const pod of ['a', 'b', 'c']) await ask(world, `prod ${pod} -- ss`);
    await type(world, 'kube-system x -- ss');
    for (let round = 0; round < 4; round += 1) await mirrorOnce(world.ports, 1_000);
    expect(world.slack.said).toMatchObject([{ kind: 'lines', channel: AUDIT, of: 'requested requested requested attempt' }]);
    await ask(world, HELD, { user: BOB });
    await mirrorOnce(world.ports, 1_000);
    expect(world.slack.said.map(({ of }) => of)).toEqual(['requested requested requested attempt', 'requested']);
  });
  it('takes at most 40 entries at a time, and goes on where it stopped', async () => {
    const world = createWorld();
    for (let count = 0; count < 45; count += 1) await type(world, 'kube-system x -- ss');
    await mirrorOnce(world.ports, 1_000);
    await mirrorOnce(world.ports, 1_000);
    expect(world.slack.said.map(({ of }) => of.split(' ').length)).toEqual([40, 5]);
  });
  it('an entry that somebody edited is an alarm, and what stands before and after it is told', async () => {
    const world = createWorld();
    for (const pod of ['a', 'b', 'c']) await ask(world, `prod ${pod} -- ss`);
    const { ledger } = world.ports;
    const edited = { ...ledger, after: async (position: number, limit: number) => {
      const entries = await ledger.after(position, limit);
      if (entries.some((entry) => entry.position === 2)) throw new BrokenLedgerError('the entry at ledger position 2-0 is not one that kdebug wrote');
      return entries;
    } };
    for (let round = 0; round < 4; round += 1) await mirrorOnce({ ...world.ports, ledger: edited }, 1_000);
    expect(world.slack.said.map(({ of }) => of)).toEqual(['requested', 'requested attempt']);
    expect(world.attempts.at(-1)).toMatchObject({ what: 'security', refusal: { code: 'security', message: 'the entry at ledger position 2-0 is not one that kdebug wrote' } });
    expect(world.logged.map(([message]) => message)).toEqual(['an audit entry was tampered with']);
  });
  it('a ledger that cannot be reached is no alarm', async () => {
    const world = createWorld();
    const ledger = { ...world.ports.ledger, after: () => Promise.reject(new Error('Connection is closed.')) };
    await expect(mirrorOnce({ ...world.ports, ledger }, 1_000)).rejects.toThrow('Connection is closed.');
    expect(world.attempts).toEqual([]);
  });
  it('waits as long as Slack says, and then sends the same', async () => {
    const world = createWorld();
    await ask(world, HELD);
    world.slack.answers.push({ kind: 'later', afterMs: 9_000 });
    expect(await mirrorOnce(world.ports, 1_000)).toBe(9_000);
    expect(await mirrorOnce(world.ports, 1_000)).toBe(1_000);
    expect(world.slack.said.map(({ of }) => of)).toEqual(['requested', 'requested']);
  });
  it.each([['uncertain', { kind: 'uncertain' }], ['never', { kind: 'never', why: 'is_archived' }]] as const)('%s: logged, and it goes on; the ledger has it', async (_name, answer) => {
    const world = createWorld();
    await ask(world, HELD);
    world.slack.answers.push(answer);
    await mirrorOnce(world.ports, 1_000);
    await mirrorOnce(world.ports, 1_000);
    expect(world.slack.said).toHaveLength(1);
    expect(world.logged.map(([message]) => message)).toEqual(['audit lines may be missing in Slack; the ledger has them']);
  });
  it('one process at a time', async () => {
    const world = createWorld();
    await ask(world, HELD);
    await Promise.all([mirrorOnce(world.ports, 1_000), mirrorOnce(world.ports, 1_000)]);
    expect(world.slack.said).toHaveLength(1);
  });
});
