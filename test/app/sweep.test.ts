/** What a crash or an outage left behind. */
import { describe, expect, it } from 'vitest';
import { sweep, type Looks } from '../../src/app/sweep.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import type { RequestId } from '../../src/domain/names.ts';
import type { Finished, Running } from '../../src/domain/request-states.ts';
import { BOB } from '../fixtures/requests.ts';
import { approve, ask, grantedRequest, HELD, heldRequest, OPEN, stateOf, work, workAll } from './stories.ts';
import { createWorld } from './world.ts';

describe('what never reached a queue', () => {
  it('is put there, and runs to its end', async () => {
    const world = createWorld();
    world.script.queueAway = true;
    const id = await ask(world, OPEN);
    world.script.queueAway = false;
    world.pass(3);
    await sweep(world.ports);
    expect(world.memory.outbox.size).toBe(0);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('an approval too', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.script.queueAway = true;
    await approve(world, id, BOB);
    world.script.queueAway = false;
    world.pass(3);
    await sweep(world.ports);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('a result too, of a request that is over', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.script.beforeAppend.push(() => undefined, () => { world.script.queueAway = true; });
    await work(world, 'run');
    world.script.queueAway = false;
    expect(stateOf(world, id)).toBe('finished');
    world.pass(3);
    await sweep(world.ports);
    await workAll(world);
    expect(world.slack.said.map(({ kind }) => kind)).toContain('result');
  });
});

describe('what waited too long', () => {
  it('for a plan expires, and the requester is told', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.pass(120);
    await sweep(world.ports);
    expect(world.request(id)).toMatchObject({ state: 'expired', waitingFor: 'plan' });
    await workAll(world, 'deliver');
    expect(world.slack.said).toMatchObject([{ kind: 'card', of: 'expired' }]);
  });
  it('for an approval expires, not a second before', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.pass(899);
    await sweep(world.ports);
    expect(stateOf(world, id)).toBe('awaiting_approval');
    world.pass(1);
    await sweep(world.ports);
    expect(world.request(id)).toMatchObject({ state: 'expired', waitingFor: 'approval' });
  });
  it('for a start expires', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, BOB);
    world.pass(600);
    await sweep(world.ports);
    expect(world.request(id)).toMatchObject({ state: 'expired', waitingFor: 'start' });
    await workAll(world);
    expect(world.kubernetes.calls).not.toContain('add');
  });
  it('for a run that no worker follows ends as unknown', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
    await expect(work(world, 'run')).rejects.toThrow('the worker dies here');
    const { notAfter } = world.request(id) as Running;
    world.pass((notAfter - world.clock.now) / 1_000 + 74);
    await sweep(world.ports);
    expect(stateOf(world, id)).toBe('running');
    world.pass(1);
    await sweep(world.ports);
    expect((world.request(id) as Finished).ends).toMatchObject([{ outcome: { kind: 'unknown' } }]);
  });
});

