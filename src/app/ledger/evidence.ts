/** What stands beside the entries: signed checkpoints, and hashes that somebody took down outside. */
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import { parseCheckpoint, type Checkpoint, type Signed } from '../../domain/ledger/checkpoint.ts';
import type { Sha256 } from '../../domain/names.ts';
import type { VerifySignature } from './ports.ts';

/** A problem, and the last entry that is proven all the same. */
export interface Broken {
  readonly problem: string;
  readonly provenUpTo: number;
}

export interface Evidence {
  /** Holds one entry, which follows the one before it, against everything known of its position. */
  meet(entry: Pick<ChainedEntry, 'position' | 'roll'>): Broken | undefined;
  /** What was promised and never met once the walk has come to `position`. */
  unmet(first: number, position: number): Broken | undefined;
  /** The last position that a checkpoint agrees with. */
  signedUpTo(): number;
  readonly checkpoints: number;
}

/** Read and checked; the position of the first that is wrong goes into the problem. */
const readCheckpoints = (stored: readonly Signed[], verify: VerifySignature | undefined): readonly Checkpoint[] | Broken => {
  const read: Checkpoint[] = [];
  for (const [index, signed] of stored.entries()) {
    const checkpoint = parseCheckpoint(signed.text);
    if (!checkpoint) return { problem: `checkpoint number ${index + 1} is not one that kdebug wrote`, provenUpTo: 0 };
    if (verify && !verify(signed)) return { problem: `the checkpoint of entry ${checkpoint.position} is not signed by the given key`, provenUpTo: 0 };
    const other = read[0];
    if (other && other.installation !== checkpoint.installation) return { problem: `the checkpoint of entry ${checkpoint.position} belongs to another installation`, provenUpTo: 0 };
    read.push(checkpoint);
  }
  return read;
};

/** Without a `verify` the checkpoints still have to agree with the entries; their signatures count for nothing then. */
export const gatherEvidence = (stored: readonly Signed[], verify: VerifySignature | undefined, witness: string | undefined): Evidence | Broken => {
  const read = readCheckpoints(stored, verify);
  if ('problem' in read) return read;
  const rolls = new Map<number, Sha256[]>();
  for (const { position, roll } of read) rolls.set(position, [...rolls.get(position) ?? [], roll]);
  const lastSigned = Math.max(0, ...rolls.keys());
  let [signedUpTo, witnessed] = [0, witness === undefined];

  return {
    checkpoints: read.length,
    signedUpTo: () => signedUpTo,
    meet: ({ position, roll }) => {
      witnessed ||= roll === witness;
      const signed = rolls.get(position);
      if (!signed) return undefined;
      if (signed.some((one) => one !== roll)) return { problem: `entry ${position} is not the one of its checkpoint: the ledger was written again from some entry after ${signedUpTo}`, provenUpTo: signedUpTo };
      signedUpTo = position;
      return undefined;
    },
    unmet: (first, position) => {
      if (lastSigned > position) return { problem: `the ledger ends at entry ${position}, and there is a checkpoint of entry ${lastSigned}`, provenUpTo: position };
      if (witnessed) return undefined;
      return first > 1
        ? { problem: `the witness is not a hash of the entries ${first} to ${position}; when it is older, give the sealed segments with --segments`, provenUpTo: signedUpTo }
        : { problem: 'the witness is not a hash of this ledger: it was written again from before that point', provenUpTo: signedUpTo };
    },
  };
};
