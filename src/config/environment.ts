import type { KeyObject } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseIssuer, parseOtlp, parsePort, parseRedisUrl } from './addresses.ts';
import { parseRecordKey, parseSigningKey, parseSigningPubkey, pubkeyText } from './keys.ts';
import { variableReader } from './read-variable.ts';
import type { VariableProblem, VariableReader, Variables } from './read-variable.ts';
import { slackFrom } from './slack-environment.ts';
import type { SlackAccess } from './slack-environment.ts';
import { DEFAULT_OPS_PORT, DEFAULT_PORT, LOG_LEVELS } from './variables.ts';
import type { LogLevel, VariableName } from './variables.ts';

/** What the environment says to every kind of process. */
export interface CommonEnvironment {
  /** Unset: adopt or start a private server in `stateDir`. */
  readonly redisUrl?: string;
  readonly kubeconfig?: string;
  /** KDEBUG_CONFIG; unset: `settingsFile` looks in the usual places. */
  readonly configFile?: string;
  readonly stateDir: string;
  readonly port: number;
  readonly opsPort: number;
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly otlpEndpoint?: string;
  readonly logLevel: LogLevel;
  /** For the log: nothing is wrong, but somebody may be surprised. */
  readonly warnings: readonly string[];
}

/** What each kind of process must have. `start` makes missing keys itself (keys.ts); a worker never holds a Slack token. */
export type ProcessEnvironment = CommonEnvironment &
  (
    | { readonly role: 'start'; readonly slack: SlackAccess; readonly keys: { readonly recordKey?: Uint8Array; readonly signingKey?: KeyObject } }
    | { readonly role: 'serve'; readonly slack: SlackAccess; readonly keys: { readonly recordKey: Uint8Array; readonly signingKey: KeyObject } }
    | { readonly role: 'worker'; readonly keys: { readonly recordKey: Uint8Array; readonly signingPubkey: KeyObject } }
  );

export type Requirements = ProcessEnvironment['role'];

export type EnvironmentRead<Role extends Requirements> =
  | { readonly ok: true; readonly environment: Extract<ProcessEnvironment, { readonly role: Role }> }
  | { readonly ok: false; readonly problems: readonly VariableProblem[] };

const NO_KEY: Readonly<Record<'KDEBUG_RECORD_KEY' | 'KDEBUG_SIGNING_KEY' | 'KDEBUG_SIGNING_PUBKEY', string>> = {
  KDEBUG_RECORD_KEY: 'is not set, and serve and worker must share one; write the output of: openssl rand -hex 32',
  KDEBUG_SIGNING_KEY: 'is not set; write the output of: openssl genpkey -algorithm ed25519 -outform DER | base64 -w0',
  KDEBUG_SIGNING_PUBKEY: 'is not set; write the public half of serve’s KDEBUG_SIGNING_KEY',
};

const need = (reader: VariableReader, name: keyof typeof NO_KEY): void => {
  if (reader.text(name) === undefined && !reader.problems.some(({ variable }) => variable.startsWith(name))) reader.refuse(name, NO_KEY[name]);
};

const keysFrom = (reader: VariableReader) => {
  const recordKey = reader.read('KDEBUG_RECORD_KEY', parseRecordKey, 'is not 32 bytes or more in hex; write the output of: openssl rand -hex 32');
  const signingKey = reader.read('KDEBUG_SIGNING_KEY', parseSigningKey, 'is not an Ed25519 private key; write base64 of its 32 bytes or of its DER (PKCS #8)');
  const signingPubkey = reader.read('KDEBUG_SIGNING_PUBKEY', parseSigningPubkey, 'is not an Ed25519 public key; write base64 of its 32 bytes or of its DER (SubjectPublicKeyInfo)');
  if (signingKey !== undefined && signingPubkey !== undefined && pubkeyText(signingKey) !== pubkeyText(signingPubkey)) {
    reader.refuse('KDEBUG_SIGNING_PUBKEY', `is not the public half of KDEBUG_SIGNING_KEY; write ${pubkeyText(signingKey)}`);
  }
  return { recordKey, signingKey, signingPubkey };
};

/** Kubernetes sets such a value for a Service named kdebug-ops: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables. */
const portMessage = (value: string | undefined): string =>
  value?.startsWith('tcp://') === true
    ? 'was set by Kubernetes for a Service of that name; set enableServiceLinks: false in the pod'
    : 'is not a port; write a number from 0 to 65535 (0: any free port)';

const portFrom = (reader: VariableReader, name: 'PORT' | 'KDEBUG_OPS_PORT', unset: number): number =>
  reader.read(name, parsePort, portMessage(reader.text(name))) ?? unset;

const OIDC = ['KDEBUG_OIDC_ISSUER', 'KDEBUG_OIDC_CLIENT_ID', 'KDEBUG_OIDC_CLIENT_SECRET'] as const satisfies readonly VariableName[];

