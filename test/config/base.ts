import { parseSettings } from '../../src/config/load.ts';
import { printProblem } from '../../src/config/problem.ts';
import type { Settings } from '../../src/config/settings.ts';

/** A small kdebug.yaml, section by section, so that a case changes one and leaves the others right. */
export const SECTIONS = {
  clusters: 'clusters: { main: {} }',
  images: 'images: { netshoot: { ref: "nicolaka/netshoot:v0.13", shell: true } }',
  presets: 'presets: {}',
  environments: 'environments: {}',
  rules: 'rules: [{ name: all, when: { profiles: [general] }, decide: allow }]',
  channels: 'channels: { audit: C0AUDIT }',
} as const;

/** One section a line in the order above, those given replaced; more text may follow. */
export const yaml = (changed: Partial<Record<keyof typeof SECTIONS, string>> = {}, more = ''): string =>
  `${Object.values({ ...SECTIONS, ...changed }).join('\n')}\n${more}`;

export const settingsOf = (text: string): Settings => {
  const loaded = parseSettings(text, 'kdebug.yaml');
  if (!loaded.ok) throw new Error(loaded.problems.map(printProblem).join('\n'));
  return loaded.settings;
};

export const problemsOf = (text: string): readonly string[] => {
  const loaded = parseSettings(text, 'kdebug.yaml');
  return loaded.ok ? [] : loaded.problems.map(printProblem);
};
