import { existsSync } from 'node:fs';
import { createSegments } from '../adapters/files/segments.ts';
import { createCheckpoints } from '../adapters/redis/checkpoints.ts';
import { createLedgerReader, createLedgerTrimmer } from '../adapters/redis/ledger-reader.ts';
import type { Chat } from '../app/chat-port.ts';
import { createCheckpointing, witnessOnce } from '../app/ledger/checkpoint.ts';
import { reportOnce } from '../app/ledger/report.ts';
import { SEAL_LEASE, SEAL_LEASE_MS, sealDue, type Sealing } from '../app/ledger/seal.ts';
import type { Leases, Log } from '../app/ports.ts';
import { underLease } from '../app/under-lease.ts';
import { startLoop, type Loop } from '../ops/loop.ts';
import { createSigner } from '../ops/signer.ts';
import type { ServeGround } from './part.ts';
import type { Stores } from './stores.ts';

const LOOK_EVERY_MS = 1_000;
const SEAL_EVERY_MS = 3_600_000;
const WEEK_LOOK_EVERY_MS = 60_000;
const ATTEMPTS_EVERY_MS = 5_000;
const ATTEMPTS_LEASE_MS = 30_000;

/** What serve owes the ledger: signatures, witnesses, a weekly report, and retention. Any number of serves may run these. */
export const startLedgerLoops = (ground: ServeGround, stores: Stores, chat: Pick<Chat, 'lines'>): readonly Loop[] => {
  const { redis: { producer }, keys, log, settings, signingKey, segmentsDir } = ground;
  const [reader, checkpoints, signer] = [createLedgerReader(producer, keys), createCheckpoints(producer, keys), createSigner(signingKey)];
  const { leases, store, cursors, ledger, authority } = stores;
  const audit = settings.channels.audit;
  const checkpoint = createCheckpointing({ reader, checkpoints, signer, leases, store, log });
  const sealing: Sealing = {
    reader, checkpoints, signer, store, trimmer: createLedgerTrimmer(producer, keys), archive: createSegments(segmentsDir), keepDays: settings.limits.requestDays,
  };
  return [
    startLoop('checkpoint', log, () => checkpoint(LOOK_EVERY_MS)),
    startLoop('witness', log, () => witnessOnce({ checkpoints, signer, cursors, leases, chat, audit, log }, LOOK_EVERY_MS)),
    startLoop('attempts', log, async () => { await underLease(leases, 'attempts', ATTEMPTS_LEASE_MS, () => ledger.settleAttempts()); return ATTEMPTS_EVERY_MS; }),
    startLoop('report', log, () => reportOnce({ ledger, reader, authority, store, cursors, leases, chat, audit, log }, WEEK_LOOK_EVERY_MS)),
    startLoop('seal', log, async () => { await sealUnderLease(sealing, segmentsDir, leases, log); return SEAL_EVERY_MS; }),
  ];
};

/** Without the folder nothing is sealed: a disk that forgets must not be the only place of what leaves Redis. */
const sealUnderLease = async (sealing: Sealing, folder: string, leases: Leases, log: Log): Promise<void> => {
  const sealed = existsSync(folder) ? await underLease(leases, SEAL_LEASE, SEAL_LEASE_MS, () => sealDue(sealing)) : undefined;
  if (sealed?.kind === 'sealed') log.info({ ...sealed, folder }, 'sealed old entries of the ledger');
  if (sealed?.kind === 'refused') log.error({ why: sealed.why, folder }, 'old entries of the ledger are not sealed; they stay in Redis');
};
