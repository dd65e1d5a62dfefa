import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import type { Namespace } from '../../../src/domain/names.ts';
import { createKubelet } from '../../../src/playground/cluster/kubelet/kubelet.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../../src/playground/cluster/server.ts';
import { MAIN, PROD } from './fixtures.ts';

describe('pods for type-ahead', () => {
  let simulated: SimulatedCluster;
  let cluster: Cluster;
  let dir: string;
  beforeAll(async () => {
    simulated = await startSimulatedCluster({ kubelet: (writer) => createKubelet({ writer, scale: 0.05 }) });
    const { control } = simulated;
    control.addToken('worker', { user: 'worker' });
    control.grant({ users: ['worker'], namespace: 'prod', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] });
    control.addNamespace('prod');
    for (const name of ['web-0', 'api-1', 'api-0']) control.addPod({ namespace: 'prod', name, labels: { app: name.slice(0, 3) }, containers: [{ name: 'main', image: 'demo/api:1' }] });
    dir = mkdtempSync(join(tmpdir(), 'kdebug-suggest-'));
    writeFileSync(join(dir, 'config'), simulated.kubeconfig('worker'));
    cluster = await connectCluster({ name: MAIN, kubeconfig: join(dir, 'config'), userAgent: 'kdebug/0.1.0' });
  });
  afterAll(async () => {
    await cluster.close();
    await simulated.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const names = async (prefix: string, limit = 10): Promise<readonly string[]> => {
    const found = await cluster.suggestPods(PROD, prefix, limit);
    if (found.kind !== 'pods') throw new Error(JSON.stringify(found));
    return found.pods.map(({ pod, labels }) => `${pod} ${labels['app']}`);
  };

  it('by the beginning of their name, with their labels, in order', async () => {
    expect(await names('api')).toEqual(['api-0 api', 'api-1 api']);
    expect(await names('')).toEqual(['api-0 api', 'api-1 api', 'web-0 web']);
    expect(await names('nothing')).toEqual([]);
  });

  it('at most as many as wanted, by one list of rows', async () => {
    simulated.control.resetRequests();
    expect(await names('', 2)).toHaveLength(2);
    expect(simulated.control.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/v1/namespaces/prod/pods']);
  });

  it('of a namespace that kdebug may not list: why not', async () => {
    expect(await cluster.suggestPods('kube-system' as Namespace, '', 10)).toMatchObject({ kind: 'failure', failure: { code: 'forbidden' } });
  });
});
