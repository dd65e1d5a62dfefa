/** A watch line carries a whole pod, at most 1.5 MiB in etcd and somewhat more as JSON. */
export const LINE_BYTES_MAX = 4_194_304;

export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/** The complete lines of a byte stream, without their line feeds; a last line without one is incomplete and left out. */
export const linesOf = async function* (chunks: AsyncIterable<Uint8Array>, bytesMax = LINE_BYTES_MAX): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pending, chunk.subarray(from, end)]).toString('utf8');
      [pending, pendingBytes, from] = [[], 0, end + 1];
    }
    pendingBytes += chunk.byteLength - from;
    if (pendingBytes > bytesMax) throw new LineTooLong(`a line of more than ${bytesMax} bytes`);
    pending.push(chunk.subarray(from));
  }
};
