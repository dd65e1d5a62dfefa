/** Everything that a scene needs, real processes all: Slack here, cluster, Redis and kdebug each in its own. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRedis, type EmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { startProcess, type LocalProcess } from '../../src/playground/local/process.ts';
import type { FakeSlack } from '../../src/playground/slack/options.ts';
import { startFakeSlack } from '../../src/playground/slack/server.ts';
import type { Scene } from '../scenarios.ts';
import { hostCluster, type HostedCluster } from './cluster.ts';
import { configurationOf, NAMESPACE_OF, podsOf, workspaceOf } from './workspace.ts';

export interface BenchWorld {
  readonly scene: Scene;
  readonly slack: FakeSlack;
  readonly cluster: HostedCluster;
  readonly redis: EmbeddedRedis;
  readonly env: Readonly<Record<string, string>>;
  start(kdebugArguments: readonly string[], env?: Readonly<Record<string, string>>): Promise<LocalProcess>;
  /** Ended with the world, before its Slack, cluster and Redis. */
  alsoEnd(end: () => Promise<unknown>): void;
  close(): Promise<void>;
}

type Parts = Pick<BenchWorld, 'slack' | 'cluster' | 'redis'>;
type Endings = (() => Promise<unknown>)[];

/** In turn, each with its end noted at once: when one does not start, those before it are ended. */
const open = async (scene: Scene, stateDir: string, endings: Endings): Promise<Parts> => {
  endings.push(() => rm(stateDir, { recursive: true, force: true }));
  const redis = await openEmbeddedRedis({ stateDir, appendfsync: 'always', persistent: scene.durability !== 'keeps nothing' });
  endings.push(() => redis.stop({ evenIfUsed: true }));
  const cluster = await hostCluster({ pods: podsOf(scene), namespaces: Object.values(NAMESPACE_OF), pace: scene.pace });
  endings.push(() => cluster.close());
  const slack = await startFakeSlack({ seed: workspaceOf(scene), metering: 'unmetered' });
  endings.push(() => slack.close());
  return { slack, cluster, redis };
};

const inReverse = async (endings: Endings): Promise<void> => {
  for (const end of endings.toReversed()) await end();
};

const opened = async (scene: Scene, stateDir: string, endings: Endings): Promise<Parts> => {
  try {
    return await open(scene, stateDir, endings);
  } catch (error) {
    await inReverse(endings);
    throw error;
  }
};

/** `profileDir`: every kdebug process writes a CPU profile there when it ends. */
export const openBenchWorld = async (scene: Scene, profileDir?: string): Promise<BenchWorld> => {
  const [stateDir, endings]: [string, Endings] = [mkdtempSync(join(tmpdir(), 'kdebug-bench-')), []];
  const parts = await opened(scene, stateDir, endings);
  writeFileSync(join(stateDir, 'kdebug.yaml'), configurationOf(scene));
  writeFileSync(join(stateDir, 'kubeconfig'), parts.cluster.kubeconfig, { mode: 0o600 });
  const profile: Record<string, string> = profileDir === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileDir}` };
  const env = { ...environmentOf(parts, stateDir), ...profile };
  return {
    ...parts, scene, env,
    start: async (kdebugArguments, more) => {
      const ports = { PORT: String(await freePort()), KDEBUG_OPS_PORT: String(await freePort()) };
      const started = await startProcess(kdebugArguments, { ...env, ...ports, ...more });
      endings.push(() => started.end('SIGTERM'));
      return started;
    },
    alsoEnd: (end) => { endings.push(end); },
    close: () => inReverse(endings),
  };
};

/** Opens, uses and closes, whatever happens. */
export const withWorld = async <Result>(scene: Scene, profileDir: string | undefined, use: (world: BenchWorld) => Promise<Result>): Promise<Result> => {
  const world = await openBenchWorld(scene, profileDir);
  try {
    return await use(world);
  } finally {
    await world.close();
  }
};

const environmentOf = ({ slack, redis }: Pick<BenchWorld, 'slack' | 'redis'>, stateDir: string): Record<string, string> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    KUBECONFIG: join(stateDir, 'kubeconfig'),
    KDEBUG_CONFIG: join(stateDir, 'kdebug.yaml'),
    KDEBUG_STATE_DIR: stateDir,
    LOG_LEVEL: 'info',
    KDEBUG_RECORD_KEY: randomBytes(32).toString('hex'),
    KDEBUG_SIGNING_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    KDEBUG_SIGNING_PUBKEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => { resolve(port); });
  });
});
