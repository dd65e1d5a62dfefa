import { BEGINNING, nextRoll, type ChainedEntry } from '../../domain/ledger/chain.ts';
import { checkpointText, parseCheckpoint, type Checkpoint } from '../../domain/ledger/checkpoint.ts';
import { parseSeal, startAfter } from '../../domain/ledger/segment.ts';
import type { ChannelId, Instant, Sha256 } from '../../domain/names.ts';
import type { Chat } from '../chat-port.ts';
import type { Cursors, Leases, Log, RequestStore } from '../ports.ts';
import { underLease } from '../under-lease.ts';
import type { Checkpoints, LedgerReader, Signer } from './ports.ts';

export interface Checkpointing {
  readonly reader: Pick<LedgerReader, 'after' | 'end' | 'seal'>;
  readonly checkpoints: Checkpoints;
  readonly signer: Signer;
  readonly leases: Leases;
  readonly store: Pick<RequestStore, 'now'>;
  readonly log: Log;
}

/** So many entries get a checkpoint at once, fewer once the oldest of them is this old. */
export const CHECKPOINT_ENTRIES = 200;
export const CHECKPOINT_AGE_MS = 10_000;
const LEASE_MS = 30_000;

interface Point { readonly position: number; readonly roll: Sha256 }

/**
 * A turn that signs one checkpoint when it is due; it answers the milliseconds to wait before the next. Only what
 * continues the last checkpoint is signed: this process remembers the one it made or found first, so that a ledger
 * rewritten or rolled back under a running serve is told and never countersigned.
 */
export const createCheckpointing = (world: Checkpointing): ((idleMs: number) => Promise<number>) => {
  let trusted: Point | undefined;
  const sign = async (idleMs: number): Promise<number> => {
    trusted = newer(trusted, await lastSigned(world));
    const signed = await signNext(world, trusted);
    if (signed === 'nothing due') return idleMs;
    if (signed === 'does not continue') return CHECKPOINT_AGE_MS;
    trusted = signed.checkpoint;
    return signed.isFull ? 0 : idleMs;
  };
  return async (idleMs) => await underLease(world.leases, 'checkpoint', LEASE_MS, () => sign(idleMs)) ?? idleMs;
};

/** Another serve may have signed meanwhile; one that is older than what we know is a rollback, and found by what follows. */
const newer = (ours: Point | undefined, stored: Point): Point => (ours === undefined || stored.position > ours.position ? stored : ours);

const lastSigned = async ({ checkpoints, reader, signer, log }: Checkpointing): Promise<Point> => {
  const stored = await checkpoints.last();
  const checkpoint = stored && parseCheckpoint(stored.text);
  if (stored && checkpoint && signer.verify(stored)) return checkpoint;
  if (stored) log.error({}, 'the last checkpoint is not signed by this key: it was forged, or the key was changed; signing begins again at the first entry');
  const sealed = await reader.seal();
  const seal = sealed && parseSeal(sealed.text);
  return seal ? startAfter(seal) : BEGINNING;
};

const signNext = async (world: Checkpointing, from: Point): Promise<{ readonly checkpoint: Checkpoint; readonly isFull: boolean } | 'nothing due' | 'does not continue'> => {
  const entries = await world.reader.after(from.position, CHECKPOINT_ENTRIES);
  const problem = entries.length === 0 ? cutProblem(from, (await world.reader.end()).position) : linkProblem(from, entries);
  if (problem !== undefined) {
    world.log.error({ problem, from: from.position }, 'the ledger does not continue what was signed: nothing is signed any more; run kdebug audit verify');
    return 'does not continue';
  }
  const [oldest, newest] = [entries[0], entries.at(-1)];
  const now = await world.store.now();
  if (!oldest || !newest || !isDue(entries.length, oldest.at, now)) return 'nothing due';
  const checkpoint = { installation: await world.checkpoints.installation(), position: newest.position, roll: newest.roll, at: now };
  await world.checkpoints.add(world.signer.sign(checkpointText(checkpoint)));
  return { checkpoint, isFull: entries.length === CHECKPOINT_ENTRIES };
};

const isDue = (entries: number, oldestAt: Instant, now: Instant): boolean => entries >= CHECKPOINT_ENTRIES || now - oldestAt >= CHECKPOINT_AGE_MS;

const cutProblem = ({ position }: Point, end: number): string | undefined =>
  (end < position ? `it ends at entry ${end}, and entry ${position} was signed` : undefined);

const linkProblem = (from: Point, entries: readonly ChainedEntry[]): string | undefined => {
  let { position, roll } = from;
  for (const entry of entries) {
    if (entry.position !== position + 1 || entry.roll !== nextRoll(roll, entry.position, entry.hash)) return `entry ${entry.position} does not follow entry ${position}`;
    ({ position, roll } = entry);
  }
  return undefined;
};

export interface Witnessing {
  readonly checkpoints: Pick<Checkpoints, 'last'>;
  readonly signer: Pick<Signer, 'verify'>;
  readonly cursors: Cursors;
  readonly leases: Leases;
  readonly chat: Pick<Chat, 'lines'>;
  readonly audit: ChannelId;
  readonly log: Log;
}

const WITNESS = 'witness';

/**
 * The newest checkpoint to the audit channel, where whoever can write to Redis cannot take it back. Answers the
 * milliseconds to wait. A post that Slack does not take is logged and not repeated: the next checkpoint says more.
 */
export const witnessOnce = async (world: Witnessing, idleMs: number): Promise<number> =>
  await underLease(world.leases, WITNESS, LEASE_MS, () => postNewest(world, idleMs)) ?? idleMs;

const postNewest = async ({ checkpoints, signer, cursors, chat, audit, log }: Witnessing, idleMs: number): Promise<number> => {
  const stored = await checkpoints.last();
  const checkpoint = stored && signer.verify(stored) ? parseCheckpoint(stored.text) : undefined; // never somebody else's word
  if (!checkpoint || checkpoint.position === await cursors.get(WITNESS)) return idleMs;
  const { at, position, roll } = checkpoint;
  const sent = await chat.lines([{ at, request: null, event: { type: 'checkpoint', position, roll } }], { channel: audit });
  if (sent.kind === 'later') return sent.afterMs;
  if (sent.kind !== 'sent') log.warn({ position, sent }, 'a checkpoint may be missing in Slack; the next one says more');
  await cursors.set(WITNESS, position);
  return idleMs;
};
