/**
 * Canaries: secrets in the environment of pods, printed by many commands in many ways, and looked for wherever kdebug
 * writes. Each is of a documented kind (docs/redaction.md).
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectProducer } from '../../src/adapters/redis/client.ts';
import { openEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { parseRequestId, type RequestId } from '../../src/domain/names.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { ALICE, BOB, INCIDENT, openStage, OPS, type Stage } from './stage.ts';

/** A pod takes 50 ephemeral containers. */
const RUNS_PER_POD_MAX = 40;
/** More, and a busy machine does not accept in time. */
const AT_ONCE = 4;
const BATCH = 12;
const [ASK_TRIES_MAX, ASK_AGAIN_MS] = [5, 500];
/** kdebug posts about once a second to a channel. */
const TOLD_WITHIN_MS = 600_000;
const PLACES = [[BOB, OPS], [ALICE, INCIDENT]] as const;

const chars = (count: number): string => randomBytes(2 * count).toString('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, count);
const upper = (count: number): string => Array.from(randomBytes(count), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
const part = (json: string): string => Buffer.from(json).toString('base64url');

export interface Canary {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** What nobody may see, by kind. */
  readonly secrets: Readonly<Record<string, string>>;
}

export const createCanary = (): Canary => {
  const [password, bearer, claims, keyId, secretKey] = [`c7${chars(18)}`, `b3${chars(30)}`, part(chars(18)), upper(16), `a1${chars(38)}`];
  const signature = chars(86);
  return {
    secrets: { password, bearer, claims, signature, 'AWS key id': keyId, 'AWS secret key': secretKey },
    env: [
      { name: 'DB_PASSWORD', value: password }, { name: 'UPSTREAM', value: `Authorization: Bearer ${bearer}` }, { name: 'SESSION', value: `${part('{"alg":"RS256"}')}.${part('{"sub": "')}${claims}${part('"}')}.${signature}` },
      { name: 'AWS_ACCESS_KEY_ID', value: `AKIA${keyId}` }, { name: 'AWS_SECRET_ACCESS_KEY', value: secretKey },
    ],
  };
};

/** How a person prints them, by accident or not. */
export const COMMANDS: readonly string[] = [
  'cat /proc/1/environ',
  `sh -c "tr '\\\\0' '\\\\n' < /proc/1/environ"`,
  `sh -c "xargs -0 env -i < /proc/1/environ"`,
  'base64 /proc/1/environ',
  'grep -a PASSWORD /proc/1/environ',
  `sh -c "cat /proc/1/environ >&2; exit 3"`,
  `sh -c "tr '\\\\0' '\\\\n' < /proc/1/environ | sed 's/^/level=error msg=/'"`,
  `sh -c "printf '\\\\033[31m'; cat /proc/1/environ; printf '\\\\033[0m'"`,
  `sh -c "tr '\\\\0' '\\\\n' < /proc/1/environ | sed 's/=/: /; s/^/  /'"`,
  `sh -c "yes \\"$(tr '\\\\0' '\\\\n' < /proc/1/environ)\\" | head -c 1500000"`,
];

/** Every form in which a piece of a secret could stand: as it is, in hex, in base64 at each of the three alignments. */
const formsOf = (secret: string): readonly string[] => [
  secret, Buffer.from(secret).toString('hex'),
  ...[0, 1, 2].map((shift) => Buffer.from(`${'\u0000'.repeat(shift)}${secret}`).toString('base64').replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -2)),
];
const PIECE_CHARS = 8;
const STEP_CHARS = 3;

const piecesOf = (form: string): readonly string[] =>
  Array.from({ length: Math.max(0, Math.floor((form.length - PIECE_CHARS) / STEP_CHARS) + 1) }, (_, index) => form.slice(index * STEP_CHARS, index * STEP_CHARS + PIECE_CHARS));

/** `where: kind` for each secret of which a piece of ten characters stands in the text. */
export const findCanary = ({ secrets }: Canary, where: string, text: string): readonly string[] =>
  Object.entries(secrets).filter(([, secret]) => formsOf(secret).some((form) => piecesOf(form).some((piece) => text.includes(piece)))).map(([kind]) => `${where}: ${kind}`);

const raised = (configuration: string): string =>
  configuration.replace(/pending_per_person: \d+/, 'pending_per_person: 20').replace(/commands_per_person: \d+/, 'commands_per_person: 1000').replace(/commands_per_channel: \d+/, 'commands_per_channel: 1000').replace(/commands_total: \d+/, 'commands_total: 1000');

/** A busy machine may not answer in time whether it took a command; the same text again is answered with the first request. */
const accepted = async (stage: Stage, person: string, channel: string, text: string): Promise<RequestId> => {
  for (let tries = 1; tries < ASK_TRIES_MAX; tries += 1) {
    // a connection that ends before the acknowledgement is such an answer too
    const told = await stage.slash(person, channel, text).catch(() => '');
    const id = parseRequestId(/kd-[0-9a-z]{8}/.exec(told)?.[0]);
    if (id) return id;
    await delay(ASK_AGAIN_MS);
  }
  return stage.ask(person, channel, text);
};

export interface Aviary {
  readonly stage: Stage;
  readonly canary: Canary;
  /** Runs so many commands; answers with those in whose output nothing was hidden, so that it is known what was printed. */
  run(runs: number): Promise<{ readonly finished: number; readonly nothingHidden: readonly string[] }>;
  /** Everywhere that kdebug writes, and what of the canary stands there. */
  search(): Promise<{ readonly searchedChars: Readonly<Record<string, number>>; readonly found: readonly string[] }>;
  close(): Promise<void>;
}

export const openAviary = async (): Promise<Aviary> => {
  const stage = await openStage({ configuration: raised(exampleConfiguration()), env: { LOG_LEVEL: 'trace' } });
  const process = await stage.world.start(['start']);
  const canary = createCanary();
  const logs = new Set<string>();
  const ran = { pods: 0, runs: 0 };
  const keepLog = (): void => { for (const line of process.log()) logs.add(line); };

  const plant = (): string => {
    const name = `canary-${ran.pods += 1}`;
    stage.world.cluster.control.addPod({ namespace: 'staging', name, containers: [{ name: 'app', image: 'registry.example.org/shop/api:2.41.0', env: canary.env }] });
    return name;
  };
  const untold: RequestId[] = [];
  const runOne = async (pod: string, command: string): Promise<string | undefined> => {
    const [person, channel] = PLACES[ran.runs % PLACES.length] ?? [BOB, OPS];
    const id = await accepted(stage, person, channel, `staging ${pod} --target app -- ${command}`);
    untold.push(id);
    const request = await stage.reached(id, ['finished']);
    const hidden = request.state === 'finished' ? request.ends.reduce((sum, { output }) => sum + (output?.redactions.length ?? 0), 0) : 0;
    return hidden > 0 ? undefined : `${command}: ${JSON.stringify(request.state === 'finished' ? request.ends : request.state)}`;
  };
  const runIn = async (pod: string, runs: number): Promise<readonly (string | undefined)[]> => {
    const ends: (string | undefined)[] = [];
    for (let run = 0; run < runs; run += 1) {
      ends.push(await runOne(pod, COMMANDS[(ran.runs++) % COMMANDS.length] ?? 'cat /proc/1/environ'));
      keepLog();
    }
    return ends;
  };

  return {
    stage, canary,
    run: async (runs) => {
      const ends: (string | undefined)[] = [];
      while (ends.length < runs) {
        const left = runs - ends.length;
        const each = Math.min(BATCH, RUNS_PER_POD_MAX, Math.ceil(left / AT_ONCE));
        const pods = Array.from({ length: Math.min(AT_ONCE, Math.ceil(left / each)) }, plant);
        ends.push(...(await Promise.all(pods.map((pod, index) => runIn(pod, Math.min(each, left - index * each))))).flat());
        // what Slack takes in a second is less than what runs in one
        for (const id of untold.splice(0)) await stage.progress.until(id, ['finished'], TOLD_WITHIN_MS);
        for (const pod of pods) stage.world.cluster.control.deletePod('staging', pod, 0);
      }
      return { finished: ends.length, nothingHidden: ends.filter((end) => end !== undefined) };
    },
    search: async () => {
      keepLog();
      const places = { ...slackOf(stage), redis: await redisOf(stage), log: [...logs].join('\n'), ...ledgerOf(stage), ...filesIn(stage.world.stateDir) };
      return { searchedChars: Object.fromEntries(Object.entries(places).map(([place, text]) => [place, text.length])), found: Object.entries(places).flatMap(([place, text]) => findCanary(canary, place, text)) };
    },
    close: async () => {
      // A server that others are connected to outlives kdebug: it is ended while its socket is there.
      const server = await openEmbeddedRedis({ stateDir: stage.world.stateDir, appendfsync: 'no', persistent: false });
      stage.progress.close();
      await process.end('SIGTERM');
      await server.stop({ evenIfUsed: true });
      await stage.close();
    },
  };
};

const slackOf = ({ world: { slack: { world, log } } }: Stage): Readonly<Record<string, string>> => {
  const people = world.persons().map(({ id }) => ({ ephemerals: world.ephemerals(id), views: world.views(id), home: world.home(id), direct: world.directMessages(id) }));
  return {
    'Slack messages': JSON.stringify(world.channels().map(({ id }) => world.messages(id))), 'Slack ephemerals, modals, direct messages': JSON.stringify(people),
    'Slack files': world.files().map(({ bytes }) => bytes.toString('latin1')).join('\n'), 'Slack requests': JSON.stringify(log.entries()),
  };
};

const ledgerOf = ({ world }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(['jsonl', 'ocsf'].map((format) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', 'export', '--format', format], { env: { ...process.env, ...world.env }, encoding: 'utf8', maxBuffer: 256 * 1_024 * 1_024 });
    if (status !== 0) throw new Error(`audit export --format ${format}: ${stderr}`);
    return [`ledger as ${format}`, stdout];
  }));

const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry: Dirent) => entry.isFile()).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
  }));

