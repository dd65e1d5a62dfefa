/** A pod is recycled from below a result: who may, who else must, what the cluster says, and what everybody is told. */
import { describe, expect, it } from 'vitest';
import { clickAuthority } from '../../src/app/authority/click.ts';
import { tellAuthorities } from '../../src/app/authority/tell.ts';
import { recycle } from '../../src/app/recycle/ask.ts';
import { recycleStep } from '../../src/app/recycle/step.ts';
import type { AuthorityClick, ClickAnswer } from '../../src/app/slack-port.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import type { MessageTs, PodUid, RequestId, UserId } from '../../src/domain/names.ts';
import type { Recycle } from '../../src/domain/recycle-states.ts';
import { ALICE, BOB } from '../fixtures/requests.ts';
import { approve, ask, codeOf, heldRequest, newTrigger, OPEN, press, type, workAll } from './stories.ts';
import { createWorld, DAVE, POD, type TestWorld } from './world.ts';

const BUDGET: Failure = { code: 'disruption_budget', pod: POD.name, budget: 'api', detail: 'needs 2', afterMs: null };

const finished = async (world: TestWorld, isHeld = true): Promise<RequestId> => {
  const id = isHeld ? await heldRequest(world) : await ask(world, OPEN);
  if (isHeld) await approve(world, id, BOB);
  await workAll(world);
  return id;
};

const pressRecycle = async (world: TestWorld, of: RequestId, user: UserId): Promise<ClickAnswer> => {
  const { results } = await world.ports.records.load(of);
  return recycle(world.ports, { ...await press(world, of, user), ts: results[0] as MessageTs });
};

/** Serve's loop and the workers, until nothing moves without time. */
const settle = async (world: TestWorld): Promise<void> => {
  for (let turns = 0; turns < 5; turns += 1) {
    await tellAuthorities(world.ports);
    for (const job of world.queue.waiting().filter(({ step }) => step === 'recycle')) {
      job.done = (await recycleStep(world.ports, job.id, job.generation)).kind === 'done';
    }
    world.pass(0.001);
  }
  await tellAuthorities(world.ports);
};

const theOne = (world: TestWorld): Recycle => {
  const [id] = world.own.idsOf('recycle');
  const state = id && world.own.stateOf('recycle', id);
  if (!state) throw new Error('there is no recycle');
  return state;
};
const types = (world: TestWorld): readonly string[] => world.own.eventsOf('recycle', theOne(world).id);
const cards = (world: TestWorld): readonly string[] => world.slack.said.filter(({ kind, of }) => kind === 'authority' && of.startsWith('recycle')).map(({ of }) => of);
const evictions = (world: TestWorld): number => world.kubernetes.calls.filter((call) => call === 'evict').length;

const decideOn = async (world: TestWorld, user: UserId, action: AuthorityClick['action'], reason: string | null = null): Promise<ClickAnswer> => {
  const { id } = theOne(world);
  const card = (await world.ports.authority.posts({ kind: 'recycle', id }))['card'];
  if (typeof card !== 'object') throw new Error('there is no card');
  return clickAuthority(world.ports, { user, team: theOne(world).ask.team, appId: 'A0KDEBUG', channel: card.channel, ts: card.ts, request: id, trigger: newTrigger(), action, reason });
};

