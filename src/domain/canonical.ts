import { createHash } from 'node:crypto'; // deterministic and synchronous: the one module of Node that the domain uses
import type { Sha256 } from './names.ts';

/** JSON as it may be digested: no undefined, no functions, numbers finite. */
export type Canonical =
  | null
  | boolean
  | number
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical | undefined };

/**
 * The JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 code units, no white space. Numbers and strings
 * are written as ECMAScript writes them, which is what the RFC prescribes. Absent (undefined) members are left out.
 */
export const canonicalJson = (value: Canonical): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter((member): member is [string, Canonical] => member[1] !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
};

export const sha256 = (text: string): Sha256 => createHash('sha256').update(text, 'utf8').digest('hex') as Sha256;

/** Of the 32 bytes of each digest and the text behind them: what a chain is made of. */
export const sha256Linked = (left: Sha256, right: Sha256, text: string): Sha256 => createHash('sha256').update(left, 'hex').update(right, 'hex').update(text, 'utf8').digest('hex') as Sha256;
