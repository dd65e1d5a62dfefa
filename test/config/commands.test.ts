import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { configCheck, configSchema } from '../../src/config/commands.ts';
import { yaml } from './base.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdebug-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const example = fileURLToPath(new URL('../../deploy/kdebug.example.yaml', import.meta.url));

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const check = (file: string | undefined, env: Record<string, string> = {}) => {
  const lines: string[] = [];
  const code = configCheck(file, (text) => lines.push(text), env);
  return { code, text: lines.join('') };
};

test('config check of the example says ok and what is in it', () => {
  const { code, text } = check(example);
  expect(code).toBe(0);
  expect(text).toMatch(/^ok: .*kdebug\.example\.yaml: 1 cluster, 2 images, 2 presets, 5 rules, policy version [0-9a-f]{64}\n$/);
});

test('config check without a file takes KDEBUG_CONFIG', () => {
  expect(check(undefined, { KDEBUG_CONFIG: written('good.yaml', yaml()) })).toMatchObject({ code: 0 });
});

test('config check of a bad file prints every problem, one a line, and answers 1', () => {
  const file = written('bad.yaml', yaml({ channels: 'channels: { audit: "#a" }' }, 'limits: { timeout_max: 20m }'));
  expect(check(file)).toEqual({
    code: 1,
    text: `${file}:6:20: channels.audit: "#a" is not the id of a channel; write its id, such as C0AUDIT (in Slack: channel details, at the bottom)\n${file}:7:24: limits.timeout_max: 20m is beyond the limit; write 15m or less\n`,
  });
});

test.each([
  ['a file that is not there', 'none.yaml', 'there is no such file; write one, or name it: kdebug config check FILE, or KDEBUG_CONFIG'],
  ['a folder', '.', 'is a folder; name the file in it'],
])('config check of %s answers 1', (_, name, says) => {
  const file = join(folder, name);
  expect(check(file)).toEqual({ code: 1, text: `${file}:1:1: yaml: ${says}\n` });
});

test('config check of a huge file does not read it', () => {
  expect(check(written('huge.yaml', '#'.repeat(300_000))).text).toContain('is larger than 256 KiB');
});

test('config schema prints one JSON document', () => {
  const lines: string[] = [];
  configSchema((text) => lines.push(text));
  expect(JSON.parse(lines.join(''))).toMatchObject({ title: 'kdebug.yaml', additionalProperties: false });
});

test('reading the environment loads neither zod nor yaml', () => {
  const code = `import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context); } });
    await import(${JSON.stringify(new URL('../../src/config/environment.ts', import.meta.url).href)});
    process.stdout.write(JSON.stringify(seen));`;
  const seen = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })) as string[];
  expect(seen.length).toBeGreaterThan(5);
  expect(seen).not.toContain('zod');
  expect(seen).not.toContain('yaml');
});
