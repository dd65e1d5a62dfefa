import { expect, test, type TestContext } from 'vitest';
import type { Admission } from '../../src/app/cluster-port.ts';
import type { Profile } from '../../src/domain/container.ts';
import type { ContainerName, Namespace, PodName, PodUid } from '../../src/domain/names.ts';
import { containersNamed, LOCKED, PROD, type Stage } from './stage.ts';

export const admissionContract = (stage: () => Stage): void => {
  const dryRun = async (context: TestContext, namespace: Namespace, profile: Profile): Promise<Admission> => {
    const { target, container } = stage().planned(await stage().home(context, namespace), ['true'], { profile });
    return stage().world.cluster.dryRun(target, container);
  };

  test('admitted: nothing is left behind', async (context) => {
    const [{ cluster, hands }, site] = [stage().world, await stage().home(context, PROD)];
    const before = (await stage().find(PROD, { kind: 'name', name: site.target.pod } as never)).ephemeralContainers;
    const { target, container } = stage().planned(site, ['true']);
    expect(await cluster.dryRun(target, container)).toEqual({ kind: 'admitted', warnings: [], ephemeralContainers: before + 1 });
    expect(await cluster.inspect(target, container)).toEqual({ kind: 'absent' });
    expect(containersNamed(await hands.pod(PROD, target.pod), container.name)).toEqual([]);
  });

  test.each(['restricted', 'baseline', 'general', 'netadmin'] as const)('prod, which enforces nothing, admits %s', async (profile) => {
    const { target, container } = stage().planned(await stage().standing(PROD, 'app=api'), ['true'], { profile });
    expect(await stage().world.cluster.dryRun(target, container)).toMatchObject({ kind: 'admitted' });
  });

  test.each(['baseline', 'general', 'netadmin', 'sysadmin'] as const)('locked refuses %s by Pod Security', async (profile) => {
    const { target, container } = stage().planned(await stage().standing(LOCKED, 'app'), ['true'], { profile });
    const admission = await stage().world.cluster.dryRun(target, container);
    expect(admission).toMatchObject({ kind: 'failure', failure: { code: 'pod_security', detail: expect.stringContaining('restricted') } });
  });

  test('locked admits restricted', async (context) => {
    expect(await dryRun(context, LOCKED, 'restricted')).toMatchObject({ kind: 'admitted', warnings: [] });
  });

  test('the enforced level is told', async () => {
    expect(await stage().world.cluster.podSecurity(LOCKED)).toBe('restricted');
    expect(await stage().world.cluster.podSecurity(PROD)).toBeNull();
  });

  test('a namespace that only warns: admitted, with the warning', async (context) => {
    const namespace = `contract-warns-${stage().world.id}` as Namespace;
    await stage().needs(context, ['create', 'namespaces'], ['delete', 'namespaces'], ['create', 'pods', namespace]);
    await stage().world.hands.createNamespace(namespace, { 'pod-security.kubernetes.io/warn': 'restricted' });
    const general = await dryRun(context, namespace, 'general');
    expect(general).toMatchObject({ kind: 'admitted', warnings: [expect.stringContaining('would violate PodSecurity')] });
    expect(await dryRun(context, namespace, 'restricted')).toMatchObject({ kind: 'admitted', warnings: [] });
  });

  test('another uid: the pod was replaced', async (context) => {
    const { target, container } = stage().planned(await stage().home(context, PROD), ['true']);
    const replaced = { ...target, uid: '00000000-0000-4000-8000-000000000000' as PodUid };
    const expected = { kind: 'failure', failure: { code: 'pod_replaced', pod: target.pod } };
    expect(await stage().world.cluster.dryRun(replaced, container)).toEqual(expected);
    expect(await stage().world.cluster.add(replaced, container)).toEqual(expected);
    expect(await stage().world.cluster.inspect(replaced, container)).toEqual(expected);
  });

  test('a pod that is not there is gone', async (context) => {
    const { target, container } = stage().planned(await stage().home(context, PROD), ['true']);
    const gone = { ...target, pod: 'qqqqqqqq' as PodName };
    expect(await stage().world.cluster.dryRun(gone, container)).toEqual({ kind: 'failure', failure: { code: 'pod_gone', pod: 'qqqqqqqq' } });
    expect(await stage().world.cluster.add(gone, container)).toEqual({ kind: 'failure', failure: { code: 'pod_gone', pod: 'qqqqqqqq' } });
  });

  test('a target container that the pod does not have', async (context) => {
    const { target, container } = stage().planned(await stage().home(context, PROD), ['true']);
    const admission = await stage().world.cluster.dryRun({ ...target, container: 'qqqqqqqq' as ContainerName }, { ...container, targetContainerName: 'qqqqqqqq' as ContainerName });
    expect(admission).toMatchObject({ kind: 'failure', failure: { code: 'container_not_found', container: 'qqqqqqqq' } });
  });
};
