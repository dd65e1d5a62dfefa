import { existsSync, readFileSync, statSync } from 'node:fs';
import { settingsFile } from './environment.ts';
import { CONFIG_BYTES_MAX } from './limits.ts';
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

const unreadable = (file: string, message: string): Loaded => ({ ok: false, problems: [{ file, line: 1, column: 1, path: 'yaml', message }] });

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file; write one, or name it: kdebug config check FILE, or KDEBUG_CONFIG';
  return code === 'EISDIR' ? 'is a folder; name the file in it' : 'cannot be read by this user; let it, or name another file';
};

/** kdebug.yaml from the disk: settings, or problems, one of which may be that it cannot be read. Never throws. */
export const loadSettings = (file: string): Loaded => {
  try {
    if (statSync(file).size > CONFIG_BYTES_MAX) return unreadable(file, `is larger than ${CONFIG_BYTES_MAX / 1_024} KiB; is it the right one?`);
    return parseSettings(readFileSync(file, 'utf8'), file);
  } catch (error) {
    return unreadable(file, reasonOf(error));
  }
};

/**
 * `kdebug config check [FILE]`: 0 and a summary, or 1 and every problem, one a line. Without a file: KDEBUG_CONFIG, else
 * ./kdebug.yaml, else /etc/kdebug/kdebug.yaml.
 */
export const configCheck = (file: string | undefined, write: Write, env: Readonly<Record<string, string | undefined>> = process.env): 0 | 1 => {
  const named = settingsFile(file ?? (env['KDEBUG_CONFIG'] || undefined), existsSync);
  const loaded = loadSettings(named);
  write(`${loaded.ok ? summary(named, loaded.settings) : loaded.problems.map(printProblem).join('\n')}\n`);
  return loaded.ok ? 0 : 1;
};

/** `kdebug config schema`: the JSON Schema of kdebug.yaml, for editors. */
export const configSchema = (write: Write): void => write(jsonSchema());