describe('a job', () => {
  it('that is alive is left alone', async () => {
    const world = createWorld();
    await ask(world, HELD);
    const before = [...world.queue.jobs.keys()];
    await sweep(world.ports);
    expect([...world.queue.jobs.keys()]).toEqual(before);
  });
  it('that failed for good is made again, and the run that it left is adopted', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
    await expect(work(world, 'run')).rejects.toThrow('the worker dies here');
    for (const job of world.queue.jobs.values()) job.done = true; // BullMQ gave it up
    world.pass(3);
    await sweep(world.ports);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
    expect(world.kubernetes.calls.filter((call) => call === 'add')).toHaveLength(1);
  });
  it('is made again within seconds of an approval, though the card was to rest until it expires', async () => {
    const world = createWorld();
    const looks: Looks = new Map();
    const id = await heldRequest(world);
    await sweep(world.ports, looks);
    await approve(world, id, BOB);
    for (const job of world.queue.jobs.values()) job.done = true; // BullMQ gave the decision up
    world.pass(6);
    await sweep(world.ports, looks);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('is not looked for while a card rests: it is not even read', async () => {
    const world = createWorld();
    const looks: Looks = new Map();
    const id = await heldRequest(world);
    const read: string[] = [];
    const ports = { ...world.ports, store: { ...world.ports.store, load: (one: typeof id) => { read.push(one); return world.ports.store.load(one); } } };
    for (let looked = 0; looked < 10; looked += 1) { await sweep(ports, looks); world.pass(6); }
    expect(read).toEqual([id]);
  });
  it('is not made for what waits for people', async () => {
    const world = createWorld();
    await heldRequest(world);
    await sweep(world.ports);
    expect(world.queue.waiting()).toEqual([]);
  });
});

describe('the sweeper itself', () => {
  it('is one at a time, and its lease is given back', async () => {
    const world = createWorld();
    world.script.queueAway = true;
    const id = await ask(world, OPEN);
    world.script.queueAway = false;
    world.pass(3);
    const lease = await world.ports.leases.acquire('sweep', 30_000);
    await sweep(world.ports);
    expect([...world.memory.outbox.keys()]).toEqual([id]);
    await lease?.release();
    await sweep(world.ports);
    expect(world.memory.outbox.size).toBe(0);
    expect(await world.ports.leases.acquire('sweep', 1)).toBeDefined();
  });
  it('run twice changes nothing twice', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.pass(120);
    await sweep(world.ports);
    await sweep(world.ports);
    expect(world.events(id)).toEqual(['requested', 'expired']);
  });
  it('comes past one record that was edited to all the others', async () => {
    const world = createWorld();
    const broken = await ask(world, 'prod a -- ss');
    const id = await ask(world, 'prod b -- ss');
    world.memory.outbox.set(broken, world.clock.now);
    const started: RequestEvent = { type: 'started', at: world.clock.now, worker: 'nobody' };
    const { store } = world.ports;
    const edited = { ...store, open: async () => [broken, id], load: async (one: typeof id) => (one === broken ? Promise.reject(new Error(`the record holds ${started.type} out of turn`)) : store.load(one)) };
    world.pass(120);
    await sweep({ ...world.ports, store: edited });
    expect(stateOf(world, id)).toBe('expired');
    expect(world.logged).toContainEqual(['the sweeper passed over a request', expect.objectContaining({ request: broken })]);
  });
  it('goes through more than one batch', async () => {
    const world = createWorld();
    const ports = { ...world.ports, limits: { ...world.ports.limits, pendingPerPerson: 1_000 } };
    for (let count = 0; count < 250; count += 1) await ask({ ...world, ports }, `prod pod-${count} -- ss`);
    for (const job of world.queue.jobs.values()) job.done = true;
    world.pass(3);
    await sweep(world.ports);
    expect(world.queue.waiting()).toHaveLength(250);
  });
  it('goes past more than one batch of records that cannot be settled', async () => {
    const world = createWorld();
    world.script.queueAway = true;
    const id = await ask(world, OPEN);
    world.script.queueAway = false;
    const { store } = world.ports;
    const edited = new Set(Array.from({ length: 120 }, (_, index) => `kd-${String(index + 1_000).padStart(8, '0')}` as RequestId));
    const unreadable = Object.assign(new Error('it was edited'), { name: 'UnreadableRecordError' });
    world.pass(3);
    await sweep({ ...world.ports, store: {
      ...store, unsettled: async (olderThanMs, limit) => [...edited, ...await store.unsettled(olderThanMs, limit)].slice(0, limit),
      load: (asked) => (edited.has(asked) ? Promise.reject(unreadable) : store.load(asked)),
    } });
    expect(world.queue.waiting().map((job) => job.id)).toEqual([id]);
  });
  it('leaves alone what began a moment ago', async () => {
    const world = createWorld();
    await ask(world, OPEN);
    for (const job of world.queue.jobs.values()) job.done = true;
    await sweep(world.ports);
    expect(world.queue.waiting()).toHaveLength(0);
    world.pass(2);
    await sweep(world.ports);
    expect(world.queue.waiting()).toHaveLength(1);
  });
});
