import type { ChannelId } from '../domain/names.ts';
import type { Chat } from './chat-port.ts';
import type { Cursors, Leases, Ledger, Log } from './ports.ts';
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

const mirrorBatch = async ({ ledger, cursors, chat, audit, log }: Mirroring, idleMs: number): Promise<number> => {
  const entries = await ledger.after(await cursors.get(CURSOR), LINES_MAX);
  const last = entries.at(-1);
  if (!last) return idleMs;
  const sent = await chat.lines(entries, { channel: audit });
  if (sent.kind === 'later') return sent.afterMs;
  if (sent.kind !== 'sent') log.error({ from: entries[0]?.position, to: last.position, sent }, 'audit lines may be missing in Slack; the ledger has them');
  await cursors.set(CURSOR, last.position);
  return idleMs;
};
