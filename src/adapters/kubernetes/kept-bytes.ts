/** Collects a stream in flat memory: all of it up to `bytesMax`, else the first and the last half of that. */
export interface KeptBytes {
  add(chunk: Uint8Array): void;
  /** Bytes seen in all. */
  bytes(): number;
  /** Lines seen in all, one that has not ended yet too. */
  lines(): number;
  head(): Uint8Array;
  /** The last bytes, when some between head and tail were left out. */
  tail(): Uint8Array | undefined;
}

export const keepBytes = (bytesMax: number): KeptBytes => {
  const half = Math.floor(bytesMax / 2);
  const first = createBuffer(bytesMax);
  // Made when the last half is needed: most outputs are a few lines, and a thousand may be followed at once.
  let ring: Uint8Array | undefined;
  let total = 0;
  const counted = createLineCount();
  // Only what can still be in the last half is copied; its place in the ring is its place in the stream.
  const toRing = (chunk: Uint8Array, from: number): void => {
    ring ??= new Uint8Array(half);
    const last = chunk.subarray(Math.max(0, chunk.byteLength - half));
    const position = (from + chunk.byteLength - last.byteLength) % half;
    const beforeWrap = last.subarray(0, half - position);
    ring.set(beforeWrap, position);
    ring.set(last.subarray(beforeWrap.byteLength), 0);
  };
  return {
    add: (chunk) => {
      if (!ring && total + chunk.byteLength > bytesMax) toRing(first.read(total), 0);
      if (ring) toRing(chunk, total);
      first.add(chunk);
      total += chunk.byteLength;
      counted.add(chunk);
    },
    bytes: () => total,
    lines: counted.lines,
    head: () => (total <= bytesMax ? first.read(total) : first.read(half)),
    tail: () => ring && Buffer.concat([ring.subarray(total % half), ring.subarray(0, total % half)]),
  };
};

const LINE_FEED = 10;

const createLineCount = () => {
  let [feeds, isOpen] = [0, false];
  return {
    add: (chunk: Uint8Array): void => {
      for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) feeds += 1;
      if (chunk.byteLength > 0) isOpen = chunk[chunk.byteLength - 1] !== LINE_FEED;
    },
    lines: (): number => feeds + (isOpen ? 1 : 0),
  };
};

// The buffer grows by doubling instead of taking a megabyte for each.
const FIRST_BYTES = 4_096;

const createBuffer = (bytesMax: number) => {
  let buffer = new Uint8Array();
  let length = 0;
  return {
    add: (chunk: Uint8Array): void => {
      const taken = chunk.subarray(0, bytesMax - length);
      if (length + taken.byteLength > buffer.byteLength) {
        const larger = new Uint8Array(Math.min(bytesMax, Math.max(FIRST_BYTES, buffer.byteLength * 2, length + taken.byteLength)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(taken, length);
      length += taken.byteLength;
    },
    read: (bytes: number): Uint8Array => buffer.slice(0, bytes),
  };
};
