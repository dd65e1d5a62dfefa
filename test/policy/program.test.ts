/** The program itself: options as typed, exit codes, and what it loads. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { EXAMPLE } from './typed.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXPECTATIONS = fileURLToPath(new URL('../../deploy/policy.example.test.yaml', import.meta.url));
const kdebug = (...typed: readonly string[]) => spawnSync(process.execPath, ['src/kdebug.mjs', ...typed], { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
const WHO = ['--as', 'U0ERIN', '--in', 'C0OPS'];

describe('exit codes and options', () => {
  const cases: readonly [string, readonly string[], number, RegExp][] = [
    ['groups given twice and with commas', ['policy', 'explain', 'staging api -- id', EXAMPLE, ...WHO, '--groups', 'S0X,S0ENG', '--groups', 'S0Y'], 0, /U0ERIN of S0X, S0ENG, S0Y in[\s\S]*\nopen: /],
    ['no environment is needed', ['policy', 'explain', 'staging api -- id', EXAMPLE, ...WHO], 1, /\nrefused at the door: /],
    ['a text that does not parse', ['policy', 'explain', 'staging', EXAMPLE, ...WHO], 2, /\^\n$/],
    ['expectations', ['policy', 'test', EXPECTATIONS, EXAMPLE], 0, /^ok 1 - [\s\S]*, all ok\n$/],
    ['lint', ['policy', 'lint', '--strict', EXAMPLE], 0, /no warning\n$/],
    ['guard', ['config', 'guard', EXAMPLE, '--service-account', 'tools/debugger', '--group', 'people'], 0, /serviceaccount:tools:debugger' \|\| 'people' in request\.userInfo\.groups/],
  ];
  it.each(cases)('%s', (_name, typed, code, says) => {
    const { status, stdout, stderr } = kdebug(...typed);
    expect(stderr).toBe('');
    expect(stdout).toMatch(says);
    expect(status).toBe(code);
  });
});

test('neither Slack, nor a cluster, nor Redis: none of their packages is even loaded', () => {
  const files = ['policy/commands.ts', 'policy/guard/command.ts'].map((file) => new URL(`../../src/${file}`, import.meta.url).href);
  const code = `import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context); } });
    for (const file of ${JSON.stringify(files)}) await import(file);
    process.stdout.write(JSON.stringify(seen));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  const packages = (JSON.parse(stdout) as string[]).filter((name) => !/^(?:[./]|file:|node:)/.test(name));
  expect(packages).toContain('yaml');
  expect(packages.filter((name) => /^(?:@slack|@kubernetes|bullmq|ioredis|undici)/.test(name))).toEqual([]);
});
