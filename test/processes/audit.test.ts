/** `kdebug audit` as it is typed, over a private Redis of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { createCheckpoints } from '../../src/adapters/redis/checkpoints.ts';
import { connectProducer } from '../../src/adapters/redis/client.ts';
import { openEmbeddedRedis, type EmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { keysUnder } from '../../src/adapters/redis/keys.ts';
import { createLedgerReader } from '../../src/adapters/redis/ledger-reader.ts';
import { createLedger } from '../../src/adapters/redis/ledger.ts';
import { createLeases } from '../../src/adapters/redis/small-stores.ts';
import { createRequestStore } from '../../src/adapters/redis/store.ts';
import { createCheckpointing } from '../../src/app/ledger/checkpoint.ts';
import { ensureKeys, pubkeyText } from '../../src/config/keys.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import { BEGINNING, entryHash, nextRoll } from '../../src/domain/ledger/chain.ts';
import { after, type Instant, type RequestId, type Sha256 } from '../../src/domain/names.ts';
import { createSigner } from '../../src/ops/signer.ts';
import { chained } from '../app/ledger/ledger.ts';
import { ALICE, approvedBy, BOB, finished, granted, held, planned, requested, started, T0 } from '../fixtures/requests.ts';

const FAR = Number.MAX_SAFE_INTEGER as Instant;
const IDS = ['kd-00000001', 'kd-00000002', 'kd-00000003'] as RequestId[];
const PER_REQUEST = 7;
const ENTRIES = IDS.length * PER_REQUEST + 1;
const keys = keysUnder();
/** What a terminal would obey, turn around or hide. */
const HOSTILE = 'INC-42 \u009b2J\u001b[2J\u202egpj\u200b\u2066\ufeff\u{e0041}\u007f \\u009b é';
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}]/u;

let stateDir: string;
let server: EmbeddedRedis;
let redis: Redis;

const begun = requested as Extract<RequestEvent, { type: 'requested' }>;
const life = async (id: RequestId): Promise<void> => {
  const store = createRequestStore({ redis, keys, keepDays: 90 });
  await store.begin(id, begun, FAR);
  for (const event of [planned, held(), approvedBy(BOB), granted(), started, finished]) {
    const { request } = await store.load(id);
    if (request) await store.append(request, [event.type === 'planned' ? { ...event, plan: { ...event.plan, request: id } } : event]);
  }
};

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'kd-audit-'));
  server = await openEmbeddedRedis({ stateDir, appendfsync: 'no', persistent: false });
  redis = connectProducer(server.url);
  for (const id of IDS) await life(id);
  await createLedger(redis, keys).recordAttempt({ user: ALICE, channel: null, request: IDS[0]!, what: 'click', text: HOSTILE, refusal: { code: 'no_rule' } });
  const store = createRequestStore({ redis, keys, keepDays: 1 });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  await createCheckpointing({
    reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), signer: createSigner(ensureKeys(stateDir, {}).signingKey), leases: createLeases(redis, keys), log,
    store: { now: async () => after(await store.now(), 20_000) },
  })(1_000);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop({ evenIfUsed: true });
  await rm(stateDir, { recursive: true, force: true });
});

const environment = (changed: Readonly<Record<string, string>> = {}) => ({ PATH: process.env['PATH'], HOME: stateDir, KDEBUG_STATE_DIR: stateDir, KDEBUG_CONFIG: 'deploy/kdebug.example.yaml', ...changed });
const audit = (args: readonly string[], changed?: Readonly<Record<string, string>>) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', ...args], { env: environment(changed), encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') };
};
const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as { readonly position: number; readonly request: string | null; readonly event: { readonly type: string }; readonly roll: string });

