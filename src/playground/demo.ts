/**
 * `npm run demo`: the whole product on this machine. A fake Slack, a simulated cluster that runs real processes, a
 * private Redis and `kdebug start` as its own process; one command from Slack to its output in the thread.
 * `npm run demo -- "staging api -- ps"` sends another; `npm run demo -- --interactive` stays.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from '../../scripts/setup.mjs';
import { converse } from './local/interactive.ts';
import { tellStory } from './local/story.ts';
import { startLocalWorld, type LocalWorld } from './local/world.ts';

const COMMAND = 'prod api-7f9 --image netshoot -- ss -tlnp';

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** The command is one argument, or all of them when the shell took the quotes away. */
const wanted = (): { readonly isInteractive: boolean; readonly text: string } => {
  const { values, positionals } = parseArgs({ args: process.argv.slice(2), options: { interactive: { type: 'boolean', default: false } }, allowPositionals: true, strict: false });
  const given = process.argv.slice(2).filter((argument) => argument !== '--interactive');
  return { isInteractive: values.interactive === true, text: positionals.length === 0 ? COMMAND : given.join(' ') };
};

const programDirectories = async (): Promise<readonly string[]> => {
  const found = await ensurePrograms(['redis', 'ss', 'ip', 'ps', 'busybox']);
  return [...new Set(Object.values(found).map(({ path }) => dirname(path)))];
};

const withWorld = async (use: (world: LocalWorld) => Promise<void>): Promise<void> => {
  const world = await startLocalWorld({ pace: 'kubelet', programDirectories: await programDirectories() });
  try {
    const kdebug = await world.start(['start']);
    say(`kdebug is ready after ${(kdebug.readyMs / 1_000).toFixed(1)} s; its state is in ${world.stateDir}`);
    await use(world);
  } finally {
    await world.close();
  }
};

const { isInteractive, text } = wanted();
await withWorld((world) => (isInteractive ? converse(world) : tellStory(world, text, say)));
