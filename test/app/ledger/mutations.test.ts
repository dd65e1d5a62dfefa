/** Every single edit, drop, swap, duplicate and cut of a ledger of 1,000 entries is found, wherever it is. */
import { describe, expect, it } from 'vitest';
import { verifyLedger, type Verification } from '../../../src/app/ledger/verify.ts';
import type { ChainedEntry } from '../../../src/domain/ledger/chain.ts';
import type { Signed } from '../../../src/domain/ledger/checkpoint.ts';
import type { Sha256 } from '../../../src/domain/names.ts';
import { chained, checkpointAt, checkpointsOf, factsOf, otherSigner, readerOf, sealAt, signer, type Stored } from './ledger.ts';

const COUNT = 1_000;
const FACTS = factsOf(COUNT);
const LEDGER = chained(FACTS);
const END = { position: COUNT, roll: LEDGER.at(-1)!.roll };
const SIGNED = [200, 400, 600, 800, 950].map((position) => checkpointAt(LEDGER, position));
const every = Array.from({ length: COUNT }, (_, index) => index);
/** Beginning, end, and every 50th: walked from the very first entry. */
const some = every.filter((index) => index % 50 === 0 || index > COUNT - 4);
/** Every place: walked from a seal shortly before it, as a ledger is whose beginning was trimmed. */
const SEALED_AT_ONCE = 25;
const SEALS = Array.from({ length: COUNT / SEALED_AT_ONCE }, (_, index) => (index === 0 ? undefined : sealAt(LEDGER, index * SEALED_AT_ONCE)));

const verified = (stored: Stored, options: { readonly witness?: string; readonly unsigned?: true } = {}): Promise<Verification> =>
  verifyLedger({ reader: readerOf({ end: END, ...stored }), checkpoints: checkpointsOf(stored.checkpoints), ...(options.unsigned !== true && { verify: signer.verify }), ...(options.witness !== undefined && { witness: options.witness }) });

type Change = (entries: ChainedEntry[], index: number) => void;

/** The places at which the change went unnoticed, or more was called proven than is: the entries before, and `more` of those changed. */
const missed = async (change: Change, more: number): Promise<readonly number[]> => {
  const isMissed = async (index: number, sealed: number): Promise<boolean> => {
    const entries = [...LEDGER];
    change(entries, index);
    const seal = SEALS[sealed];
    const verification = await verified({ entries: entries.slice(sealed * SEALED_AT_ONCE), ...(seal && { seal }) });
    return verification.ok || verification.provenUpTo > index + more;
  };
  const unseen = await Array.fromAsync(every, async (index) => await isMissed(index, Math.floor(Math.max(0, index - 1) / SEALED_AT_ONCE)) || (some.includes(index) && await isMissed(index, 0)));
  return every.filter((index) => unseen[index]);
};

const edit = (change: (entry: ChainedEntry) => Partial<ChainedEntry>) => (entries: ChainedEntry[], index: number): void => { entries[index] = { ...entries[index]!, ...change(entries[index]!) }; };
const flipped = (text: string, place: number): string => text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
const hexFlipped = (text: Sha256, place: number): Sha256 => (text.slice(0, place) + (text[place] === '0' ? '1' : '0') + text.slice(place + 1)) as Sha256;

/** With the entry before it; the first one with the second. */
const pairAt = (index: number): readonly [number, number] => (index === 0 ? [0, 1] : [index - 1, index]);

describe('a ledger of 1,000 entries', () => {
  it('verifies as it was written', async () => {
    expect(await verified({ entries: LEDGER, checkpoints: SIGNED })).toMatchObject({ ok: true, entries: COUNT, first: 1, roll: END.roll, checkpoints: 5, signedUpTo: 950, signatures: 'verified' });
    expect(new Set(LEDGER.map(({ request }) => request)).size).toBeGreaterThan(100);
  });

  it.each<readonly [string, Change]>([
    ['one byte of the event', (entries, index) => edit((entry) => ({ text: flipped(entry.text, (index * 31) % entry.text.length) }))(entries, index)],
    ['the time', edit(({ at }) => ({ at: at + 1 as ChainedEntry['at'] }))],
    ['the request', edit(() => ({ request: 'kd-zzzzzzzz' }))],
    ['the number in the request', edit(({ sequence }) => ({ sequence: sequence + 1 }))],
    ['the position', edit(({ position }) => ({ position: position + 1 }))],
    ['the hash', (entries, index) => edit((entry) => ({ hash: hexFlipped(entry.hash, index % 64) }))(entries, index)],
    ['the roll', (entries, index) => edit((entry) => ({ roll: hexFlipped(entry.roll, index % 64) }))(entries, index)],
  ])('finds an edit of %s, at each of 1,000 entries', async (_field, change) => {
    expect(await missed(change, 0)).toEqual([]);
  });

  it.each<readonly [string, number, Change]>([
    ['a dropped entry', 0, (entries, index) => { entries.splice(index, 1); }],
    // a stream holds no position twice, so behind the last there is only the next one
    ['a duplicated entry', 1, (entries, index) => { entries.splice(index + 1, 0, index < COUNT - 1 ? entries[index]! : { ...entries[index]!, position: COUNT + 1 }); }],
    ['a duplicate under the next position', 1, (entries, index) => { entries.splice(index + 1, 0, { ...entries[index]!, position: entries[index]!.position + 1 }); }],
    ['two neighbours swapped', 0, (entries, index) => { const [left, right] = pairAt(index); [entries[left], entries[right]] = [entries[right]!, entries[left]!]; }],
    ['two neighbours swapped, with their positions put right', 0, (entries, index) => {
      const [left, right] = pairAt(index);
      [entries[left], entries[right]] = [{ ...entries[right]!, position: left + 1 }, { ...entries[left]!, position: right + 1 }];
    }],
    ['everything cut off from an entry on', 0, (entries, index) => { entries.splice(index); }],
    ['everything cut off up to an entry', 0, (entries, index) => { entries.splice(0, index + 1); }],
  ])('finds %s, at each of 1,000 entries', async (_name, more, change) => {
    expect(await missed(change, more)).toEqual([]);
  });

  it('finds an entry that cannot be read', async () => {
    for (const index of some) expect(await verified({ entries: LEDGER.with(index, 'unreadable' as never) }), `entry ${index + 1}`).toMatchObject({ ok: false });
  });
});

