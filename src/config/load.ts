import { settingsFrom } from './build.ts';
import { amountMistakes } from './checks/amounts.ts';
import { catalogueMistakes } from './checks/catalogue.ts';
import { clusterMistakes } from './checks/clusters.ts';
import { identityMistakes, redactionMistakes } from './checks/people.ts';
import { referenceMistakes } from './checks/references.ts';
import { ruleMistakes } from './checks/rules.ts';
import { sysadminMistakes } from './checks/sysadmin.ts';
import { readDocument } from './document.ts';
import type { Problem } from './problem.ts';
import { kdebugYaml } from './schema/kdebug.ts';
import type { Settings } from './settings.ts';
import type { YamlFile } from './yaml.ts';

export type Loaded = { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problems: readonly Problem[] };

const checks = [clusterMistakes, catalogueMistakes, referenceMistakes, ruleMistakes, sysadminMistakes, amountMistakes, identityMistakes, redactionMistakes];

/** As `parseSettings`, with the file itself to place more mistakes in. */
export const readSettings = (text: string, file: string): Extract<Loaded, { ok: false }> | (Extract<Loaded, { ok: true }> & { readonly yaml: YamlFile }) => {
  const read = readDocument(text, file, { schema: kdebugYaml, checks });
  return read.ok ? { ok: true, settings: settingsFrom(read.value), yaml: read.yaml } : read;
};

/**
 * kdebug.yaml as settings, or every mistake in it, in the order of the file. `file` is only for the messages. Never
 * throws, whatever the text is.
 */
export const parseSettings = (text: string, file: string): Loaded => {
  const read = readSettings(text, file);
  return read.ok ? { ok: true, settings: read.settings } : read;
};
