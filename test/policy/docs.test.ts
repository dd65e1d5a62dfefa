/** Every `$ kdebug …` of docs/policy.md is run as written, and what it prints stands below it. To bring it up to date: vitest run test/policy/docs.test.ts -u */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/policy.md', import.meta.url));
const COMMAND_MS_MAX = 30_000;

const KDEBUG = `kdebug() { "${process.execPath}" --disable-warning=ExperimentalWarning src/kdebug.mjs "$@"; }`;
const run = (command: string): string => {
  const { stdout, stderr, error } = spawnSync('sh', ['-c', `${KDEBUG}\n${command}`], { cwd: ROOT, encoding: 'utf8', timeout: COMMAND_MS_MAX });
  if (error) throw error;
  return stdout + stderr;
};

/** The commands of a block with their output of today. */
const renewed = (block: string): string => block.split('\n').filter((line) => line.startsWith('$ ')).map((line) => `${line}\n${run(line.slice(2))}`).join('');

test('docs/policy.md shows what the commands print today', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const commands = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('$ '));
  expect(commands.filter((line) => line.startsWith('$ kdebug policy explain ')).length).toBe(10);
  expect(commands.every((line) => line.startsWith('$ kdebug '))).toBe(true);
  const current = blocks.reduce((text, block) => text.replace(block, () => renewed(block)), page);
  expect(current).not.toMatch(/Error:|node:internal/);
  await expect(current).toMatchFileSnapshot(PAGE);
}, 120_000);
