import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigner, createVerifier } from '../../src/ops/signer.ts';

/** RFC 8032, section 7.1, test 3. */
const SEED = 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7';
const rfcKey = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(SEED, 'hex')]), format: 'der', type: 'pkcs8' });

describe('a signature', () => {
  const signer = createSigner(rfcKey);
  const signed = signer.sign('é{"at":1}');

  it('is Ed25519 over the bytes of the text, the same every time', () => {
    expect(signer.sign('r').signature).toHaveLength(88);
    expect(signer.sign('é{"at":1}')).toEqual(signed);
    expect(createVerifier([createPublicKey(rfcKey)])(signed)).toBe(true);
  });

  it('is of one of the keys that are trusted', () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(createVerifier([other])(signed)).toBe(false);
    expect(createVerifier([other, createPublicKey(rfcKey)])(signed)).toBe(true);
    expect(createVerifier([])(signed)).toBe(false);
  });

  it('survives no change of any of its characters, nor of the text', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const neighbour = (character: string): string => alphabet[alphabet.indexOf(character) ^ 1] ?? 'A';
    for (let place = 0; place < signed.signature.length; place += 1) {
      const changed = signed.signature.slice(0, place) + neighbour(signed.signature.charAt(place)) + signed.signature.slice(place + 1);
      expect(signer.verify({ ...signed, signature: changed }), `character ${place + 1}`).toBe(false);
    }
    expect(signer.verify({ ...signed, text: `${signed.text} ` })).toBe(false);
    for (const signature of ['', 'x', `${signed.signature}\n`, signed.signature.replaceAll('=', '')]) expect(signer.verify({ ...signed, signature })).toBe(false);
  });
});
