import { canonicalJson } from '../canonical.ts';
import { parseInstant, parseSha256, type Instant, type Sha256 } from '../names.ts';

/** A text and its Ed25519 signature in base64. What is signed is the text, byte for byte. */
export interface Signed {
  readonly text: string;
  readonly signature: string;
}

/** What serve says of the ledger by its signature: at `at` the entry at `position` was there, and everything before it. */
export interface Checkpoint {
  /** Which Redis: a name made once at random, so that checkpoints of another ledger are none of this one. */
  readonly installation: string;
  readonly position: number;
  readonly roll: Sha256;
  readonly at: Instant;
}

export const checkpointText = ({ installation, position, roll, at }: Checkpoint): string => canonicalJson({ installation, position, roll, at });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

export const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

export const parsePosition = (value: unknown): number | undefined => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined);
export const parseText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Undefined when a field is: for records of which each field was parsed for itself. */
export const complete = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T | undefined =>
  (Object.values(fields).includes(undefined) ? undefined : fields as T);

/** Undefined for anything but the exact text that `checkpointText` makes: nothing else that the key signs can pass for one. */
export const parseCheckpoint = (text: string): Checkpoint | undefined => {
  const { installation, position, roll, at } = parseObject(text);
  const checkpoint = complete<Checkpoint>({ installation: parseText(installation), position: parsePosition(position), roll: parseSha256(roll), at: parseInstant(at) });
  return checkpoint && checkpointText(checkpoint) === text ? checkpoint : undefined;
};
