/** Bytes from a log to characters. */

/* oxlint-disable no-control-regex -- control characters are what this is about */
const SAMPLE_BYTES = 8_192;
const STRANGE_SHARE_MAX = 0.1;

const encodingOf = (bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
};

/** Invalid bytes become U+FFFD; a byte order mark decides, and is removed. */
export const decode = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Undecodable bytes or controls in more than a tenth of the first 8 KiB; NUL-separated text is text. */
export const isBinary = (bytes: Uint8Array): boolean => {
  const sample = new TextDecoder(encodingOf(bytes)).decode(bytes.subarray(0, SAMPLE_BYTES), { stream: true });
  if (sample.length === 0) return false;
  const strange = countOf(sample, /[\ufffd\u0001-\u0006\u000e-\u001a\u001c-\u001f\u007f]/g);
  const inNulRuns = countOf(sample, /(?<=\u0000)\u0000/g);
  return (strange + inNulRuns) / sample.length > STRANGE_SHARE_MAX;
};
