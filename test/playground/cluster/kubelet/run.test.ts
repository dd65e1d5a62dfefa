import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUSYBOX, busybox, createWorld, isolated, NETSHOOT, type World } from './world.ts';
import type { PodRef } from '../../../../src/playground/cluster/kubelet/spec.ts';

let world: World;
let pod: PodRef;
beforeAll(async () => {
  world = createWorld({ idleApp: () => ({ listen: 8080, title: 'api' }) });
  pod = world.add();
  await world.until(() => world.status(pod, 'api')?.ready);
});
afterAll(() => world.close());

const sh = (script: string, ...args: string[]): string[] => ['sh', '-c', script, ...args];

describe('a command in a debug container', () => {
  it.each([
    { typed: 'exit 7', argv: sh('exit 7'), exitCode: 7, reason: 'Error', log: '' },
    { typed: 'echo to both', argv: sh('echo out; echo err >&2; exit 3'), exitCode: 3, reason: 'Error', log: 'out\nerr\n' },
    { typed: 'true', argv: ['true'], exitCode: 0, reason: 'Completed', log: '' },
    { typed: 'no newline at the end', argv: ['printf', 'half'], exitCode: 0, reason: 'Completed', log: 'half' },
    { typed: 'killed by SIGKILL', argv: sh('sh -c \'kill -9 $$$$\'; exit $?'), exitCode: 137, reason: 'Error', log: 'Killed\n' },
    { typed: 'a program sh does not find', argv: sh('nope; exit $?'), exitCode: 127, reason: 'Error', log: 'sh: 1: nope: not found\n' },
    { typed: 'timeout 1 sleep 9', argv: ['timeout', '0.2', 'sleep', '9'], exitCode: 124, reason: 'Error', log: '' },
  ])('$typed', async ({ argv, exitCode, reason, log }) => {
    expect(await world.run(pod, argv)).toMatchObject({ exitCode, reason, log });
  });

  it('is reported as ContainerCreating, running, terminated, with the fields of a real status', async () => {
    const { name } = await world.run(pod, sh('exit 3'));
    expect(world.states(pod, name)).toEqual(['waiting:ContainerCreating', 'running', 'terminated:3:Error']);
    expect(world.status(pod, name)).toMatchObject({
      state: { terminated: { exitCode: 3, reason: 'Error', startedAt: expect.stringMatching(/Z$/), finishedAt: expect.stringMatching(/Z$/), containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/) } },
      lastState: {}, ready: false, restartCount: 0, image: 'docker.io/nicolaka/netshoot:v0.13',
      imageID: expect.stringMatching(/^docker.io\/nicolaka\/netshoot@sha256:[0-9a-f]{64}$/),
    });
    expect(world.get(pod)!.status['observedGeneration']).toBe(world.get(pod)!.metadata['generation']);
    const { syncedAt = 0, startedAt = 0, exitedAt = 0, reportedAt = 0 } = world.kubelet.timings(pod, name) ?? {};
    expect([syncedAt, startedAt, exitedAt, reportedAt]).toEqual([syncedAt, startedAt, exitedAt, reportedAt].toSorted((a, b) => a - b));
    expect(syncedAt).toBeGreaterThan(0);
  });

  it('gets its own env, PATH, HOSTNAME and the service links, and nothing of ours', async () => {
    const { log } = await world.run(pod, ['env'], { env: [{ name: 'KDEBUG_JOB', value: 'x' }] });
    const names = log.trim().split('\n').map((line) => line.split('=')[0] ?? '').toSorted((one, other) => (one < other ? -1 : 1));
    expect(names).toEqual([
      'HOME', 'HOSTNAME', 'KDEBUG_JOB', 'KUBERNETES_PORT', 'KUBERNETES_PORT_443_TCP', 'KUBERNETES_PORT_443_TCP_ADDR', 'KUBERNETES_PORT_443_TCP_PORT',
      'KUBERNETES_PORT_443_TCP_PROTO', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_SERVICE_PORT_HTTPS', 'PATH',
    ]);
  });

  it('sees $(NAME) expanded and $$ as $, as the kubelet does', async () => {
    const argv = ['echo', '$(KUBERNETES_SERVICE_HOST)', '$$(KUBERNETES_SERVICE_HOST)', '$(NOPE)', '$$HOME', '$HOME', '$(A)'];
    const { log } = await world.run(pod, argv, { env: [{ name: 'A', value: 'a$$b$(KUBERNETES_SERVICE_PORT)' }] });
    expect(log).toBe('10.96.0.1 $(KUBERNETES_SERVICE_HOST) $(NOPE) $HOME $HOME a$b443\n');
  });

  it('that is not in the image stays RunContainerError, with the StartError in lastState, and an empty log', async () => {
    world.debug(pod, { name: 'lost', image: NETSHOOT, command: ['tcpdump', '-i', 'any'] });
    const status = await world.until(() => world.states(pod, 'lost').includes('waiting:RunContainerError') && world.status(pod, 'lost'));
    const message = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "tcpdump": executable file not found in $PATH';
    expect(status.state).toEqual({ waiting: { reason: 'RunContainerError', message } });
    expect(status.lastState).toMatchObject({ terminated: { exitCode: 128, reason: 'StartError', message, startedAt: '1970-01-01T00:00:00Z' } });
    expect(await world.log(pod, 'lost')).toBe('');
    world.kubelet.faults.restartKubelet();
    await world.until(() => world.states(pod, 'lost').at(-1) === 'terminated:128:StartError');
  });

  it('in a pod that never restarts ends as terminated 128 StartError', async () => {
    const never = world.add({ spec: { restartPolicy: 'Never' } });
    await world.until(() => world.status(never, 'api')?.ready);
    expect(await world.run(never, ['/bin/nope'])).toMatchObject({ exitCode: 128, reason: 'StartError' });
    expect(world.status(never, 'kdebug-1')?.lastState ?? {}).toEqual({});
  });
});

