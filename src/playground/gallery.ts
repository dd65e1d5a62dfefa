/**
 * `npm run gallery`: everything that kdebug can say in Slack, as Block Kit JSON that Slack would take (gallery/*.json) and
 * as one page in its look (gallery/index.html). `-- --screenshots` takes a picture of each, where there is a Chromium.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countedCharacters } from './slack/blocks/count.ts';
import { blockProblems } from './slack/blocks/blocks.ts';
import { viewProblems } from './slack/blocks/views.ts';
import type { Json } from './slack/json.ts';
import { BLOCKS_COUNTED_CHARS_MAX } from './slack/limits.ts';
import { startFakeSlack } from './slack/server.ts';
import { entries, type Entry } from './gallery/entries.ts';
import { idOf, page } from './gallery/page.ts';
import { CHROMIUM, takeScreenshots } from './gallery/screenshots.ts';

const FOLDER = resolve('gallery');
const write = (text: string): void => { process.stdout.write(`${text}\n`); };

/** What Slack would say against it; nothing for what it takes. */
export const problemsOf = (entry: Entry): readonly string[] => {
  if (entry.surface !== 'message') return viewProblems(entry.view as Json, entry.surface);
  const blocks = entry.blocks as Json;
  const characters = countedCharacters(blocks);
  return [...blockProblems(blocks), ...(characters > BLOCKS_COUNTED_CHARS_MAX ? [`it has ${characters} characters`] : [])];
};

const save = (entry: Entry): void => {
  const body = entry.surface === 'message' ? { text: entry.text, blocks: entry.blocks } : entry.view;
  writeFileSync(join(FOLDER, `${idOf(entry)}.json`), `${JSON.stringify(body, null, 2)}\n`);
};

const gallery = async (isPictured: boolean): Promise<number> => {
  const all = entries();
  const wrong = all.flatMap((entry) => problemsOf(entry).map((problem) => `${entry.name}: ${problem}`));
  mkdirSync(FOLDER, { recursive: true });
  const slack = await startFakeSlack();
  const file = join(FOLDER, 'index.html');
  writeFileSync(file, page({ world: slack.world, timeZone: 'Europe/Berlin' }, all));
  await slack.close();
  all.forEach(save);
  write(`${all.length} messages and views: ${file}`);
  wrong.forEach(write);
  if (isPictured) {
    const pictures = await takeScreenshots(file, join(FOLDER, 'pictures'), all.map(idOf));
    write(pictures === undefined ? `no pictures: there is no ${CHROMIUM} (apt-get install chromium)` : `${pictures.length} pictures: ${join(FOLDER, 'pictures')}`);
  }
  return wrong.length === 0 ? 0 : 1;
};

if (import.meta.main) process.exitCode = await gallery(process.argv.includes('--screenshots'));