/** Whoever can write to Redis and knows the format writes a consistent ledger: only what is signed or was seen outside tells. */
describe('a ledger that was written again', () => {
  const forkedAt = (index: number): readonly ChainedEntry[] =>
    chained(FACTS.slice(index).map((fact, offset) => (offset === 0 ? { ...fact, text: fact.text.replace('{', '{"x":1,') } : fact)), LEDGER.slice(0, index));

  it.each([0, 1, 199, 200, 555, 799, 800, 900, 949])('from entry index %i on is found by the checkpoints, and what they vouch for before it stays proven', async (index) => {
    const entries = forkedAt(index);
    const honest = Math.max(0, ...[200, 400, 600, 800, 950].filter((position) => position <= index));
    expect(await verified({ entries, end: entries.at(-1)!, checkpoints: SIGNED })).toMatchObject({ ok: false, provenUpTo: honest });
    expect(await verified({ entries, end: entries.at(-1)!, checkpoints: SIGNED }, { unsigned: true })).toMatchObject({ ok: false });
  });

  it('is found by a witness when the checkpoints were taken away too', async () => {
    for (const index of some) {
      const entries = forkedAt(index);
      expect(await verified({ entries, end: entries.at(-1)! }, { witness: END.roll }), `from ${index}`).toMatchObject({ ok: false });
    }
    expect(await verified({ entries: LEDGER }, { witness: LEDGER[499]!.roll })).toMatchObject({ ok: true });
  });

  it('without checkpoints and witness is not found: that is what they are for', async () => {
    const entries = forkedAt(500);
    expect(await verified({ entries, end: entries.at(-1)! })).toMatchObject({ ok: true, signedUpTo: 0 });
  });

  it.each([949, 800, 1, 0])('cut to %i entries with the counter turned back is found by a later checkpoint', async (length) => {
    const entries = LEDGER.slice(0, length);
    const end = entries.at(-1) ?? { position: 0, roll: '0'.repeat(64) as Sha256 };
    expect(await verified({ entries, end, checkpoints: SIGNED })).toMatchObject({ ok: false, provenUpTo: length });
  });

  const forged: readonly [string, (checkpoints: Signed[]) => readonly Signed[]][] = [
    ['signed by another key', (all) => all.with(1, checkpointAt(LEDGER, 400, otherSigner))],
    ['of another installation', (all) => all.with(1, checkpointAt(LEDGER, 400, signer, 'two'))],
    ['of a fork', (all) => all.with(3, checkpointAt(forkedAt(700), 800))],
    ['whose position was edited', (all) => all.with(1, { ...all[1]!, text: all[1]!.text.replace('400', '401') })],
    ['whose roll was edited', (all) => all.with(1, { ...all[1]!, text: all[1]!.text.replace(/"roll":"./, '"roll":"_') })],
    ['with a signature of another one', (all) => all.with(1, { ...all[1]!, signature: all[2]!.signature })],
    ['without a signature', (all) => all.with(1, { ...all[1]!, signature: '' })],
    ['with a member more', (all) => all.with(1, signer.sign(all[1]!.text.replace('{', '{"a":1,')))],
    ['of an entry to come', (all) => [...all, signer.sign(all[4]!.text.replace('950', '1950'))]],
  ];
  it.each(forged)('finds a checkpoint %s', async (_name, change) => {
    expect(await verified({ entries: LEDGER, checkpoints: change([...SIGNED]) })).toMatchObject({ ok: false });
  });
});

describe("the requests' own lists", () => {
  const own = new Map<string, ChainedEntry[]>();
  for (const entry of LEDGER) if (entry.request !== 'attempts') own.set(entry.request, [...own.get(entry.request) ?? [], entry]);
  const [first, list] = [...own][20]!;

  it('may all be there, or have lapsed', async () => {
    expect(await verified({ entries: LEDGER, own })).toMatchObject({ ok: true });
    expect(await verified({ entries: LEDGER, own: new Map([...own].slice(50)) })).toMatchObject({ ok: true });
  });

  it.each<readonly [string, NonNullable<Stored['own']>]>([
    ['an edited event', new Map([...own, [first, list.with(0, { ...list[0]!, text: '{}' })]])],
    ['an event more', new Map([...own, [first, [...list, list[0]!]]])],
    ['an event less', new Map([...own, [first, list.slice(0, -1)]])],
    ['a request of which the ledger knows nothing', new Map([...own, ['kd-zzzzzzzz', list]])],
  ])('with %s are found', async (_name, changed) => {
    expect(await verified({ entries: LEDGER, own: changed })).toMatchObject({ ok: false });
  });

  it('that grow while they are read are no problem, once the ledger says the same', async () => {
    const [before, after] = [readerOf({ entries: LEDGER.slice(0, 990), own }), readerOf({ entries: LEDGER, own })];
    let ends = 0;
    const reader = { ...after, end: () => (ends++ === 0 ? before : after).end() };
    expect(await verifyLedger({ reader, checkpoints: checkpointsOf() })).toMatchObject({ ok: true, entries: COUNT });
    expect(ends).toBe(2);
  });
});
