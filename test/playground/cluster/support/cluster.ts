import { afterEach, beforeEach } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from '../../../../src/playground/cluster/server.ts';
import { createClient, SMP, type Answered, type Client } from './client.ts';
import { scriptedKubelet, type ScriptedKubelet } from './scripted-kubelet.ts';

export interface Fixture {
  cluster: SimulatedCluster;
  admin: Client;
  kubelet: ScriptedKubelet;
}

export const PODS = '/api/v1/namespaces/prod/pods';
export const API = `${PODS}/api`;

/** A new cluster for each test: namespace prod with the pod api, and the token `admin` that may do everything. */
export const withCluster = (options: Omit<SimulatedClusterOptions, 'kubelet'> = {}, allowH2 = true): Fixture => {
  const fixture = {} as Fixture;
  beforeEach(async () => {
    const script = scriptedKubelet();
    fixture.cluster = await startSimulatedCluster({ ...options, kubelet: script.make });
    fixture.kubelet = script.kubelet();
    const { control } = fixture.cluster;
    control.addToken('admin', { user: 'root', groups: ['system:masters'] });
    control.addNamespace('prod');
    control.addPod({ namespace: 'prod', name: 'api', labels: { app: 'api' }, containers: [{ name: 'app', image: 'api:1' }], initContainers: [{ name: 'setup', image: 'api:1' }] });
    fixture.admin = createClient(fixture.cluster.url, fixture.cluster.caPem, 'admin', allowH2);
  });
  afterEach(async () => {
    await fixture.admin.agent.destroy();
    await fixture.cluster.close();
  });
  return fixture;
};

export const container = (more: object = {}): object => ({ name: 'dbg', image: 'busybox:1.36', command: ['id'], ...more });

/** A strategic merge patch of the pod api's ephemeral containers. */
export const patch = (client: Client, containers: readonly object[], { query = '', ...more }: { query?: string; metadata?: object; token?: string; headers?: Record<string, string | string[]> } = {}): Promise<Answered> =>
  client.ask({
    method: 'PATCH', path: `${API}/ephemeralcontainers${query}`, contentType: SMP, ...(more.token === undefined ? {} : { token: more.token }),
    ...(more.headers === undefined ? {} : { headers: more.headers }),
    body: { ...(more.metadata === undefined ? {} : { metadata: more.metadata }), spec: { ephemeralContainers: containers } },
  });

export const messageOf = (answer: Answered): string => (answer.json as { readonly message?: string }).message ?? '';
