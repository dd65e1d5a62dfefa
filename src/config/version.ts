import { canonicalJson, sha256 } from '../domain/canonical.ts';
import type { Canonical } from '../domain/canonical.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { Sha256 } from '../domain/names.ts';
import type { Environment, Rule } from '../domain/policy/rule.ts';
import type { Limits } from './settings.ts';

interface Versioned {
  readonly catalogue: Catalogue;
  readonly environments: readonly Environment[];
  readonly rules: readonly Rule[];
  readonly limits: Limits;
}

/** By name, because the order of a mapping in the file says nothing; the order of rules decides. */
const byName = <Entry extends { readonly name: string }>(entries: readonly Entry[]): Record<string, Entry> =>
  Object.fromEntries(entries.map((entry) => [entry.name, entry]));

/**
 * The policy version: SHA-256 over images, presets, environments, rules and limits as the program uses them, defaults
 * filled in. Whatever else changes in kdebug.yaml does not make people approve again.
 */
export const policyVersion = ({ catalogue, environments, rules, limits }: Versioned): Sha256 => {
  const presets = catalogue.presets.map((preset) => ({ ...preset, env: Object.fromEntries(preset.env), parameters: byName(preset.parameters) }));
  const form = { images: byName(catalogue.images), presets: byName(presets), environments: byName(environments), rules, limits };
  return sha256(canonicalJson(form as unknown as Canonical));
};
