/** The command line as it is typed: what is wrong is one sentence and an exit code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'kdebug-program-'));
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

const kdebug = (args: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/kdebug.mjs', ...args], { env: { PATH: process.env['PATH'], HOME: dir, KDEBUG_STATE_DIR: dir, ...env }, input, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('parse', () => {
  it.each([['--image netshoot prod api -- id', 0], ['-l app=api -- id', 1], ['-- id', 1], ['-it prod api', 1]] as const)('%j is a text, though it begins as an option would', (text, code) => {
    const { status, stdout } = kdebug(['parse', text]);
    expect([status, (JSON.parse(stdout) as { ok: boolean }).ok]).toEqual([code, code === 0]);
  });
});

describe('redact', () => {
  const pattern = join(dir, 'broken.yaml');
  writeFileSync(pattern, 'redaction: nonsense\n');
  it.each([['is not there', '/nosuch.yaml'], ['is broken', pattern]])('searches nothing when the kdebug.yaml that was named %s', (_name, file) => {
    const { status, stdout } = kdebug(['redact'], { KDEBUG_CONFIG: file }, 'acme_abcdefghijklmnop\n');
    expect(status).toBe(2);
    expect(stdout).toContain('Nothing was searched');
    expect(stdout).not.toContain('acme_');
  });
});

describe('keys derive', () => {
  const env = { KDEBUG_RECORD_KEY: 'ab'.repeat(32), KDEBUG_CONFIG: 'deploy/kdebug.example.yaml' };
  it('makes no key for a cluster that kdebug.yaml does not have', () => {
    const { status, stdout, stderr } = kdebug(['keys', 'derive', '--cluster', 'nosuch'], env);
    expect([status, stdout, stderr]).toEqual([1, '', '--cluster nosuch: there is no such cluster in kdebug.yaml; write one of: main\n']);
  });
  it('makes one where there is no kdebug.yaml to ask', () => {
    expect(kdebug(['keys', 'derive', '--cluster', 'nosuch'], { ...env, KDEBUG_CONFIG: '/nosuch.yaml' })).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\S+\n$/) });
  });
});

describe('start', () => {
  it('says which port is taken, in one sentence', async () => {
    const taken = createServer();
    await new Promise<void>((done) => { taken.listen(0, done); });
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = kdebug(['start'], { KDEBUG_CONFIG: 'deploy/kdebug.example.yaml', SLACK_API_URL: 'http://localhost:1/api/', SLACK_BOT_TOKEN: 'xoxb-x', SLACK_APP_TOKEN: 'xapp-x', KDEBUG_OPS_PORT: String(port) });
    taken.close();
    expect([status, stderr.trim()]).toEqual([1, expect.stringMatching(new RegExp(`^KDEBUG_OPS_PORT ${port} cannot be listened on \\(.*EADDRINUSE.*\\): free it, or set another one\\.$`))]);
  });
});
