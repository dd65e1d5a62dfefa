/** A ledger whose beginning was sealed to files: what verification walks, what it says, and what it can prove then. */
import { describe, expect, it } from 'vitest';
import { verifyLedger, type Verification, type Verifying } from '../../../src/app/ledger/verify.ts';
import { BrokenLedgerError, type SegmentFile } from '../../../src/app/ledger/ports.ts';
import type { ChainedEntry } from '../../../src/domain/ledger/chain.ts';
import { sealText } from '../../../src/domain/ledger/segment.ts';
import type { Instant, Sha256 } from '../../../src/domain/names.ts';
import { chained, checkpointAt, checkpointsOf, factsOf, otherSigner, readerOf, sealAt, sealOf, segmentFile, segmentsOf, signer, type Stored } from './ledger.ts';

const COUNT = 120;
const LEDGER = chained(factsOf(COUNT));
const END = LEDGER[COUNT - 1]!;
const rollOf = (position: number): Sha256 => LEDGER[position - 1]!.roll;
/** Entries from one position to another, both included. */
const between = (first: number, last: number): readonly ChainedEntry[] => LEDGER.slice(first - 1, last);

const FIRST = segmentFile(sealOf(LEDGER, 1, 40), [between(1, 30), between(31, 40)]);
const SECOND = segmentFile(sealOf(LEDGER, 41, 80), [between(41, 80)]);
const TRIMMED: Stored = { entries: between(81, COUNT), seal: sealAt(LEDGER, 80), end: END };

const verified = (stored: Stored, files: readonly SegmentFile[] | undefined, more: Partial<Verifying> = {}): Promise<Verification> =>
  verifyLedger({ reader: readerOf(stored), checkpoints: checkpointsOf(stored.checkpoints), verify: signer.verify, ...(files && { segments: segmentsOf(files) }), ...more });

describe('a ledger whose first 80 entries were sealed', () => {
  it('is walked from entry 1 with its segments, and from entry 81 without', async () => {
    const whole = { ok: true, first: 1, entries: COUNT, roll: END.roll, checkpoints: 0, signedUpTo: 0, signatures: 'verified', segments: 2 };
    expect(await verified(TRIMMED, [FIRST, SECOND])).toEqual(whole);
    expect(await verified(TRIMMED, undefined)).toEqual({ ...whole, first: 81, segments: 0 });
    expect(await verified(TRIMMED, [])).toEqual({ ...whole, first: 81, segments: 0 });
  });

  it('may be all there is', async () => {
    const empty = { entries: [], seal: sealAt(LEDGER, 80), end: { position: 80, roll: rollOf(80) } };
    expect(await verified(empty, [FIRST, SECOND])).toMatchObject({ ok: true, first: 1, entries: 80, segments: 2 });
  });

  it('without the public key needs its segments', async () => {
    const stored = { ...TRIMMED, checkpoints: [checkpointAt(LEDGER, 100)] };
    const { verify: _, ...world } = { reader: readerOf(stored), checkpoints: checkpointsOf(stored.checkpoints), verify: undefined };
    expect(await verifyLedger(world)).toEqual({
      ok: false, provenUpTo: 0,
      problem: 'the entries 1 to 80 were sealed, and without the public key sealed cannot be told from cut off: give --pubkey, or the sealed segments with --segments',
    });
    expect(await verifyLedger({ ...world, segments: segmentsOf([FIRST, SECOND]) })).toMatchObject({ ok: true, signatures: 'not verified', checkpoints: 1, signedUpTo: 100 });
  });

  it('meets its checkpoints and a witness wherever they stand: in a segment, at its end, in the stream', async () => {
    for (const position of [1, 40, 41, 80, 81, COUNT]) {
      expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(LEDGER, position)] }, [FIRST, SECOND], { witness: rollOf(position) }), `entry ${position}`).toMatchObject({ ok: true, checkpoints: 1, signedUpTo: position });
    }
    // the seal itself stands for the entry it ends with
    expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(LEDGER, 80)] }, undefined, { witness: rollOf(80) })).toMatchObject({ ok: true, signedUpTo: 80 });
  });

  it('is not the one of a checkpoint that says otherwise, also where the seal stands', async () => {
    const rewritten = chained(factsOf(COUNT).map((fact) => ({ ...fact, at: fact.at + 1 })));
    const problem = 'entry 80 is not the one of its checkpoint: the ledger was written again from some entry after 0';
    expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(rewritten, 80)] }, undefined)).toEqual({ ok: false, problem, provenUpTo: 0 });
    expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(LEDGER, 40), checkpointAt(rewritten, 80)] }, [FIRST, SECOND])).toEqual({
      ok: false, problem: `ledger-41.jsonl: ${problem.replace('after 0', 'after 40')}`, provenUpTo: 40,
    });
    expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(LEDGER, 100), checkpointAt(rewritten, 100)] }, undefined)).toMatchObject({ ok: false, provenUpTo: 0 });
  });

  it.each([
    ['is older than what was given', rollOf(30), undefined, 'the witness is not a hash of the entries 81 to 120; when it is older, give the sealed segments with --segments'],
    ['is of no entry', 'f'.repeat(64), [FIRST, SECOND], 'the witness is not a hash of this ledger: it was written again from before that point'],
  ])('does not know a witness that %s', async (_what, witness, files, problem) => {
    expect(await verified({ ...TRIMMED, checkpoints: [checkpointAt(LEDGER, 100)] }, files, { witness })).toEqual({ ok: false, problem, provenUpTo: 100 });
  });
});