/** Each key with all that it holds, by its type. */
const redisOf = async ({ world }: Stage): Promise<string> => {
  const redis = connectProducer(world.env['REDIS_URL'] ?? (await openEmbeddedRedis({ stateDir: world.stateDir, appendfsync: 'no', persistent: false })).url);
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.getBuffer(key).then((value) => value?.toString('latin1')), hash: (key) => redis.hgetall(key), list: (key) => redis.lrange(key, 0, -1), set: (key) => redis.smembers(key),
    none: async () => 'ended meanwhile', zset: (key) => redis.zrange(key, '0', '-1', 'WITHSCORES'), stream: (key) => redis.xrange(key, '-', '+'),
  };
  try {
    const keys: string[] = [];
    for (let [cursor, isFirst] = ['0', true]; isFirst || cursor !== '0'; isFirst = false) {
      const [next, some] = await redis.scan(cursor, 'COUNT', 1_000);
      keys.push(...some);
      cursor = next;
    }
    const values = await Promise.all(keys.map(async (key) => `${key} ${JSON.stringify(await (read[await redis.type(key)] ?? unknownType)(key))}`));
    return values.join('\n');
  } finally {
    redis.disconnect();
  }
};

const unknownType = (key: string): Promise<never> => Promise.reject(new Error(`The key ${key} is of a type that is not read: read it too.`));
