import { BEGINNING, createChain, type Chain, type ChainedEntry, type ChainStart } from '../../domain/ledger/chain.ts';
import { parseSeal, startAfter } from '../../domain/ledger/segment.ts';
import type { Instant } from '../../domain/names.ts';
import { gatherEvidence, type Broken, type Evidence } from './evidence.ts';
import { openProblem, seeOpen } from './open-chains.ts';
import { foreignList, ownListProblem, seeLists } from './own-lists.ts';
import { BrokenLedgerError, type Checkpoints, type LedgerReader, type SegmentFile, type Segments, type VerifySignature } from './ports.ts';

export interface Verifying {
  readonly reader: LedgerReader;
  readonly checkpoints: Pick<Checkpoints, 'all'>;
  /** Sealed entries, when they are at hand. */
  readonly segments?: Segments;
  /** Absent: signatures are not verified, and the answer says so. */
  readonly verify?: VerifySignature;
  /** A roll that was taken down outside: from the audit channel, or an earlier verification. */
  readonly witness?: string;
  /** Redis' own time. Absent: nobody asks whether what is old enough is signed. */
  readonly now?: () => Promise<Instant>;
}

export type Verification =
  | {
    readonly ok: true;
    /** 1, or the entry behind the sealed ones that were not given. */
    readonly first: number;
    readonly entries: number;
    readonly roll: string;
    readonly checkpoints: number;
    /** The last entry that a checkpoint commits to; 0: none. */
    readonly signedUpTo: number;
    readonly signatures: 'verified' | 'not verified';
    readonly segments: number;
    /** The first entry that no checkpoint commits to though it is older than UNSIGNED_MS_MAX. */
    readonly overdueFrom?: number;
  }
  | ({ readonly ok: false } & Broken);

const PAGE_ENTRIES = 1_000;
/** A serve that runs signs within 10 s; so much later nobody did, or it was taken away. */
export const UNSIGNED_MS_MAX = 60_000;

/**
 * Walks everything and recomputes every hash: an edited, dropped, swapped or repeated entry breaks the chain of its
 * request, the roll, or the numbering; a cut tail disagrees with the counter; each request's own list must hold the
 * same events and no others, and what is not over must have its list and its place in the index. What was written again
 * consistently from some entry on is found by the checkpoints' signatures and by a `witness`. Reads may throw for
 * outages; whatever is wrong with the ledger is an answer.
 */
export const verifyLedger = async (world: Verifying): Promise<Verification> => {
  const began = await world.now?.(); // before the checkpoints are read: what comes later needs none
  const evidence = gatherEvidence(await world.checkpoints.all(), world.verify, world.witness);
  if ('problem' in evidence) return { ok: false, ...evidence };
  const walk: Walk = { chain: createChain(), evidence };
  try {
    const broken = await walkAll(world, walk);
    return broken ? { ok: false, ...broken } : signedOr(world, walk, proven(world, walk), began);
  } catch (error) {
    if (!(error instanceof BrokenLedgerError)) throw error;
    return { ok: false, problem: error.message, provenUpTo: walk.chain.position() };
  }
};

/** `chain` is replaced once, when it is known where the walk begins. */
interface Walk {
  chain: Chain;
  readonly evidence: Evidence;
  first?: number;
  segments?: number;
  /** The first entry behind what is signed. */
  unsigned?: Pick<ChainedEntry, 'position' | 'at'> | undefined;
}

type Proven = Extract<Verification, { ok: true }>;

const proven = ({ verify }: Verifying, { chain, evidence, first = 1, segments = 0 }: Walk): Proven => ({
  ok: true, first, entries: chain.position(), roll: chain.roll(), checkpoints: evidence.checkpoints, signedUpTo: evidence.signedUpTo(),
  signatures: verify ? 'verified' : 'not verified', segments,
});

/** Where nothing else vouches for them, old entries without a signature are no plain ok; without any checkpoint they are none. */
const signedOr = ({ verify, witness }: Verifying, { unsigned, evidence }: Walk, found: Proven, now: Instant | undefined): Verification => {
  if (now === undefined || !verify || witness !== undefined || !unsigned || now - unsigned.at <= UNSIGNED_MS_MAX) return found;
  const { position } = unsigned;
  if (evidence.checkpoints > 0) return { ...found, overdueFrom: position };
  const problem = `entry ${position} is older than ${UNSIGNED_MS_MAX / 1_000} s, and there is no checkpoint: they were taken away, or no serve ran on behind it; let serve run for 10 s, or give --witness`;
  return { ok: false, problem, provenUpTo: position - 1 };
};

const walkAll = async (world: Verifying, walk: Walk): Promise<Broken | undefined> => {
  const files = await world.segments?.list() ?? [];
  const start = files.length > 0 ? await walkSegments(files, world.verify, walk) : await startOfStream(world);
  if ('problem' in start) return start;
  if (files.length === 0) walk.chain = createChain(start);
  walk.first = files.length > 0 ? 1 : start.position + 1;
  const broken = start.position > 0 ? walk.evidence.meet(start) : undefined;
  return broken ?? await untrimmed(world) ?? await walkStream(world, walk) ?? walk.evidence.unmet(walk.first, walk.chain.position());
};