describe.skipIf(!isolated)('namespaces (needs root and PID namespaces)', () => {
  it('a container is its own PID 1 and sees nothing else', async () => {
    const { log } = await world.run(pod, sh('echo $$$$; ps -o pid= -o comm= -e'));
    expect(log).toMatch(/^1\n +1 sh\n +[0-9]+ ps\n$/);
  });
  it('kill -9 1 from inside does nothing', async () => {
    expect(await world.run(pod, sh('kill -9 1; kill -TERM 1; echo alive'))).toMatchObject({ exitCode: 0, log: 'alive\n' });
  });
  it('with a target it sees the app as PID 1, and the app survives its end', async () => {
    const { log } = await world.run(pod, sh('ps -o pid= -o comm= -e'), { targetContainerName: 'api' });
    expect(log).toMatch(/^ *1 api\n/);
    expect(log).toMatch(/sh\n/);
    expect(world.status(pod, 'api')).toMatchObject({ ready: true, restartCount: 0 });
  });
  it('ss -tlnp shows the sockets of the pod and no other', async () => {
    const { log } = await world.run(pod, ['ss', '-tlnpH']);
    expect(log.trim().split('\n')).toHaveLength(1);
    expect(log).toMatch(/LISTEN.*0\.0\.0\.0:8080/);
    const traced = await world.run(pod, ['ss', '-tlnpH'], { targetContainerName: 'api', securityContext: { capabilities: { add: ['SYS_PTRACE'] } } });
    expect(traced.log).toContain('users:(("api",pid=1,');
  });
  it('reaches no file of the machine, as another user when told so', async () => {
    const { log } = await world.run(pod, sh('id -u; ls /; ls /home /opt 2>&1; touch /x 2>&1; hostname'), { securityContext: { runAsUser: 65_532 } });
    // A user namespace of one mapped user has no other uid to become.
    expect(log.split('\n').slice(0, 4)).toEqual([process.getuid?.() === 0 ? '65532' : '0', 'bin', 'dev', 'etc']);
    expect(log.match(/No such file or directory/g)).toHaveLength(2);
    expect(log).toContain("touch: cannot touch '/x'");
    expect(log.trim().endsWith(pod.name)).toBe(true);
  });
  it('in a pod that shares its processes everybody sees the pause process as PID 1', async () => {
    const shared = world.add({ name: 'shared', spec: { shareProcessNamespace: true } });
    await world.until(() => world.status(shared, 'api')?.ready);
    const { log } = await world.run(shared, sh('ps -o pid= -o args= -e'), { targetContainerName: 'api' });
    expect(log).toMatch(/^ *1 sh -c trap/);
    expect(log).toMatch(/ node -e /);
    world.remove(shared, 1);
    await world.until(() => world.removed.includes(shared.uid));
  });
  it('what it leaves in the target is killed with it', async () => {
    await world.run(pod, sh('sleep 4321 & echo left'), { targetContainerName: 'api' });
    expect((await world.run(pod, sh('ps -o args= -e'), { targetContainerName: 'api' })).log).not.toContain('sleep 4321');
  });
  it('ends with 137 when the target restarts', async () => {
    world.debug(pod, { name: 'inside', image: NETSHOOT, command: ['sleep', '60'], targetContainerName: 'api' });
    await world.until(() => world.states(pod, 'inside').includes('running'));
    await world.kubelet.faults.restartApp(pod, 'api');
    await world.until(() => world.states(pod, 'inside').at(-1) === 'terminated:137:Error');
    await world.until(() => world.status(pod, 'api')?.ready);
    expect(world.status(pod, 'api')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'Error' } } });
  });
});

