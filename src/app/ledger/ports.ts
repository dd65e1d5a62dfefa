/** The ledger as those see it who prove, sign, seal and copy it: entries with their exact text, never a parsed event. */
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import type { Signed } from '../../domain/ledger/checkpoint.ts';
import type { Seal } from '../../domain/ledger/segment.ts';
import type { Instant, Sha256 } from '../../domain/names.ts';

/** What is stored cannot be an entry or a segment that kdebug wrote. The message is a sentence for whoever verifies. */
export class BrokenLedgerError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'BrokenLedgerError';
  }
}

export interface LedgerEnd {
  /** As the append script counts it. */
  readonly position: number;
  readonly roll: Sha256 | undefined;
  /** The newest entry that is really there, as its name says: a position, or `5-1` for one that no append names so; `0`: none. */
  readonly newest: string;
}

/** What a request's own list says of one event. */
export interface OwnEvent {
  readonly text: string;
  readonly hash: Sha256;
}

export interface OwnList {
  readonly request: string;
  readonly events: number;
  /** When the last of them was appended. */
  readonly lastAt: Instant;
}

export interface LedgerReader {
  /** One look at the counter and the stream together. */
  end(): Promise<LedgerEnd>;
  /** Entries after `position`, oldest first, at most `limit`. Rejects with BrokenLedgerError. */
  after(position: number, limit: number): Promise<readonly ChainedEntry[]>;
  /** The newest seal: what was before the first entry of the stream. */
  seal(): Promise<Signed | undefined>;
  /** Per entry what the request's own list holds at that place; undefined: the list is gone, as it is after some days. */
  ownEvents(entries: readonly ChainedEntry[]): Promise<readonly (OwnEvent | undefined)[]>;
  /** Every list that decisions could be made from, some at a time. */
  ownLists(): AsyncIterable<readonly OwnList[]>;
  /** Every chain (KIND.ID) that the indexes of open freezes, pre-approvals, reviews and recycles name, some at a time. */
  openIndexes(): AsyncIterable<readonly string[]>;
}

/** Everything up to the seal's last entry leaves the stream; the seal takes its place. */
export interface LedgerTrimmer {
  trim(seal: Signed, last: number): Promise<void>;
}

export interface Checkpoints {
  /** The name of this ledger, made on the first call. */
  installation(): Promise<string>;
  last(): Promise<Signed | undefined>;
  /** Durable when it answers; the oldest go beyond a bound. */
  add(checkpoint: Signed): Promise<void>;
  /** Oldest first. */
  all(): Promise<readonly Signed[]>;
}

/** True: one of the keys that are trusted made this signature of this text. */
export type VerifySignature = (signed: Signed) => boolean;

export interface Signer {
  sign(text: string): Signed;
  readonly verify: VerifySignature;
}

export interface SegmentFile {
  /** For messages: the file's name. */
  readonly name: string;
  readonly seal: Seal;
  readonly signed: Signed;
  /** Rejects with BrokenLedgerError where the file is not what its seal says. */
  pages(): AsyncIterable<readonly ChainedEntry[]>;
}

export interface Segments {
  /** In the order of their entries. Rejects with BrokenLedgerError. */
  list(): Promise<readonly SegmentFile[]>;
}

export interface WrittenBody {
  readonly count: number;
  readonly sha256: Sha256;
}

export interface SegmentWriter {
  /** On the disk, under its name, when it answers. `finish` is asked once the entries are written. */
  write(first: number, last: number, pages: AsyncIterable<readonly ChainedEntry[]>, finish: (body: WrittenBody) => Signed): Promise<void>;
}