describe('kdebug audit', () => {
  it.each<readonly [string, readonly string[], readonly number[]]>([
    ['--last 3', ['--last', '3'], [20, 21, 22]],
    ['all of one request, and the attempts on it', ['--request', IDS[0]!], [1, 2, 3, 4, 5, 6, 7, 22]],
    ['what one person did', ['--user', BOB], [4, 11, 18]],
    ['the last of what one person did', ['--user', BOB, '--last', '1'], [18]],
    ['what is not older', ['--since', '1h', '--last', '2'], [21, 22]],
    ['what is not older than tomorrow', ['--since', '2999-01-01T00:00:00Z'], []],
  ])('list: %s', (_name, args, positions) => {
    const { status, lines } = audit(['list', ...args]);
    expect(parsed(lines).map(({ position }) => position)).toEqual(positions);
    expect(status).toBe(0);
  });

  it('show: the events of a request, one a line, and 1 for one that is not there', () => {
    const { status, lines } = audit(['show', IDS[1]!]);
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['requested', 'planned', 'held', 'approved', 'granted', 'started', 'finished']);
    expect(status).toBe(0);
    expect(audit(['show', 'kd-zzzzzzzz'])).toMatchObject({ status: 1, stdout: 'There is no request kd-zzzzzzzz: a request id looks like kd-8fk20000.\n' });
  });

  const mistakes: readonly [string, readonly string[], RegExp, Readonly<Record<string, string>>][] = [
    ['a count that is none', ['list', '--last', 'many'], /^--last many: write a number from 1 to 10000\.\n$/, {}],
    ['a time that is none', ['list', '--since', 'yesterday'], /^--since yesterday: write a time such as/, {}],
    ['a witness that is none', ['verify', '--witness', 'abc'], /^--witness: write the 64 characters/, {}],
    ['a key that is none', ['verify', '--pubkey', 'abc'], /^The public key is not an Ed25519 one/, {}],
    ['a folder without segments', ['verify', '--segments', 'docs'], /^--segments docs: there is no sealed segment in this folder\.\n$/, {}],
    ['a format that is none', ['export', '--format', 'xml'], /^--format xml: write jsonl or ocsf\.\n$/, {}],
    ['following to nowhere', ['export', '--follow'], /^--follow keeps a copy in JSON Lines: write --follow --out FILE/, {}],
    ['a Redis that is not there', ['verify'], /^Redis does not answer, so the ledger cannot be read/, { REDIS_URL: 'redis://127.0.0.1:1' }],
  ];
  it.each(mistakes)('%s is one sentence on standard error, and 2', (_name, args, sentence, changed) => {
    const { status, stdout, stderr } = audit(args, changed);
    expect(stderr).toMatch(sentence);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('report: what was asked, started and approved, and how fast', () => {
    const { status, stdout } = audit(['report', '--since', '2000-01-01T00:00:00Z']);
    expect(status).toBe(0);
    expect(stdout).toContain('requests   3 asked, 3 started, 0 refused, 0 denied; 1 attempts refused before they were one\n');
    expect(stdout).toMatch(/approvals {2}3, half of them within [0-9.]+ s of the question\n/);
    expect(JSON.parse(audit(['report', '--since', '2000-01-01T00:00:00Z', '--json']).stdout)).toMatchObject({ requests: 3, started: 3, approvals: 3, attempts: 1, alarms: 0, reviewsOwed: 0, glass: [] });
    expect(JSON.parse(audit(['report', '--since', '2999-01-01T00:00:00Z', '--json']).stdout)).toMatchObject({ requests: 0, approvals: 0, medianApprovalMs: null });
    expect(audit(['report', '--since', 'soon'])).toMatchObject({ status: 2, stderr: expect.stringContaining('write a time such as') });
  });

  it('verify: says how far it is proven, and by whose signature', () => {
    const proven = /^ok: 22 entries, proven up to entry 22, roll [0-9a-f]{64}; 1 checkpoints, signed up to entry 22\n$/;
    expect(audit(['verify'])).toMatchObject({ status: 0, stdout: expect.stringMatching(proven) });
    const pubkey = pubkeyText(ensureKeys(stateDir, {}).signingKey);
    expect(audit(['verify', '--pubkey', pubkey]).stdout).toMatch(proven);
    const other = pubkeyText(ensureKeys(join(stateDir, 'other'), {}).signingKey);
    expect(audit(['verify', '--pubkey', other])).toMatchObject({ status: 1, stdout: 'broken: the checkpoint of entry 22 is not signed by the given key; proven up to entry 0\n' });
    expect(audit(['verify', '--pubkey', other, '--pubkey', pubkey]).status).toBe(0);
    expect(audit(['verify'], { KDEBUG_STATE_DIR: join(stateDir, 'auditor'), REDIS_URL: server.url }).stdout).toMatch(/; signatures not verified: give --pubkey, or set KDEBUG_SIGNING_PUBKEY\n$/);
  });

  it('verify: an old ledger of which every checkpoint was taken away is 1, and 0 for whoever has a witness', async () => {
    const old = join(stateDir, 'old');
    ensureKeys(old, {});
    const other = await openEmbeddedRedis({ stateDir: old, appendfsync: 'no', persistent: false });
    const client = connectProducer(other.url);
    try {
      const [entry] = chained([{ request: 'attempts', text: '{"type":"attempt"}', at: T0 }]);
      const { request, sequence, at, text, hash, roll } = entry!;
      await client.xadd(keys.ledger, '1-0', 'request', request, 'sequence', sequence, 'at', at, 'event', text, 'hash', hash, 'roll', roll);
      await client.hset(keys.ledgerHead, { position: 1, roll });
      expect(audit(['verify'], { KDEBUG_STATE_DIR: old })).toMatchObject({ status: 1, stdout: expect.stringMatching(/^broken: entry 1 is older than 60 s, and there is no checkpoint: .*; proven up to entry 0\n$/) });
      expect(audit(['verify', '--witness', roll], { KDEBUG_STATE_DIR: old })).toMatchObject({ status: 0, stdout: expect.stringMatching(/; nothing is signed yet\n$/) });
      await client.rpush(`${keys.prefix}:request:\u009b2J`, `${hash} ${at} ${text}`);
      expect(audit(['verify'], { KDEBUG_STATE_DIR: old }).stdout).toContain(String.raw`broken: the list of \u009b2J holds 1 events`);
    } finally {
      client.disconnect();
      await other.stop({ evenIfUsed: true });
    }
  });

  it('verify: knows the roll of every listed entry as a witness, and no other', () => {
    const [entry] = parsed(audit(['list', '--last', '9']).lines);
    expect(audit(['verify', '--witness', entry!.roll]).status).toBe(0);
    expect(audit(['verify', '--witness', 'f'.repeat(64)])).toMatchObject({ status: 1, stdout: expect.stringMatching(/^broken: the witness is not a hash of this ledger/) });
  });

  it('export: every entry, one a line, as it is or as OCSF', () => {
    expect(parsed(audit(['export']).lines).map(({ position }) => position)).toEqual(Array.from({ length: ENTRIES }, (_, index) => index + 1));
    const { lines } = audit(['export', '--format', 'ocsf']);
    expect(lines).toHaveLength(ENTRIES);
    expect(JSON.parse(lines[6]!)).toMatchObject({ class_uid: 6003, api: { operation: 'kdebug.finished', request: { uid: IDS[0] } }, resources: [{ name: 'api-7f9c4d8b6-x2k9p', namespace: 'prod' }] });
  });

  it('what a terminal would obey is escaped wherever an entry is printed or copied, and its hash still follows from what is printed', async () => {
    const copy = join(stateDir, 'escaped.jsonl');
    expect(audit(['export', '--out', copy]).status).toBe(0);
    const printed = [audit(['list', '--last', '22']).stdout, audit(['export']).stdout, await readFile(copy, 'utf8'), audit(['export', '--format', 'ocsf']).stdout];
    for (const text of printed) {
      expect(text).not.toMatch(UNSEEN);
      expect(text).toContain(String.raw`INC-42 \u009b2J`);
    }
    for (const lines of printed.slice(0, 3)) {
      const [before, entry] = parsed(lines.trimEnd().split('\n')).slice(-2) as unknown as [{ readonly roll: Sha256 }, { readonly at: Instant; readonly chain: string; readonly event: { readonly attempt: { readonly text: string } }; readonly hash: Sha256; readonly roll: Sha256 }];
      expect(entry.event.attempt.text).toBe(HOSTILE);
      expect(entryHash({ request: entry.chain, sequence: 1, at: entry.at, text: JSON.stringify(entry.event) }, BEGINNING.roll)).toBe(entry.hash);
      expect(nextRoll(before.roll, ENTRIES, entry.hash)).toBe(entry.roll);
    }
  });

  it('seal: says that nothing is old enough', () => {
    expect(audit(['seal'])).toMatchObject({ status: 0, stdout: 'nothing to seal: no whole segment is old enough\n' });
  });
});

describe('a copy that is kept', () => {
  const numbered = async (path: string): Promise<readonly number[]> => parsed((await readFile(path, 'utf8')).trimEnd().split('\n')).map(({ position }) => position);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

  it('goes on from where it ends, also where a writer died in the middle of a line', async () => {
    const path = join(stateDir, 'copies', 'ledger.jsonl');
    expect(audit(['export', '--out', path]).status).toBe(0);
    expect(audit(['export', '--out', path]).status).toBe(0);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.split('\n').slice(0, 10).join('\n'));
    await appendFile(path, '\n{"position":11,"at":17');
    expect(audit(['export', '--out', path]).status).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(whole);
    expect(await numbered(path)).toEqual(upTo(ENTRIES));
  });

  it('is not made of a file that is none', async () => {
    const path = join(stateDir, 'notes.txt');
    await writeFile(path, 'my notes\n');
    expect(audit(['export', '--out', path])).toMatchObject({ status: 2, stderr: `${path} is not a copy of the ledger: its last line has no position. Name another file.\n` });
    expect(await readFile(path, 'utf8')).toBe('my notes\n');
  });

  it('follows until it is interrupted; so does watch', async () => {
    const path = join(stateDir, 'followed.jsonl');
    const children = [['export', '--follow', '--out', path], ['watch']].map((args) => spawn(process.execPath, ['src/kdebug.mjs', 'audit', ...args], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] }));
    const watched: string[] = [];
    children[1]!.stdout.on('data', (bytes: Buffer) => { watched.push(String(bytes)); });
    const ends = children.map((child) => once(child, 'exit'));
    await expect.poll(() => numbered(path).catch(() => []), { timeout: 10_000 }).toHaveLength(ENTRIES);
    let count = 0;
    await expect.poll(async () => {
      await createLedger(redis, keys).recordAttempt({ user: `U${count += 1}` as typeof BOB, channel: null, request: null, what: 'command', text: null, refusal: { code: 'no_rule' } });
      return [watched.length > 0, (await numbered(path)).length > ENTRIES];
    }, { timeout: 10_000, interval: 300 }).toEqual([true, true]);
    for (const child of children) child.kill('SIGINT');
    expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0]);
    const copied = await numbered(path);
    expect(copied).toEqual(upTo(copied.length));
    expect(parsed(watched.join('').trimEnd().split('\n')).every(({ position }) => position > ENTRIES)).toBe(true);
  });
});
