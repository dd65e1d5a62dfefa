import { canonicalJson } from '../canonical.ts';
import { parseInstant, parseSha256, type Instant, type Sha256 } from '../names.ts';
import type { ChainedEntry, ChainHead, ChainStart } from './chain.ts';
import { parseObject, parsePosition } from './checkpoint.ts';

/**
 * A *segment* is a part of the ledger that was sealed: written to a file of JSON Lines, signed, then trimmed from the
 * stream. The file holds the seal, the entries, and the signature of the seal, one JSON a line.
 */
export interface Seal {
  readonly kind: 'segment';
  readonly installation: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Of the entry before `first`. */
  readonly rollBefore: Sha256;
  readonly rollAfter: Sha256;
  /** Of the lines of the entries, each with its line feed. */
  readonly sha256: Sha256;
  /** Time of the last entry. */
  readonly lastAt: Instant;
  readonly sealedAt: Instant;
  /** Chains that may go on behind `last`: without these nobody could check an entry that continues one. */
  readonly heads: Readonly<Record<string, ChainHead>>;
}

export const sealText = (seal: Seal): string => canonicalJson({ ...seal, heads: Object.fromEntries(Object.entries(seal.heads).map(([request, { version, hash }]) => [request, { version, hash }])) });

const headsFrom = (value: unknown): Readonly<Record<string, ChainHead>> | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const heads = Object.entries(value).flatMap(([request, head]: [string, { readonly version?: unknown; readonly hash?: unknown } | null]) => {
    const [version, hash] = [parsePosition(head?.version), parseSha256(head?.hash)];
    return version === undefined || !hash ? [] : [[request, { version, hash }] as const];
  });
  return Object.fromEntries(heads);
};

/** Undefined for anything but the exact text that `sealText` makes. */
export const parseSeal = (text: string): Seal | undefined => {
  const { kind, installation, ...rest } = parseObject(text);
  const [first, last, count] = [parsePosition(rest['first']), parsePosition(rest['last']), parsePosition(rest['count'])];
  const [rollBefore, rollAfter, sha256] = [parseSha256(rest['rollBefore']), parseSha256(rest['rollAfter']), parseSha256(rest['sha256'])];
  const [lastAt, sealedAt, heads] = [parseInstant(rest['lastAt']), parseInstant(rest['sealedAt']), headsFrom(rest['heads'])];
  if (kind !== 'segment' || typeof installation !== 'string' || first === undefined || last === undefined || count === undefined) return undefined;
  if (!rollBefore || !rollAfter || !sha256 || lastAt === undefined || sealedAt === undefined || !heads) return undefined;
  const seal: Seal = { kind, installation, first, last, count, rollBefore, rollAfter, sha256, lastAt, sealedAt, heads };
  return sealText(seal) === text && count === last - first + 1 ? seal : undefined;
};

/** A walk behind this segment begins here. */
export const startAfter = ({ last, rollAfter, heads }: Seal): ChainStart => ({ position: last, roll: rollAfter, heads: new Map(Object.entries(heads)) });

/** The entry as one line of a segment: `event` is its exact text, as a string. */
export const segmentLine = ({ position, request, sequence, at, text, hash, roll }: ChainedEntry): string =>
  JSON.stringify({ position, request, sequence, at, event: text, hash, roll });

/** Undefined for anything but the exact line that `segmentLine` makes. */
export const parseSegmentLine = (line: string): ChainedEntry | undefined => {
  const { request, event: text, ...rest } = parseObject(line);
  const [position, sequence, at] = [parsePosition(rest['position']), parsePosition(rest['sequence']), parseInstant(rest['at'])];
  const [hash, roll] = [parseSha256(rest['hash']), parseSha256(rest['roll'])];
  if (typeof request !== 'string' || typeof text !== 'string' || position === undefined || sequence === undefined || at === undefined || !hash || !roll) return undefined;
  const entry = { position, request, sequence, at, text, hash, roll };
  return segmentLine(entry) === line ? entry : undefined;
};
