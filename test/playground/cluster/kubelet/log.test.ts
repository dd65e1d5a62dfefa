import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_FILE_BYTES_HARD_MAX } from '../../../../src/playground/cluster/kubelet/log-store.ts';
import type { PodRef } from '../../../../src/playground/cluster/kubelet/spec.ts';
import { createWorld, isolated, NETSHOOT, text, type World } from './world.ts';

let world: World;
let pod: PodRef;
let lines: string;
beforeAll(async () => {
  world = createWorld();
  pod = world.add();
  await world.until(() => world.status(pod, 'api')?.ready);
  lines = (await world.run(pod, ['sh', '-c', 'echo one; sleep 1.1; echo two; echo three'])).name;
});
afterAll(() => world.close());

describe('the log endpoint', () => {
  it.each([
    { asked: { tailLines: 1 }, said: 'three\n' },
    { asked: { tailLines: 2 }, said: 'two\nthree\n' },
    { asked: { tailLines: 0 }, said: '' },
    { asked: { tailLines: 99 }, said: 'one\ntwo\nthree\n' },
    { asked: { limitBytes: 5 }, said: 'one\nt' },
    { asked: { tailLines: 2, limitBytes: 3 }, said: 'two' },
    { asked: { follow: true }, said: 'one\ntwo\nthree\n' },
    { asked: { sinceSeconds: 3_600 }, said: 'one\ntwo\nthree\n' },
    { asked: { sinceTime: '2100-01-01T00:00:00Z' }, said: '' },
  ])('answers $asked with $said', async ({ asked, said }) => {
    expect(await world.log(pod, lines, asked)).toBe(said);
  });
  it('puts RFC 3339 nanoseconds before each line, counts them in limitBytes, and finds lines since one of them', async () => {
    const stamped = await world.log(pod, lines, { timestamps: true });
    expect(stamped).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (one|two|three)\n){3}$/);
    expect(await world.log(pod, lines, { timestamps: true, limitBytes: 40 })).toBe(stamped.slice(0, 40));
    const second = stamped.split('\n')[1]!.slice(0, 30);
    expect(await world.log(pod, lines, { sinceTime: second })).toBe('two\nthree\n');
  });
  it('keeps every byte, long lines and bytes that are no UTF-8 included', async () => {
    const { name } = await world.run(pod, ['sh', '-c', 'head -c 50000 /dev/zero; echo; printf "\\377\\376x"']);
    const answer = world.kubelet.log(world.get(pod)!, name, { follow: false, previous: false, timestamps: false });
    const bytes = Buffer.concat(await Array.fromAsync(answer.status === 200 ? answer.body : []));
    expect(bytes).toEqual(Buffer.concat([Buffer.alloc(50_000), Buffer.from('\n'), Buffer.from([0xff, 0xfe, 0x78])]));
  });
  it('follows while it runs and ends with it; a restarting kubelet cuts it off cleanly', async () => {
    world.debug(pod, { name: 'slow', image: NETSHOOT, command: ['sh', '-c', 'echo a; sleep 0.3; echo b; sleep 0.3'] });
    await world.until(() => world.states(pod, 'slow').includes('running'));
    const whole = world.log(pod, 'slow', { follow: true });
    const answer = world.kubelet.log(world.get(pod)!, 'slow', { follow: true, previous: false, timestamps: false });
    const cut = text(answer.status === 200 ? answer.body : (async function* () {})());
    await new Promise((resolve) => setTimeout(resolve, 150));
    world.kubelet.faults.restartKubelet();
    expect(await cut).toBe('a\n');
    expect(await whole).toBe('a\n');
    await world.until(() => world.states(pod, 'slow').at(-1) === 'terminated:0:Completed');
    expect(await world.log(pod, 'slow')).toBe('a\nb\n');
  });
  it('lets a follower leave while nothing is written', async () => {
    const answer = world.kubelet.log(world.get(pod)!, 'api', { follow: true, previous: false, timestamps: false });
    const reader = (answer.status === 200 ? answer.body : (async function* () {})())[Symbol.asyncIterator]();
    const next = reader.next();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await reader.return?.();
    expect(await next).toMatchObject({ done: true });
  });
  it('answers 400 in the words of a real cluster before the start, and for a previous run that was not', async () => {
    world.kubelet.faults.slowPull(NETSHOOT, 200);
    world.debug(pod, { name: 'soon', image: NETSHOOT, command: ['true'] });
    expect(await world.log(pod, 'soon')).toBe(`400 container "soon" in pod "${pod.name}" is waiting to start: ContainerCreating`);
    world.kubelet.faults.slowPull(NETSHOOT, 0);
    expect(await world.log(pod, lines, { previous: true })).toBe(`400 previous terminated container "${lines}" in pod "${pod.name}" not found`);
    await world.until(() => world.states(pod, 'soon').at(-1) === 'terminated:0:Completed');
  });
  it('can be told to answer 200 with an error as text', async () => {
    world.kubelet.faults.logText(pod, lines, 'unable to retrieve container logs for containerd://abc');
    expect(await world.log(pod, lines)).toBe('unable to retrieve container logs for containerd://abc');
    world.kubelet.faults.logText(pod, lines, undefined);
    expect(await world.log(pod, lines, { tailLines: 1 })).toBe('three\n');
  });
});

