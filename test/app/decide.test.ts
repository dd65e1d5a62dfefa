/** Planning and deciding: facts from the worker, decisions from serve. */
import { describe, expect, it } from 'vitest';
import { decideStep } from '../../src/app/decide-step.ts';
import { planStep } from '../../src/app/plan-step.ts';
import { containerOf } from '../../src/domain/plan.ts';
import { CARD_CHARS_MAX } from '../../src/domain/limits.ts';
import type { ContainerName, GroupId, Instant, Namespace, PodName, RequestId, Sha256, UserId } from '../../src/domain/names.ts';
import type { Policy } from '../../src/domain/policy/rule.ts';
import type { Queued, Request, WithPlan } from '../../src/domain/request-states.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { approve, ask, HELD, heldRequest, OPEN, refusalOf, stateOf, work, workAll } from './stories.ts';
import { createWorld, POD, settings, SRE, type TestWorld } from './world.ts';

const planOf = (world: TestWorld, id: RequestId) => (world.request(id) as Request & WithPlan).plan;

describe('where kdebug itself lives', () => {
  it.each<readonly [string, TestWorld['kubernetes']['script']['ownAccount'], string]>([
    ['nothing is planned, whatever the rules say', { namespace: 'staging' as Namespace, name: 'kdebug-worker' }, 'own_namespace'],
    ['and nothing while the cluster does not say where that is', { code: 'unreachable', detail: 'no answer' }, 'unreachable'],
  ])('%s', async (_name, own, code) => {
    const world = createWorld();
    world.kubernetes.script.ownAccount = own;
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(refusalOf(world, id)).toMatchObject({ code: 'not_planned', failure: { code } });
    expect(world.kubernetes.calls.filter((call) => call !== 'find')).toEqual([]);
  });
  it('is no other namespace', async () => {
    const world = createWorld();
    world.kubernetes.script.ownAccount = { namespace: 'kdebug' as Namespace, name: 'kdebug-worker' };
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
});

describe('a plan', () => {
  it('fixes pod, uid, container, node, command and audience, and the very container was tried', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    await work(world, 'plan');
    const plan = planOf(world, id);
    expect(plan).toMatchObject({
      request: id, revision: 1, requester: ALICE, image: 'netshoot', profile: 'general', argv: ['ss', '-tlnp'], bounded: true, timeoutMs: 60_000, startWithinMs: 600_000,
      policyVersion: settings.policy.version, audience: { kind: 'channel', channel: 'C0OPS' },
      targets: [{ cluster: 'main', namespace: 'prod', pod: POD.name, uid: POD.uid, container: 'api', node: 'eu-3' }],
    });
    expect(world.kubernetes.tried).toEqual([containerOf(plan, (world.clock.now + 600_000) as Instant)]);
    expect(world.request(id)).toMatchObject({ preflight: { labels: { app: 'api' }, pinned: false, owner: POD.owner, serviceAccount: 'api' } });
  });
  const unfit: readonly [string, Partial<typeof POD>, string][] = [
    ['a mirror pod', { mirror: true }, 'mirror_pod'], ['a finished pod', { phase: 'Succeeded' }, 'pod_finished'], ['a failed pod', { phase: 'Failed' }, 'pod_finished'],
    ['a terminating pod', { terminating: true }, 'pod_terminating'], ['a Windows pod', { os: 'windows' }, 'windows_pod'], ['a pod full of debug containers', { ephemeralContainers: 50 }, 'too_many_containers'],
  ];
  it.each(unfit)('%s is refused without a dry run', async (_name, changed, code) => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.kubernetes.script.find.push({ kind: 'pods', pods: [{ ...POD, ...changed }] });
    await work(world, 'plan');
    expect(refusalOf(world, id)).toMatchObject({ code: 'not_planned', failure: { code } });
    expect(world.kubernetes.calls).toEqual(['find']);
  });
  it('no pod: the requester is owed a message, with what is near', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.kubernetes.script.find.push({ kind: 'failure', failure: { code: 'pod_not_found', prefix: 'api-7f9', near: ['api-8' as PodName] } });
    await work(world, 'plan');
    expect(refusalOf(world, id)).toMatchObject({ failure: { code: 'pod_not_found', near: ['api-8'] } });
    await workAll(world);
    expect(world.slack.said).toMatchObject([{ kind: 'card', of: 'refused' }]);
  });
  it('a container that is not there is refused by its name', async () => {
    const world = createWorld();
    const id = await ask(world, 'prod api --target db -- ss');
    await work(world, 'plan');
    expect(refusalOf(world, id)).toMatchObject({ failure: { code: 'container_not_found', container: 'db', containers: ['api'] } });
  });
  it('auto goes down the ladder only when Pod Security refuses, and says so', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.kubernetes.script.dryRun.push({ kind: 'failure', failure: { code: 'pod_security', detail: 'restricted' } }, { kind: 'failure', failure: { code: 'pod_security', detail: 'restricted' } });
    await work(world, 'plan');
    expect(planOf(world, id).profile).toBe('restricted');
    expect(world.request(id)).toMatchObject({ preflight: { notices: ['Pod Security refused the profile general: lowered to restricted'] } });
  });
  it('another refusal ends it at once', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.kubernetes.script.dryRun.push({ kind: 'failure', failure: { code: 'forbidden', detail: 'no' } });
    await work(world, 'plan');
    expect(refusalOf(world, id)).toMatchObject({ failure: { code: 'forbidden' } });
    expect(world.kubernetes.tried).toHaveLength(1);
  });
  it('a profile that was asked for is not lowered', async () => {
    const world = createWorld();
    const id = await ask(world, 'prod api --profile general -- ss');
    world.kubernetes.script.dryRun.push({ kind: 'failure', failure: { code: 'pod_security', detail: 'restricted' } });
    await work(world, 'plan');
    expect(refusalOf(world, id)).toMatchObject({ failure: { code: 'pod_security' } });
  });
  it('that comes after PLAN_WITHIN is thrown away', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.pass(121);
    await work(world, 'plan');
    expect(stateOf(world, id)).toBe('requested');
  });
  it('is made once: a second worker, or a job of another generation, changes nothing', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    await planStep(world.ports, id, 2);
    expect(world.kubernetes.calls).toEqual([]);
    await Promise.all([planStep(world.ports, id, 1), planStep(world.ports, id, 1)]);
    await planStep(world.ports, id, 1);
    expect(world.events(id)).toEqual(['requested', 'planned']);
  });
  it('a target that stopped since is dropped when it was only the default', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    world.kubernetes.script.find.push({ kind: 'pods', pods: [{ ...POD, containers: [{ name: 'api' as ContainerName, kind: 'app', running: false }] }] });
    await work(world, 'plan');
    expect(planOf(world, id).targets[0]?.container).toBeNull();
  });
});

