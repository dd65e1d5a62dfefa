/** Whom the cluster takes kdebug for, asked of the simulated cluster and of servers that do not know the question. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { json, startServer, status, type Script } from './api-server.ts';
import { MAIN } from './fixtures.ts';
import { openSimulation, type Simulation } from './simulated.ts';

const answered = async (script: Script) => {
  const server = await startServer(script);
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig(), userAgent: 'kdebug/0.1.0' });
  onTestFinished(() => cluster.close().then(server.close));
  return { cluster, server };
};
const review = (username: string) => ({ kind: 'SelfSubjectReview', status: { userInfo: { username } } });

describe('of a server', () => {
  test.for<readonly [string, Script, unknown]>([
    ['a service account', (_asked, response) => json(response, 201, review('system:serviceaccount:tools:debugger')), { namespace: 'tools', name: 'debugger' }],
    ['a person', (_asked, response) => json(response, 201, review('alice@example.org')), null],
    ['a node', (_asked, response) => json(response, 201, review('system:node:eu-3')), null],
    ['a service account of no namespace that there can be', (_asked, response) => json(response, 201, review('system:serviceaccount:../x:y')), null],
    ['nothing that is known', (_asked, response) => json(response, 201, {}), null],
    ['that does not know the question', (_asked, response) => json(response, 404, status(404, 'NotFound', 'the server could not find the requested resource')), null],
    ['that does not let it be asked', (_asked, response) => json(response, 403, status(403, 'Forbidden', 'selfsubjectreviews.authentication.k8s.io is forbidden: User "x"')), null],
  ])('that says %s', async ([_name, script, expected]) => {
    const { cluster, server } = await answered(script);
    expect(await cluster.ownAccount()).toEqual(expected);
    expect(await cluster.ownAccount()).toEqual(expected);
    expect(server.asked.map(({ method, path }) => `${method} ${path}`), 'asked once').toEqual(['POST /apis/authentication.k8s.io/v1/selfsubjectreviews']);
  });
});

describe('of the simulated cluster', () => {
  let world: Simulation;
  beforeAll(async () => { world = await openSimulation(); });
  afterAll(() => world.close());
  test('its own user, which is no service account', async () => {
    expect(await world.cluster.ownAccount()).toBeNull();
  });
});