const oidcFrom = (reader: VariableReader): CommonEnvironment['oidc'] => {
  const given = OIDC.filter((name) => reader.text(name) !== undefined);
  const missing = OIDC.filter((name) => !given.includes(name));
  if (given.length > 0) for (const name of missing) reader.refuse(name, `is not set, but ${given.join(' and ')} is; set all three or none`);
  const issuer = reader.read('KDEBUG_OIDC_ISSUER', parseIssuer, 'is not an https address; write the issuer, such as https://login.example.org');
  const clientId = reader.text('KDEBUG_OIDC_CLIENT_ID');
  const clientSecret = reader.text('KDEBUG_OIDC_CLIENT_SECRET');
  return issuer === undefined || clientId === undefined || clientSecret === undefined ? undefined : { issuer, clientId, clientSecret };
};

const stateDirFrom = (reader: VariableReader, env: Variables): string => {
  const given = reader.text('KDEBUG_STATE_DIR');
  if (given !== undefined) return given;
  // The XDG specification says that a relative path is to be ignored.
  const base = env['XDG_STATE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(env['HOME'] || homedir(), '.local', 'state'), 'kdebug');
};

const commonFrom = (reader: VariableReader, env: Variables): Omit<CommonEnvironment, 'warnings'> => {
  const port = portFrom(reader, 'PORT', DEFAULT_PORT);
  const opsPort = portFrom(reader, 'KDEBUG_OPS_PORT', DEFAULT_OPS_PORT);
  if (port === opsPort && port !== 0) reader.refuse('KDEBUG_OPS_PORT', `is ${opsPort}, and so is PORT; write two different ports`);
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    reader.refuse('NODE_TLS_REJECT_UNAUTHORIZED', 'is 0, so that anybody could answer for Slack and Kubernetes; unset it, and name your own CA in NODE_EXTRA_CA_CERTS');
  }
  const level = (text: string): LogLevel | undefined => LOG_LEVELS.find((known) => known === text.toLowerCase());
  return {
    ...optional('redisUrl', reader.read('REDIS_URL', parseRedisUrl, 'is not an address of Redis; write redis://host:6379, rediss://host:6379 or unix:/path/to/socket')),
    ...optional('kubeconfig', reader.text('KUBECONFIG')),
    ...optional('configFile', reader.text('KDEBUG_CONFIG')),
    stateDir: stateDirFrom(reader, env),
    port,
    opsPort,
    ...optional('oidc', oidcFrom(reader)),
    ...optional('otlpEndpoint', reader.read('OTEL_EXPORTER_OTLP_ENDPOINT', parseOtlp, 'is not an http or https address; write the collector’s, such as http://localhost:4318')),
    logLevel: reader.read('LOG_LEVEL', level, `is not a level; write ${LOG_LEVELS.join(', ')}`) ?? 'info',
  };
};

const optional = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };

const SLACK_SECRETS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const satisfies readonly VariableName[];

const workerWarnings = (env: Variables): readonly string[] =>
  SLACK_SECRETS.filter((name) => Boolean(env[name]) || Boolean(env[`${name}_FILE`])).map((name) => `${name} is set, but a worker never talks to Slack; take it out of this process`);

const processFrom = (reader: VariableReader, env: Variables, role: Requirements): ProcessEnvironment | undefined => {
  const common = commonFrom(reader, env);
  const { recordKey, signingKey, signingPubkey } = keysFrom(reader);
  if (role !== 'start') need(reader, 'KDEBUG_RECORD_KEY');
  if (role === 'worker') {
    need(reader, 'KDEBUG_SIGNING_PUBKEY');
    if (recordKey === undefined || signingPubkey === undefined) return undefined;
    return { role, ...common, keys: { recordKey, signingPubkey }, warnings: workerWarnings(env) };
  }
  const { slack, warnings } = slackFrom(reader);
  if (role === 'serve') need(reader, 'KDEBUG_SIGNING_KEY');
  if (slack === undefined) return undefined;
  if (role === 'start') return { role, ...common, slack, keys: { ...optional('recordKey', recordKey), ...optional('signingKey', signingKey) }, warnings };
  return recordKey === undefined || signingKey === undefined ? undefined : { role, ...common, slack, keys: { recordKey, signingKey }, warnings };
};

/**
 * The environment as a typed value, or every problem in it. `readFile` serves the `…_FILE` forms and throws when a file
 * cannot be read. No message ever holds a value that may be secret.
 */
export const readEnvironment = <Role extends Requirements>(env: Variables, readFile: (path: string) => string, requirements: Role): EnvironmentRead<Role> => {
  const reader = variableReader(env, readFile);
  const environment = processFrom(reader, env, requirements);
  if (environment === undefined || reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const { otlpEndpoint, warnings } = environment;
  const surprising = otlpEndpoint === undefined ? warnings : [...warnings, 'OTEL_EXPORTER_OTLP_ENDPOINT is set, and this version of kdebug sends no traces'];
  return { ok: true, environment: { ...environment, warnings: surprising } as Extract<ProcessEnvironment, { readonly role: Role }> };
};

export const SETTINGS_FILES = ['./kdebug.yaml', '/etc/kdebug/kdebug.yaml'] as const;

/** The kdebug.yaml to read: the one that was named, else the first of the usual places that exists. */
export const settingsFile = (named: string | undefined, exists: (path: string) => boolean): string => named ?? SETTINGS_FILES.find(exists) ?? SETTINGS_FILES[0];
