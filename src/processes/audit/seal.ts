import { createSegments } from '../../adapters/files/segments.ts';
import { createCheckpoints } from '../../adapters/redis/checkpoints.ts';
import { createLedgerReader, createLedgerTrimmer } from '../../adapters/redis/ledger-reader.ts';
import { createLeases } from '../../adapters/redis/small-stores.ts';
import { createRequestStore } from '../../adapters/redis/store.ts';
import { SEAL_LEASE, SEAL_LEASE_MS, sealDue, type Sealed } from '../../app/ledger/seal.ts';
import { REQUEST_DAYS } from '../../domain/limits.ts';
import { createSigner } from '../../ops/signer.ts';
import { AuditUseError, keys, segmentsFolder, settingsIfAny, signingKey, withRedis, type ExitCode, type Write } from './reach.ts';

/** What serve does once an hour, now; it needs serve's signing key. */
export const auditSeal = (write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const key = signingKey();
  if (!key) throw new AuditUseError('A seal is signed by the key of serve: set KDEBUG_SIGNING_KEY, or KDEBUG_STATE_DIR to the folder of kdebug start.');
  const lease = await createLeases(redis, keys).acquire(SEAL_LEASE, SEAL_LEASE_MS);
  if (!lease) throw new AuditUseError('Somebody else is sealing just now: try again when it is done.');
  try {
    const sealed = await sealDue({
      reader: createLedgerReader(redis, keys), trimmer: createLedgerTrimmer(redis, keys), checkpoints: createCheckpoints(redis, keys), archive: createSegments(segmentsFolder()),
      signer: createSigner(key), store: createRequestStore({ redis, keys, keepDays: 1 }), keepDays: settingsIfAny()?.limits.requestDays ?? REQUEST_DAYS,
    });
    await write(`${sealedSentence(sealed)}\n`);
    return sealed.kind === 'refused' ? 1 : 0;
  } finally {
    await lease.release();
  }
});

const sealedSentence = (sealed: Sealed): string => {
  switch (sealed.kind) {
    case 'nothing due': return 'nothing to seal: no whole segment is old enough';
    case 'sealed': return `sealed: ${sealed.segments} segments, up to entry ${sealed.last}, in ${segmentsFolder()}`;
    case 'refused': return `not sealed: ${sealed.why}`;
  }
};
