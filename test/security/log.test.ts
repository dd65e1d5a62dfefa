/** The log is lines of JSON that nobody's text can break, and no token of ours is in it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HOSTILE = ['api\n{"level":60,"msg":"approved by U0BOB"}', 'api\r\nforged', '\u001b[2J\u001b]8;;https://evil.example\u0007x', 'a","level":60,"msg":"forged', '\u0000', '\u2028forged\u2029', '\u009b2J'];

/** What a process of its own writes to standard error, as a platform collects it. */
const logged = (lines: readonly (readonly [object, string])[]): string => {
  const script = `import { createLog } from './src/ops/log.ts'; const log = createLog('info'); for (const [fields, message] of ${JSON.stringify(lines)}) log.error(fields, message);`;
  const { stderr, stdout, status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8', timeout: 20_000 });
  expect([status, stdout]).toEqual([0, '']);
  return stderr;
};

it('each entry is one line of JSON, whatever is in it', () => {
  const lines = logged(HOSTILE.map((text) => [{ pod: text }, `a message with ${text}`])).split('\n').slice(0, -1);
  expect(lines.map((line) => (JSON.parse(line) as { readonly pod: string }).pod)).toEqual(HOSTILE);
  expect(lines.join('').split('').filter((character) => character < ' ')).toEqual([]);
});

it('no token, bearer or password of an address is in it', () => {
  const secrets = ['xoxb-1234-5678-AbCdEf', 'xapp-1-A0KDEBUG-99-abcdef', 'xoxe.xoxb-1-secretsecret', 'eyJhbGciOiJ.eyJzdWIi.c2ln', 'hunter2'];
  const written = logged([
    [{ error: `request failed: ${secrets[0]}` }, `with ${secrets[1]}`],
    [{ more: { deep: [secrets[2]] } }, `Authorization: Bearer ${secrets[3]}`],
    [{ url: `redis://kdebug:${secrets[4]}@redis:6379` }, `connecting to rediss://:${secrets[4]}@redis`],
  ]);
  expect(written.split('\n').slice(0, -1)).toHaveLength(3);
  expect(written).toContain('[secret]');
  for (const secret of ['1234-5678', 'A0KDEBUG-99', 'secretsecret', 'c2ln', 'hunter2']) expect(written).not.toContain(secret);
});