const follow = (entries: readonly ChainedEntry[], walk: Walk): Broken | undefined => {
  const { chain, evidence } = walk;
  for (const entry of entries) {
    const provenUpTo = chain.position();
    const problem = chain.add(entry);
    if (problem !== undefined) return { problem, provenUpTo };
    const broken = evidence.meet(entry);
    if (broken) return broken;
    walk.unsigned = evidence.signedUpTo() === entry.position ? undefined : walk.unsigned ?? entry;
  }
  return undefined;
};

const walkSegments = async (files: readonly SegmentFile[], verify: VerifySignature | undefined, walk: Walk): Promise<ChainStart | Broken> => {
  for (const file of files) {
    const { name, seal, signed } = file;
    const provenUpTo = walk.chain.position();
    if (seal.first !== provenUpTo + 1) return { problem: `${name} begins at entry ${seal.first}, and entry ${provenUpTo + 1} is in no segment before it`, provenUpTo };
    if (verify && !verify(signed)) return { problem: `${name} is not signed by the given key`, provenUpTo };
    for await (const page of file.pages()) {
      const broken = follow(page, walk);
      if (broken) return { ...broken, problem: `${name}: ${broken.problem}` };
    }
    if (walk.chain.roll() !== seal.rollAfter) return { problem: `${name} ends with another entry than its seal says`, provenUpTo };
    walk.segments = (walk.segments ?? 0) + 1;
    walk.unsigned = undefined; // its seal signs it
  }
  return { position: walk.chain.position(), roll: walk.chain.roll(), heads: walk.chain.heads };
};

/** Where the stream itself begins: at the first entry, or behind what was sealed, which only a signature can vouch for. */
const startOfStream = async ({ reader, verify }: Verifying): Promise<ChainStart | Broken> => {
  const signed = await reader.seal();
  if (!signed) return BEGINNING;
  const seal = parseSeal(signed.text);
  if (!seal) return { problem: 'the seal of what was trimmed is not one that kdebug wrote', provenUpTo: 0 };
  if (!verify) return { problem: `the entries 1 to ${seal.last} were sealed, and without the public key sealed cannot be told from cut off: give --pubkey, or the sealed segments with --segments`, provenUpTo: 0 };
  return verify(signed) ? startAfter(seal) : { problem: `the seal of the entries up to ${seal.last} is not signed by the given key`, provenUpTo: 0 };
};

/** Readers of the stream take what stands there for the ledger: nothing may stand where entries were sealed and trimmed. */
const untrimmed = async ({ reader }: Verifying): Promise<Broken | undefined> => {
  const signed = await reader.seal();
  const last = (signed && parseSeal(signed.text))?.last ?? 0;
  const [oldest] = last > 0 ? await reader.after(0, 1) : [];
  return oldest && oldest.position <= last ? { problem: `entry ${oldest.position} is there, but all up to entry ${last} were sealed and trimmed`, provenUpTo: 0 } : undefined;
};

const walkStream = async ({ reader }: Verifying, walk: Walk): Promise<Broken | undefined> => {
  const { chain } = walk;
  const broken = await walkToEnd(reader, walk);
  if (broken) return broken;
  const { problem, ahead, names } = await seeLists(reader, chain.heads, walk.first ?? 1);
  if (problem !== undefined) return { problem, provenUpTo: chain.position() };
  const suspects = await seeOpen(reader, chain, names);
  if (ahead.length === 0 && suspects.length === 0) return undefined;
  // while people work the lists grow under the reader: what was seen of them must be in the ledger by now
  const later = await walkToEnd(reader, walk);
  if (later) return later;
  const wrong = foreignList(ahead, chain.heads) ?? openProblem(suspects, chain);
  return wrong === undefined ? undefined : { problem: wrong, provenUpTo: chain.position() };
};

const walkToEnd = async (reader: LedgerReader, walk: Walk): Promise<Broken | undefined> => {
  const { chain } = walk;
  const { position: end, roll, newest } = await reader.end();
  while (chain.position() < end) {
    const provenUpTo = chain.position();
    const page = await reader.after(provenUpTo, Math.min(PAGE_ENTRIES, end - provenUpTo));
    if (page.length === 0) return { problem: `the ledger ends at entry ${provenUpTo} but ${end} were written`, provenUpTo };
    const broken = follow(page, walk);
    if (broken) return broken;
    const problem = await ownListProblem(reader, page);
    if (problem !== undefined) return { problem, provenUpTo };
  }
  if (chain.position() > end) return { problem: `the ledger was cut: it has ${end} entries, and entry ${chain.position()} was sealed`, provenUpTo: end };
  if (end > 0 && roll !== chain.roll()) return { problem: 'the last entry is not the one that was written last', provenUpTo: Math.max(0, end - 1) };
  return newest !== '0' && newest !== String(end) ? { problem: `entry ${newest} is there, but only ${end} were written`, provenUpTo: end } : undefined;
};
