/** A text that means several pods: a menu for the requester, or all of them under one approval; one run a pod. */
import { describe, expect, it } from 'vitest';
import { choose } from '../../src/app/click.ts';
import { deliver } from '../../src/app/deliver.ts';
import type { PodCandidate } from '../../src/domain/events.ts';
import type { PodName, PodUid, RequestId, UserId } from '../../src/domain/names.ts';
import type { PodFacts } from '../../src/domain/pod.ts';
import type { Policy, Rule } from '../../src/domain/policy/rule.ts';
import type { Finished, Queued } from '../../src/domain/request-states.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { approve, ask, codeOf, grantedRequest, HELD, press, refusalOf, stateOf, work, workAll } from './stories.ts';
import { createWorld, POD, settings, type TestWorld } from './world.ts';

const candidate = (pod: string): PodCandidate => ({ pod: pod as PodName, ready: '1/1', status: 'Running', restarts: 0, createdAt: null, node: 'eu-3' });
const twin = { ...POD, name: 'api-7f9c4d8b6-zz5mq' as PodName, uid: '4f1c0000-0000-4000-8000-000000000002' as PodUid };

const withMenu = async (world: TestWorld): Promise<RequestId> => {
  world.kubernetes.script.find.push({ kind: 'several', candidates: [candidate(POD.name), candidate(twin.name)] });
  const id = await ask(world, HELD);
  await workAll(world);
  return id;
};
const pick = async (world: TestWorld, id: RequestId, position: number, user: UserId = ALICE) => choose(world.ports, { ...await press(world, id, user), position });

describe('labels that not all of the pods carry', () => {
  const labelled = { ...POD, labels: { ...POD.labels, pci: 'true' } };
  const rules = (decide: 'refuse' | 'approve'): Policy => {
    const common = settings.policy.rules.findLast((rule) => rule.decide === 'approve');
    if (common?.decide !== 'approve') throw new Error('the example has an approval rule');
    const pci: Rule = decide === 'refuse' ? { ...common, name: 'no pci', when: { labels: { pci: 'true' } }, decide } : { ...common, name: 'pci', when: { labels: { pci: 'true' } } };
    return { ...settings.policy, rules: [pci, { name: 'else', when: {}, decide: 'allow', digestRequired: false, unbounded: false, private: 'allow', nodeAccess: 'allow' }] };
  };
  const asked = async (policy: Policy, ...pods: readonly PodFacts[]): Promise<readonly [TestWorld, RequestId]> => {
    const world = createWorld(policy);
    world.kubernetes.script.find.push({ kind: 'pods', pods });
    const id = await ask(world, 'prod -l app=api --replicas all --image netshoot -- ss -tlnp');
    await workAll(world);
    return [world, id];
  };

  it('a rule that refuses one of the pods refuses the command', async () => {
    const [world, id] = await asked(rules('refuse'), labelled, twin);
    expect([stateOf(world, id), refusalOf(world, id), world.kubernetes.calls.includes('add')]).toEqual(['refused', { code: 'rule', rule: 'no pci' }, false]);
  });
  it('a rule that holds one of the pods is not passed by the others: the pods are to be asked for apart', async () => {
    const [world, id] = await asked(rules('approve'), twin, labelled);
    expect([stateOf(world, id), refusalOf(world, id)]).toEqual(['refused', { code: 'pods_differ', rules: ['else', 'pci'] }]);
  });
  it('pods that one rule decides are let through, whatever else tells them apart', async () => {
    const [world, id] = await asked(rules('refuse'), { ...POD, labels: { ...POD.labels, 'statefulset.kubernetes.io/pod-name': 'api-0' } }, twin);
    expect(stateOf(world, id)).toBe('finished');
  });
});

