import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment, settingsFile } from '../../src/config/environment.ts';
import type { Requirements } from '../../src/config/environment.ts';
import { pubkeyText } from '../../src/config/keys.ts';
import { printVariableProblem } from '../../src/config/read-variable.ts';
import type { Variables } from '../../src/config/read-variable.ts';
import { VARIABLE_NAMES, VARIABLES } from '../../src/config/variables.ts';

const pair = generateKeyPairSync('ed25519');
const PKCS8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const SPKI = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const RECORD = 'ab'.repeat(32);
const OTHER = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_APP_TOKEN: 'xapp-1-secret' };
const SERVE = { ...SLACK, KDEBUG_RECORD_KEY: RECORD, KDEBUG_SIGNING_KEY: PKCS8 };
const WORKER = { KDEBUG_RECORD_KEY: RECORD, KDEBUG_SIGNING_PUBKEY: SPKI };
const HOME = { HOME: '/home/sre' };

const FILES: Readonly<Record<string, string>> = { '/run/bot': 'xoxb-from-file\n', '/run/redis': 'redis://:pw@db:6379\r\n', '/run/empty': '\n', '/run/long': 'x'.repeat(20_000) };
const readFile = (path: string): string => {
  const text = FILES[path];
  if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' });
  return text;
};

const good = <Role extends Requirements>(env: Variables, role: Role) => {
  const read = readEnvironment({ ...HOME, ...env }, readFile, role);
  if (!read.ok) throw new Error(read.problems.map(printVariableProblem).join('\n'));
  return read.environment;
};

const bad = (env: Variables, role: Requirements): readonly string[] => {
  const read = readEnvironment({ ...HOME, ...env }, readFile, role);
  return read.ok ? [] : read.problems.map(printVariableProblem);
};

test('two Slack tokens are enough to start', () => {
  expect(good(SLACK, 'start')).toEqual({
    role: 'start', slack: { botToken: 'xoxb-1-secret', transport: { kind: 'socket', appToken: 'xapp-1-secret', bothGiven: false } },
    keys: {}, stateDir: '/home/sre/.local/state/kdebug', port: 3_000, opsPort: 9_090, logLevel: 'info', warnings: [],
  });
});

test('every variable has its place', () => {
  const environment = good({
    ...SERVE, SLACK_API_URL: 'http://127.0.0.1:4003/api/', REDIS_URL: 'unix:/run/redis.sock', KUBECONFIG: '/k', KDEBUG_CONFIG: '/c.yaml', KDEBUG_STATE_DIR: '/state', PORT: '80',
    KDEBUG_OPS_PORT: '81', KDEBUG_SIGNING_PUBKEY: SPKI, KDEBUG_OIDC_ISSUER: 'https://login.example.org', KDEBUG_OIDC_CLIENT_ID: 'kdebug', KDEBUG_OIDC_CLIENT_SECRET: 's',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', LOG_LEVEL: 'debug',
  }, 'serve');
  expect(environment).toMatchObject({
    role: 'serve', slack: { apiUrl: 'http://127.0.0.1:4003/api/' }, redisUrl: 'unix:/run/redis.sock', kubeconfig: '/k', configFile: '/c.yaml', stateDir: '/state', port: 80, opsPort: 81,
    oidc: { issuer: 'https://login.example.org', clientId: 'kdebug', clientSecret: 's' }, otlpEndpoint: 'http://otel:4318', logLevel: 'debug',
  });
  expect(Buffer.from(environment.keys.recordKey).toString('hex')).toBe(RECORD);
  expect(pubkeyText(environment.keys.signingKey)).toBe(pubkeyText(pair.publicKey));
});

test('the app token wins over a signing secret, and that is said', () => {
  const { slack, warnings } = good({ ...SLACK, SLACK_SIGNING_SECRET: 'abc123' }, 'start');
  expect(slack.transport).toEqual({ kind: 'socket', appToken: 'xapp-1-secret', bothGiven: true });
  expect(warnings).toEqual(['SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: Socket Mode is used, the signing secret is not']);
});