describe('segments that are wrong', () => {
  const swapped = between(41, 80).toSpliced(3, 2, LEDGER[44]!, LEDGER[43]!);
  it.each<readonly [string, readonly SegmentFile[], string, number]>([
    ['the first is missing', [SECOND], 'ledger-41.jsonl begins at entry 41, and entry 1 is in no segment before it', 0],
    ['one is given twice', [FIRST, FIRST], 'ledger-1.jsonl begins at entry 1, and entry 41 is in no segment before it', 40],
    ['one is signed by somebody else', [FIRST, segmentFile(SECOND.seal, [between(41, 80)], otherSigner)], 'ledger-41.jsonl is not signed by the given key', 40],
    ['one lost its last entry', [FIRST, segmentFile(SECOND.seal, [between(41, 79)])], 'ledger-41.jsonl ends with another entry than its seal says', 40],
    ['two entries changed places', [FIRST, segmentFile(SECOND.seal, [swapped])], 'ledger-41.jsonl: entry 44 is missing', 43],
  ])('%s', async (_what, files, problem, provenUpTo) => {
    expect(await verified(TRIMMED, files)).toEqual({ ok: false, problem, provenUpTo });
  });

  it('is found unsigned too, when nobody asks for signatures', async () => {
    const world = { reader: readerOf(TRIMMED), checkpoints: checkpointsOf() };
    const unsigned = segmentFile(SECOND.seal, [between(41, 80)], otherSigner);
    expect(await verifyLedger({ ...world, segments: segmentsOf([FIRST, unsigned]) })).toMatchObject({ ok: true, segments: 2 });
    expect(await verifyLedger({ ...world, segments: segmentsOf([FIRST, segmentFile(SECOND.seal, [between(41, 79)])]) })).toMatchObject({ ok: false });
  });

  it('cannot be read: what was walked before stays proven', async () => {
    const torn: SegmentFile = { ...SECOND, pages: async function* () { yield between(41, 60); throw new BrokenLedgerError('ledger-41.jsonl:61 is no entry'); } };
    expect(await verified(TRIMMED, [FIRST, torn])).toEqual({ ok: false, problem: 'ledger-41.jsonl:61 is no entry', provenUpTo: 60 });
    const gone: SegmentFile = { ...SECOND, pages: async function* () { yield []; throw new Error('EIO'); } };
    await expect(verified(TRIMMED, [FIRST, gone])).rejects.toThrow('EIO');
  });

  it('end where the stream does not go on', async () => {
    expect(await verified({ ...TRIMMED, entries: between(90, COUNT) }, [FIRST, SECOND])).toEqual({ ok: false, problem: 'entry 81 is missing', provenUpTo: 80 });
    expect(await verified({ entries: [], end: { position: 60, roll: rollOf(60) } }, [FIRST, SECOND])).toEqual({ ok: false, problem: 'the ledger was cut: it has 60 entries, and entry 80 was sealed', provenUpTo: 60 });
  });
});

