/** The worker's second step: durable before it acts, once in the cluster, followed to its end by whoever comes. */
import { describe, expect, it } from 'vitest';
import { change } from '../../src/app/change.ts';
import { UncertainStartError } from '../../src/app/run-pod.ts';
import { runStep, type RunResult } from '../../src/app/run-step.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import type { Finished } from '../../src/domain/request-states.ts';
import type { RequestId } from '../../src/domain/names.ts';
import { createWorld, POD, type TestWorld } from './world.ts';
import { ask, grantedRequest, heldRequest, approve, OPEN, stateOf, work, workAll } from './stories.ts';
import { BOB } from '../fixtures/requests.ts';

const outcomeOf = (world: TestWorld, id: RequestId) => (world.request(id) as Finished).ends[0]?.outcome;
const generationOf = (world: TestWorld, id: RequestId): number => (world.request(id) as { readonly generation: number }).generation;
const run = (world: TestWorld, id: RequestId, worker = 'worker-1', signal = new AbortController().signal): Promise<RunResult> =>
  runStep({ ...world.ports, worker }, id, generationOf(world, id), signal);
const adds = (world: TestWorld): number => world.kubernetes.calls.filter((call) => call === 'add').length;

describe('before anything is sent to the cluster (P4)', () => {
  it('started is in the store', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    await run(world, id);
    expect(adds(world)).toBe(1);
    expect(world.kubernetes.tooEarly).toEqual([]);
    expect(world.events(id)).toEqual(['requested', 'planned', 'allowed', 'granted', 'started', 'finished']);
  });
  it('nothing is sent when Redis does not take started', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.script.beforeAppend.push(() => { world.script.away = true; });
    await expect(run(world, id)).rejects.toThrow('Redis does not answer');
    expect(adds(world)).toBe(0);
  });
  it('a started whose answer was lost is adopted by the job that comes again', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.script.loseAppends = 1;
    await expect(run(world, id)).rejects.toThrow('the answer was lost');
    expect(adds(world)).toBe(0);
    await run(world, id);
    expect(world.kubernetes.calls.slice(-4)).toEqual(['inspect', 'add', 'awaitEnd', 'readOutput']);
    expect(world.events(id).filter((event) => event === 'started')).toHaveLength(1);
    expect(world.kubernetes.tooEarly).toEqual([]);
  });
  it('only a dry run was there before the grant', async () => {
    const world = createWorld();
    const id = await heldRequest(world);
    expect(world.kubernetes.calls).toEqual(['find', 'dryRun']);
    await approve(world, id, BOB);
    await workAll(world);
    expect(world.kubernetes.calls).toEqual(['find', 'dryRun', 'add', 'awaitEnd', 'readOutput']);
  });
});

describe('a second worker (P2)', () => {
  it('adopts what the first left, and adds nothing', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    await run(world, id, 'worker-2');
    expect(world.kubernetes.calls.filter((call) => call === 'add' || call === 'inspect')).toEqual(['add', 'inspect']);
    expect(outcomeOf(world, id)).toEqual({ kind: 'exited', code: 0, durationMs: 900 });
    expect(world.request(id)).toMatchObject({ state: 'finished' });
  });
  it('builds the identical container', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const sent: unknown[] = [];
    const cluster = { ...world.ports.cluster, add: async (...[, container]: Parameters<typeof world.ports.cluster.add>) => { sent.push(container); return { kind: 'failure', failure: { code: 'unreachable', detail: '' } } as const; } };
    const first = { ...world.ports, cluster };
    await expect(runStep(first, id, generationOf(world, id), new AbortController().signal)).rejects.toThrow(UncertainStartError);
    world.pass(30);
    await expect(runStep({ ...first, worker: 'worker-2' }, id, generationOf(world, id), new AbortController().signal)).rejects.toThrow(UncertainStartError);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });
  it('adds what is not there while the deadline lets it start', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    await run(world, id, 'worker-2');
    expect(adds(world)).toBe(2);
    expect(world.kubernetes.containers.size).toBe(1);
  });
  it('adds nothing once the deadline passed', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    world.pass(600);
    await run(world, id, 'worker-2');
    expect(adds(world)).toBe(1);
    expect(outcomeOf(world, id)).toEqual({ kind: 'not_started', failure: { code: 'expired_before_start' }, armed: false });
  });
  it('counts the deadline by the clock of Redis, not by its own', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    world.pass(599);
    await run({ ...world, ports: { ...world.ports, clock: () => world.clock.now + 3_600_000 } }, id, 'worker-2');
    expect(adds(world)).toBe(2);
  });
  it('at the same time: one started, one container', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    await Promise.all([run(world, id, 'worker-1'), run(world, id, 'worker-2')]);
    expect(world.events(id).filter((event) => event === 'started')).toHaveLength(1);
    expect(world.events(id).filter((event) => event === 'finished')).toHaveLength(1);
    expect(adds(world)).toBe(1);
  });
  it('a job of an older generation does nothing', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    await runStep(world.ports, id, generationOf(world, id) - 1, new AbortController().signal);
    expect(adds(world)).toBe(0);
    expect(stateOf(world, id)).toBe('queued');
  });
  it('a job that comes after the end does nothing', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const generation = generationOf(world, id);
    await run(world, id);
    await runStep(world.ports, id, generation, new AbortController().signal);
    expect(adds(world)).toBe(1);
  });
});

