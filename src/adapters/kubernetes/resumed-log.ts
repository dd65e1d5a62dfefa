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
  readonly lines: () => number;
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

const LINE_FEED = 10;

export const createResumedLog = (keep: (bytes: Uint8Array) => void): ResumedLog => {
  let last: Place | undefined;
  let passing: Passing = { kind: 'new' };
  let [gap, lines, isOpen] = [false, 0, false];
  const beginNew = (stamp: string): void => {
    passing = { kind: 'new' };
    last = { stamp, count: stamp === last?.stamp ? last.count + 1 : 1, bytes: 0 };
  };
  const seek = (stamp: string, place: Place, count: number): void => {
    if (stamp !== place.stamp) {
      // A line without a timestamp among lines that have one is the node's own error, not output.
      if (stamp === '' || isBefore(stamp, place.stamp)) return;
      gap = true;
      return beginNew(stamp);
    }
    passing = count + 1 === place.count ? { kind: 'skipping', bytes: place.bytes } : { kind: 'seeking', count: count + 1 };
  };
  const take = (bytes: Uint8Array): void => {
    if (!last || bytes.byteLength === 0) return;
    last = { ...last, bytes: last.bytes + bytes.byteLength };
    isOpen = bytes[bytes.byteLength - 1] !== LINE_FEED;
    if (!isOpen) lines += 1;
    keep(bytes);
  };
  return {
    resume: () => { passing = last ? { kind: 'seeking', count: 0 } : { kind: 'new' }; },
    since: () => (last && last.stamp !== '' ? wholeSecond(last.stamp) : undefined),
    hasGap: () => gap,
    isCaughtUp: () => passing.kind === 'new' || (passing.kind === 'skipping' && passing.bytes === 0),
    // The line that has not ended yet is one too.
    lines: () => lines + (isOpen ? 1 : 0),
    begin: (stamp) => {
      if (passing.kind === 'seeking' && last) seek(stamp, last, passing.count);
      else beginNew(stamp);
    },
    text: (bytes) => {
      if (passing.kind === 'new') return take(bytes);
      if (passing.kind === 'seeking') return;
      const known = Math.min(passing.bytes, bytes.byteLength);
      passing = { kind: 'skipping', bytes: passing.bytes - known };
      take(bytes.subarray(known));
    },
  };
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
