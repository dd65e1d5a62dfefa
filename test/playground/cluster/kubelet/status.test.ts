/** What watchers and the log endpoint are told, in the words that a real cluster used. */
import { afterEach, describe, expect, it } from 'vitest';
import { BUSYBOX, createWorld, NETSHOOT, type World } from './world.ts';
import type { KubeletOptions } from '../../../../src/playground/cluster/kubelet/kubelet.ts';

let world: World;
const start = (options: Partial<KubeletOptions> = {}): World => (world = createWorld(options));
afterEach(() => world.close());
const ready = async (pod = world.add()) => {
  await world.until(() => world.status(pod, 'api')?.ready);
  return pod;
};

describe('an image that cannot be pulled', () => {
  it('goes ErrImagePull, ImagePullBackOff, with the words of containerd; its log answers 400', async () => {
    const pod = await ready(start().add());
    world.debug(pod, { name: 'b3', image: 'ghcr.io/nope/nope:1', command: ['id'] });
    await world.until(() => world.states(pod, 'b3').length >= 3);
    expect(world.states(pod, 'b3').slice(0, 3)).toEqual(['waiting:ContainerCreating', 'waiting:ErrImagePull', 'waiting:ImagePullBackOff']);
    const why = 'rpc error: code = NotFound desc = failed to pull and unpack image "ghcr.io/nope/nope:1": failed to resolve image: ghcr.io/nope/nope:1: not found';
    const messages = world.statuses.map((one) => JSON.stringify(one.status['ephemeralContainerStatuses'] ?? ''));
    expect(messages.some((one) => one.includes(JSON.stringify({ reason: 'ErrImagePull', message: why })))).toBe(true);
    expect(messages.some((one) => one.includes(JSON.stringify({ reason: 'ImagePullBackOff', message: `Back-off pulling image "ghcr.io/nope/nope:1": ErrImagePull: ${why}` })))).toBe(true);
    const words = `400 container "b3" in pod "${pod.name}" is waiting to start: `;
    await world.until(() => world.states(pod, 'b3').at(-1) === 'waiting:ErrImagePull');
    expect(await world.log(pod, 'b3')).toMatch(new RegExp(`^${words}(image can't be pulled|trying and failing to pull image)$`));
  });
  it('starts late, on its own, once the image is there', async () => {
    const pod = await ready(start().add());
    world.kubelet.faults.hideImage(NETSHOOT);
    world.debug(pod, { name: 'late', image: NETSHOOT, command: ['echo', 'hello'] });
    await world.until(() => world.states(pod, 'late').includes('waiting:ImagePullBackOff'));
    world.kubelet.faults.showImage(NETSHOOT);
    await world.until(() => world.states(pod, 'late').at(-1) === 'terminated:0:Completed');
    expect(await world.log(pod, 'late')).toBe('hello\n');
  });
  it('that is slow holds up the deletion of its pod', async () => {
    const pod = await ready(start().add());
    world.kubelet.faults.slowPull(NETSHOOT, 400);
    world.debug(pod, { name: 'slow', image: NETSHOOT, command: ['true'] });
    await world.until(() => world.states(pod, 'slow').length === 1);
    const asked = performance.now();
    world.remove(pod, 0);
    await world.until(() => world.removed.includes(pod.uid));
    expect(performance.now() - asked).toBeGreaterThan(300);
  });
});

describe('a container that cannot be created', () => {
  it.each([
    { image: 'UPPER/Case:bad tag', more: {}, reason: 'InvalidImageName', message: 'Failed to apply default image tag "UPPER/Case:bad tag": couldn\'t parse image name "UPPER/Case:bad tag": invalid reference format: repository name (Case) must be lowercase' },
    { image: '!!! not an image', more: {}, reason: 'InvalidImageName', message: 'Failed to apply default image tag "!!! not an image": couldn\'t parse image name "!!! not an image": invalid reference format' },
    { image: 'ghcr.io/nope/nope:1', more: { imagePullPolicy: 'Never' }, reason: 'ErrImageNeverPull', message: 'Container image "ghcr.io/nope/nope:1" is not present with pull policy of Never' },
    { image: NETSHOOT, more: { securityContext: { runAsNonRoot: true } }, reason: 'CreateContainerConfigError', message: 'container has runAsNonRoot and image will run as root (pod: "api-0_prod(uid-api-0-0)", container: c)' },
  ])('$image $more.securityContext is $reason', async ({ image, more, reason, message }) => {
    const pod = await ready(start().add());
    world.debug(pod, { name: 'c', image, command: ['id'], ...more });
    await world.until(() => world.states(pod, 'c').includes(`waiting:${reason}`));
    expect(world.status(pod, 'c')).toMatchObject({ state: { waiting: { reason, message } }, imageID: '', lastState: {} });
    expect(world.status(pod, 'c')).not.toHaveProperty('containerID');
  });
  it('for want of a running target is CreateContainerError until the target is back', async () => {
    const pod = await ready(start().add());
    await world.kubelet.faults.stopApp(pod, 'api');
    expect(world.status(pod, 'api')).toMatchObject({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 137 } }, ready: false });
    world.debug(pod, { name: 'd1', image: NETSHOOT, command: ['true'], targetContainerName: 'api' });
    await world.until(() => world.states(pod, 'd1').includes('waiting:CreateContainerError'));
    const { message } = world.status(pod, 'd1')!.state['waiting'] as { message: string };
    expect(message).toMatch(/^failed to generate container "[0-9a-f]{64}" spec: failed to generate spec opts: invalid target container: container "[0-9a-f]{64}" is not running - in state CONTAINER_EXITED$/);
    await world.kubelet.faults.restartApp(pod, 'api');
    await world.until(() => world.states(pod, 'd1').at(-1) === 'terminated:0:Completed');
    expect(world.status(pod, 'api')).toMatchObject({ restartCount: 1, ready: true });
  });
});

