import { sign, verify, type KeyObject } from 'node:crypto';
import type { GrantSigner, GrantVerifier } from '../app/ports.ts';
import { canonicalJson, type Canonical } from '../domain/canonical.ts';
import type { EvictionClaim, GrantClaim } from '../domain/grant.ts';

/** A signature of one is none of the other, whatever the members say. */
const contextOf = (claim: GrantClaim | EvictionClaim): string => ('recycle' in claim ? 'kdebug eviction grant 1' : 'kdebug grant 1');

const bytesOf = (claim: GrantClaim | EvictionClaim): Buffer => Buffer.from(`${contextOf(claim)}\n${canonicalJson(claim as unknown as Canonical)}`, 'utf8');

/** Ed25519, by serve alone. */
export const createGrantSigner = (key: KeyObject): GrantSigner => ({ sign: (claim) => sign(null, bytesOf(claim), key).toString('base64url') });

/** What a worker holds: it can check a grant and make none. */
export const createGrantVerifier = (publicKey: KeyObject): GrantVerifier => ({
  isSigned: (claim, signature) => verify(null, bytesOf(claim), publicKey, Buffer.from(signature, 'base64url')),
});