/** The wrapper of kdebug's own container: deadline, timeout, and the exit code of the command. */
const WRAP = `if [ "$(date +%s)" -gt "$1" ]; then echo "kdebug: expired before start; not run" >&2; exit 125; fi
t=$2; shift 2
timeout -k 1 "$t" "$@" </dev/null &
c=$!
trap 'kill -TERM "$c" 2>/dev/null' TERM INT
wait "$c"; rc=$?
while kill -0 "$c" 2>/dev/null; do wait "$c"; rc=$?; done
exit "$rc"`.replaceAll('$', '$$$$');

describe.each([
  { flavour: 'GNU', image: NETSHOOT, timedOut: 124, there: true },
  { flavour: 'BusyBox', image: BUSYBOX, timedOut: 143, there: busybox },
])('the wrapper under $flavour', ({ image, timedOut, there }) => {
  const wrapped = (deadline: number, ...argv: string[]): string[] => ['sh', '-c', WRAP, 'kdebug', String(deadline), '1', ...argv];
  const later = Math.floor(Date.now() / 1_000) + 600;
  describe.skipIf(!there || !isolated).each([{ as: 'as PID 1', more: {} }, { as: "in a target's namespace", more: { targetContainerName: 'api' } }])(
    `$as (needs namespaces${image === BUSYBOX ? ' and busybox' : ''})`,
    ({ more }) => {
      it.each([
        { case: 'passes the exit code', argv: wrapped(later, 'sh', '-c', 'exit 7'), exitCode: 7 },
        { case: 'not found is 127', argv: wrapped(later, 'nope'), exitCode: 127 },
        { case: 'times out', argv: wrapped(later, 'sleep', '30'), exitCode: timedOut },
        { case: 'kills what ignores TERM', argv: wrapped(later, 'sh', '-c', 'trap "" TERM; while :; do sleep 1; done'), exitCode: 137 },
        { case: 'is too late', argv: wrapped(1, 'echo', 'ran'), exitCode: 125 },
      ])('$case', async ({ argv, exitCode }) => {
        const ran = await world.run(pod, argv, { image, ...more });
        expect(ran.exitCode).toBe(exitCode);
        expect(ran.log).not.toContain('ran\n');
      });
    },
  );
});
