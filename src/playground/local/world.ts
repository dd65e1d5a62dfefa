import { randomBytes, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeSlack } from '../slack/server.ts';
import type { FakeSlack, FakeSlackOptions } from '../slack/options.ts';
import { mergedKubeconfig } from '../cluster/kubeconfig.ts';
import { startLocalCluster, type LocalCluster, type LocalClusterOptions } from './cluster.ts';
import { freePort } from './free-port.ts';
import { startProcess, type LocalProcess } from './process.ts';
import { WORKER_TOKEN } from './rights.ts';

export interface LocalWorldOptions extends LocalClusterOptions {
  readonly slack?: FakeSlackOptions;
  /** Text of kdebug.yaml; absent: the example, on a Redis that keeps nothing. */
  readonly configuration?: string;
  /** Names of more clusters like the first, each a context of the one kubeconfig. */
  readonly others?: readonly string[];
  /** Of each cluster, where kdebug is told it is; absent: where it is. */
  readonly reachedAt?: (cluster: string, url: string) => string | Promise<string>;
  /** Absent: Socket Mode. */
  readonly transport?: 'socket' | 'http';
  readonly env?: Readonly<Record<string, string>>;
}

/** Everything kdebug needs of the world, on this machine: a Slack, a cluster, and the environment to start it with. */
export interface LocalWorld extends LocalCluster {
  readonly slack: FakeSlack;
  readonly others: ReadonlyMap<string, LocalCluster>;
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts `kdebug start`, `kdebug serve` or `kdebug worker …` and waits until it is ready. */
  start(kdebugArguments: readonly string[], env?: Readonly<Record<string, string>>): Promise<LocalProcess>;
  /** Ends the processes, then the world, and removes the state folder. */
  close(): Promise<void>;
}

const EXAMPLE = new URL('../../../deploy/kdebug.example.yaml', import.meta.url);

/** The example as it is, but on a Redis that need not survive, as a demo's and a test's does not. */
export const exampleConfiguration = (): string => readFileSync(EXAMPLE, 'utf8').replace('durability: required', 'durability: none    ');

export const startLocalWorld = async (options: LocalWorldOptions): Promise<LocalWorld> => {
  const stateDir = mkdtempSync(join(tmpdir(), 'kdebug-'));
  const names = options.others ?? [];
  const [slack, local, ...more] = await Promise.all([startFakeSlack(options.slack), startLocalCluster(options), ...names.map((name) => startLocalCluster({ ...options, name }))]);
  const others = new Map(more.map((one, index) => [names[index] ?? '', one]));
  writeFileSync(join(stateDir, 'kdebug.yaml'), options.configuration ?? exampleConfiguration());
  writeFileSync(join(stateDir, 'kubeconfig'), await kubeconfigFor([['main', local], ...others], options), { mode: 0o600 });
  const env = { ...environment(slack, stateDir, options.transport ?? 'socket'), ...options.env };
  const processes = new Set<LocalProcess>();
  return {
    ...local, slack, others, stateDir, env,
    start: async (kdebugArguments, more) => {
      const port = await freePort();
      const ports = { PORT: String(port), KDEBUG_OPS_PORT: String(await freePort(port)) };
      const started = await startProcess(kdebugArguments, { ...env, ...ports, ...more });
      processes.add(started);
      if (options.transport === 'http' && kdebugArguments[0] !== 'worker') await slack.connectApp(`http://127.0.0.1:${more?.['PORT'] ?? ports.PORT}/slack/events`);
      return started;
    },
    close: async () => {
      await Promise.all([...processes].map((one) => one.end('SIGTERM')));
      await Promise.all([slack.close(), local.cluster.close(), ...more.map(({ cluster }) => cluster.close())]);
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
};

const kubeconfigFor = async (clusters: readonly (readonly [string, LocalCluster])[], { reachedAt = (_name, url) => url }: LocalWorldOptions): Promise<string> =>
  mergedKubeconfig(await Promise.all(clusters.map(async ([name, { cluster }]) => cluster.kubeconfig(WORKER_TOKEN).replace(cluster.url, await reachedAt(name, cluster.url)))));

const environment = (slack: FakeSlack, stateDir: string, transport: 'socket' | 'http'): Record<string, string> => ({
  SLACK_BOT_TOKEN: slack.botToken,
  ...(transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
  SLACK_API_URL: slack.apiUrl,
  KUBECONFIG: join(stateDir, 'kubeconfig'),
  KDEBUG_CONFIG: join(stateDir, 'kdebug.yaml'),
  KDEBUG_STATE_DIR: stateDir,
  LOG_LEVEL: 'info',
  ...keys(),
});

/** Of this world only; serve and worker apart must be given theirs. */
const keys = (): Record<string, string> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    KDEBUG_RECORD_KEY: randomBytes(32).toString('hex'),
    KDEBUG_SIGNING_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    KDEBUG_SIGNING_PUBKEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};
