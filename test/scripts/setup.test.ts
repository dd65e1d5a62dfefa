import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ensurePrograms } from '../../scripts/setup.mjs';
import type { Candidates } from '../../scripts/setup/candidates.mjs';
import { additionsIn, candidatesIn, choosePackages, troubleIn } from '../../scripts/setup/candidates.mjs';

const SETUP = join(import.meta.dirname, '../../scripts/setup.mjs');
const run = promisify(execFile);

test('with everything in place setup says where, asks no package manager and writes nothing', async () => {
  await ensurePrograms(['redis', 'ps']);
  const folder = await mkdtemp(join(tmpdir(), 'kd-'));
  for (const name of ['apt-get', 'apt-cache', 'brew']) {
    await writeFile(join(folder, name), `#!/bin/sh\ntouch ${folder}/asked\n`);
    await chmod(join(folder, name), 0o755);
  }
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  const { stdout } = await run(process.execPath, [SETUP, '--into', join(folder, 'into'), 'redis', 'ps'], { env });
  expect(stdout).toMatch(/^redis: \/.*(?:redis|valkey)-server\nps: \/.*\/ps\n$/);
  expect((await readdir(folder)).sort()).toEqual(['apt-cache', 'apt-get', 'brew']);
  await rm(folder, { recursive: true });
});

test('a name that is no program of ours is refused with the list', async () => {
  await expect(ensurePrograms(['nmap' as 'ss'])).rejects.toThrow('nmap is not one of the programs: redis, ss, ip, ps, busybox');
});

const chosen: readonly [string, Candidates, ReturnType<typeof choosePackages>][] = [
  ['Debian 13 offers both: valkey first, with its tools', { 'valkey-server': '8.1.1+dfsg1-3', 'valkey-tools': '8.1.1+dfsg1-3', 'redis-server': '5:8.0.2-3' }, { packages: ['valkey-server', 'valkey-tools'] }],
  ['Debian 12 offers redis 7.0 with an epoch', { 'redis-server': '5:7.0.15-1~deb12u5', 'redis-tools': '5:7.0.15-1~deb12u5' }, { packages: ['redis-server', 'redis-tools'] }],
  ['Ubuntu 22.04 offers redis 6.0', { 'redis-server': '5:6.0.16-1ubuntu1' }, { why: 'apt offers only redis-server 5:6.0.16-1ubuntu1, too old' }],
  ['an empty list', {}, { why: 'apt offers no valkey-server or redis-server' }],
];

test.each(chosen)('%s', (_case, candidates, choice) => {
  expect(choosePackages('redis', candidates)).toEqual(choice);
});

test('apt-cache policy: a package without a candidate is not offered', () => {
  const policy = 'valkey-server:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\nprocps:\n  Installed: (none)\n  Candidate: 2:4.0.2-3\n  Version table:\n     2:4.0.2-3 500\n';
  expect(candidatesIn(policy)).toEqual({ procps: '2:4.0.2-3' });
});

test('apt-get -s: what would be added is what must be unpacked', () => {
  const simulation = 'Reading package lists...\nInst libjemalloc2 (5.3.0-1 Debian:12 [amd64])\nInst redis-tools (5:7.0 Debian:12 [amd64])\nConf libjemalloc2 (5.3.0-1 Debian:12 [amd64])\n';
  expect(additionsIn(simulation)).toEqual(['libjemalloc2', 'redis-tools']);
});

test('an update that could not reach a mirror counts as successful for apt, and is told all the same', () => {
  expect(troubleIn({ code: 0, stderr: 'W: Failed to fetch http://deb.example/InRelease  Could not connect\nW: Some index files failed to download.\n' }))
    .toBe('Failed to fetch http://deb.example/InRelease  Could not connect');
  expect(troubleIn({ code: 0, stderr: '' })).toBeUndefined();
});
