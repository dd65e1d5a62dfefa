import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The keys of serve: HMAC over stored records, Ed25519 over grants and witnesses. */
export interface Keys {
  /** 32 bytes or more. */
  readonly recordKey: Uint8Array;
  readonly signingKey: KeyObject;
}

export const RECORD_KEY_BYTES_MIN = 32;
const RAW_KEY_BYTES = 32;
/** RFC 8410: what stands before the 32 raw bytes of an Ed25519 key in PKCS #8 and SubjectPublicKeyInfo. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Hex of 32 bytes or more. */
export const parseRecordKey = (text: string): Uint8Array | undefined =>
  /^(?:[0-9a-fA-F]{2}){32,1024}$/.test(text) ? Buffer.from(text, 'hex') : undefined;

const base64 = (text: string): Buffer | undefined => {
  const compact = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(compact) ? Buffer.from(compact, 'base64') : undefined;
};

const ed25519 = (make: () => KeyObject): KeyObject | undefined => {
  try {
    const key = make();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined; // the reason would quote the key
  }
};

/** Base64 of the raw 32-byte seed or of the DER in PKCS #8. */
export const parseSigningKey = (text: string): KeyObject | undefined => {
  const bytes = base64(text);
  if (bytes === undefined) return undefined;
  const der = bytes.length === RAW_KEY_BYTES ? Buffer.concat([PKCS8_PREFIX, bytes]) : bytes;
  return ed25519(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
};

/** Base64 of the raw 32 bytes or of the DER in SubjectPublicKeyInfo. */
export const parseSigningPubkey = (text: string): KeyObject | undefined => {
  const bytes = base64(text);
  if (bytes === undefined) return undefined;
  const der = bytes.length === RAW_KEY_BYTES ? Buffer.concat([SPKI_PREFIX, bytes]) : bytes;
  return ed25519(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
};

/** The public half as KDEBUG_SIGNING_PUBKEY wants it: base64 of the raw 32 bytes. */
export const pubkeyText = (signingKey: KeyObject): string => {
  const publicKey = signingKey.type === 'private' ? createPublicKey(signingKey) : signingKey;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length).toString('base64');
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`The key file ${path} cannot be read; let this user read it, or set the variable instead.`, { cause: error });
  }
};

const writeWhole = (path: string, text: string): void => {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${text}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/**
 * Of several processes that start at once one wins: the whole key is written to a file of its own and linked to its
 * name, which fails when the name is taken. Nobody ever reads half a key, and all read the same one.
 */
const createOnce = (path: string, text: string): void => {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    writeWhole(draft, text);
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw new Error(`The key file ${path} cannot be written; let this user write there, or set KDEBUG_STATE_DIR.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
};

const keyAt = <Key>(path: string, parse: (text: string) => Key | undefined, fresh: () => string): Key => {
  const known = readIfThere(path);
  if (known === undefined) createOnce(path, fresh());
  const key = parse(known ?? readIfThere(path) ?? '');
  // A damaged key is never replaced: what it signed could not be verified any more.
  if (key === undefined) throw new Error(`The key file ${path} holds no such key; restore it from a backup, or move it away to have a new one made.`);
  return key;
};

const freshSigningKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/**
 * The keys given, and those of the state folder for what was not; missing files are made (0600, folder 0700). Calling
 * it again, also from other processes at the same time, gives the same keys. Throws one sentence when the folder is unusable.
 */
export const ensureKeys = (stateDir: string, given: Partial<Keys>): Keys => {
  if (given.recordKey !== undefined && given.signingKey !== undefined) return { recordKey: given.recordKey, signingKey: given.signingKey };
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`The state folder ${stateDir} cannot be made; let this user write there, or set KDEBUG_STATE_DIR.`, { cause: error });
  }
  return {
    recordKey: given.recordKey ?? keyAt(join(stateDir, 'record.key'), parseRecordKey, () => randomBytes(RECORD_KEY_BYTES_MIN).toString('hex')),
    signingKey: given.signingKey ?? keyAt(join(stateDir, 'signing.key'), parseSigningKey, freshSigningKey),
  };
};
