import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureKeys, parseSigningPubkey, pubkeyText } from '../../src/config/keys.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdebug-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state = (): string => join(folder, 'deep', 'state');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('missing keys are made once, readable by this user alone, and read again', () => {
  const first = ensureKeys(state(), {});
  const second = ensureKeys(state(), {});
  expect(first.recordKey).toHaveLength(32);
  expect(hex(second.recordKey)).toBe(hex(first.recordKey));
  expect(pubkeyText(second.signingKey)).toBe(pubkeyText(first.signingKey));
  expect(readdirSync(state()).toSorted()).toEqual(['record.key', 'signing.key']);
  for (const file of ['record.key', 'signing.key']) expect(statSync(join(state(), file)).mode & 0o777).toBe(0o600);
  expect(statSync(state()).mode & 0o777).toBe(0o700);
});

test('the public half verifies what the key signs', () => {
  const { signingKey } = ensureKeys(state(), {});
  const publicKey = parseSigningPubkey(pubkeyText(signingKey));
  expect(publicKey && verify(null, Buffer.from('grant'), publicKey, sign(null, Buffer.from('grant'), signingKey))).toBe(true);
});

test('a key that was given is used and not stored', () => {
  const recordKey = Buffer.alloc(40, 7);
  expect(ensureKeys(state(), { recordKey }).recordKey).toBe(recordKey);
  expect(readdirSync(state())).toEqual(['signing.key']);
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  expect(ensureKeys(join(folder, 'never'), { recordKey, signingKey })).toEqual({ recordKey, signingKey });
  expect(readdirSync(folder)).toEqual(['deep']);
});

test('a damaged key is refused and left as it is', () => {
  ensureKeys(state(), {});
  writeFileSync(join(state(), 'record.key'), 'half a k');
  expect(() => ensureKeys(state(), {})).toThrow(/record\.key holds no such key; restore it from a backup/);
  expect(readFileSync(join(state(), 'record.key'), 'utf8')).toBe('half a k');
});

test('a folder that cannot be made is one sentence', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => ensureKeys(join(folder, 'file', 'state'), {})).toThrow(/^The state folder .* cannot be made; let this user write there, or set KDEBUG_STATE_DIR\.$/);
});

test('eight processes that start at once agree on the keys', async () => {
  const code = `import { ensureKeys, pubkeyText } from ${JSON.stringify(new URL('../../src/config/keys.ts', import.meta.url).href)};
    const keys = ensureKeys(${JSON.stringify(state())}, {});
    process.stdout.write(Buffer.from(keys.recordKey).toString('hex') + ' ' + pubkeyText(keys.signingKey));`;
  const run = promisify(execFile);
  const outputs = await Promise.all(Array.from({ length: 8 }, () => run(process.execPath, ['--input-type=module', '-e', code])));
  expect(outputs[0]?.stdout).toMatch(/^[0-9a-f]{64} \S+$/);
  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
  expect(readdirSync(state()).toSorted()).toEqual(['record.key', 'signing.key']);
});