describe('pods', () => {
  it('with an init container begin as PodInitializing and run it first', async () => {
    start({ images: { [NETSHOOT]: { programs: [{ name: 'true' }], shell: 'gnu' } } });
    const pod = world.add({ spec: { initContainers: [{ name: 'init', image: NETSHOOT, command: ['true'] }] } });
    await ready(pod);
    expect(world.states(pod, 'init')).toEqual(['waiting:PodInitializing', 'running', 'terminated:0:Completed']);
    expect(world.states(pod, 'api')).toEqual(['waiting:PodInitializing', 'running']);
    world.debug(pod, { name: 'd', image: NETSHOOT, command: ['true'] });
    await world.until(() => world.states(pod, 'd').at(-1) === 'terminated:0:Completed');
    expect(world.states(pod, 'd')[0]).toBe('waiting:PodInitializing');
  });
  it('that are seeded as finished or without a node never start anything', async () => {
    start();
    const done = world.add({ name: 'done', status: { phase: 'Succeeded', observedGeneration: 1, containerStatuses: [] } });
    const pending = world.add({ name: 'pending', spec: { nodeName: '' } });
    for (const pod of [done, pending]) world.debug(pod, { name: 'e1', image: NETSHOOT, command: ['id'] });
    await ready();
    expect(world.states(done, 'e1')).toEqual([]);
    expect(world.states(pending, 'e1')).toEqual([]);
    expect(world.get(done)!.status['observedGeneration']).toBe(1);
  });
  it('that are seeded as running keep their identity; an ended debug container is never run again', async () => {
    start();
    const id = `containerd://${'a'.repeat(64)}`;
    const app = { name: 'api', state: { running: { startedAt: '2026-01-01T00:00:00Z' } }, lastState: {}, ready: true, restartCount: 2, image: 'docker.io/demo/api:1', imageID: 'sha256:1', containerID: id };
    const old = { name: 'old', state: { terminated: { exitCode: 0, reason: 'Completed' } }, lastState: {}, ready: false, restartCount: 0, image: 'x', imageID: 'y', containerID: id };
    const pod = world.add({ spec: { ephemeralContainers: [{ name: 'old', image: NETSHOOT, command: ['id'] }] }, status: { phase: 'Running', containerStatuses: [app], ephemeralContainerStatuses: [old] } });
    await world.run(pod, ['true'], { targetContainerName: 'api' });
    expect(world.status(pod, 'api')).toMatchObject(app);
    await world.kubelet.faults.restartApp(pod, 'api');
    await world.until(() => world.status(pod, 'api')?.restartCount === 3 && world.status(pod, 'api')?.ready);
    expect(world.status(pod, 'api')).toMatchObject({ lastState: { terminated: { exitCode: 137, startedAt: '2026-01-01T00:00:00Z', containerID: id } } });
    expect(world.states(pod, 'old')).toEqual(['terminated:0:Completed']);
  });
  it('of a Job end when its app ends: the debug container is stopped first, then the phase is told', async () => {
    start();
    const pod = world.add({ spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: NETSHOOT, command: ['sleep', '0.4'] }] } });
    await world.until(() => world.states(pod, 'work').includes('running'));
    world.debug(pod, { name: 'j1', image: NETSHOOT, command: ['sleep', '60'] });
    await world.until(() => world.get(pod)!.status['phase'] === 'Succeeded');
    expect(world.states(pod, 'j1').at(-1)).toMatch(/^terminated:1(37|43):Error$/);
    const between = world.statuses.find((one) => JSON.stringify(one.status).includes('PodCompleted'))!;
    expect(between.status['phase']).toBe('Running');
    world.debug(pod, { name: 'j2', image: NETSHOOT, command: ['id'] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.states(pod, 'j2')).toEqual([]);
  });
  it('whose app crashes go into CrashLoopBackOff and count their restarts', async () => {
    start();
    const pod = world.add({ spec: { containers: [{ name: 'crasher', image: NETSHOOT, command: ['sh', '-c', 'echo once; exit 1'] }] } });
    const status = await world.until(() => (world.status(pod, 'crasher')?.restartCount ?? 0) >= 2 && world.states(pod, 'crasher').at(-1) === 'waiting:CrashLoopBackOff' && world.status(pod, 'crasher'));
    expect(status.state).toMatchObject({ waiting: { message: expect.stringMatching(/^back-off \d+s restarting failed container=crasher pod=.*_prod\(.*\)$/) } });
    expect(await world.log(pod, 'crasher', { previous: true })).toBe('once\n');
  });
  it('that are deleted mid-run: TERM, grace, the last statuses, then gone; nothing is started any more', async () => {
    const pod = await ready(start().add());
    world.debug(pod, { name: 'f1', image: NETSHOOT, command: ['sh', '-c', 'trap "exit 143" TERM; echo started; while :; do sleep 0.05; done'] });
    await world.until(() => world.states(pod, 'f1').includes('running'));
    await world.until(() => world.kubelet.timings(pod, 'f1')?.startedAt !== undefined);
    const followed = world.log(pod, 'f1', { follow: true });
    await new Promise((resolve) => setTimeout(resolve, 150));
    world.remove(pod, 20);
    world.debug(pod, { name: 'f2', image: NETSHOOT, command: ['id'] });
    await world.until(() => world.removed.includes(pod.uid));
    expect(world.states(pod, 'f1')).toEqual(['waiting:ContainerCreating', 'running', 'terminated:143:Error']);
    expect(world.states(pod, 'f2').every((state) => state.startsWith('waiting'))).toBe(true);
    expect(world.statuses.at(-1)!.status['phase']).toMatch(/Succeeded|Failed/);
    expect(await followed).toBe('started\n');
  });
});

