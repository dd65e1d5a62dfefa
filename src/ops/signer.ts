import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signer, VerifySignature } from '../app/ledger/ports.ts';

/** As `sign` writes it and in no other way: base64 has bits to spare that an edit could hide in. */
const bytesOf = (signature: string): Buffer | undefined => {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.toString('base64') === signature ? bytes : undefined;
};

/** True for an Ed25519 signature of exactly this text by one of `keys`, the public halves or private keys. */
export const createVerifier = (keys: readonly KeyObject[]): VerifySignature => ({ text, signature }) => {
  const bytes = bytesOf(signature);
  return bytes !== undefined && keys.some((key) => verify(null, Buffer.from(text, 'utf8'), key, bytes));
};

/** Ed25519 over the text's bytes in UTF-8; deterministic, base64. */
export const createSigner = (key: KeyObject): Signer => ({
  sign: (text) => ({ text, signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64') }),
  verify: createVerifier([key]),
});
