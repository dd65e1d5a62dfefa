import { BEGINNING, createChain, type Chain, type ChainedEntry, type ChainStart } from '../../domain/ledger/chain.ts';
import { parseSeal, sealText, startAfter, type Seal } from '../../domain/ledger/segment.ts';
import { DAY_IN_MS } from '../../domain/limits.ts';
import type { Instant } from '../../domain/names.ts';
import type { RequestStore } from '../ports.ts';
import { BrokenLedgerError, type Checkpoints, type LedgerReader, type LedgerTrimmer, type Segments, type SegmentWriter, type Signer } from './ports.ts';
import { verifyLedger } from './verify.ts';

export interface Sealing {
  readonly reader: LedgerReader;
  readonly trimmer: LedgerTrimmer;
  readonly checkpoints: Pick<Checkpoints, 'all' | 'installation'>;
  readonly archive: Segments & SegmentWriter;
  readonly signer: Signer;
  readonly store: Pick<RequestStore, 'now'>;
  /** Entries younger than this stay in the stream. */
  readonly keepDays: number;
  readonly segmentEntries?: number;
}

export type Sealed =
  | { readonly kind: 'nothing due' }
  | { readonly kind: 'sealed'; readonly segments: number; readonly last: number }
  /** Nothing was trimmed that is not on the disk and proven. */
  | { readonly kind: 'refused'; readonly why: string };

export const SEGMENT_ENTRIES = 10_000;
/** One at a time seals; it verifies the whole ledger first, which takes a while. */
export const SEAL_LEASE = 'seal';
export const SEAL_LEASE_MS = 30 * 60_000;
/** In one go; the rest waits for the next. */
export const SEGMENTS_AT_ONCE_MAX = 100;
const PAGE_ENTRIES = 1_000;

/**
 * Retention: whole segments whose entries are all older than `keepDays` go to signed files, are read back, and only then
 * leave the stream. Nothing is sealed of a ledger that does not verify, nor beyond what a checkpoint commits to: else
 * the seal's signature would make a forged past true.
 */
export const sealDue = async (world: Sealing): Promise<Sealed> => {
  const size = world.segmentEntries ?? SEGMENT_ENTRIES;
  const before = await startOf(world);
  if ('kind' in before || !await isDue(world, before.position + size)) return 'kind' in before ? before : { kind: 'nothing due' };
  const verification = await verifyLedger({ ...world, segments: { list: async () => [] }, verify: world.signer.verify });
  if (!verification.ok) return { kind: 'refused', why: `the ledger does not verify: ${verification.problem}` };
  let [start, segments]: [ChainStart, number] = [before, 0];
  while (segments < SEGMENTS_AT_ONCE_MAX && await isDue(world, start.position + size)) {
    if (verification.signedUpTo < start.position + size) return { kind: 'refused', why: `no checkpoint commits to entry ${start.position + size}` };
    const sealed = await sealOne(world, start, size);
    if ('kind' in sealed) return sealed;
    [start, segments] = [sealed, segments + 1];
  }
  return { kind: 'sealed', segments, last: start.position };
};

/** The folder must hold what was sealed last: otherwise it is another disk, or one that forgets. */
const startOf = async ({ reader, archive, signer }: Sealing): Promise<ChainStart | Extract<Sealed, { kind: 'refused' }>> => {
  const signed = await reader.seal();
  if (!signed) return BEGINNING;
  const seal = parseSeal(signed.text);
  if (!seal || !signer.verify(signed)) return { kind: 'refused', why: 'the seal of what was trimmed is not signed by this key' };
  const isHere = (await archive.list()).some((file) => file.signed.text === signed.text);
  return isHere ? startAfter(seal) : { kind: 'refused', why: `the folder of segments does not hold the one that ends at entry ${seal.last}: is it the same disk as before?` };
};

const isDue = async ({ reader, store, keepDays }: Sealing, last: number): Promise<boolean> => {
  const [entry] = await reader.after(last - 1, 1);
  return entry !== undefined && entry.position === last && entry.at < await store.now() - keepDays * DAY_IN_MS;
};

const sealOne = async (world: Sealing, start: ChainStart, size: number): Promise<ChainStart | Extract<Sealed, { kind: 'refused' }>> => {
  const [first, last] = [start.position + 1, start.position + size];
  const [installation, sealedAt] = [await world.checkpoints.installation(), await world.store.now()];
  const walk = { chain: createChain(start), lastAt: sealedAt };
  await world.archive.write(first, last, checkedPages(world.reader, walk, last), ({ count, sha256 }) => world.signer.sign(sealText({
    kind: 'segment', installation, first, last, count, sha256, sealedAt, lastAt: walk.lastAt,
    rollBefore: start.roll, rollAfter: walk.chain.roll(), heads: Object.fromEntries(walk.chain.open()),
  })));
  const back = await readBack(world, start, last);
  if (typeof back === 'string') return { kind: 'refused', why: back };
  await world.trimmer.trim(back.signed, last);
  return startAfter(back.seal);
};

async function* checkedPages(reader: LedgerReader, walk: { readonly chain: Chain; lastAt: Instant }, last: number): AsyncGenerator<readonly ChainedEntry[]> {
  while (walk.chain.position() < last) {
    const page = await reader.after(walk.chain.position(), Math.min(PAGE_ENTRIES, last - walk.chain.position()));
    if (page.length === 0) throw new BrokenLedgerError(`entry ${walk.chain.position() + 1} is missing`);
    addAll(walk.chain, page);
    walk.lastAt = page.at(-1)?.at ?? walk.lastAt;
    yield page;
  }
}

const addAll = (chain: Chain, page: readonly ChainedEntry[]): void => {
  for (const entry of page) {
    const problem = chain.add(entry);
    if (problem !== undefined) throw new BrokenLedgerError(problem);
  }
};

/** What is on the disk, read again from there and walked: only then may the stream let go of it. */
const readBack = async ({ archive, signer }: Sealing, start: ChainStart, last: number): Promise<{ readonly signed: { readonly text: string; readonly signature: string }; readonly seal: Seal } | string> => {
  const file = (await archive.list()).find(({ seal }) => seal.last === last);
  if (!file || !signer.verify(file.signed)) return `the segment that ends at entry ${last} cannot be read back`;
  const chain = createChain(start);
  for await (const page of file.pages()) addAll(chain, page);
  return chain.position() === last && chain.roll() === file.seal.rollAfter ? file : `${file.name} does not hold what was written`;
};