describe('a pod that reaches its node', () => {
  const worldWhere = (nodeAccess: 'allow' | 'refuse') => {
    const world = createWorld();
    const rules = settings.policy.rules.map((rule) => ({ ...rule, nodeAccess }));
    return { ...world, ports: { ...world.ports, policy: { ...settings.policy, rules } } };
  };
  it.each(['allow', 'refuse'] as const)('is for the rules: %s', async (nodeAccess) => {
    const world = worldWhere(nodeAccess);
    const id = await ask(world, 'staging api --replicas all -- ss');
    world.kubernetes.script.find.push({ kind: 'pods', pods: [{ ...POD, namespace: 'staging' as never }, { ...POD, namespace: 'staging' as never, name: 'api-2' as never, uid: 'u2' as never, hostNetwork: true, privileged: true }] });
    await work(world, 'plan');
    expect(world.request(id)).toMatchObject({ preflight: { nodeAccess: ["the node's network", 'a privileged container'] } });
    await work(world, 'decide');
    if (nodeAccess === 'allow') expect(stateOf(world, id)).toBe('queued');
    else expect(refusalOf(world, id)).toEqual({ code: 'node_access_refused', rule: 'everywhere else is open to the engineers', access: ["the node's network", 'a privileged container'] });
  });
  it('no ordinary one is refused for it', async () => {
    const world = worldWhere('refuse');
    const id = await ask(world, OPEN);
    await workAll(world, 'plan', 'decide');
    expect(stateOf(world, id)).toBe('queued');
    expect(world.request(id)).toMatchObject({ preflight: { nodeAccess: [] } });
  });
});

