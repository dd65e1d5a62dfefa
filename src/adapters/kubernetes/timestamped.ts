/** Where a line of a log begins, and its bytes as they come. */
export interface LineSink {
  /** `timestamp` as the kubelet wrote it; empty: the line had none. */
  readonly begin: (timestamp: string) => void;
  /** Bytes of the line begun last, its line feed included. */
  readonly text: (bytes: Uint8Array) => void;
}

export interface TimestampReader {
  take(chunk: Uint8Array): void;
  /** The stream ended properly: a last line too short to have a timestamp is told, the beginning of a timestamp is not. */
  end(): void;
}

const LINE_FEED = 10;
const SPACE = 32;
/** `2006-01-02T15:04:05.000000000+07:00` is the longest. */
const TIMESTAMP_BYTES_MAX = 35;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const NOTHING = new Uint8Array();

const BEGINNING = /^\d{1,4}(?:-[\dT:.Z+-]*)?$/;

/**
 * Takes the timestamps of `timestamps=true` off again. Holds at most the beginning of one line, so a line of a gigabyte
 * passes in flat memory. The kubelet puts a timestamp only where a line begins, also when a long line was stored in pieces
 * (k8s.io/cri-client/pkg/logs, `ReadLogs`).
 */
export const createTimestampReader = (sink: LineSink): TimestampReader => {
  /** The first bytes of a line, until it is known whether they are a timestamp; undefined: within a line. */
  let held: Uint8Array | undefined = NOTHING;
  const within = (bytes: Uint8Array): number => {
    const end = bytes.indexOf(LINE_FEED);
    const used = end === -1 ? bytes.byteLength : end + 1;
    if (used > 0) sink.text(bytes.subarray(0, used));
    held = end === -1 ? undefined : NOTHING;
    return used;
  };
  const atStart = (before: Uint8Array, chunk: Uint8Array): number => {
    const start = startOf(before, chunk);
    if (start.kind === 'short') {
      held = start.bytes;
      return start.bytes.byteLength - before.byteLength;
    }
    sink.begin(start.stamp);
    within(start.text);
    return start.used - before.byteLength;
  };
  return {
    take: (chunk) => {
      for (let rest = chunk; rest.byteLength > 0;) rest = rest.subarray(held ? atStart(held, rest) : within(rest));
    },
    end: () => {
      if (!held || held.byteLength === 0 || BEGINNING.test(Buffer.from(held).toString('latin1'))) return;
      sink.begin('');
      within(held);
    },
  };
};

type Start =
  /** It may still become a timestamp. */
  | { readonly kind: 'short'; readonly bytes: Uint8Array }
  | { readonly kind: 'line'; readonly stamp: string; readonly text: Uint8Array; readonly used: number };

/** The beginning of a line: what was held of it, and the next bytes up to the line feed or the longest timestamp. */
const startOf = (before: Uint8Array, chunk: Uint8Array): Start => {
  const next = chunk.subarray(0, TIMESTAMP_BYTES_MAX + 1 - before.byteLength);
  const bytes = before.byteLength > 0 ? Buffer.concat([before, next]) : Buffer.from(next.buffer, next.byteOffset, next.byteLength);
  const feedAt = bytes.indexOf(LINE_FEED);
  const line = feedAt === -1 ? bytes : bytes.subarray(0, feedAt + 1);
  const spaceAt = line.indexOf(SPACE);
  if (spaceAt === -1 && feedAt === -1 && line.byteLength <= TIMESTAMP_BYTES_MAX) return { kind: 'short', bytes: line };
  const stamp = spaceAt === -1 ? '' : line.toString('latin1', 0, spaceAt);
  const isStamp = TIMESTAMP.test(stamp);
  return { kind: 'line', stamp: isStamp ? stamp : '', text: isStamp ? line.subarray(spaceAt + 1) : line, used: line.byteLength };
};
