import { markerOf } from './marker.ts';

/** Where output was cut, half a secret may stand that no rule knows any more. */

/** Part of a key, a certificate or a dump: base64 and nothing else. */
const BASE64_LINE = /^[\s"'>|\\]{0,16}[A-Za-z0-9+/=]{16,}(?:\\[nr]|["',\s]){0,8}$/;

export const BESIDE_CUT = 'line beside the cut';

const isBase64Like = (line: string | undefined): boolean => line !== undefined && BASE64_LINE.test(line);

/** The last line, and the base64-like lines above it, are withheld. */
export const withholdEnd = (head: string): string => {
  if (head === '') return head;
  const lines = head.split('\n');
  let kept = lines.length - 1;
  while (isBase64Like(lines[kept - 1])) kept -= 1;
  return [...lines.slice(0, kept), markerOf(BESIDE_CUT)].join('\n');
};

/** The first line, and the base64-like lines below it (with the short one that ends them), are withheld. */
export const withholdBeginning = (tail: string): string => {
  if (tail === '') return tail;
  const lines = tail.split('\n');
  let from = 1;
  while (isBase64Like(lines[from])) from += 1;
  if (/^\s*[A-Za-z0-9+/]{1,64}={0,2}$/.test(lines[from] ?? '') && (from > 1 || lines[from]?.endsWith('=') === true)) from += 1;
  return [markerOf(BESIDE_CUT), ...lines.slice(from)].join('\n');
};