describe('endless output', () => {
  it('stays within its file, keeps memory flat, and is stopped by timeout', async () => {
    const before = process.memoryUsage().rss;
    world.debug(pod, { name: 'endless', image: NETSHOOT, command: ['timeout', '4', 'yes', 'abcdefghijklmnopqrstuvwxyz'] });
    let [largest, rss] = [0, 0];
    const watch = setInterval(() => {
      const logs = `${world.kubelet.directory}/logs`;
      for (const file of readdirSync(logs)) largest = Math.max(largest, statSync(`${logs}/${file}`, { throwIfNoEntry: false })?.size ?? 0);
      rss = Math.max(rss, process.memoryUsage().rss);
    }, 50);
    await world.until(() => world.states(pod, 'endless').at(-1) === 'terminated:124:Error', 12_000);
    clearInterval(watch);
    expect(largest).toBeGreaterThan(LOG_FILE_BYTES_HARD_MAX / 2);
    expect(largest).toBeLessThan(LOG_FILE_BYTES_HARD_MAX + 2 * 1_024 * 1_024);
    expect(rss - before).toBeLessThan(150 * 1_024 * 1_024);
    expect(await world.log(pod, 'endless', { tailLines: 1 })).toMatch(/^[a-z]*\n?$/);
  });
});

describe('exec', () => {
  const said = (value: ReturnType<World['kubelet']['exec']>) => {
    if ('status' in value) throw new Error(value.message);
    return value;
  };
  it('runs a program inside the container and gives its exit code', async () => {
    world.debug(pod, { name: 'host', image: NETSHOOT, command: ['sh', '-c', 'sleep 60; exit 1'], env: [{ name: 'KDEBUG_JOB', value: 'j1' }] });
    await world.until(() => world.states(pod, 'host').includes('running'));
    const session = said(world.kubelet.exec(world.get(pod)!, 'host', ['sh', '-c', 'echo $KDEBUG_JOB; echo err >&2; exit 5']));
    expect(await Promise.all([text(session.stdout), text(session.stderr), session.exit])).toEqual(['j1\n', 'err\n', 5]);
    expect(world.kubelet.exec(world.get(pod)!, 'host', ['nope'])).toMatchObject({ status: 500, message: expect.stringContaining('exec: "nope": executable file not found in $PATH') });
    const killed = said(world.kubelet.exec(world.get(pod)!, 'host', ['sleep', '60']));
    killed.kill();
    expect(await killed.exit).toBe(137);
  });
  it.skipIf(!isolated)('sees the processes of the container, and can end them by their mark (needs namespaces)', async () => {
    const script = `for d in /proc/[0-9]*; do p=\${d#/proc/}; [ "$p" = "$$" ] && continue
      tr '\\0' '\\n' <"$d/environ" 2>/dev/null | grep -qx "KDEBUG_JOB=$1" || continue
      case "$(tr '\\0' ' ' <"$d/cmdline")" in *kdebug-cancel*) continue;; esac
      kill -TERM "$p"; done`;
    world.debug(pod, { name: 'mark', image: NETSHOOT, command: ['sh', '-c', 'timeout 60 sleep 50 & wait $!; exit $?'], targetContainerName: 'api', env: [{ name: 'KDEBUG_JOB', value: 'j2' }] });
    await world.until(() => world.states(pod, 'mark').includes('running'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await said(world.kubelet.exec(world.get(pod)!, 'mark', ['sh', '-c', script, 'kdebug-cancel', 'j2'])).exit).toBe(0);
    await world.until(() => world.states(pod, 'mark').at(-1) === 'terminated:143:Error');
    expect(world.status(pod, 'api')).toMatchObject({ ready: true, restartCount: 0 });
  });
});

it('close leaves no process and no file behind', async () => {
  const own = createWorld();
  const there = own.add();
  await own.until(() => own.status(there, 'api')?.ready);
  const mark = `4${Math.floor(performance.now())}`;
  own.debug(there, { name: 'a', image: NETSHOOT, command: ['sh', '-c', `trap "" TERM; sleep ${mark}; sleep ${mark}`] });
  own.debug(there, { name: 'b', image: NETSHOOT, command: ['sleep', mark], targetContainerName: 'api' });
  await own.until(() => own.states(there, 'b').includes('running') && own.states(there, 'a').includes('running'));
  const alive = (): number => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(mark)).length;
  await own.until(() => alive() >= 2);
  await own.close();
  expect(alive()).toBe(0);
  expect(existsSync(own.kubelet.directory)).toBe(false);
});

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

it('close does not wait for a grace period that is running', async () => {
  const own = createWorld({ pace: (_random) => ({ ...AT_ONCE_BUT_GRACE }) });
  const there = own.add();
  await own.until(() => own.status(there, 'api')?.ready);
  own.debug(there, { name: 'stays', image: NETSHOOT, command: ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'] });
  await own.until(() => own.states(there, 'stays').includes('running'));
  own.remove(there, 30);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const asked = performance.now();
  await own.close();
  expect(performance.now() - asked).toBeLessThan(3_000);
});

const none = (): number => 0;
const AT_ONCE_BUT_GRACE = {
  observeMs: none, startMs: none, firstReportMs: none, relistMs: none, followEndMs: none,
  retryMs: () => 60, imageBackOffMs: () => 100, crashBackOffMs: () => 100, graceMs: (seconds: number) => seconds * 1_000,
};
