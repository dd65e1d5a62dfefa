/**
 * What is said of bytes that are no text: how many they are, and of what kind by how they begin. None of them is shown,
 * not even as numbers: a raw key is 16 bytes or 32, and text in between was asked no rule.
 */

/** How files of a kind begin, in hexadecimal. */
const KINDS: readonly (readonly [magic: string, kind: string])[] = [
  ['7f454c46', 'an ELF program or core dump'], ['4d5a', 'a Windows program'], ['cafebabe', 'a Java class'], ['0061736d', 'a WebAssembly module'],
  ['1f8b', 'gzip'], ['504b0304', 'a zip archive'], ['28b52ffd', 'zstd'], ['fd377a585a00', 'xz'], ['425a68', 'bzip2'], ['04224d18', 'lz4'],
  ['89504e470d0a1a0a', 'a PNG image'], ['ffd8ff', 'a JPEG image'], ['47494638', 'a GIF image'], ['25504446', 'a PDF'],
  ['53514c69746520', 'a SQLite database'], ['5245444953', 'a Redis dump'], ['4a4156412050524f', 'a Java heap dump'], ['feedfeed', 'a Java keystore'],
  ['d4c3b2a1', 'a packet capture'], ['a1b2c3d4', 'a packet capture'], ['0a0d0d0a', 'a packet capture'], ['3082', 'DER, as keys and certificates are'],
];
const MAGIC_BYTES_MAX = 8;

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** One line instead of the bytes; `bytes` is how many there are, `head` how they begin. */
export const describeBinary = (head: Uint8Array, bytes: number): string => {
  const beginning = hexOf(head.subarray(0, MAGIC_BYTES_MAX));
  const kind = KINDS.find(([magic]) => beginning.startsWith(magic))?.[1] ?? 'of no known kind';
  return `(not shown: ${bytes === 1 ? '1 byte that is' : `${bytes} bytes that are`} not text, ${kind})`;
};
