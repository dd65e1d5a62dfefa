import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { claimOf } from '../../src/domain/grant.ts';
import type { ClusterName, Instant } from '../../src/domain/names.ts';
import type { Queued } from '../../src/domain/request-states.ts';
import { createGrantSigner, createGrantVerifier } from '../../src/ops/grants.ts';
import { clusterKeyText, createRecordKeys } from '../../src/ops/record-keys.ts';
import { at, CAROL, given, STATES } from '../fixtures/requests.ts';

const [MAIN, OTHER] = ['main' as ClusterName, 'other' as ClusterName];

describe('record keys', () => {
  const master = randomBytes(32);
  const serve = createRecordKeys(master);

  it('serve checks what a worker with its own cluster\'s key sealed, and the other way round', () => {
    const worker = createRecordKeys(Buffer.from(clusterKeyText(master, MAIN), 'hex'));
    expect(serve.isMac(MAIN, 'event', worker.mac(MAIN, 'event'))).toBe(true);
    expect(worker.isMac(MAIN, 'event', serve.mac(MAIN, 'event'))).toBe(true);
  });
  it('a worker that holds one cluster\'s key cannot make another\'s', () => {
    const worker = createRecordKeys(Buffer.from(clusterKeyText(master, MAIN), 'hex'));
    expect(() => worker.mac(OTHER, 'event')).toThrow('kdebug keys derive --cluster other');
    expect(serve.isMac(OTHER, 'event', worker.mac(MAIN, 'event'))).toBe(false);
  });
  it('another message, another key and a cut seal are none', () => {
    const seal = serve.mac(MAIN, 'event');
    expect(serve.isMac(MAIN, 'event', seal)).toBe(true);
    expect(serve.isMac(MAIN, 'events', seal)).toBe(false);
    expect(serve.isMac(MAIN, 'event', seal.slice(1))).toBe(false);
    expect(createRecordKeys(randomBytes(32)).isMac(MAIN, 'event', seal)).toBe(false);
  });
});

describe('a grant', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const request = given(...STATES.queued) as Queued;
  const until = at(100);
  const signature = createGrantSigner(privateKey).sign(claimOf(request, until));
  const verifier = createGrantVerifier(publicKey);

  it('is good for exactly what was decided', () => {
    expect(verifier.isSigned(claimOf(request, until), signature)).toBe(true);
  });
  const changes: readonly [string, Queued, Instant][] = [
    ['of another request', { ...request, id: 'kd-00000000' as Queued['id'] }, until],
    ['of another plan', { ...request, digest: 'e'.repeat(64) as Queued['digest'] }, until],
    ['for longer', request, at(10_000)],
    ['with a later deadline', { ...request, notAfter: at(90_000) }, until],
    ['with another approver', { ...request, authorization: { ...request.authorization, approvals: [{ by: CAROL, at: at(40), digest: request.digest }] } as Queued['authorization'] }, until],
    ['by a rule instead of people', { ...request, authorization: { by: 'rule', rule: 'everywhere else is open to the engineers' } }, until],
  ];
  it.each(changes)('%s is none', (_name, changed, end) => {
    expect(verifier.isSigned(claimOf(changed, end), signature)).toBe(false);
  });
  it('made by another key is none', () => {
    const forged = createGrantSigner(generateKeyPairSync('ed25519').privateKey).sign(claimOf(request, until));
    expect(verifier.isSigned(claimOf(request, until), forged)).toBe(false);
    expect(verifier.isSigned(claimOf(request, until), '')).toBe(false);
  });
});
