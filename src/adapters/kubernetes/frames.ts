/** One data message of a WebSocket, or the peer's wish to end (RFC 6455 §5). */
export type Message = { readonly kind: 'data'; readonly bytes: Uint8Array } | { readonly kind: 'close' };

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** The kill command prints nothing but, at the worst, a shell's complaint. */
const MESSAGE_BYTES_MAX = 65_536;
const CONTINUATION = 0x0;
const CLOSE = 0x8;
const FIN = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * Cuts what a server sends into messages. A client never answers here: the session is shorter than any ping's patience.
 * Throws FrameError for what no server may send (RFC 6455 §5.1: a masked frame) and for a message beyond 64 KiB.
 */
export const createFrameReader = (): ((chunk: Uint8Array) => readonly Message[]) => {
  let pending: Buffer = Buffer.alloc(0);
  let pieces: Buffer[] = [];
  const messageOf = ({ opcode, isLast, bytes }: Frame): readonly Message[] => {
    if (opcode === CLOSE) return [{ kind: 'close' }];
    // ping and pong
    if (opcode > CLOSE) return [];
    pieces = opcode === CONTINUATION ? [...pieces, bytes] : [bytes];
    if (sizeOf(pieces) > MESSAGE_BYTES_MAX) throw new FrameError(`a message of more than ${MESSAGE_BYTES_MAX} bytes`);
    return isLast ? [{ kind: 'data', bytes: Buffer.concat(pieces) }] : [];
  };
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const messages: Message[] = [];
    for (let frame = firstFrame(pending); frame; frame = firstFrame(pending)) {
      pending = pending.subarray(frame.end);
      messages.push(...messageOf(frame));
    }
    return messages;
  };
};

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly bytes: Buffer;
  readonly end: number;
}

const sizeOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.byteLength, 0);

/** The first frame, once all of it is there. */
const firstFrame = (buffer: Buffer): Frame | undefined => {
  const [first, second] = buffer;
  if (first === undefined || second === undefined) return undefined;
  if ((second & MASKED) !== 0) throw new FrameError('a masked frame from a server');
  const lengthBytes = { [LENGTH_16]: 2, [LENGTH_64]: 8 }[second] ?? 0;
  if (buffer.byteLength < 2 + lengthBytes) return undefined;
  const length = lengthBytes === 0 ? second : Number(BigInt(`0x${buffer.toString('hex', 2, 2 + lengthBytes)}`));
  if (length > MESSAGE_BYTES_MAX) throw new FrameError(`a frame of ${length} bytes`);
  const end = 2 + lengthBytes + length;
  if (buffer.byteLength < end) return undefined;
  return { opcode: first & 0x0f, isLast: (first & FIN) !== 0, bytes: buffer.subarray(2 + lengthBytes, end), end };
};
