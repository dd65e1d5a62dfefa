import { existsSync } from 'node:fs';
import { settingsFile } from './environment.ts';
import { readText } from './file.ts';
import { parseSettings } from './load.ts';
import type { Loaded } from './load.ts';
import { printProblem } from './problem.ts';
import { jsonSchema } from './schema/json.ts';
import type { Settings } from './settings.ts';

type Write = (text: string) => void;

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;

const summary = (file: string, { clusters, catalogue, policy }: Settings): string =>
  [
    `ok: ${file}: ${count(clusters.length, 'cluster')}`,
    count(catalogue.images.length, 'image'),
    count(catalogue.presets.length, 'preset'),
    count(policy.rules.length, 'rule'),
    `policy version ${policy.version}`,
  ].join(', ');

export const NO_SETTINGS = 'write one, or name it: kdebug config check FILE, or KDEBUG_CONFIG';

/** kdebug.yaml from the disk: settings, or problems, one of which may be that it cannot be read. Never throws. */
export const loadSettings = (file: string): Loaded => {
  const read = readText(file, NO_SETTINGS);
  return read.ok ? parseSettings(read.text, file) : read;
};

/** The file that a command of the command line means. */
export const settingsNamed = (file: string | undefined, env: Readonly<Record<string, string | undefined>> = process.env): string =>
  settingsFile(file ?? (env['KDEBUG_CONFIG'] || undefined), existsSync);

/**
 * `kdebug config check [FILE]`: 0 and a summary, or 1 and every problem, one a line. Without a file: KDEBUG_CONFIG, else
 * ./kdebug.yaml, else /etc/kdebug/kdebug.yaml.
 */
export const configCheck = (file: string | undefined, write: Write, env: Readonly<Record<string, string | undefined>> = process.env): 0 | 1 => {
  const named = settingsNamed(file, env);
  const loaded = loadSettings(named);
  write(`${loaded.ok ? summary(named, loaded.settings) : loaded.problems.map(printProblem).join('\n')}\n`);
  return loaded.ok ? 0 : 1;
};

/** `kdebug config schema`: the JSON Schema of kdebug.yaml, for editors. */
export const configSchema = (write: Write): void => write(jsonSchema());
