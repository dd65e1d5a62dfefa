import { canonicalJson } from '../canonical.ts';
import { parseInstant, parseSha256, type Instant, type Sha256 } from '../names.ts';
import type { ChainedEntry, ChainHead, ChainStart } from './chain.ts';
import { complete, parseObject, parsePosition, parseText } from './checkpoint.ts';

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

/** What is no head is left out: the text then is not the seal's own. */
const headsFrom = (value: unknown): Readonly<Record<string, ChainHead>> => Object.fromEntries(Object.entries(value ?? {}).flatMap(([request, head]: [string, { readonly version?: unknown; readonly hash?: unknown } | null]) => {
  const known = complete<ChainHead>({ version: parsePosition(head?.version), hash: parseSha256(head?.hash) });
  return known ? [[request, known] as const] : [];
}));

/** Undefined for anything but the exact text that `sealText` makes. */
export const parseSeal = (text: string): Seal | undefined => {
  const { kind, installation, first, last, count, rollBefore, rollAfter, sha256, lastAt, sealedAt, heads } = parseObject(text);
  const seal = complete<Seal>({
    kind: kind === 'segment' ? kind : undefined, installation: parseText(installation), first: parsePosition(first), last: parsePosition(last), count: parsePosition(count),
    rollBefore: parseSha256(rollBefore), rollAfter: parseSha256(rollAfter), sha256: parseSha256(sha256), lastAt: parseInstant(lastAt), sealedAt: parseInstant(sealedAt), heads: headsFrom(heads),
  });
  return seal && sealText(seal) === text && seal.count === seal.last - seal.first + 1 ? seal : undefined;
};

/** A walk behind this segment begins here. */
export const startAfter = ({ last, rollAfter, heads }: Seal): ChainStart => ({ position: last, roll: rollAfter, heads: new Map(Object.entries(heads)) });

/** The entry as one line of a segment: `event` is its exact text, as a string. */
export const segmentLine = ({ position, request, sequence, at, text, hash, roll }: ChainedEntry): string =>
  JSON.stringify({ position, request, sequence, at, event: text, hash, roll });

/** Undefined for anything but the exact line that `segmentLine` makes. */
export const parseSegmentLine = (line: string): ChainedEntry | undefined => {
  const { position, request, sequence, at, event, hash, roll } = parseObject(line);
  const entry = complete<ChainedEntry>({
    position: parsePosition(position), request: parseText(request), sequence: parsePosition(sequence), at: parseInstant(at), text: parseText(event), hash: parseSha256(hash), roll: parseSha256(roll),
  });
  return entry && segmentLine(entry) === line ? entry : undefined;
};
