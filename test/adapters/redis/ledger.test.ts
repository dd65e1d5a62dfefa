/** Checkpoints, witnesses and retention on a real Redis and a real disk. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSegments } from '../../../src/adapters/files/segments.ts';
import { createCheckpoints } from '../../../src/adapters/redis/checkpoints.ts';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createLedgerReader, createLedgerTrimmer } from '../../../src/adapters/redis/ledger-reader.ts';
import { createLedger } from '../../../src/adapters/redis/ledger.ts';
import { createCursors, createLeases } from '../../../src/adapters/redis/small-stores.ts';
import { createRequestStore } from '../../../src/adapters/redis/store.ts';
import type { Sent } from '../../../src/app/chat-port.ts';
import { createCheckpointing, witnessOnce } from '../../../src/app/ledger/checkpoint.ts';
import { sealDue, type Sealed } from '../../../src/app/ledger/seal.ts';
import { verifyLedger, type Verification } from '../../../src/app/ledger/verify.ts';
import type { MirrorLine, WitnessLine } from '../../../src/app/chat-port.ts';
import { parseCheckpoint } from '../../../src/domain/ledger/checkpoint.ts';
import { parseSeal, sealText } from '../../../src/domain/ledger/segment.ts';
import { DAY_IN_MS } from '../../../src/domain/limits.ts';
import { after, type Instant, type MessageTs } from '../../../src/domain/names.ts';
import { verificationSentence } from '../../../src/processes/audit/verify.ts';
import { otherSigner, signer } from '../../app/ledger/ledger.ts';
import { INCIDENT, type BOB } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

let redis: Redis;
let keys: Keys;
let folder: string;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => {
  keys = keysUnder((await testRedis()).prefix);
  folder = await mkdtemp(join(tmpdir(), 'kdebug-segments-'));
});
afterEach(() => rm(folder, { recursive: true }));

let number = 0;
/** Each attempt by somebody else, so that none is counted into another. */
const attempts = async (count: number): Promise<void> => {
  const ledger = createLedger(redis, keys);
  for (let index = 0; index < count; index += 1) {
    await ledger.recordAttempt({ user: `U${number += 1}` as typeof BOB, channel: null, request: null, what: 'command', text: `line\u2028${index}`, refusal: { code: 'no_rule' } });
  }
};

const logged: string[] = [];
const log = { info: () => undefined, warn: (_fields: object, text: string) => { logged.push(text); }, error: (_fields: object, text: string) => { logged.push(text); } };
beforeEach(() => { logged.length = 0; });

/** The clock of Redis, so many milliseconds later. */
const clock = (laterMs: number) => ({ now: async (): Promise<Instant> => after(await createRequestStore({ redis, keys, keepDays: 1 }).now(), laterMs) });
const ground = () => ({ reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), signer, leases: createLeases(redis, keys), log });
const checkpointing = (laterMs: number) => createCheckpointing({ ...ground(), store: clock(laterMs) });
const positions = async (): Promise<readonly (number | undefined)[]> => (await createCheckpoints(redis, keys).all()).map(({ text }) => parseCheckpoint(text)?.position);
const verified = (options: Partial<Parameters<typeof verifyLedger>[0]> = {}): Promise<Verification> =>
  verifyLedger({ reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), verify: signer.verify, ...options });