describe('in production', () => {
  const waiting = async (): Promise<TestWorld> => {
    const world = createWorld();
    expect(await pressRecycle(world, await finished(world), ALICE)).toEqual({ kind: 'done' });
    await settle(world);
    return world;
  };

  it('the card stands in the thread of the run once the cluster was asked; another person approves; the pod is evicted once', async () => {
    const world = await waiting();
    const said = world.slack.said.find(({ kind, of }) => kind === 'authority' && of === 'recycle waiting');
    const { card } = await world.ports.records.load(theOne(world).ask.of);
    expect(said).toMatchObject({ channel: card?.channel, thread: card?.ts });
    expect(evictions(world)).toBe(0);
    expect(await decideOn(world, BOB, 'recycle_approve')).toEqual({ kind: 'done' });
    await settle(world);
    expect(types(world)).toEqual(['recycle_asked', 'recycle_checked', 'recycle_approved', 'recycle_granted', 'recycle_started', 'recycle_ended']);
    expect([evictions(world), cards(world).at(-1)]).toEqual([1, 'recycle over evicted']);
    expect(world.memory.entries.filter(({ event }) => event.type.startsWith('recycle_')).map(({ event }) => event.type)).toEqual(types(world));
  });

  it.each<readonly [string, UserId, string]>([['who asked', ALICE, 'own_request'], ['who may not approve there', DAVE, 'not_an_approver']])('%s cannot approve, and it is in the ledger', async (_who, user, code) => {
    const world = await waiting();
    expect(codeOf(await decideOn(world, user, 'recycle_approve'))).toBe(code);
    await settle(world);
    expect([evictions(world), theOne(world).state, world.attempts.at(-1)?.refusal.code]).toEqual([0, 'waiting', code]);
  });

  it('denied, it is told, and nothing is evicted', async () => {
    const world = await waiting();
    expect(await decideOn(world, BOB, 'recycle_deny', 'it is the leader')).toEqual({ kind: 'done' });
    await settle(world);
    expect([evictions(world), cards(world).at(-1)]).toEqual([0, 'recycle over denied']);
  });

  it('a second press for the same pod is told of the first, and a copy of the card counts for nothing', async () => {
    const world = await waiting();
    expect(await pressRecycle(world, theOne(world).ask.of, BOB)).toMatchObject({ kind: 'refused', refusal: { code: 'already_recycling', request: theOne(world).id } });
    expect(codeOf(await clickAuthority(world.ports, { ...await press(world, theOne(world).id, BOB), ts: '9.9' as MessageTs, action: 'recycle_approve', reason: null }))).toBe('wrong_card');
  });

  it('two who press at once are one request', async () => {
    const world = createWorld();
    const id = await finished(world);
    const answers = await Promise.all([pressRecycle(world, id, ALICE), pressRecycle(world, id, BOB)]);
    expect(answers.map(codeOf).sort()).toEqual(['already_recycling', 'done']);
    expect(world.own.idsOf('recycle')).toHaveLength(1);
  });

  it('over, it can be asked for anew', async () => {
    const world = await waiting();
    const { ask: { of } } = theOne(world);
    await decideOn(world, ALICE, 'recycle_withdraw');
    expect(await pressRecycle(world, of, BOB)).toEqual({ kind: 'done' });
    expect(world.own.idsOf('recycle')).toHaveLength(2);
  });

  it('with Redis away the person reads so', async () => {
    const world = createWorld();
    const id = await finished(world);
    const click = { ...await press(world, id, ALICE), ts: (await world.ports.records.load(id)).results[0] as MessageTs };
    world.script.away = true;
    expect(await recycle(world.ports, click)).toEqual({ kind: 'unavailable' });
  });

  it('frozen, nothing is asked, approved or granted', async () => {
    const world = await waiting();
    await type(world, 'freeze deploying', { user: BOB });
    expect(codeOf(await decideOn(world, BOB, 'recycle_approve'))).toBe('frozen');
    expect(codeOf(await pressRecycle(world, theOne(world).ask.of, BOB))).toBe('frozen');
  });

  it('approved by somebody who lost the right before the grant, it is refused', async () => {
    const world = await waiting();
    world.people.groups.set('S0SRE' as never, new Set([DAVE]));
    expect(await decideOn(world, DAVE, 'recycle_approve')).toEqual({ kind: 'done' });
    world.people.groups.set('S0SRE' as never, new Set());
    await settle(world);
    expect([evictions(world), theOne(world)]).toMatchObject([0, { over: { how: 'refused', refusal: { code: 'approval_lost', approver: DAVE } } }]);
  });

  it('not decided in time, it expires', async () => {
    const world = await waiting();
    world.pass(16 * 60);
    await settle(world);
    expect(cards(world).at(-1)).toBe('recycle over expired');
  });

  it('a grant that serve did not sign evicts nothing, and is a security event', async () => {
    const world = await waiting();
    await decideOn(world, BOB, 'recycle_approve');
    await settle({ ...world, ports: { ...world.ports, signer: { sign: () => 'AAAA' } } });
    expect(evictions(world)).toBe(0);
    expect(world.attempts.at(-1)).toMatchObject({ what: 'security', refusal: { message: expect.stringContaining('evict') } });
  });
});

