/** The adapter over the whole simulated cluster: its API server, and its kubelet that runs real processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster, ContainerWanted, WatchOptions } from '../../../src/app/cluster-port.ts';
import type { EphemeralContainer } from '../../../src/domain/container.ts';
import type { ContainerName, Instant } from '../../../src/domain/names.ts';
import type { PlanTarget } from '../../../src/domain/plan.ts';
import type { PodFacts } from '../../../src/domain/pod.ts';
import type { SimulatedKubelet } from '../../../src/playground/cluster/kubelet/kubelet.ts';
import { createKubelet } from '../../../src/playground/cluster/kubelet/kubelet.ts';
import type { PolicyRule } from '../../../src/playground/cluster/rbac.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../../src/playground/cluster/server.ts';
import { WORKER_RULES } from '../../../src/playground/local/rights.ts';
import { MAIN, MARKER, NETSHOOT, PROD } from './fixtures.ts';

export interface Simulation {
  readonly simulated: SimulatedCluster;
  readonly kubelet: SimulatedKubelet;
  readonly cluster: Cluster;
  readonly pod: () => Promise<PodFacts>;
  readonly targetOf: (pod: PodFacts) => PlanTarget;
  readonly start: (target: PlanTarget, container: EphemeralContainer) => Promise<string>;
  readonly running: (target: PlanTarget, container: EphemeralContainer) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SimulationOptions {
  readonly rules?: readonly PolicyRule[];
  readonly replicas?: number;
}

/** `deploy/api` in `prod`, and a worker with the rights of the manifests and those given. */
export const openSimulation = async ({ rules = [], replicas = 1 }: SimulationOptions = {}): Promise<Simulation> => {
  let kubelet: SimulatedKubelet | undefined;
  const simulated = await startSimulatedCluster({ kubelet: (writer) => (kubelet = createKubelet({ writer, scale: 0.05 })) });
  const { control } = simulated;
  control.addToken('worker', { user: 'worker' });
  control.grant({ users: ['worker'], rules: [...WORKER_RULES, ...rules] });
  control.addNamespace('prod');
  control.addDeployment({ namespace: 'prod', name: 'api', replicas, labels: { app: 'api' }, containers: [{ name: 'api', image: 'demo/api:1' }] });
  const dir = mkdtempSync(join(tmpdir(), 'kdebug-simulated-'));
  const kubeconfig = join(dir, 'config');
  writeFileSync(kubeconfig, simulated.kubeconfig('worker'));
  const cluster = await connectCluster({ name: MAIN, kubeconfig, userAgent: 'kdebug/0.1.0' });
  return {
    simulated, kubelet: kubelet!, cluster,
    pod: async () => {
      const found = await cluster.find(PROD, { kind: 'workload', resource: 'deploy', name: 'api' } as never);
      if (found.kind !== 'pods') throw new Error(JSON.stringify(found));
      return found.pods[0]!;
    },
    targetOf: (pod) => ({ cluster: MAIN, namespace: PROD, pod: pod.name, uid: pod.uid, container: 'api' as ContainerName }),
    start: async (target, container) => {
      const added = await cluster.add(target, container);
      if (added.kind === 'failure') throw new Error(JSON.stringify(added.failure));
      return added.resourceVersion;
    },
    running: async (target, container) => {
      // or it was, if this process was too busy to see it
      const isRunning = (): boolean =>
        (simulated.control.pod('prod', target.pod)?.status['ephemeralContainerStatuses'] as readonly { name: string; state: object }[] | undefined ?? [])
          .some((one) => one.name === container.name && ('running' in one.state || 'terminated' in one.state));
      while (!isRunning()) await new Promise((done) => setTimeout(done, 10));
    },
    close: async () => {
      await cluster.close();
      await simulated.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

let names = 0;
export const containerFor = (cluster: Cluster, argv: readonly string[], over: Partial<ContainerWanted> & { notAfter?: number } = {}): EphemeralContainer => {
  const { notAfter = Date.now() + 60_000, ...wanted } = over;
  const built = cluster.build({ image: NETSHOOT, profile: 'baseline', argv, env: [], target: null, timeoutMs: 20_000, marker: MARKER, ...wanted });
  names += 1;
  return { name: `kdebug-${String(names).padStart(16, '0')}` as ContainerName, ...built, command: built.command.toSpliced(4, 0, String(Math.floor(notAfter / 1_000))) };
};

export const watching = (resourceVersion: string, over: Partial<WatchOptions> = {}): WatchOptions => ({
  resourceVersion, notAfter: (Date.now() + 60_000) as Instant, timeoutMs: 20_000, bounded: true, now: () => Date.now() as Instant, signal: new AbortController().signal, ...over,
});