describe('checkpoints', () => {
  it('are made once the oldest entry that has none is ten seconds old', async () => {
    await attempts(3);
    expect(await checkpointing(9_000)(1_000)).toBe(1_000);
    expect(await positions()).toEqual([]);
    await checkpointing(10_000)(1_000);
    expect(await positions()).toEqual([3]);
  });

  it('are made of nothing when nothing is new', async () => {
    const once = checkpointing(10_000);
    await once(1_000);
    await attempts(1);
    for (let turn = 0; turn < 4; turn += 1) await once(1_000);
    expect(await positions()).toEqual([1]);
  });

  it('are made of two hundred entries at once, however young, and go on at once', async () => {
    await attempts(450);
    const once = checkpointing(0);
    expect([await once(1_000), await once(1_000), await once(1_000)]).toEqual([0, 0, 1_000]);
    expect(await positions()).toEqual([200, 400]);
    expect(await verified()).toMatchObject({ ok: true, entries: 450, checkpoints: 2, signedUpTo: 400, signatures: 'verified' });
  });

  it('go on where another serve stopped, and two at the same moment sign once', async () => {
    await attempts(5);
    await Promise.all([checkpointing(10_000)(1_000), checkpointing(10_000)(1_000)]);
    await attempts(5);
    await checkpointing(10_000)(1_000);
    expect((await positions()).filter((position) => position === 10)).toEqual([10]);
    expect(await verified({ verify: otherSigner.verify })).toMatchObject({ ok: false });
  });

  it('are refused, loudly, to a ledger that was cut or written again under a running serve', async () => {
    await attempts(5);
    const once = checkpointing(10_000);
    await once(1_000);
    await redis.del(keys.ledger, keys.ledgerHead, keys.chain('attempts'), keys.checkpoints);
    expect(await once(1_000)).toBe(10_000);
    await attempts(8);
    expect(await once(1_000)).toBe(10_000);
    expect(await positions()).toEqual([]);
    expect(logged).toContain('the ledger does not continue what was signed: nothing is signed any more; run kdebug audit verify');
  });

  it('do not build on one that somebody else signed', async () => {
    await attempts(2);
    await createCheckpoints(redis, keys).add(otherSigner.sign('{"at":1,"installation":"x","position":1,"roll":"' + 'f'.repeat(64) + '"}'));
    await checkpointing(10_000)(1_000);
    expect(await positions()).toEqual([1, 2]);
    expect(logged[0]).toMatch(/^the last checkpoint is not signed by this key/);
    expect(await verified()).toMatchObject({ ok: false, problem: 'the checkpoint of entry 1 is not signed by the given key' });
  });
});

describe('old entries that nothing signs', () => {
  const at = (laterMs: number) => ({ now: clock(laterMs).now });
  const GONE = /^entry 1 is older than 60 s, and there is no checkpoint: they were taken away, or no serve ran on behind it/;

  it('are broken when there is no checkpoint at all, and still the hashes of young ones are enough', async () => {
    await attempts(3);
    expect(await verified(at(59_000))).toMatchObject({ ok: true, checkpoints: 0 });
    expect(await verified(at(61_000))).toEqual({ ok: false, problem: expect.stringMatching(GONE), provenUpTo: 0 });
    await checkpointing(10_000)(1_000);
    expect(await verified(at(61_000))).toMatchObject({ ok: true, signedUpTo: 3 });
    await redis.del(keys.checkpoints);
    expect(await verified(at(61_000))).toMatchObject({ ok: false, provenUpTo: 0 });
  });

  it('are asked for nothing by whoever has a witness or no public key', async () => {
    await attempts(2);
    const [entry] = await createLedgerReader(redis, keys).after(1, 1);
    expect(await verified({ ...at(61_000), witness: entry!.roll })).toMatchObject({ ok: true });
    const { verify: _none, ...unsigned } = { reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), verify: undefined };
    expect(await verifyLedger({ ...unsigned, ...at(61_000) })).toMatchObject({ ok: true, signatures: 'not verified' });
  });

  it('are told when they stand behind the last checkpoint', async () => {
    await attempts(3);
    await checkpointing(10_000)(1_000);
    await attempts(2);
    expect(await verified(at(59_000))).not.toHaveProperty('overdueFrom');
    const overdue = await verified(at(61_000));
    expect(overdue).toMatchObject({ ok: true, signedUpTo: 3, overdueFrom: 4 });
    expect(verificationSentence(overdue)).toMatch(/; 1 checkpoints, signed up to entry 3; entry 4 should be signed by now: no serve runs, or checkpoints were taken away; give --witness$/);
  });
});

