import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { patchIn, workload } from './manifests.ts';

const keys = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { format: 'der', type: 'pkcs8' }, publicKeyEncoding: { format: 'der', type: 'spki' },
});

/** What the mounted secrets would hold. */
const FILES: Readonly<Record<string, string>> = {
  '/run/secrets/redis/url': 'redis://:password@valkey:6379',
  '/run/secrets/slack/bot-token': 'xoxb-1-2-example',
  '/run/secrets/slack/app-token': 'xapp-1-A1-1-example',
  '/run/secrets/slack/signing-secret': '0123456789abcdef0123456789abcdef',
  '/run/secrets/keys/record.key': 'ab'.repeat(32),
  '/run/secrets/signing/signing.key': keys.privateKey.toString('base64'),
  '/run/secrets/keys/signing.pub': keys.publicKey.toString('base64'),
};

const readSecret = (path: string): string => {
  const text = FILES[path];
  if (text === undefined) throw new Error(`no secret is mounted at ${path}`);
  return text;
};

interface Variable {
  readonly name: string;
  readonly value?: string;
}

const environmentOf = (name: string, patch?: string): Record<string, string> => {
  const own: readonly Variable[] = workload(name).spec.template.spec.containers[0]?.env ?? [];
  const added = patch === undefined ? [] : patchIn(patch).filter(({ path }) => path.endsWith('/env/-')).map(({ value }) => value as Variable);
  return Object.fromEntries([...own, ...added].map((variable) => [variable.name, variable.value ?? '']));
};

test.each([
  ['kdebug-serve', 'serve', 'overlays/socket-mode/app-token.yaml'],
  ['kdebug-serve', 'serve', 'overlays/http/signing-secret.yaml'],
  ['kdebug-worker', 'worker', undefined],
] as const)('%s starts as %s with %s: kdebug finds nothing missing and nothing wrong', (name, role, patch) => {
  const read = readEnvironment(environmentOf(name, patch), readSecret, role);
  expect(read.ok ? [] : read.problems).toEqual([]);
});

test('without an overlay serve has no way into Slack, and says so', () => {
  expect(readEnvironment(environmentOf('kdebug-serve'), readSecret, 'serve').ok).toBe(false);
});
