import { sign, verify, type KeyObject } from 'node:crypto';
import type { GrantSigner, GrantVerifier } from '../app/ports.ts';
import { canonicalJson, type Canonical } from '../domain/canonical.ts';
import type { GrantClaim } from '../domain/grant.ts';

const CONTEXT = 'kdebug grant 1';

const bytesOf = (claim: GrantClaim): Buffer => Buffer.from(`${CONTEXT}\n${canonicalJson(claim as unknown as Canonical)}`, 'utf8');

/** Ed25519, by serve alone. */
export const createGrantSigner = (key: KeyObject): GrantSigner => ({ sign: (claim) => sign(null, bytesOf(claim), key).toString('base64url') });

/** What a worker holds: it can check a grant and make none. */
export const createGrantVerifier = (publicKey: KeyObject): GrantVerifier => ({
  isSigned: (claim, signature) => verify(null, bytesOf(claim), publicKey, Buffer.from(signature, 'base64url')),
});