describe('the witness', () => {
  const posting = (answers: Sent[]) => {
    const said: MirrorLine[] = [];
    const chat = { lines: async (entries: readonly MirrorLine[]): Promise<Sent> => { said.push(...entries); return answers.shift() ?? { kind: 'sent', ts: '1.1' as MessageTs }; } };
    return { said, once: () => witnessOnce({ ...ground(), cursors: createCursors(redis, keys), chat, audit: INCIDENT }, 1_000) };
  };

  it('is the newest checkpoint, once; its roll verifies as a witness', async () => {
    const { said, once } = posting([]);
    await once();
    expect(said).toEqual([]);
    await attempts(3);
    await checkpointing(10_000)(1_000);
    await once();
    await once();
    expect(said).toMatchObject([{ request: null, event: { type: 'checkpoint', position: 3 } }]);
    const { event } = said[0] as WitnessLine;
    await attempts(2);
    expect(await verified({ witness: event.roll })).toMatchObject({ ok: true, entries: 5 });
  });

  it('is never a checkpoint that somebody else wrote into Redis', async () => {
    const { said, once } = posting([]);
    await createCheckpoints(redis, keys).add(otherSigner.sign(`{"at":1,"installation":"x","position":1,"roll":"${'f'.repeat(64)}"}`));
    await once();
    expect(said).toEqual([]);
  });

  it('waits for Slack when asked to, and is given up when it is lost; signing goes on', async () => {
    const { said, once } = posting([{ kind: 'later', afterMs: 700 }, { kind: 'never', why: 'channel_not_found' }]);
    await attempts(1);
    await checkpointing(10_000)(1_000);
    expect([await once(), await once(), await once()]).toEqual([700, 1_000, 1_000]);
    expect(said).toHaveLength(2);
    await attempts(1);
    await checkpointing(10_000)(1_000);
    await once();
    expect(said.at(-1)).toMatchObject({ event: { position: 2 } });
  });
});

