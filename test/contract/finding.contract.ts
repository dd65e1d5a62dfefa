import { expect, test, type TestContext } from 'vitest';
import type { Found } from '../../src/app/cluster-port.ts';
import type { Target } from '../../src/domain/command/command.ts';
import type { Namespace } from '../../src/domain/names.ts';
import { isRunning } from './hands.ts';
import { PROD, STAGING, type Stage } from './stage.ts';
import { until } from './until.ts';

const named = (name: string): Target => ({ kind: 'name', name }) as Target;
const labelled = (selector: string): Target => ({ kind: 'selector', selector }) as Target;
const workload = (resource: 'deploy' | 'svc', name: string): Target => ({ kind: 'workload', resource, name }) as Target;
const failureOf = (found: Found): unknown => (found.kind === 'failure' ? found.failure : found);

/** A Deployment of two pods and a Service in front of them; the names of the pods. */
const shopOf = async (context: TestContext, stage: Stage, shop: { made?: Promise<readonly string[]> }): Promise<{ readonly name: string; readonly pods: readonly string[] }> => {
  await stage.needs(context, ['create', 'deployments.apps', PROD], ['delete', 'deployments.apps', PROD], ['create', 'services', PROD], ['delete', 'services', PROD]);
  const { hands, id } = stage.world;
  const name = `contract-shop-${id}`;
  shop.made ??= (async () => {
    await hands.createDeployment(PROD, name);
    await hands.createService(PROD, `${name}-svc`, name);
    const pods = await until('the start of two pods of a Deployment', async () => {
      const found = await hands.podsLabelled(PROD, name);
      return found.length === 2 && found.every((pod) => isRunning(pod, 'app')) && found;
    });
    return pods.map((pod) => (pod['metadata'] as { readonly name: string }).name).sort();
  })();
  return { name, pods: await shop.made };
};

export const findingContract = (stage: () => Stage): void => {
  const shop: { made?: Promise<readonly string[]> } = {};
  const find = (namespace: Namespace, target: Target): Promise<Found> => stage().world.cluster.find(namespace, target);

  test('a whole name', async (context) => {
    const { facts } = await stage().home(context, PROD);
    expect(await find(PROD, named(facts.name))).toMatchObject({ kind: 'pods', pods: [{ name: facts.name, uid: facts.uid, namespace: PROD }] });
  });

  test('the beginning of one name', async (context) => {
    const { facts } = await stage().home(context, PROD);
    expect(await find(PROD, named(facts.name.slice(0, -1)))).toMatchObject({ kind: 'pods', pods: [{ name: facts.name, uid: facts.uid }] });
  });

  test('the beginning of two names: both are offered', async (context) => {
    const { name, pods } = await shopOf(context, stage(), shop);
    const found = await find(PROD, named(`${name}-`));
    expect(found).toMatchObject({ kind: 'several' });
    const candidates = found.kind === 'several' ? found.candidates : [];
    expect(candidates.map(({ pod }) => pod).toSorted()).toEqual(pods);
    for (const candidate of candidates) expect(candidate).toMatchObject({ ready: '1/1', status: 'Running', restarts: 0, node: expect.stringMatching(/./) });
  });

  test('a slip of the finger: the near name is told', async (context) => {
    const { facts } = await stage().home(context, PROD);
    const slipped = `${facts.name.slice(0, 3)}x${facts.name.slice(4)}`;
    expect(failureOf(await find(PROD, named(slipped)))).toMatchObject({ code: 'pod_not_found', prefix: slipped, near: expect.arrayContaining([facts.name]) });
  });

  test('a name nothing is near to', async () => {
    expect(failureOf(await find(PROD, named('qqqqqqqq')))).toEqual({ code: 'pod_not_found', prefix: 'qqqqqqqq', near: [] });
  });

  test('labels, in prod and in staging', async () => {
    for (const namespace of [PROD, STAGING]) {
      expect(await find(namespace, labelled('app=api'))).toMatchObject({ kind: 'pods', pods: [{ namespace, labels: { app: 'api' } }] });
    }
  });

  test('labels that no pod has', async () => {
    expect(failureOf(await find(PROD, labelled('app=qqqqqqqq')))).toEqual({ code: 'no_pod_of_target', target: 'app=qqqqqqqq' });
  });

  test('deploy/NAME and svc/NAME: one of its pods', async (context) => {
    const { name, pods } = await shopOf(context, stage(), shop);
    const [byDeployment, byService] = [await stage().find(PROD, workload('deploy', name)), await stage().find(PROD, workload('svc', `${name}-svc`))];
    expect(pods).toContain(byDeployment.name);
    expect(pods).toContain(byService.name);
    expect(byDeployment.owner).toMatch(new RegExp(`^ReplicaSet/${name}-`));
  });

  test('--replicas: all of them, one of them, and more than are allowed', async (context) => {
    const { name, pods } = await shopOf(context, stage(), shop);
    const { cluster } = stage().world;
    const [all, one] = [await cluster.find(PROD, workload('deploy', name), { wanted: 'all', max: 10 }), await cluster.find(PROD, workload('deploy', name), { wanted: 1, max: 10 })];
    expect(all.kind === 'pods' && all.pods.map((pod) => pod.name).toSorted()).toEqual(pods);
    expect(one.kind === 'pods' && one.pods).toHaveLength(1);
    expect(await cluster.find(PROD, workload('deploy', name), { wanted: 'all', max: 1 })).toMatchObject({ kind: 'failure' });
  });

  test('deploy/NAME and svc/NAME that are not there', async () => {
    expect(failureOf(await find(PROD, workload('deploy', 'qqqqqqqq')))).toEqual({ code: 'workload_not_found', resource: 'deploy', name: 'qqqqqqqq' });
    expect(failureOf(await find(PROD, workload('svc', 'qqqqqqqq')))).toEqual({ code: 'workload_not_found', resource: 'svc', name: 'qqqqqqqq' });
  });

  test('a namespace that is not there has no pods', async () => {
    expect(failureOf(await find('qqqqqqqq' as Namespace, named('api')))).toEqual({ code: 'pod_not_found', prefix: 'api', near: [] });
  });

  test('facts of a running pod', async (context) => {
    const { facts, app } = await stage().home(context, PROD);
    expect(facts).toMatchObject({ phase: 'Running', terminating: false, mirror: false, node: expect.stringMatching(/./) });
    expect(Object.keys(facts.labels)).toContain('app');
    expect(facts.containers.find((one) => one.name === app)).toMatchObject({ kind: 'app', running: true });
  });

  test('facts of a pod whose first container crashes: the annotated default, and which of them runs', async (context) => {
    const { facts } = await stage().fresh(context, PROD, { crashing: true });
    await stage().world.hands.crashed(PROD, facts.name);
    const pod = await stage().find(PROD, named(facts.name));
    expect(pod.defaultContainer).toBe('app');
    expect(pod.containers).toEqual([{ name: 'crashing', kind: 'app', running: false }, { name: 'app', kind: 'app', running: true }]);
  });
};
