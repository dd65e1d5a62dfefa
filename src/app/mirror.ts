import type { ChannelId } from '../domain/names.ts';
import type { Chat } from './chat-port.ts';
import type { Cursors, Leases, Ledger, LedgerEntry, Log } from './ports.ts';
import { isTampered } from './readable.ts';
import { tellSecurity } from './tell-security.ts';
import { underLease } from './under-lease.ts';

export interface Mirroring {
  readonly ledger: Ledger;
  readonly cursors: Cursors;
  readonly leases: Leases;
  readonly chat: Pick<Chat, 'lines'>;
  readonly audit: ChannelId;
  readonly log: Log;
}

const CURSOR = 'mirror';
const LEASE_MS = 30_000;
const LINES_MAX = 40;

/**
 * One batch of ledger entries to the audit channel; answers the milliseconds to wait before the next. The mirror is no
 * ledger: what Slack does not take is logged and stays in the ledger, and nothing waits for it.
 */
export const mirrorOnce = async (world: Mirroring, idleMs: number): Promise<number> =>
  await underLease(world.leases, CURSOR, LEASE_MS, () => mirrorBatch(world, idleMs)) ?? idleMs;

const mirrorBatch = async (world: Mirroring, idleMs: number): Promise<number> => {
  const { cursors, chat, audit, log } = world;
  const entries = await readBatch(world, await cursors.get(CURSOR));
  const last = entries.at(-1);
  if (!last) return idleMs;
  const sent = await chat.lines(entries, { channel: audit });
  if (sent.kind === 'later') return sent.afterMs;
  if (sent.kind !== 'sent') log.error({ from: entries[0]?.position, to: last.position, sent }, 'audit lines may be missing in Slack; the ledger has them');
  await cursors.set(CURSOR, last.position);
  return idleMs;
};

/** One entry that somebody edited must not silence the mirror: those before it are told, then it is passed over with an alarm. */
const readBatch = async (world: Mirroring, position: number): Promise<readonly LedgerEntry[]> => {
  try {
    return await world.ledger.after(position, LINES_MAX);
  } catch (error) {
    if (!isTampered(error)) throw error;
    return readNext(world, position);
  }
};

const readNext = async ({ ledger, cursors, log }: Mirroring, position: number): Promise<readonly LedgerEntry[]> => {
  try {
    return await ledger.after(position, 1);
  } catch (error) {
    if (!isTampered(error)) throw error;
    log.error({ after: position, error: error.message }, 'an audit entry was tampered with');
    // the alarm is an entry itself: the mirror comes to it
    await tellSecurity(ledger, null, error.message);
    await cursors.set(CURSOR, position + 1);
    return [];
  }
};