describe('a node told to fail', () => {
  it('that is silent reports nothing and serves no log until it speaks again', async () => {
    const pod = await ready(start().add());
    world.kubelet.faults.silence(true);
    world.debug(pod, { name: 's', image: NETSHOOT, command: ['true'] });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(world.states(pod, 's')).toEqual([]);
    expect(await world.log(pod, 'api')).toMatch(/^500 Get .*i\/o timeout$/);
    world.kubelet.faults.silence(false);
    await world.until(() => world.states(pod, 's').at(-1) === 'terminated:0:Completed');
  });
  it('that loses a running container says ContainerStatusUnknown and runs it again', async () => {
    const pod = await ready(start().add());
    world.debug(pod, { name: 'l', image: NETSHOOT, command: ['sleep', '0.4'] });
    await world.until(() => world.states(pod, 'l').includes('running'));
    await world.kubelet.faults.loseContainer(pod, 'l');
    expect(world.status(pod, 'l')).toMatchObject({ lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } }, restartCount: 1 });
    await world.until(() => world.states(pod, 'l').at(-1) === 'terminated:0:Completed');
  });
  it('that runs it again leaves the status as it was', async () => {
    const pod = await ready(start().add());
    const { name } = await world.run(pod, ['date', '+%N']);
    const [before, said] = [world.status(pod, name), await world.log(pod, name)];
    await world.kubelet.faults.runAgain(pod, name);
    expect(world.status(pod, name)).toEqual(before);
    expect(await world.log(pod, name)).not.toBe(said);
  });
  it('out of memory is 137 OOMKilled', async () => {
    const pod = await ready(start().add());
    world.debug(pod, { name: 'o', image: NETSHOOT, command: ['sleep', '60'] });
    await world.until(() => world.states(pod, 'o').includes('running'));
    await world.kubelet.faults.outOfMemory(pod, 'o');
    await world.until(() => world.states(pod, 'o').at(-1)?.startsWith('terminated'));
    expect(world.states(pod, 'o').at(-1)).toBe('terminated:137:OOMKilled');
  });
  it('evicts with reason Evicted, and a vanished pod makes room for another of its name', async () => {
    const pod = await ready(start().add());
    await world.kubelet.faults.evict(pod, 'The node was low on resource: ephemeral-storage.');
    expect(world.get(pod)!.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    const other = await ready(world.add({ name: 'twin' }));
    await world.kubelet.faults.vanish(other);
    expect(world.get(other)).toBeUndefined();
    const again = await ready(world.add({ name: 'twin' }));
    expect((await world.run(again, ['true'])).exitCode).toBe(0);
  });
});

describe('the real pace', () => {
  it('takes 0.6 to 1.0 s when the pod was quiet and 2 s right after another run', async () => {
    const pod = await ready(start({ pace: 'kubelet', images: { [NETSHOOT]: { programs: [{ name: 'true' }], shell: 'gnu' }, [BUSYBOX]: { programs: [], shell: 'none' } } }).add());
    const took = async (): Promise<number> => {
      const { name } = await world.run(pod, ['true']);
      const { syncedAt = 0, reportedAt = 0 } = world.kubelet.timings(pod, name) ?? {};
      return reportedAt - syncedAt;
    };
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const [quiet, busy] = [await took(), await took()];
    expect(quiet).toBeGreaterThanOrEqual(590);
    expect(quiet).toBeLessThan(1_300);
    expect(busy).toBeGreaterThanOrEqual(1_900);
    expect(busy).toBeLessThan(2_500);
  });
});