test('a signing secret alone means HTTP mode, an empty app token counts as unset', () => {
  const { slack } = good({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc123' }, 'start');
  expect(slack.transport).toEqual({ kind: 'http', signingSecret: 'abc123' });
});

test('secrets and REDIS_URL may stand in files, their last line break is dropped', () => {
  const { slack, redisUrl } = good({ ...SLACK, SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: '/run/bot', REDIS_URL_FILE: '/run/redis' }, 'start');
  expect(slack.botToken).toBe('xoxb-from-file');
  expect(redisUrl).toBe('redis://:pw@db:6379');
});

test('a worker needs no Slack token, and is told when it holds one', () => {
  expect(good(WORKER, 'worker')).not.toHaveProperty('slack');
  expect(good({ ...WORKER, SLACK_BOT_TOKEN_FILE: '/run/bot' }, 'worker').warnings).toEqual(['SLACK_BOT_TOKEN is set, but a worker never talks to Slack; take it out of this process']);
});

test('raw keys of 32 bytes are read as DER is', () => {
  const raw = Buffer.from(PKCS8, 'base64').subarray(-32).toString('base64');
  expect(pubkeyText(good({ ...SERVE, KDEBUG_SIGNING_KEY: raw }, 'serve').keys.signingKey)).toBe(pubkeyText(pair.publicKey));
  expect(pubkeyText(good({ ...WORKER, KDEBUG_SIGNING_PUBKEY: pubkeyText(pair.publicKey) }, 'worker').keys.signingPubkey)).toBe(pubkeyText(pair.publicKey));
});

test('the state folder follows XDG_STATE_HOME when that is absolute', () => {
  expect(good({ ...SLACK, XDG_STATE_HOME: '/xdg' }, 'start').stateDir).toBe('/xdg/kdebug');
  expect(good({ ...SLACK, XDG_STATE_HOME: 'xdg' }, 'start').stateDir).toBe('/home/sre/.local/state/kdebug');
});

test('kdebug.yaml: named, else here, else in /etc', () => {
  expect(settingsFile('/named.yaml', () => true)).toBe('/named.yaml');
  expect(settingsFile(undefined, () => true)).toBe('./kdebug.yaml');
  expect(settingsFile(undefined, (path) => path === '/etc/kdebug/kdebug.yaml')).toBe('/etc/kdebug/kdebug.yaml');
  expect(settingsFile(undefined, () => false)).toBe('./kdebug.yaml');
});

const NOT_SET = 'is not set, and neither is SLACK_SIGNING_SECRET; set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or the signing secret for HTTP mode';

test.each<[string, Requirements, Variables, readonly string[]]>([
  ['nothing at all', 'start', {}, ['SLACK_BOT_TOKEN: is not set; write the bot token of your Slack app (xoxb-…)', `SLACK_APP_TOKEN: ${NOT_SET}`]],
  ['no transport', 'start', { SLACK_BOT_TOKEN: 'xoxb-1' }, [`SLACK_APP_TOKEN: ${NOT_SET}`]],
  ['the two tokens swapped', 'start', { SLACK_BOT_TOKEN: 'xapp-1-secret', SLACK_APP_TOKEN: 'xoxb-1-secret' }, ['SLACK_BOT_TOKEN: is not a bot token; write the one that begins with xoxb-', 'SLACK_APP_TOKEN: is not an app-level token; write the one that begins with xapp-']],
  ['a bot token with a line break', 'start', { ...SLACK, SLACK_BOT_TOKEN: 'xoxb-se\ncret' }, ['SLACK_BOT_TOKEN: is not a bot token; write the one that begins with xoxb-']],
  ['a token in both forms', 'start', { ...SLACK, SLACK_BOT_TOKEN_FILE: '/run/bot' }, ['SLACK_BOT_TOKEN: is set, and so is SLACK_BOT_TOKEN_FILE; set one of them']],
  ['a file that is not there', 'start', { ...SLACK, SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: '/run/none' }, ['SLACK_BOT_TOKEN_FILE: there is no such file; name a file that holds the value']],
  ['an empty file', 'start', { ...SLACK, REDIS_URL_FILE: '/run/empty' }, ['REDIS_URL_FILE: the file is empty; write the value into it']],
  ['a long file', 'start', { ...SLACK, REDIS_URL_FILE: '/run/long' }, ['REDIS_URL_FILE: the file is longer than 16384 characters; name the file that holds only the value']],
  ['an API root without /api/', 'start', { ...SLACK, SLACK_API_URL: 'http://localhost:1/' }, ['SLACK_API_URL: is not a Web API root; write https://…/api/ with its final /api/ (http only on this machine)']],
  ['an API root in the clear', 'start', { ...SLACK, SLACK_API_URL: 'http://slack.example.org/api/' }, ['SLACK_API_URL: is not a Web API root; write https://…/api/ with its final /api/ (http only on this machine)']],
  ['a Redis address without a scheme', 'start', { ...SLACK, REDIS_URL: 'secret@db:6379' }, ['REDIS_URL: is not an address of Redis; write redis://host:6379, rediss://host:6379 or unix:/path/to/socket']],
  ['one port for both', 'start', { ...SLACK, PORT: '9090' }, ['KDEBUG_OPS_PORT: is 9090, and so is PORT; write two different ports']],
  ['a port of 70000', 'start', { ...SLACK, PORT: '70000' }, ['PORT: is not a port; write a number from 0 to 65535 (0: any free port)']],
  ['a port that Kubernetes set', 'start', { ...SLACK, KDEBUG_OPS_PORT: 'tcp://10.0.0.1:80' }, ['KDEBUG_OPS_PORT: was set by Kubernetes for a Service of that name; set enableServiceLinks: false in the pod']],
  ['certificates not verified', 'start', { ...SLACK, NODE_TLS_REJECT_UNAUTHORIZED: '0' }, ['NODE_TLS_REJECT_UNAUTHORIZED: is 0, so that anybody could answer for Slack and Kubernetes; unset it, and name your own CA in NODE_EXTRA_CA_CERTS']],
  ['a level that does not exist', 'start', { ...SLACK, LOG_LEVEL: 'loud' }, ['LOG_LEVEL: is not a level; write trace, debug, info, warn, error, fatal, silent']],
  ['two of three for the login', 'start', { ...SLACK, KDEBUG_OIDC_ISSUER: 'https://a.example', KDEBUG_OIDC_CLIENT_ID: 'a' }, ['KDEBUG_OIDC_CLIENT_SECRET: is not set, but KDEBUG_OIDC_ISSUER and KDEBUG_OIDC_CLIENT_ID is; set all three or none']],
  ['a short record key', 'start', { ...SLACK, KDEBUG_RECORD_KEY: 'ab'.repeat(31) }, ['KDEBUG_RECORD_KEY: is not 32 bytes or more in hex; write the output of: openssl rand -hex 32']],
  ['a public key as the private one', 'start', { ...SLACK, KDEBUG_SIGNING_KEY: SPKI }, ['KDEBUG_SIGNING_KEY: is not an Ed25519 private key; write base64 of its 32 bytes or of its DER (PKCS #8)']],
  ['keys that are no pair', 'start', { ...SLACK, KDEBUG_SIGNING_KEY: PKCS8, KDEBUG_SIGNING_PUBKEY: OTHER }, [`KDEBUG_SIGNING_PUBKEY: is not the public half of KDEBUG_SIGNING_KEY; write ${pubkeyText(pair.publicKey)}`]],
  ['serve without keys', 'serve', SLACK, ['KDEBUG_RECORD_KEY: is not set, and serve and worker must share one; write the output of: openssl rand -hex 32', 'KDEBUG_SIGNING_KEY: is not set; write the output of: openssl genpkey -algorithm ed25519 -outform DER | base64 -w0']],
  ['a worker without keys', 'worker', {}, ['KDEBUG_RECORD_KEY: is not set, and serve and worker must share one; write the output of: openssl rand -hex 32', 'KDEBUG_SIGNING_PUBKEY: is not set; write the public half of serve’s KDEBUG_SIGNING_KEY']],
])('%s (%s)', (_, role, env, says) => {
  expect(bad(env, role)).toEqual(says);
});

test('no message holds the value of a secret', () => {
  const secret = 'Zq9-hidden';
  const env = Object.fromEntries(VARIABLES.map(({ name }) => [name, `${secret} x`]));
  for (const role of ['start', 'serve', 'worker'] as const) {
    const says = bad(env, role);
    expect(says.length).toBeGreaterThan(4);
    expect(says.join('\n')).not.toContain(secret);
  }
});

test('.env.example lists exactly the variables that are read, each with a line above it', () => {
  const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');
  const listed = lines.map((line) => /^(?:# )?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1]).filter((name) => name !== undefined);
  expect(listed.toSorted()).toEqual([...VARIABLE_NAMES].sort());
  const unexplained = lines.filter((line, index) => /^(?:# )?[A-Z][A-Z0-9_]+=/.test(line) && !line.includes('_FILE=') && !/^# [^=]{5,}$/.test(lines[index - 1] ?? ''));
  expect(unexplained).toEqual([]);
});

test('the environment is read by those names and no other', () => {
  const sources = readdirSync(new URL('../../src/config/', import.meta.url)).filter((file) => file.endsWith('.ts') && file !== 'variables.ts');
  expect(sources.length).toBeGreaterThan(10);
  const text = sources.map((file) => readFileSync(new URL(`../../src/config/${file}`, import.meta.url), 'utf8')).join('\n');
  const read = new Set(Array.from(text.matchAll(/(?:text|read)\(\s*'([A-Z_]+)'|portFrom\(reader, '([A-Z_]+)'|'(KDEBUG_OIDC_[A-Z_]+)'/g), ([, one, two, three]) => one ?? two ?? three ?? ''));
  expect(Array.from(read).toSorted()).toEqual(VARIABLES.map(({ name }) => name as string).toSorted());
});

test('docs/configuration.md explains every variable and every section', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  expect(VARIABLES.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const sections = ['clusters', 'images', 'presets', 'environments', 'rules', 'channels', 'identity', 'break_glass', 'redis', 'limits', 'redaction'];
  expect(sections.filter((section) => !page.includes(`### ${section}\n`))).toEqual([]);
});
