import { createSegments } from '../../adapters/files/segments.ts';
import { createCheckpoints } from '../../adapters/redis/checkpoints.ts';
import { createLedgerReader } from '../../adapters/redis/ledger-reader.ts';
import { createRequestStore } from '../../adapters/redis/store.ts';
import type { Segments } from '../../app/ledger/ports.ts';
import { verifyLedger, type Verification } from '../../app/ledger/verify.ts';
import { parseSha256 } from '../../domain/names.ts';
import { AuditUseError, keys, segmentsFolder, verifierFor, withRedis, type ExitCode, type Write } from './reach.ts';

export interface VerifyOptions {
  readonly witness?: string;
  /** A folder of sealed segments; absent: the state folder's. */
  readonly segments?: string;
  readonly pubkey?: readonly string[];
}

/** 0: proven; 1: a problem, and up to which entry the ledger is proven. */
export const auditVerify = ({ witness, segments, pubkey = [] }: VerifyOptions, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  if (witness !== undefined && !parseSha256(witness)) throw new AuditUseError('--witness: write the 64 characters 0-9 and a-f that a checkpoint in the audit channel shows.');
  const verify = verifierFor(pubkey);
  const verification = await verifyLedger({
    reader: createLedgerReader(redis, keys), checkpoints: createCheckpoints(redis, keys), segments: await segmentsFrom(segments),
    now: () => createRequestStore({ redis, keys, keepDays: 1 }).now(),
    ...(verify && { verify }), ...(witness !== undefined && { witness }),
  });
  await write(`${verificationSentence(verification)}\n`);
  return verification.ok ? 0 : 1;
});

/** A folder that was named must hold all of them; the usual one counts when nothing was moved away from it. */
const segmentsFrom = async (named: string | undefined): Promise<Segments> => {
  const segments = createSegments(named ?? segmentsFolder());
  if (named === undefined) return { list: async () => { const files = await segments.list(); return files[0]?.seal.first === 1 ? files : []; } };
  if ((await segments.list()).length === 0) throw new AuditUseError(`--segments ${named}: there is no sealed segment in this folder.`);
  return segments;
};

export const verificationSentence = (verification: Verification): string => {
  if (!verification.ok) return `broken: ${verification.problem}; proven up to entry ${verification.provenUpTo}`;
  const { entries, first, roll, segments } = verification;
  const scope = first > 1 ? `, from entry ${first} on (the entries before it are sealed and were not given: --segments)` : segments > 0 ? `, ${segments} sealed segments among them` : '';
  return `ok: ${entries} entries, proven up to entry ${entries}${scope}, roll ${roll}; ${signatureClause(verification)}`;
};

const signatureClause = ({ signatures, checkpoints, signedUpTo, overdueFrom }: Extract<Verification, { ok: true }>): string => {
  if (signatures === 'not verified') return 'signatures not verified: give --pubkey, or set KDEBUG_SIGNING_PUBKEY';
  if (checkpoints === 0) return 'nothing is signed yet';
  const overdue = overdueFrom === undefined ? '' : `; entry ${overdueFrom} should be signed by now: no serve runs, or checkpoints were taken away; give --witness`;
  return `${checkpoints} checkpoints, signed up to entry ${signedUpTo}${overdue}`;
};