describe('an uncertain start', () => {
  const uncertain: readonly Failure[] = [{ code: 'unreachable', detail: 'reset' }, { code: 'overloaded', detail: '429' }, { code: 'unexpected_answer', detail: '502' }];
  it.each(uncertain.map((failure) => [failure.code, failure] as const))('%s throws, and the retry adopts what was taken after all', async (_code, failure) => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => {
      world.kubernetes.containers.set(`kdebug-${(world.request(id) as Finished).digest.slice(0, 16)}`, world.kubernetes.tried[0]!);
      return { kind: 'failure', failure };
    });
    await expect(run(world, id)).rejects.toThrow(UncertainStartError);
    expect(stateOf(world, id)).toBe('running');
    await run(world, id);
    expect(adds(world)).toBe(1);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'exited' });
  });
  it('an answer of the cluster is an end: the container did not start', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => ({ kind: 'failure', failure: { code: 'pod_replaced', pod: POD.name } }));
    await run(world, id);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'not_started', failure: { code: 'pod_replaced' } });
  });
  const gone: readonly [Failure, unknown][] = [
    [{ code: 'pod_gone', pod: POD.name }, { kind: 'interrupted', by: 'deleted' }],
    [{ code: 'pod_replaced', pod: POD.name }, { kind: 'interrupted', by: 'replaced' }],
    [{ code: 'forbidden', detail: 'no' }, { kind: 'not_started', failure: { code: 'forbidden', detail: 'no' }, armed: false }],
  ];
  it.each(gone.map(([failure, outcome]) => [failure.code, failure, outcome] as const))('taken over, %s: it may have run', async (_code, failure, outcome) => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    world.kubernetes.script.inspect.push({ kind: 'failure', failure });
    await run(world, id, 'worker-2');
    expect(outcomeOf(world, id)).toEqual(outcome);
    expect(adds(world)).toBe(1);
  });
  it('a container of our name that we did not put there is not ours', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.add.push(() => ({ kind: 'added', resourceVersion: '7', existed: true }));
    await run(world, id);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'not_started', failure: { code: 'name_taken' } });
    expect(world.kubernetes.calls).not.toContain('awaitEnd');
  });
});

describe('a grant', () => {
  it('that lapsed in the queue goes back to the decision side, and is given again', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.pass(61);
    await work(world, 'run');
    expect(adds(world)).toBe(0);
    expect(world.events(id).slice(-2)).toEqual(['granted', 'grant_lapsed']);
    await workAll(world);
    expect(world.events(id).slice(-4)).toEqual(['grant_lapsed', 'granted', 'started', 'finished']);
    expect(adds(world)).toBe(1);
  });
  it('that lapses between loading and appending starts nothing', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.script.beforeAppend.push(() => { world.pass(61); });
    await work(world, 'run');
    expect(adds(world)).toBe(0);
    expect(world.events(id).at(-1)).toBe('grant_lapsed');
  });
  it('that a cancellation overtakes starts nothing', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.script.beforeAppend.push(async () => {
      const { request } = await world.ports.store.load(id);
      await world.ports.store.append(request!, [{ type: 'cancelled', at: world.clock.now, by: request!.ask.requester }]);
    });
    await work(world, 'run');
    expect(adds(world)).toBe(0);
    expect(stateOf(world, id)).toBe('cancelled');
  });
});

