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

const BEGINNING = /^\d{1,4}(?:-[\dT:.Z+-]*)?$/;

/**
 * Takes the timestamps of `timestamps=true` off again. Holds at most the beginning of one line, so a line of a gigabyte
 * passes in flat memory. The kubelet puts a timestamp only where a line begins, also when a long line was stored in pieces
 * (k8s.io/cri-client/pkg/logs, `ReadLogs`).
 */
export const createTimestampReader = ({ begin, text }: LineSink): TimestampReader => {
  /** The first bytes of a line, until it is known whether they are a timestamp; undefined: within a line. */
  let start: Uint8Array | undefined = new Uint8Array();
  const open = (bytes: Uint8Array, spaceAt: number): void => {
    const stamp = spaceAt === -1 ? '' : Buffer.from(bytes.subarray(0, spaceAt)).toString('latin1');
    const isStamp = TIMESTAMP.test(stamp);
    begin(isStamp ? stamp : '');
    start = undefined;
    within(isStamp ? bytes.subarray(spaceAt + 1) : bytes);
  };
  const within = (bytes: Uint8Array): void => {
    const end = bytes.indexOf(LINE_FEED);
    const line = end === -1 ? bytes : bytes.subarray(0, end + 1);
    if (line.byteLength > 0) text(line);
    if (end !== -1) start = new Uint8Array();
  };
  const atStart = (held: Uint8Array, chunk: Uint8Array): number => {
    const wanted = chunk.subarray(0, TIMESTAMP_BYTES_MAX + 1 - held.byteLength);
    const bytes = held.byteLength === 0 ? wanted : Buffer.concat([held, wanted]);
    const spaceAt = bytes.indexOf(SPACE);
    const feedAt = bytes.indexOf(LINE_FEED);
    if (spaceAt === -1 && feedAt === -1 && bytes.byteLength <= TIMESTAMP_BYTES_MAX) {
      start = bytes.slice();
      return wanted.byteLength;
    }
    // Up to the line feed only: what follows it is another line's beginning.
    const used = feedAt === -1 ? bytes.byteLength : feedAt + 1;
    open(bytes.subarray(0, used), spaceAt === -1 || spaceAt >= used ? -1 : spaceAt);
    return used - held.byteLength;
  };
  return {
    take: (chunk) => {
      let rest = chunk;
      while (rest.byteLength > 0) {
        if (start) {
          rest = rest.subarray(atStart(start, rest));
          continue;
        }
        const end = rest.indexOf(LINE_FEED);
        const used = end === -1 ? rest.byteLength : end + 1;
        within(rest.subarray(0, used));
        rest = rest.subarray(used);
      }
    },
    end: () => {
      if (start && start.byteLength > 0 && !BEGINNING.test(Buffer.from(start).toString('latin1'))) open(start, -1);
    },
  };
};
