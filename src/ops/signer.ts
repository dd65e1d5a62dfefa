import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signer, VerifySignature } from '../app/ledger/ports.ts';

const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** True for an Ed25519 signature of exactly this text by one of `keys`, the public halves or private keys. */
export const createVerifier = (keys: readonly KeyObject[]): VerifySignature => ({ text, signature }) =>
  SIGNATURE.test(signature) && keys.some((key) => verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64')));

/** Ed25519 over the text's bytes in UTF-8; deterministic, base64. */
export const createSigner = (key: KeyObject): Signer => ({
  sign: (text) => ({ text, signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64') }),
  verify: createVerifier([key]),
});
