/** Redacted text can be longer than the bytes it came from: markers, U+FFFD. */

const bytesOf = (text: string): number => Buffer.byteLength(text);

const LOW_SURROGATE = /^[\udc00-\udfff]/;

/** Whole lines when that loses less than half, else whole characters. */
const firstBytes = (text: string, bytesMax: number): string => {
  if (bytesOf(text) <= bytesMax) return text;
  const cut = Buffer.from(text).subarray(0, Math.max(0, bytesMax)).toString().replace(/\ufffd+$/, '');
  const line = cut.lastIndexOf('\n');
  return line > cut.length / 2 ? cut.slice(0, line) : cut;
};

const lastBytes = (text: string, bytesMax: number): string => {
  if (bytesOf(text) <= bytesMax) return text;
  const all = Buffer.from(text);
  const cut = all.subarray(all.byteLength - Math.max(0, bytesMax)).toString().replace(/^\ufffd+/, '').replace(LOW_SURROGATE, '');
  const line = cut.indexOf('\n');
  return line !== -1 && line < cut.length / 2 ? cut.slice(line + 1) : cut;
};

export interface Fitted {
  readonly head: string;
  readonly tail?: string;
}

/** Both together take `bytesMax` of UTF-8 at most: what is too long loses its middle. */
export const fit = (head: string, tail: string | undefined, bytesMax: number): Fitted => {
  if (bytesOf(head) + bytesOf(tail ?? '') <= bytesMax) return { head, ...(tail !== undefined && { tail }) };
  const half = Math.floor(bytesMax / 2);
  return { head: firstBytes(head, half), tail: lastBytes(tail ?? head, half) };
};
