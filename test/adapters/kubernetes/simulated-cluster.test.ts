/** The adapter over the whole simulated cluster: its API server, and its kubelet that runs real processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster, ContainerWanted, Ending, WatchOptions } from '../../../src/app/cluster-port.ts';
import type { Target } from '../../../src/domain/command/command.ts';
import type { EphemeralContainer } from '../../../src/domain/container.ts';
import type { ContainerName, ImageRef, Instant } from '../../../src/domain/names.ts';
import type { PlanTarget } from '../../../src/domain/plan.ts';
import type { PodFacts } from '../../../src/domain/pod.ts';
import { createKubelet, type SimulatedKubelet } from '../../../src/playground/cluster/kubelet/kubelet.ts';
import { pidNamespaces } from '../../../src/playground/cluster/kubelet/namespaces.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../../src/playground/cluster/server.ts';
import { MAIN, MARKER, NETSHOOT, PROD } from './fixtures.ts';

let simulated: SimulatedCluster;
let kubelet: SimulatedKubelet;
let cluster: Cluster;
let dir: string;

beforeEach(async () => {
  simulated = await startSimulatedCluster({ kubelet: (writer) => (kubelet = createKubelet({ writer, scale: 0.05 })) });
  const { control } = simulated;
  control.addToken('worker', { user: 'worker' });
  control.grant({ users: ['worker'], namespace: 'prod', rules: [
    { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] }, { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }, { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list'] },
  ] });
  control.addNamespace('prod');
  control.addDeployment({ namespace: 'prod', name: 'api', replicas: 2, labels: { app: 'api' }, containers: [{ name: 'api', image: 'demo/api:1' }] });
  dir = mkdtempSync(join(tmpdir(), 'kdebug-simulated-'));
  const kubeconfig = join(dir, 'config');
  writeFileSync(kubeconfig, simulated.kubeconfig('worker'));
  cluster = await connectCluster({ name: MAIN, kubeconfig, userAgent: 'kdebug/0.1.0' });
});
afterEach(async () => {
  await cluster.close();
  await simulated.close();
  rmSync(dir, { recursive: true, force: true });
});

const theDeployment = { kind: 'workload', resource: 'deploy', name: 'api' } as Target;
const find = async (): Promise<PodFacts> => {
  const found = await cluster.find(PROD, theDeployment);
  if (found.kind !== 'pods') throw new Error(JSON.stringify(found));
  return found.pods[0]!;
};
const targetOf = (pod: PodFacts): PlanTarget => ({ cluster: MAIN, namespace: PROD, pod: pod.name, uid: pod.uid, container: 'api' as ContainerName });

interface PodOf { readonly namespace: string; readonly name: string; readonly uid: string }

let names = 0;
const containerOf = (argv: readonly string[], over: Partial<ContainerWanted> & { notAfter?: number } = {}): EphemeralContainer => {
  const { notAfter = Date.now() + 60_000, ...wanted } = over;
  const built = cluster.build({ image: NETSHOOT, profile: 'baseline', argv, env: [['GREETING', 'cost: $5 $(HOME)']], target: null, timeoutMs: 10_000, marker: MARKER, ...wanted });
  names += 1;
  return { name: `kdebug-${String(names).padStart(16, '0')}` as ContainerName, ...built, command: built.command.toSpliced(4, 0, String(Math.floor(notAfter / 1_000))) };
};
const options = (resourceVersion: string, over: Partial<WatchOptions> = {}): WatchOptions => ({
  resourceVersion, notAfter: (Date.now() + 60_000) as Instant, timeoutMs: 10_000, bounded: true, now: () => Date.now() as Instant, signal: new AbortController().signal, ...over,
});

const run = async (container: EphemeralContainer, over: Partial<WatchOptions> = {}, meanwhile?: (target: PlanTarget) => unknown): Promise<{ ending: Ending; output: string }> => {
  const target = targetOf(await find());
  simulated.control.resetRequests();
  const added = await cluster.add(target, container);
  if (added.kind === 'failure') throw new Error(JSON.stringify(added.failure));
  const ending = cluster.awaitEnd(target, container, options(added.resourceVersion, over));
  await meanwhile?.(target);
  return { ending: await ending, output: Buffer.from((await cluster.readOutput(target, container.name)).head).toString() };
};
const running = async (target: PlanTarget, container: EphemeralContainer): Promise<void> => {
  const state = (): string => JSON.stringify(simulated.control.pod('prod', target.pod)?.status['ephemeralContainerStatuses'] ?? '');
  while (!new RegExp(`${container.name}.*"running"|"running".*${container.name}`).test(state())) await new Promise((done) => setTimeout(done, 10));
};

describe.skipIf(pidNamespaces() !== 'available')('a run in the simulated cluster', () => {
  test('argv and env arrive literally, the exit code passes, in three calls', async () => {
    const { ending, output } = await run(containerOf(['sh', '-c', 'printf "%s|" "$GREETING" "$@"; exit 7', 'x', '$HOME', '$(id)', '$$']));
    expect(ending).toMatchObject({ outcome: { kind: 'exited', code: 7 }, logged: true, imageId: expect.any(String) });
    expect(output).toBe('cost: $5 $(HOME)|$HOME|$(id)|$$|');
    expect(Object.values(simulated.control.counts()).reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('a prefix, a dry run that leaves nothing behind, and the same container adopted', async () => {
    const pod = await find();
    expect(await cluster.find(PROD, { kind: 'name', name: pod.name.slice(0, -2) } as Target)).toMatchObject({ pods: [{ name: pod.name }] });
    const [target, container] = [targetOf(pod), containerOf(['true'])];
    expect(await cluster.dryRun(target, container)).toStrictEqual({ kind: 'admitted', warnings: [], ephemeralContainers: 1 });
    expect(await cluster.inspect(target, container)).toStrictEqual({ kind: 'absent' });
    const added = await cluster.add(target, container);
    expect(await cluster.add(target, container)).toMatchObject({ kind: 'added' });
    expect(await cluster.inspect(target, container)).toMatchObject({ kind: 'ours' });
    expect(await cluster.inspect(target, { ...container, command: ['id'] })).toMatchObject({ failure: { code: 'name_taken' } });
    expect(await cluster.add(target, { ...container, command: ['id'] })).toMatchObject({ failure: { code: 'name_taken' } });
    expect(await cluster.awaitEnd(target, container, options(added.kind === 'added' ? added.resourceVersion : ''))).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(await cluster.add({ ...target, uid: 'other' as never }, container)).toMatchObject({ failure: { code: 'pod_replaced' } });
  });

  test('a command that does not end is timed out', async () => {
    const { ending } = await run(containerOf(['sleep', '60'], { timeoutMs: 1_000 }), { timeoutMs: 1_000 });
    expect(ending).toMatchObject({ outcome: { kind: 'timed_out' } });
  });

  test('a container that starts after its deadline does nothing', async () => {
    const notAfter = Date.now() - 5_000;
    const { ending, output } = await run(containerOf(['echo', 'ran'], { notAfter }), { notAfter: notAfter as Instant });
    expect(ending.outcome).toStrictEqual({ kind: 'not_started', failure: { code: 'expired_before_start' }, armed: false });
    expect(output).toBe('kdebug: expired before start; not run\n');
  });

  test('an image that cannot be pulled, and a program that is not in a shell-less image', async () => {
    const pull = await run(containerOf(['true'], { image: { ...NETSHOOT, ref: 'ghcr.io/nope/nope:1' as ImageRef } }));
    expect(pull.ending.outcome).toMatchObject({ kind: 'not_started', armed: true, failure: { code: 'image_not_pulled' } });
    const bare = cluster.build({ image: { ...NETSHOOT, shell: false }, profile: 'baseline', argv: ['no-such-program'], env: [], target: null, timeoutMs: 1_000, marker: MARKER });
    const start = await run({ name: 'kdebug-ffffffffffffffff' as ContainerName, ...bare }, { bounded: false });
    expect(start.ending.outcome).toMatchObject({ kind: 'not_started', armed: false, failure: { code: 'command_not_found', program: 'no-such-program' } });
  });

  // the double may report a command as running a moment before it has joined its target's processes
  test('a pod that is deleted, and a target that restarts, while the command runs', { retry: 2, timeout: 45_000 }, async () => {
    const [first, second] = [containerOf(['sleep', '30'], { target: 'api' as ContainerName }), containerOf(['sleep', '30'])];
    const restarted = await run(first, {}, async (target) => {
      await running(target, first);
      await kubelet.faults.restartApp({ namespace: 'prod', name: target.pod, uid: target.uid }, 'api');
    });
    expect(restarted.ending.outcome).toStrictEqual({ kind: 'interrupted', by: 'target_restarted' });
    const deleted = await run(second, {}, async (target) => {
      await running(target, second);
      simulated.control.deletePod('prod', target.pod);
    });
    expect(deleted.ending.outcome).toMatchObject({ kind: 'interrupted', by: 'deleted' });
  });

  test.each<readonly [string, (pod: PodOf, container: ContainerName) => Promise<void>, object]>([
    ['the kernel kills it for memory', (pod, container) => kubelet.faults.outOfMemory(pod, container), { kind: 'exited', code: 137, outOfMemory: true }],
    ['its pod is evicted', (pod) => kubelet.faults.evict(pod, 'low on memory'), { kind: 'interrupted', by: 'evicted' }],
    ['the node loses it and runs it again', (pod, container) => kubelet.faults.loseContainer(pod, container), { kind: 'unknown', detail: expect.stringContaining('again') }],
  ])('%s', async (_what, happens, outcome) => {
    // long enough that it still runs when it happens, however busy this machine is
    const container = containerOf(['sleep', '4']);
    const { ending } = await run(container, {}, async (target) => {
      await running(target, container);
      await happens({ namespace: 'prod', name: target.pod, uid: target.uid }, container.name);
    });
    expect(ending.outcome).toMatchObject(outcome);
  });

  test('an answer to the PATCH that is lost, a watch that is closed, versions that expire: one run, its end is seen', async () => {
    simulated.control.inject({ when: (request) => request.method === 'PATCH', fault: { kind: 'cut', when: 'after' }, times: 1 });
    const container = containerOf(['sh', '-c', 'echo once; sleep 1']);
    const { ending, output } = await run(container, {}, async (target) => {
      await running(target, container);
      simulated.control.expireResourceVersions();
      simulated.control.closeWatches();
    });
    expect(ending).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    expect(output).toBe('once\n');
  });
});