describe('retention', () => {
  const sealing = (laterMs: number, options: { readonly by?: typeof signer } = {}): Promise<Sealed> => sealDue({
    ...ground(), signer: options.by ?? signer, store: clock(laterMs), trimmer: createLedgerTrimmer(redis, keys), archive: createSegments(folder), keepDays: 90, segmentEntries: 100,
  });
  const OLD = 91 * DAY_IN_MS;
  const files = async (): Promise<readonly string[]> => (await readdir(folder)).toSorted();
  const filled = async (count: number): Promise<void> => {
    await attempts(count);
    const once = checkpointing(10_000);
    while (await once(1_000) === 0);
  };

  it('seals whole segments that are old enough, and the rest of the ledger verifies with them and without', async () => {
    await filled(250);
    expect(await sealing(89 * DAY_IN_MS)).toEqual({ kind: 'nothing due' });
    expect(await sealing(OLD)).toEqual({ kind: 'sealed', segments: 2, last: 200 });
    expect(await files()).toEqual(['ledger-0000000000000001-0000000000000100.jsonl', 'ledger-0000000000000101-0000000000000200.jsonl']);
    expect(await redis.xlen(keys.ledger)).toBe(50);
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: true, first: 1, entries: 250, segments: 2, signedUpTo: 250 });
    expect(await verified()).toMatchObject({ ok: true, first: 201, entries: 250, signatures: 'verified' });
    const { verify: _none, ...unsigned } = { reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), verify: undefined };
    expect(await verifyLedger(unsigned)).toMatchObject({ ok: false, problem: expect.stringContaining('without the public key') });
    expect(await verifyLedger({ ...unsigned, segments: createSegments(folder) })).toMatchObject({ ok: true, first: 1, signatures: 'not verified' });
  });

  it('goes on later, with appends in between and the chain unbroken', async () => {
    await filled(150);
    await sealing(OLD);
    await filled(100);
    expect(await sealing(OLD)).toEqual({ kind: 'sealed', segments: 1, last: 200 });
    await attempts(5);
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: true, entries: 255, segments: 2 });
    expect(await verified()).toMatchObject({ ok: true, first: 201, entries: 255 });
  });

  it('does not lose anything when it dies between the file and the trim', async () => {
    await filled(150);
    await expect(sealDue({ ...ground(), store: clock(OLD), trimmer: { trim: async () => { throw new Error('killed'); } }, archive: createSegments(folder), keepDays: 90, segmentEntries: 100 })).rejects.toThrow('killed');
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: true, entries: 150 });
    expect(await sealing(OLD)).toEqual({ kind: 'sealed', segments: 1, last: 100 });
    expect(await files()).toHaveLength(1);
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: true, entries: 150, segments: 1 });
  });

  const refusals: readonly [string, RegExp, () => Promise<unknown>, Parameters<typeof sealing>[1]?][] = [
    ['a ledger that does not verify', /does not verify: entry 7 is missing/, () => redis.xdel(keys.ledger, '7-0')],
    ['beyond what a checkpoint commits to', /no checkpoint commits to entry 100/, () => redis.del(keys.checkpoints)],
    ['with a key that did not sign the checkpoints', /not signed by the given key/, async () => undefined, { by: otherSigner }],
  ];
  it.each(refusals)('refuses %s, and keeps everything', async (_name, why, first, options) => {
    await filled(150);
    await first();
    const length = await redis.xlen(keys.ledger);
    expect(await sealing(OLD, options)).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
    expect(await redis.xlen(keys.ledger)).toBe(length);
    expect(await files()).toEqual([]);
  });

  it('refuses to go on in a folder that does not hold the last segment', async () => {
    await filled(150);
    await sealing(OLD);
    await filled(100);
    await rm(join(folder, (await files())[0]!));
    expect(await sealing(OLD)).toEqual({ kind: 'refused', why: expect.stringContaining('is it the same disk as before?') });
  });

  it('a ledger cut at its beginning is not a sealed one', async () => {
    await filled(150);
    await redis.xtrim(keys.ledger, 'MINID', '101-0');
    expect(await verified()).toMatchObject({ ok: false, provenUpTo: 0, problem: 'entry 1 is missing' });
    const forged = otherSigner.sign('{}');
    await redis.set(keys.ledgerSeal, JSON.stringify(forged));
    expect(await verified()).toMatchObject({ ok: false });
  });

  it('an entry in the place of sealed ones is found', async () => {
    await filled(150);
    await sealing(OLD);
    const rows = await redis.xrange(keys.ledger, '-', '+') as [string, string[]][];
    await redis.del(keys.ledger);
    for (const [id, fields] of [['7-0', rows[0]![1]] as const, ...rows]) await redis.xadd(keys.ledger, id, ...fields);
    const found = { ok: false, problem: 'entry 7 is there, but all up to entry 100 were sealed and trimmed', provenUpTo: 0 };
    expect(await verified()).toEqual(found);
    expect(await verified({ segments: createSegments(folder) })).toEqual(found);
  });

  it('a seal by another key, or an edited one, proves nothing', async () => {
    await filled(150);
    await sealing(OLD);
    const signed = await createLedgerReader(redis, keys).seal();
    const seal = parseSeal(signed!.text)!;
    for (const other of [otherSigner.sign(signed!.text), { ...signed!, text: sealText({ ...seal, sealedAt: after(seal.sealedAt, 1) }) }, { text: 'x', signature: signed!.signature }]) {
      await redis.set(keys.ledgerSeal, JSON.stringify(other));
      expect(await verified()).toMatchObject({ ok: false, provenUpTo: 0 });
    }
  });

  const tampering: readonly [string, (lines: string[]) => readonly string[]][] = [
    ['an entry edited', (lines) => lines.with(50, lines[50]!.replace('no_rule', 'no_rulE'))],
    ['an entry dropped', (lines) => lines.toSpliced(50, 1)],
    ['an entry twice', (lines) => lines.toSpliced(50, 0, lines[50]!)],
    ['two entries swapped', (lines) => lines.with(50, lines[51]!).with(51, lines[50]!)],
    ['its end cut off', (lines) => lines.slice(0, 80)],
    ['its last entry cut off', (lines) => lines.toSpliced(100, 1)],
    ['a line behind its signature', (lines) => [...lines, lines[1]!]],
    ['its seal edited', (lines) => lines.with(0, lines[0]!.replace('"count":100', '"count":101'))],
    ['no seal', (lines) => lines.slice(1)],
    ['another signature', (lines) => lines.with(101, JSON.stringify({ signature: otherSigner.sign(lines[0]!).signature }))],
    ['nothing in it', () => []],
  ];
  it.each(tampering)('a segment with %s is found', async (_name, change) => {
    await filled(120);
    await sealing(OLD);
    const path = join(folder, (await files())[0]!);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(102);
    await writeFile(path, change(lines).map((line) => `${line}\n`).join(''));
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: false });
  });

  it('a missing segment is found, and one of a later part proves nothing alone', async () => {
    await filled(250);
    await sealing(OLD);
    await rm(join(folder, (await files())[0]!));
    expect(await verified({ segments: createSegments(folder) })).toMatchObject({ ok: false, provenUpTo: 0, problem: expect.stringContaining('entry 1 is in no segment before it') });
  });
});