describe('the seal in the stream', () => {
  it.each([
    ['by another key', sealAt(LEDGER, 80, otherSigner), 'the seal of the entries up to 80 is not signed by the given key'],
    ['over something else', signer.sign('{}'), 'the seal of what was trimmed is not one that kdebug wrote'],
    ['over a seal with a member more', signer.sign(sealText(sealOf(LEDGER, 1, 80)).replace('{', '{"a":1,')), 'the seal of what was trimmed is not one that kdebug wrote'],
  ])('that is signed %s is believed nothing', async (_what, seal, problem) => {
    expect(await verified({ ...TRIMMED, seal }, undefined)).toEqual({ ok: false, problem, provenUpTo: 0 });
  });
});

describe('the end of the ledger', () => {
  it('of a ledger in which nothing was written is proven too', async () => {
    expect(await verified({ entries: [] }, undefined)).toMatchObject({ ok: true, first: 1, entries: 0, roll: '0'.repeat(64) });
    expect(await verified({ entries: [] }, undefined, { witness: '0'.repeat(64) })).toMatchObject({ ok: false });
  });

  it.each<readonly [string, Partial<Stored>, string, number]>([
    ['there is less than was written', { entries: between(1, 100) }, 'the ledger ends at entry 100 but 120 were written', 100],
    ['the last is another', { end: { position: COUNT, roll: rollOf(1) } }, 'the last entry is not the one that was written last', 119],
    ['there is more than was written', { end: { position: 119, roll: rollOf(119) } }, 'entry 120 is there, but only 119 were written', 119],
    ['of one entry, it is another', { entries: between(1, 1), end: { position: 1, roll: rollOf(2) } }, 'the last entry is not the one that was written last', 0],
    ['a checkpoint is of an entry to come', { entries: between(1, 90), end: { position: 90, roll: rollOf(90) }, checkpoints: [checkpointAt(LEDGER, 100), checkpointAt(LEDGER, 95)] }, 'the ledger ends at entry 90, and there is a checkpoint of entry 100', 90],
  ])('when %s', async (_what, stored, problem, provenUpTo) => {
    expect(await verified({ entries: LEDGER, end: END, ...stored }, undefined)).toEqual({ ok: false, problem, provenUpTo });
  });

  it('may move while it is walked: what came meanwhile is for the next time', async () => {
    const reader = { ...readerOf({ entries: LEDGER }), end: async () => ({ position: 100, roll: rollOf(100), newest: '100' }) };
    expect(await verifyLedger({ reader, checkpoints: checkpointsOf() })).toMatchObject({ ok: true, entries: 100 });
  });
});

describe('checkpoints that are wrong', () => {
  const stored = { entries: LEDGER, end: END };
  it.each([
    ['is no checkpoint', [checkpointAt(LEDGER, 10), signer.sign('{}')], 'checkpoint number 2 is not one that kdebug wrote'],
    ['is signed by another key', [checkpointAt(LEDGER, 10), checkpointAt(LEDGER, 20, otherSigner)], 'the checkpoint of entry 20 is not signed by the given key'],
    ['is of another installation', [checkpointAt(LEDGER, 10), checkpointAt(LEDGER, 20, signer, 'two')], 'the checkpoint of entry 20 belongs to another installation'],
  ])('one %s', async (_what, checkpoints, problem) => {
    expect(await verified({ ...stored, checkpoints }, undefined)).toEqual({ ok: false, problem, provenUpTo: 0 });
  });
});

