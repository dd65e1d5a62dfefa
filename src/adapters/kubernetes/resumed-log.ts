import type { LineSink } from './timestamped.ts';

/**
 * One log put together from several streams, each of which begins again at a whole second: what was had already is left
 * out, line by line and byte by byte, by the timestamp of the last line that arrived.
 */
export interface ResumedLog extends LineSink {
  /** A new stream begins. */
  readonly resume: () => void;
  /** The `sinceTime` of the next stream; undefined: from the start. */
  readonly since: () => string | undefined;
  /** The lines between two streams were not all there: the log was rotated, or its time went backwards. */
  readonly hasGap: () => boolean;
  /** The stream has come to where the one before broke off. */
  readonly isCaughtUp: () => boolean;
}

/** The last line that arrived: the how many-th of its timestamp, and how many bytes of it there are. */
interface Place {
  readonly stamp: string;
  readonly count: number;
  readonly bytes: number;
}

type Passing =
  | { readonly kind: 'new' }
  /** Lines are looked at until the last one that arrived is found; `count` of its timestamp have been seen. */
  | { readonly kind: 'seeking'; readonly count: number }
  /** That line again: so many of its bytes are known. */
  | { readonly kind: 'skipping'; readonly bytes: number };

export const createResumedLog = (keep: (bytes: Uint8Array) => void): ResumedLog => {
  let last: Place | undefined;
  let passing: Passing = { kind: 'new' };
  let gap = false;
  const beginNew = (stamp: string): void => {
    passing = { kind: 'new' };
    last = { stamp, count: stamp === last?.stamp ? last.count + 1 : 1, bytes: 0 };
  };
  const begin = (stamp: string): void => {
    if (passing.kind !== 'seeking' || !last) return beginNew(stamp);
    const sought = seek(stamp, last, passing.count);
    if (sought !== 'missed') {
      passing = sought;
      return;
    }
    gap = true;
    beginNew(stamp);
  };
  const text = (bytes: Uint8Array): void => {
    if (passing.kind === 'seeking' || !last) return;
    const known = passing.kind === 'new' ? 0 : Math.min(passing.bytes, bytes.byteLength);
    if (passing.kind === 'skipping') passing = { kind: 'skipping', bytes: passing.bytes - known };
    last = { ...last, bytes: last.bytes + bytes.byteLength - known };
    keep(bytes.subarray(known));
  };
  return {
    begin, text,
    resume: () => { passing = last ? { kind: 'seeking', count: 0 } : { kind: 'new' }; },
    since: () => (last && last.stamp !== '' ? wholeSecond(last.stamp) : undefined),
    hasGap: () => gap,
    isCaughtUp: () => passing.kind === 'new' || (passing.kind === 'skipping' && passing.bytes === 0),
  };
};

/** What a line of that timestamp is on the way to `place`; missed: it is later, so what was looked for is not there. */
const seek = (stamp: string, place: Place, count: number): Passing | 'missed' => {
  if (stamp === place.stamp) return count + 1 === place.count ? { kind: 'skipping', bytes: place.bytes } : { kind: 'seeking', count: count + 1 };
  // A line without a timestamp among lines that have one is the node's own error, not output.
  return stamp === '' || isBefore(stamp, place.stamp) ? { kind: 'seeking', count } : 'missed';
};

const isBefore = (one: string, other: string): boolean => nanosecondsOf(one) < nanosecondsOf(other);

const SECOND_NS = 1_000_000_000n;

/** Nodes may write their local time: the offset counts, and the fraction is finer than Date knows. */
const nanosecondsOf = (stamp: string): bigint => {
  const [, whole = '', fraction = '', offset = 'Z'] = /^(.{19})(?:\.(\d+))?(.+)$/.exec(stamp) ?? [];
  const milliseconds = Date.parse(whole + offset);
  return Number.isNaN(milliseconds) ? 0n : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
};

const wholeSecond = (stamp: string): string => new Date(Number(nanosecondsOf(stamp) / SECOND_NS) * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