describe('a decision', () => {
  it('opens and grants in one append', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await workAll(world, 'plan');
    await work(world, 'decide');
    expect(world.events(id)).toEqual(['requested', 'planned', 'allowed', 'granted']);
    expect((world.request(id) as Queued).grant?.until).toBe(world.clock.now + 60_000);
  });
  it('holds without a grant', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'held']);
    expect(world.queue.waiting()).toEqual([]);
  });
  it('runs to the end after the approval, and the result is posted', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, CAROL);
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'held', 'approved', 'granted', 'started', 'finished']);
    expect(world.slack.said.map(({ kind, of }) => `${kind} ${of}`)).toContain('result finished 0');
  });
  it('refuses a plan that no card can show', async () => {
    const world = createWorld();
    world.slack.setCardLength(CARD_CHARS_MAX + 1);
    const id = await heldRequest(world);
    expect(refusalOf(world, id)).toEqual({ code: 'card_too_long', characters: CARD_CHARS_MAX + 1, max: CARD_CHARS_MAX });
  });
  it('does not measure the card of what nobody has to approve', async () => {
    const world = createWorld();
    world.slack.setCardLength(CARD_CHARS_MAX + 1);
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
  it('refuses who left the workspace since', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    world.people.members.delete(ALICE);
    await workAll(world);
    expect(refusalOf(world, id)).toEqual({ code: 'not_a_member', user: ALICE });
  });
  it('of an older generation does nothing', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await work(world, 'plan');
    await decideStep(world.ports, id, 1);
    expect(stateOf(world, id)).toBe('planned');
  });
  it('an approver who lost the group before the run loses the approval', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, CAROL);
    world.people.groups.set(SRE, new Set<UserId>());
    await workAll(world);
    expect(refusalOf(world, id)).toEqual({ code: 'approval_lost', approver: CAROL });
    expect(world.kubernetes.calls).not.toContain('add');
  });
  it('an approver who left the workspace is in no group either', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, CAROL);
    world.people.groups.delete('S0SRE' as GroupId);
    await workAll(world);
    expect(stateOf(world, id)).toBe('refused');
  });
  it('a rule that became open by the hour does not make the approval worthless', async () => {
    const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], fromMinute: 0, toMinute: 1, zone: 'UTC' } as const;
    const rules: Policy['rules'] = settings.policy.rules.map((rule) => (rule.name === 'harmless presets need nobody' ? { ...rule, name: 'by night', when: { hours: office } } : rule));
    const world = createWorld({ ...settings.policy, rules });
    const id = await heldRequest(world);
    world.clock.now = (Math.floor(world.clock.now / 86_400_000) * 86_400_000 + 86_400_000 - 1_000) as Instant;
    const later = await heldRequest(world, HELD.replace('api-7f9', 'api-8'));
    await approve(world, later, BOB);
    world.pass(2);
    await workAll(world);
    expect(stateOf(world, id)).toBe('awaiting_approval');
    expect(stateOf(world, later)).toBe('finished');
  });
});

describe('a changed policy', () => {
  const other = { ...settings.policy, version: 'b'.repeat(64) as Sha256 };
  const changedTo = (world: TestWorld, policy: Policy): TestWorld => ({ ...world, ports: { ...world.ports, policy, policyVersion: policy.version } });

  it('between plan and decision plans once more, under the new one', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    await work(world, 'plan');
    await workAll(changedTo(world, other));
    expect(world.events(id)).toEqual(['requested', 'planned', 'replanned', 'planned', 'held']);
    expect(planOf(world, id)).toMatchObject({ revision: 2, policyVersion: other.version });
  });
  it('after the approval plans once more and asks for approval again', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    await approve(world, id, BOB);
    const after = changedTo(world, other);
    await workAll(after);
    expect(world.events(id)).toEqual(['requested', 'planned', 'held', 'approved', 'replanned', 'planned', 'held']);
    expect(world.request(id)).toMatchObject({ state: 'awaiting_approval', approvals: [] });
    await approve(after, id, BOB);
    await workAll(after);
    expect(stateOf(world, id)).toBe('finished');
    expect(world.kubernetes.calls.filter((call) => call === 'add')).toHaveLength(1);
  });
  it('twice refuses', async () => {
    const world = createWorld();
    const id = await ask(world, HELD);
    await work(world, 'plan');
    await work(changedTo(world, other), 'decide');
    await work(changedTo(world, other), 'plan');
    await workAll(changedTo(world, { ...other, version: 'c'.repeat(64) as Sha256 }));
    expect(refusalOf(world, id)).toEqual({ code: 'policy_changed' });
  });
});
