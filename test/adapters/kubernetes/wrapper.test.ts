import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { buildContainer } from '../../../src/adapters/kubernetes/build.ts';
import { MARKER, NETSHOOT } from './fixtures.ts';
import { expand } from './kubelet-expansion.ts';

interface Ran { readonly code: number | null; readonly out: string; readonly seconds: number }

const IN_A_MINUTE = (): string => String(Math.floor(Date.now() / 1_000) + 60);

/** The container's command as the kubelet would start it, with the deadline where the domain puts it. */
const commandOf = (argv: readonly string[], timeoutMs: number, deadline: string): string[] =>
  buildContainer({ image: NETSHOOT, profile: 'baseline', argv, env: [], target: null, timeoutMs, marker: MARKER }).command.toSpliced(4, 0, deadline).map((one) => expand(one));

const run = (shell: readonly string[], argv: readonly string[], options: { timeoutMs?: number; deadline?: string; env?: NodeJS.ProcessEnv; signalAfterMs?: number } = {}): Promise<Ran> => {
  const [, ...rest] = commandOf(argv, options.timeoutMs ?? 20_000, options.deadline ?? IN_A_MINUTE());
  const [file = '', ...before] = shell;
  const began = Date.now();
  const child = spawn(file, [...before, ...rest], { env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out += String(chunk); });
  if (options.signalAfterMs !== undefined) setTimeout(() => child.kill('SIGTERM'), options.signalAfterMs);
  return new Promise((done) => child.on('close', (code) => done({ code, out, seconds: (Date.now() - began) / 1_000 })));
};

const BUSYBOX = '/usr/bin/busybox';
const canUnshare = (): boolean => {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const AS_PID_1 = ['unshare', '--user', '--map-root-user', '--pid', '--fork'];

/** A PATH on which every program, `timeout` and `date` too, is BusyBox'. */
const busyboxOnly = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'kdebug-busybox-'));
  execFileSync(BUSYBOX, ['--install', '-s', dir]);
  return `PATH=${dir}`;
};
const HAS_BUSYBOX = existsSync(BUSYBOX);
const BUSYBOX_SH = HAS_BUSYBOX ? ['env', busyboxOnly(), BUSYBOX, 'sh'] : [];

const SHELLS: readonly (readonly [string, readonly string[], boolean])[] = [
  ['sh with GNU timeout', ['sh'], true],
  ['BusyBox', BUSYBOX_SH, HAS_BUSYBOX],
  ['sh with GNU timeout as PID 1', [...AS_PID_1, 'sh'], canUnshare()],
  ['BusyBox as PID 1', [...AS_PID_1, ...BUSYBOX_SH], HAS_BUSYBOX && canUnshare()],
];

describe.concurrent.each(SHELLS.filter(([, , present]) => present))('the wrapper under %s', (_name, shell) => {
  test('the exit code passes', async ({ expect }) => {
    expect(await run(shell, ['sh', '-c', 'exit 7'])).toMatchObject({ code: 7, out: '' });
  });

  test('arguments arrive one by one and literally', async ({ expect }) => {
    const argv = ['$HOME', '$(id)', '`id`', '$$', 'a b', '*', ''];
    expect((await run(shell, ['printf', '[%s]', ...argv])).out).toBe(argv.map((one) => `[${one}]`).join(''));
  });

  test('standard input is empty', async ({ expect }) => {
    expect(await run(shell, ['cat'])).toMatchObject({ code: 0, out: '' });
  });

  test('a program that is not there is 127', async ({ expect }) => {
    expect((await run(shell, ['no-such-program'])).code).toBe(127);
  });

  test('a command is stopped at its timeout', async ({ expect }) => {
    const ran = await run(shell, ['sleep', '30'], { timeoutMs: 1_000 });
    expect([124, 143]).toContain(ran.code);
    expect(ran.seconds).toBeLessThan(4);
  });

  test('a command that ignores TERM is killed five seconds later', async ({ expect }) => {
    const ran = await run(shell, ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'], { timeoutMs: 1_000 });
    expect(ran.code).toBe(137);
    expect(ran.seconds).toBeGreaterThan(5);
    expect(ran.seconds).toBeLessThan(10);
  }, 15_000);

  test('past its deadline nothing is run', async ({ expect }) => {
    expect(await run(shell, ['echo', 'ran'], { deadline: '1700000000' })).toMatchObject({ code: 125, out: 'kdebug: expired before start; not run\n' });
  });

  test('a deadline that cannot be checked is a deadline that passed', async ({ expect }) => {
    const ran = await run(shell, ['echo', 'ran'], { deadline: 'soon' });
    expect(ran.code).toBe(125);
    expect(ran.out).toMatch(/kdebug: expired before start; not run\n$/);
  });
});

test('TERM is passed on to the command, whose end is waited for', async ({ expect }) => {
  const ran = await run(['sh'], ['sh', '-c', 'trap "echo cleaned up; exit 3" TERM; while :; do sleep 0.1; done'], { signalAfterMs: 500 });
  expect(ran.out).toMatch(/cleaned up\n$/);
  expect(ran.seconds).toBeLessThan(3);
});
