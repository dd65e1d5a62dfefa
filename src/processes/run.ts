import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { loadSettings } from '../config/commands.ts';
import { readEnvironment, settingsFile, type ProcessEnvironment, type Requirements } from '../config/environment.ts';
import { ensureKeys } from '../config/keys.ts';
import { printProblem } from '../config/problem.ts';
import { printVariableProblem } from '../config/read-variable.ts';
import { readStepUpAddress } from '../config/step-up-address.ts';
import type { Settings } from '../config/settings.ts';
import { keysUnder } from '../adapters/redis/keys.ts';
import { parseClusterName, type ClusterName } from '../domain/names.ts';
import { startHealth, type Checks } from '../ops/health.ts';
import { createLog } from '../ops/log.ts';
import { collectMetrics } from '../ops/metrics.ts';
import { createRecordKeys } from '../ops/record-keys.ts';
import type { Ground, Part, ServeGround, WorkerGround } from './part.ts';
import { StartError } from './start-error.ts';
import { openRedis, type RedisConnections } from './redis.ts';

const GRACE_MS = 20_000;
/** After this the process ends whatever still runs; others adopt it. */
const EXIT_WITHIN_MS = 25_000;

export interface RunOptions {
  readonly role: Requirements;
  /** Of a worker. */
  readonly cluster?: string;
  readonly version: string;
}

/** Starts one process and resolves once it is up; it ends on SIGTERM or SIGINT, in the reverse order. */
export const run = async ({ role, cluster, version }: RunOptions): Promise<void> => {
  const environment = environmentFor(role);
  const settings = settingsFor(environment.configFile);
  const name = role === 'worker' ? clusterNamed(cluster, settings) : undefined;
  const log = createLog(environment.logLevel, { role, ...(name !== undefined && { cluster: name }) });
  for (const warning of environment.warnings) log.warn({}, warning);
  const starting = new AbortController();
  const state: { parts: readonly Part[]; redis?: RedisConnections; isClosing: boolean } = { parts: [], isClosing: false };
  const checks = (of: 'alive' | 'ready' | 'clusters'): Checks => Object.fromEntries(state.parts.flatMap((part) => Object.entries(part[of] ?? {})));
  const health = await startHealth({
    port: environment.opsPort,
    alive: () => checks('alive'),
    ready: () => (state.isClosing || state.parts.length === 0 ? { process: () => (state.isClosing ? 'closing' : 'starting') } : checks('ready')),
    readyWithOneOf: () => checks('clusters'),
    metrics: collectMetrics,
  });
  closeWithGrace({ delay: EXIT_WITHIN_MS, logger: false }, async ({ err, signal }) => {
    log.info({ signal, ...(err && { error: err.message }) }, 'closing');
    state.isClosing = true;
    starting.abort();
    for (const part of state.parts.toReversed()) await part.close(GRACE_MS);
    await state.redis?.close();
    await health.close();
  });
  state.redis = await openRedis(environment.redisUrl, environment.stateDir, settings.redis.durability, log, starting.signal);
  const keys = keysOf(environment);
  const ground: Ground = { settings, log, redis: state.redis, keys: keysUnder(), version, seals: createRecordKeys(keys.recordKey) };
  state.parts = await startParts(environment, keys, ground, name);
  log.info({ ops: health.port, policy: settings.policy.version.slice(0, 8) }, 'started');
};

const environmentFor = <Role extends Requirements>(role: Role): Extract<ProcessEnvironment, { readonly role: Role }> => {
  const read = readEnvironment(process.env, (path) => readFileSync(path, 'utf8'), role);
  if (!read.ok) throw new StartError(read.problems.map(printVariableProblem));
  return read.environment;
};

const settingsFor = (configFile: string | undefined): Settings => {
  const loaded = loadSettings(settingsFile(configFile, existsSync));
  if (!loaded.ok) throw new StartError(loaded.problems.map(printProblem));
  return loaded.settings;
};

const clusterNamed = (cluster: string | undefined, settings: Settings): ClusterName => {
  const name = parseClusterName(cluster);
  if (name !== undefined && settings.clusters.some((one) => one.name === name)) return name;
  throw new StartError([`--cluster ${cluster ?? ''}: there is no such cluster in kdebug.yaml; write one of: ${settings.clusters.map((one) => one.name).join(', ')}`]);
};

interface ProcessKeys {
  readonly recordKey: Uint8Array;
  /** Of serve only. */
  readonly signingKey?: KeyObject;
  readonly signingPubkey: KeyObject;
}

/** `start` makes what is missing in its state folder; serve and worker apart were given theirs. */
const keysOf = (environment: ProcessEnvironment): ProcessKeys => {
  if (environment.role === 'worker') return environment.keys;
  const { recordKey, signingKey } = environment.role === 'start' ? ensureKeys(environment.stateDir, environment.keys) : environment.keys;
  return { recordKey, signingKey, signingPubkey: createPublicKey(signingKey) };
};

/** Each half loads its own libraries: a worker never loads Bolt, serve never the Kubernetes client. */
const startParts = async (environment: ProcessEnvironment, { signingKey, signingPubkey }: ProcessKeys, ground: Ground, cluster: ClusterName | undefined): Promise<readonly Part[]> => {
  const names = environment.role === 'start' ? ground.settings.clusters.map((one) => one.name) : cluster === undefined ? [] : [cluster];
  const { kubeconfig } = environment;
  return Promise.all([
    ...(environment.role !== 'worker' && signingKey ? [serve({ ...ground, slack: environment.slack, port: environment.port, signingKey, segmentsDir: segmentsDirOf(environment), ...stepUpOf(environment) })] : []),
    ...names.map((name) => worker({ ...ground, kubeconfig, signingPubkey, secrets: ownSecrets() }, name)),
  ]);
};

/** `start` keeps its state folder for good; a serve apart seals only where somebody made the folder on a disk that lasts. */
const segmentsDirOf = ({ role, stateDir }: ProcessEnvironment): string => {
  const folder = join(stateDir, 'ledger');
  if (role === 'start') mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
};

/** `origin` is in the state folder, beside what else belongs to this installation: docs/step-up.md. */
const stepUpOf = ({ oidc, stateDir }: ProcessEnvironment): Pick<ServeGround, 'stepUp'> => {
  if (!oidc) return {};
  const read = readStepUpAddress(stateDir, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
  if (!read.ok) throw new StartError([read.problem]);
  return { stepUp: { ...oidc, origin: read.origin } };
};

const serve = async (ground: ServeGround): Promise<Part> => (await import('./serve.ts')).startServePart(ground);
const worker = async (ground: WorkerGround, name: ClusterName): Promise<Part> => (await import('./worker.ts')).startWorkerPart(ground, name);

const SECRET_NAMES = /TOKEN|SECRET|_KEY$|REDIS_URL/;
const SECRET_CHARS_MIN = 12;

const ownSecrets = (): readonly string[] =>
  Object.entries(process.env).flatMap(([name, value]) => (SECRET_NAMES.test(name) && value !== undefined && value.length >= SECRET_CHARS_MIN ? [value] : []));