describe('where the rules are open', () => {
  it('nobody is asked', async () => {
    const world = createWorld();
    await pressRecycle(world, await finished(world, false), ALICE);
    await settle(world);
    expect([theOne(world), evictions(world)]).toMatchObject([{ state: 'over', over: { how: 'evicted' }, authorization: { by: 'rule', rule: 'everywhere else is open to the engineers' } }, 1]);
  });

  it('somebody whom no rule lets is refused at once', async () => {
    const world = createWorld();
    expect(codeOf(await pressRecycle(world, await finished(world, false), DAVE))).toBe('no_rule');
    expect(world.own.idsOf('recycle')).toEqual([]);
  });

  const asked = async (...answers: readonly ('evicted' | Failure)[]): Promise<TestWorld> => {
    const world = createWorld();
    const id = await finished(world, false);
    world.kubernetes.script.evict.push(...answers);
    await pressRecycle(world, id, ALICE);
    await settle(world);
    return world;
  };

  it('a budget that says not now is told by its name, and asked again until it lets go', async () => {
    const world = await asked(BUDGET, BUDGET, BUDGET);
    expect([theOne(world), cards(world).at(-1)]).toMatchObject([{ state: 'evicting', tries: 2, check: { budget: { budget: 'api' } } }, 'recycle evicting']);
    await settle(world);
    expect(evictions(world)).toBe(1); // not before its pause is over
    world.pass(11);
    await settle(world);
    world.pass(11);
    await settle(world);
    expect([evictions(world), cards(world).at(-1)]).toEqual([3, 'recycle over evicted']);
    expect(types(world).filter((one) => one === 'recycle_blocked')).toHaveLength(2);
  });

  it('a freeze ends the tries', async () => {
    const world = await asked('evicted', ...Array.from({ length: 100 }, () => BUDGET));
    expect([theOne(world).state, evictions(world)]).toEqual(['evicting', 1]);
    expect(await type(world, 'freeze the database moves', { user: BOB })).toMatchObject({ kind: 'authority', said: { of: 'frozen' } });
    world.pass(11);
    await settle(world);
    expect([theOne(world), evictions(world)]).toMatchObject([{ state: 'over', over: { how: 'failed', failure: { code: 'frozen' } } }, 1]);
  });

  it('a freeze after an answer that did not come says that nobody knows', async () => {
    const world = await asked('evicted', { code: 'unreachable', detail: 'timed out' });
    await type(world, 'freeze the database moves', { user: BOB });
    world.pass(61);
    await settle(world);
    expect([theOne(world), evictions(world)]).toMatchObject([{ state: 'over', over: { how: 'unknown' } }, 1]);
  });

  it('one that never lets go is given up after five minutes, and says so', async () => {
    const world = await asked(...Array.from({ length: 100 }, () => BUDGET));
    for (let turn = 0; turn < 40 && theOne(world).state !== 'over'; turn += 1) {
      world.pass(11);
      await settle(world);
    }
    expect(theOne(world)).toMatchObject({ state: 'over', over: { how: 'failed', failure: { code: 'disruption_budget', budget: 'api' } } });
    expect(evictions(world)).toBeLessThanOrEqual(31);
  });

  it.each<readonly [string, readonly ('evicted' | Failure)[], object, number]>([
    ['kdebug may not evict: told before anybody is asked', [{ code: 'forbidden', detail: 'pods/eviction' }], { how: 'failed', failure: { code: 'forbidden' } }, 0],
    ['the pod went in between', ['evicted', { code: 'pod_gone', pod: POD.name }], { how: 'gone', isReplaced: false }, 1],
    ['another pod has its name', ['evicted', { code: 'pod_replaced', pod: POD.name }], { how: 'gone', isReplaced: true }, 1],
  ])('%s', async (_what, answers, over, asks) => {
    const world = await asked(...answers);
    expect([theOne(world), evictions(world)]).toMatchObject([{ state: 'over', over }, asks]);
  });

  it('a pod that was replaced since the run is not touched', async () => {
    const world = createWorld();
    const id = await finished(world, false);
    world.kubernetes.script.find.push({ kind: 'pods', pods: [{ ...POD, uid: 'another' as PodUid }] });
    await pressRecycle(world, id, ALICE);
    await settle(world);
    expect([theOne(world), world.kubernetes.calls.includes('evict dry')]).toMatchObject([{ over: { how: 'failed', failure: { code: 'pod_replaced' } } }, false]);
  });

  it('a worker of another cluster does nothing with it', async () => {
    const world = createWorld();
    const id = await finished(world, false);
    await pressRecycle(world, id, ALICE);
    await settle({ ...world, ports: { ...world.ports, cluster: { ...world.ports.cluster, name: 'other' as never } } });
    expect([theOne(world).state, evictions(world)]).toEqual(['checking', 0]);
  });

  it.each(['review', 'impersonate'] as const)('with identity on (%s) the cluster is asked whether this person may evict, and its no is one', async (mode) => {
    const world = createWorld();
    const id = await finished(world, false);
    const asked: string[] = [];
    const ports = {
      ...world.ports, identity: { ...world.ports.identity, mode, from: 'map' as const, map: new Map([[ALICE, { user: 'alice@example.org', groups: [] }]]) },
      cluster: { ...world.ports.cluster, review: async (person: { readonly user: string }, namespace: string, verb: string, resource: string) => { asked.push(`${person.user} ${verb} ${resource} ${namespace}`); return 'denied' as const; } },
    };
    await pressRecycle({ ...world, ports }, id, ALICE);
    await settle({ ...world, ports });
    expect([theOne(world), evictions(world), asked]).toMatchObject([{ over: { how: 'failed', failure: { code: 'forbidden', detail: expect.stringContaining('alice@example.org') } } }, 0, ['alice@example.org create pods/eviction staging']]);
    expect(codeOf(await pressRecycle({ ...world, ports }, id, BOB))).toBe('no_rule');
  });

  it('with no worker it expires, and is told', async () => {
    const world = createWorld();
    await pressRecycle(world, await finished(world, false), ALICE);
    await tellAuthorities(world.ports);
    world.pass(121);
    await tellAuthorities(world.ports);
    expect(cards(world)).toEqual(['recycle over expired']);
  });
});
