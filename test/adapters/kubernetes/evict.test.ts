import { afterEach, describe, expect, it } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import type { Failure } from '../../../src/domain/outcome.ts';
import type { PodUid } from '../../../src/domain/names.ts';
import { RECYCLE_RULES } from '../../../src/playground/local/rights.ts';
import { json, startServer, status, type Script, type ScriptedServer } from './api-server.ts';
import { MAIN, pod, POD, recording, TARGET, UID } from './fixtures.ts';
import { openSimulation } from './simulated.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => { await Promise.all(open.splice(0).map((one) => one.close())); });

const connected = async (script: Script): Promise<{ cluster: Cluster; server: ScriptedServer }> => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  open.push(cluster, server);
  return { cluster, server };
};

const BUDGET = recording('evict-refused-by-budget').response.body;
const withRetry = (seconds: number): object => ({ ...BUDGET as object, details: { ...(BUDGET as { details: object }).details, retryAfterSeconds: seconds } });

describe('an eviction', () => {
  it('is a POST of policy/v1 with the uid as precondition, and nothing else', async () => {
    const { cluster, server } = await connected((_asked, response) => json(response, 201, recording('evict-pod-dry-run').response.body));
    expect(await cluster.evict(TARGET)).toBe('evicted');
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /api/v1/namespaces/prod/pods/${POD}/eviction`]);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toStrictEqual({
      apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: POD, namespace: 'prod' }, deleteOptions: { preconditions: { uid: UID } },
    });
  });

  it('that is only tried says so in its path, as it was recorded', async () => {
    const { cluster, server } = await connected((_asked, response) => json(response, 201, recording('evict-pod-dry-run').response.body));
    expect(await cluster.evict(TARGET, { dryRun: true })).toBe('evicted');
    expect(server.asked[0]?.path).toBe(`/api/v1/namespaces/prod/pods/${POD}/eviction?dryRun=All`);
  });

  it.each<readonly [string, number, unknown, Partial<Failure>, number]>([
    ['is refused by a budget: its name and words, asked once', 429, BUDGET, { code: 'disruption_budget', budget: 'api', detail: 'The disruption budget api needs 2 healthy pods and has 2 currently', afterMs: null }, 1],
    ['is refused for now, with a pause of its own', 429, withRetry(7), { code: 'disruption_budget', budget: 'api', afterMs: 7_000 }, 1],
    ['meets a server that is busy, which is no budget: asked again', 429, status(429, 'TooManyRequests', 'slow down'), { code: 'overloaded' }, 4],
    ['is not permitted', 403, status(403, 'Forbidden', `pods "${POD}" is forbidden: User "x" cannot create resource "pods/eviction"`), { code: 'forbidden' }, 1],
    ['finds no pod', 404, { ...status(404, 'NotFound', `pods "${POD}" not found`), details: { name: POD, kind: 'pods' } }, { code: 'pod_gone', pod: POD }, 1],
    ['finds a server that knows no evictions', 404, status(404, 'NotFound', 'the server could not find the requested resource'), { code: 'unexpected_answer' }, 1],
  ])('%s', async (_what, code, body, failure, tries) => {
    const { cluster, server } = await connected((_asked, response) => json(response, code, body));
    expect(await cluster.evict(TARGET)).toMatchObject(failure);
    expect(server.asked).toHaveLength(tries);
  });

  it.each<readonly [string, number, object, Failure['code']]>([
    ['another pod of that name', 200, pod({ metadata: { uid: 'another-uid' } }) as object, 'pod_replaced'],
    ['the same pod', 200, pod() as object, 'overloaded'],
    ['no pod', 404, { ...status(404, 'NotFound', 'gone'), details: { name: POD } }, 'pod_gone'],
  ])('that conflicts looks at the pod: %s', async (_what, code, body, expected) => {
    const { cluster } = await connected((asked, response) => (asked.method === 'POST' ? json(response, 409, status(409, 'Conflict', 'Precondition failed')) : json(response, code, body)));
    expect(await cluster.evict(TARGET)).toMatchObject({ code: expected });
  });

  it('is not sent for a pod whose name is none', async () => {
    const { cluster, server } = await connected((_asked, response) => json(response, 201, {}));
    await expect(cluster.evict({ ...TARGET, pod: 'a/../b' as never })).rejects.toThrow(/which is no path it may use/);
    expect(server.asked).toEqual([]);
  });
});

describe('the simulated cluster', () => {
  it('evicts the pod with that uid and no other, honours the budget, and knows the right', async () => {
    const world = await openSimulation({ rules: RECYCLE_RULES, replicas: 2 });
    open.push(world);
    const { control } = world.simulated;
    const target = world.targetOf(await world.pod());
    expect(await world.cluster.evict({ ...target, uid: 'another' as PodUid })).toMatchObject({ code: 'pod_replaced' });
    control.addBudget({ namespace: 'prod', name: 'api', matchLabels: { app: 'api' }, minAvailable: 2 });
    expect(await world.cluster.evict(target)).toMatchObject({ code: 'disruption_budget', budget: 'api' });
    expect(control.pod('prod', target.pod)?.metadata['deletionTimestamp']).toBeUndefined();
    control.addBudget({ namespace: 'prod', name: 'api', matchLabels: { app: 'api' }, minAvailable: 1 });
    expect(await world.cluster.evict(target, { dryRun: true })).toBe('evicted');
    expect(control.pod('prod', target.pod)?.metadata['deletionTimestamp']).toBeUndefined();
    expect(await world.cluster.evict(target)).toBe('evicted');
    expect(control.pod('prod', target.pod)?.metadata['deletionTimestamp'] ?? 'gone').toBeDefined();
  });

  it('without the right nothing is evicted, and the refusal says which right it is', async () => {
    const world = await openSimulation();
    open.push(world);
    expect(await world.cluster.evict(world.targetOf(await world.pod()))).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('pods/eviction') });
  });
});
