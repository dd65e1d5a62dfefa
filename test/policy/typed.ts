/** The policy commands as somebody types them, with what they print and how they end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { policyExplain, policyLint, policyTest } from '../../src/policy/commands.ts';
import type { AskerTyped } from '../../src/policy/asker.ts';

export const EXAMPLE = fileURLToPath(new URL('../../deploy/kdebug.example.yaml', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'kdebug-policy-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

/** A file of that name with this text, for as long as the tests run. */
export const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

export interface Said {
  readonly code: number;
  readonly text: string;
}

const said = (run: (write: (text: string) => void) => number): Said => {
  const parts: string[] = [];
  const code = run((part) => parts.push(part));
  return { code, text: parts.join('') };
};

const ALICE: AskerTyped = { as: 'U0ALICE', in: 'C0OPS', groups: ['S0ENG'], at: '2026-11-25T10:00Z' };

export const explained = (text: string, typed: Partial<AskerTyped> & { readonly file?: string } = {}): Said =>
  said((write) => policyExplain(text, { ...ALICE, file: EXAMPLE, now: 0, ...typed }, write, {}));
export const tested = (file: string, config = EXAMPLE): Said => said((write) => policyTest(file, config, write, {}));
export const linted = (file: string, strict = false): Said => said((write) => policyLint(file, { strict }, write, {}));

export const lastLine = ({ text }: Said): string => text.trimEnd().split('\n').at(-1) ?? '';