describe('the end of a run', () => {
  it('keeps the sanitised output before finished says so', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => ({ outcome: { kind: 'exited', code: 3, durationMs: 5 }, logged: true, imageId: 'docker.io/x@sha256:1' }));
    await run(world, id);
    expect((await world.ports.outputs.get(id, 0))?.head).toBe('LISTEN 0 128\n');
    expect((world.request(id) as Finished).ends).toEqual([expect.objectContaining({ outcome: { kind: 'exited', code: 3, durationMs: 5 }, output: expect.objectContaining({ bytes: 13, imageId: 'docker.io/x@sha256:1' }) })]);
  });
  it('asks for no log where there was none', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => ({ outcome: { kind: 'not_started', failure: { code: 'create_error', detail: 'x' }, armed: true }, logged: false }));
    await run(world, id);
    expect(world.kubernetes.calls).not.toContain('readOutput');
    expect((world.request(id) as Finished).ends[0]?.output).toBeNull();
  });
  it('is not written when the process is told to stop: the next one follows the run', async () => {
    const world = createWorld();
    const id = await grantedRequest(world);
    const stop = new AbortController();
    world.kubernetes.script.awaitEnd.push(() => { stop.abort(new Error('shutting down')); return { outcome: { kind: 'unknown', detail: 'stopped' }, logged: false }; });
    await expect(run(world, id, 'worker-1', stop.signal)).rejects.toThrow('shutting down');
    expect(stateOf(world, id)).toBe('running');
    await run(world, id, 'worker-2');
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'exited' });
    expect(adds(world)).toBe(1);
  });
  it('owes Slack a delivery', async () => {
    const world = createWorld();
    const id = await ask(world, OPEN);
    await workAll(world, 'plan', 'decide', 'run');
    expect(world.queue.waiting().filter((job) => job.step === 'deliver').map((job) => job.generation)).toContain(world.request(id)?.version);
  });
});

describe('a run that somebody asked to stop', () => {
  const stopped = async (code: number, isDone = true): Promise<{ readonly world: TestWorld; readonly id: RequestId }> => {
    const world = createWorld();
    const id = await grantedRequest(world);
    world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
    await expect(run(world, id)).rejects.toThrow('the worker dies here');
    await change(world.ports.store, id, (request) => [{ type: 'cancel', by: request.ask.requester, canStop: true }]);
    world.kubernetes.script.awaitEnd.push(() => ({ outcome: { kind: 'exited', code, durationMs: 5 }, logged: true }));
    const cluster = isDone ? world.ports.cluster : { ...world.ports.cluster, stop: async () => ({ code: 'forbidden', detail: 'no exec' }) as const };
    await runStep({ ...world.ports, cluster, worker: 'worker-2' }, id, generationOf(world, id), new AbortController().signal);
    return { world, id };
  };
  it('is stopped by whoever follows it, and ends as cancelled', async () => {
    const { world, id } = await stopped(143);
    expect(world.kubernetes.calls).toContain('stop');
    expect(outcomeOf(world, id)).toEqual({ kind: 'cancelled' });
  });
  it('and had ended by itself just before: ended by itself', async () => {
    const { world, id } = await stopped(0);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'exited', code: 0 });
  });
  it('but could not be: its own end counts, and why is logged', async () => {
    const { world, id } = await stopped(143, false);
    expect(outcomeOf(world, id)).toMatchObject({ kind: 'exited', code: 143 });
    expect(world.logged).toContainEqual(['the command could not be stopped; it ends by itself', { request: id, failure: 'forbidden' }]);
  });
});
