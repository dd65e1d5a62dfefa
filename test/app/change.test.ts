/** Load, decide, append; and again when somebody was quicker. */
import { describe, expect, it } from 'vitest';
import { advance, change } from '../../src/app/change.ts';
import { APPEND_TRIES_MAX } from '../../src/domain/limits.ts';
import type { RequestId } from '../../src/domain/names.ts';
import type { AwaitingApproval, Command } from '../../src/domain/request-states.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { ask, HELD, heldRequest, stateOf } from './stories.ts';
import { createWorld, type TestWorld } from './world.ts';

const approval = (world: TestWorld, id: RequestId, by = BOB): Command => ({ type: 'approve', by, isEntitled: true, hasApproved: false, digest: (world.request(id) as AwaitingApproval).digest });

/** Somebody else's approval, between our load and our append. */
const meanwhile = (world: TestWorld, id: RequestId, by = CAROL): void => {
  world.script.beforeAppend.push(async () => {
    const { request, now } = await world.ports.store.load(id);
    if (request && 'digest' in request) await world.ports.store.append(request, [{ type: 'approved', at: now, by, digest: request.digest, notAfter: now }]);
  });
};

describe('a conflict', () => {
  it('is decided again on what is there now', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    meanwhile(world, id);
    const seen: string[] = [];
    const changed = await change(world.ports.store, id, (request) => { seen.push(request.state); return [approval(world, id)]; });
    expect(seen).toEqual(['awaiting_approval', 'queued']);
    expect(changed).toMatchObject({ ok: false, refusal: { code: 'already_decided' } });
    expect(world.events(id).filter((event) => event === 'approved')).toHaveLength(1);
  });
  it('is given up after 5 tries', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    let tries = 0;
    const store = { ...world.ports.store, append: async () => { tries += 1; return { ok: false, why: 'conflict' } as const; } };
    expect(await change(store, id, () => [{ type: 'cancel', by: ALICE, canStop: false }])).toMatchObject({ ok: false, refusal: { code: 'too_busy' } });
    expect(tries).toBe(APPEND_TRIES_MAX);
  });
});

describe('several commands', () => {
  it('are decided one after the other and appended together', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    const changed = await change(world.ports.store, id, () => [{ type: 'cancel', by: ALICE, canStop: false }, { type: 'cancel', by: ALICE, canStop: false }]);
    expect(changed).toMatchObject({ ok: true, request: { state: 'cancelled' } });
    expect(world.events(id)).toEqual(['requested', 'cancelled']);
  });
  it('none at all is not due', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    expect(await change(world.ports.store, id, () => [])).toMatchObject({ ok: false, refusal: { code: 'not_due', state: 'requested' } });
  });
});

describe('the clock guard', () => {
  it('refuses an approval that reaches Redis after the expiry', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    world.script.beforeAppend.push(() => { world.pass(901); });
    expect(await change(world.ports.store, id, () => [approval(world, id)])).toMatchObject({ ok: false, refusal: { code: 'too_late' } });
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
});

describe('what cannot be done', () => {
  it('to no request at all', async () => {
    expect(await change(createWorld().ports.store, 'kd-00000009' as RequestId, () => [{ type: 'expire' }])).toMatchObject({ ok: false, refusal: { code: 'no_such_request' } });
  });
  it('without Redis it rejects: the append is uncertain', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.script.away = true;
    await expect(change(world.ports.store, id, () => [{ type: 'expire' }])).rejects.toThrow('Redis does not answer');
  });
});

describe('what the request owes now', () => {
  it('leaves the outbox once it is in its queue, and not when somebody appended since', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    const before = world.request(id)!;
    await change(world.ports.store, id, () => [{ type: 'cancel', by: ALICE, canStop: false }]);
    await advance(world.ports, before);
    expect([...world.memory.outbox.keys()]).toEqual([id]);
    await advance(world.ports, world.request(id)!);
    expect(world.memory.outbox.size).toBe(0);
  });
});
