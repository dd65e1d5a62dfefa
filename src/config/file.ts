import { readFileSync, statSync } from 'node:fs';
import { CONFIG_BYTES_MAX } from './limits.ts';
import type { Problem } from './problem.ts';

export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly Problem[] };

const unreadable = (file: string, message: string): FileText => ({ ok: false, problems: [{ file, line: 1, column: 1, path: 'yaml', message }] });

const reasonOf = (error: unknown, absent: string): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `there is no such file; ${absent}`;
  return code === 'EISDIR' ? 'is a folder; name the file in it' : 'cannot be read by this user; let it, or name another file';
};

/** The text of one YAML file of at most CONFIG_BYTES_MAX, or why it cannot be had. `absent`: what to do when there is none. Never throws. */
export const readText = (file: string, absent: string): FileText => {
  try {
    if (statSync(file).size > CONFIG_BYTES_MAX) return unreadable(file, `is larger than ${CONFIG_BYTES_MAX / 1_024} KiB; is it the right one?`);
    return { ok: true, text: readFileSync(file, 'utf8') };
  } catch (error) {
    return unreadable(file, reasonOf(error, absent));
  }
};