describe('a menu', () => {
  it('is shown on the card, and the pick is planned, approved and run', async () => {
    const world = createWorld();
    const id = await withMenu(world);
    expect(world.slack.said).toMatchObject([{ kind: 'card', of: 'choosing' }]);
    expect(await pick(world, id, 1)).toEqual({ kind: 'done' });
    await workAll(world);
    await approve(world, id, BOB);
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'choosing', 'chosen', 'planned', 'held', 'approved', 'granted', 'started', 'finished']);
    expect(world.request(id)?.chosen).toBe(twin.name);
  });
  const refused: readonly [string, number, UserId, number, string][] = [
    ['nobody else picks', 0, BOB, 0, 'not_the_requester'],
    ['there is no third', 2, ALICE, 0, 'not_due'],
    ['nor one before the first', -1, ALICE, 0, 'not_due'],
    ['after two minutes it is late', 0, ALICE, 120, 'too_late'],
  ];
  it.each(refused)('%s', async (_name, position, user, seconds, code) => {
    const world = createWorld();
    const id = await withMenu(world);
    world.pass(seconds);
    expect(codeOf(await pick(world, id, position, user))).toBe(code);
    expect(stateOf(world, id)).toBe('choosing');
  });
  it('is answered once: two picks at once are one', async () => {
    const world = createWorld();
    const id = await withMenu(world);
    await Promise.all([pick(world, id, 0), pick(world, id, 1)]);
    expect(world.events(id).filter((event) => event === 'chosen')).toHaveLength(1);
  });
  it('shows no plan, so it cannot be approved', async () => {
    const world = createWorld();
    const id = await withMenu(world);
    expect((await approve(world, id, BOB)).kind).toBe('refused');
    expect(stateOf(world, id)).toBe('choosing');
  });
});

describe('several replicas', () => {
  const replicas = async (world: TestWorld): Promise<RequestId> => {
    world.kubernetes.script.find.push({ kind: 'pods', pods: [POD, twin] });
    const id = await ask(world, 'prod deploy/api --replicas all --image netshoot -- ss -tlnp');
    await workAll(world);
    return id;
  };
  it('are one plan, one approval, and a result each', async () => {
    const world = createWorld();
    const id = await replicas(world);
    await approve(world, id, CAROL);
    await workAll(world);
    expect((world.request(id) as Finished).ends.map(({ pod }) => pod)).toEqual([POD.name, twin.name]);
    expect(world.events(id).filter((event) => event === 'approved')).toHaveLength(1);
    expect(world.slack.said.filter(({ kind }) => kind === 'result').map(({ of }) => of)).toEqual(['finished 0', 'finished 1']);
    expect(world.kubernetes.tooEarly).toEqual([]);
  });
  it('a crash between two results repeats none', async () => {
    const world = createWorld();
    const id = await replicas(world);
    await approve(world, id, CAROL);
    await workAll(world, 'decide', 'run');
    const { chat } = world.ports;
    const dies = { ...chat, result: (...[request, index, ...rest]: Parameters<typeof chat.result>) => (index === 1 ? Promise.reject(new Error('the process dies here')) : chat.result(request, index, ...rest)) };
    await expect(deliver({ ...world.ports, chat: dies }, id)).rejects.toThrow('the process dies here');
    await deliver(world.ports, id);
    expect(world.slack.said.filter(({ kind }) => kind === 'result').map(({ of }) => of)).toEqual(['finished 0', 'finished 1']);
  });
  it('are all dry-run, and one that is refused refuses all', async () => {
    const world = createWorld();
    world.kubernetes.script.dryRun.push({ kind: 'admitted', warnings: [], ephemeralContainers: 1 }, { kind: 'failure', failure: { code: 'admission', detail: 'no' } });
    expect(stateOf(world, await replicas(world))).toBe('refused');
  });
});

describe('one run a pod', () => {
  it('waits, without starting, while another holds the pod, and comes again', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const other = await world.ports.leases.acquire(`pod:main:${(world.request(id) as Queued).plan.targets[0]?.uid ?? ''}`, 60_000);
    await work(world, 'run');
    expect(world.kubernetes.calls).not.toContain('add');
    expect(stateOf(world, id)).toBe('queued');
    await other?.release();
    await work(world, 'run');
    expect(stateOf(world, id)).toBe('finished');
  });
  it('gives the pod back at the end, and when it fails', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const name = `pod:main:${(world.request(id) as Queued).plan.targets[0]?.uid ?? ''}`;
    world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
    await expect(work(world, 'run')).rejects.toThrow('the worker dies here');
    const lease = await world.ports.leases.acquire(name, 1_000);
    expect(lease).toBeDefined();
    await lease?.release();
    await work(world, 'run');
    expect(await world.ports.leases.acquire(name, 1_000)).toBeDefined();
  });
});