describe("a request's own list", () => {
  const lists = (entries: readonly ChainedEntry[]): ReadonlyMap<string, readonly ChainedEntry[]> => Map.groupBy(entries.filter(({ request }) => request !== 'attempts'), ({ request }) => request);
  const own = lists(LEDGER);
  const [late, list] = [...own].find(([, entries]) => entries[0]!.position > 81)!;
  const early = [...own].find(([, entries]) => entries.at(-1)!.position < 80)!;
  /** Ended in the second that entry 81 was written: that may have been before it. */
  const atOnce = [...early[1].slice(0, -1), { ...early[1].at(-1)!, at: LEDGER[80]!.at }];

  it.each<readonly [string, Stored['own'], readonly SegmentFile[] | undefined]>([
    ['as the ledger says', own, [FIRST, SECOND]],
    ['of a request that was sealed with all its entries', new Map([early]), undefined],
    ['of a request that ended when the first entry behind the seal was written', new Map([[early[0], atOnce]]), undefined],
  ])('is no problem %s', async (_what, lists_, files) => {
    expect(await verified({ ...TRIMMED, ...(lists_ && { own: lists_ }) }, files)).toMatchObject({ ok: true });
  });

  it.each<readonly [string, readonly ChainedEntry[], string, number]>([
    ['edited', list.with(0, { ...list[0]!, text: '{}' }), `event 1 of ${late} is not what ledger entry ${list[0]!.position} says`, 80],
    ['with another hash', list.with(0, { ...list[0]!, hash: rollOf(1) }), `event 1 of ${late} is not what ledger entry ${list[0]!.position} says`, 80],
    ['short of an event', list.slice(0, -1), `the list of ${late} holds ${list.length - 1} events, and the ledger ${list.length}`, COUNT],
    ['long by an event', [...list, list[0]!], `the list of ${late} holds ${list.length + 1} events, and the ledger ${list.length} of them`, COUNT],
  ])('%s is found', async (_what, changed, problem, provenUpTo) => {
    expect(await verified({ ...TRIMMED, own: new Map([[late, changed]]) }, undefined)).toEqual({ ok: false, problem, provenUpTo });
    expect(await verified({ ...TRIMMED, own: new Map([[late, changed]]) }, [FIRST, SECOND])).toEqual({ ok: false, problem, provenUpTo });
  });

  it('of a request of which the ledger knows nothing is found, when it is newer than what was sealed', async () => {
    const foreign = (at: number) => new Map([['kd-zzzzzzzz', [{ ...list[0]!, at: at as Instant }]]]);
    const found = { ok: false, problem: 'the list of kd-zzzzzzzz holds 1 events, and the ledger none of them', provenUpTo: COUNT };
    expect(await verified({ ...TRIMMED, own: foreign(LEDGER[80]!.at + 1) }, undefined)).toEqual(found);
    expect(await verified({ ...TRIMMED, own: foreign(LEDGER[0]!.at) }, [FIRST, SECOND])).toEqual(found);
    expect(await verified({ ...TRIMMED, entries: [], end: { position: 80, roll: rollOf(80) }, own: foreign(LEDGER[0]!.at) }, undefined)).toMatchObject({ ok: true });
  });

  it('is held against entries that came while the lists were read, and those must be right', async () => {
    const [before, after] = [readerOf({ entries: LEDGER.slice(0, 119), own }), readerOf({ entries: LEDGER, own })];
    const growing = (later: typeof after) => { let ends = 0; return { ...later, end: () => (ends++ === 0 ? before : later).end() }; };
    expect(await verifyLedger({ reader: growing(after), checkpoints: checkpointsOf() })).toMatchObject({ ok: true, entries: COUNT });
    const forged = readerOf({ entries: LEDGER.with(COUNT - 1, { ...END, text: '{}' }), own });
    expect(await verifyLedger({ reader: growing(forged), checkpoints: checkpointsOf() })).toEqual({ ok: false, problem: `entry ${COUNT} was changed: its hash is not that of its text`, provenUpTo: COUNT - 1 });
  });
});
