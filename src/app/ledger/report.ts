import { createReport, type ActivityReport } from '../../domain/ledger/report.ts';
import { DAY_IN_MS, EXPIRES_MS_MAX } from '../../domain/limits.ts';
import type { ChannelId, Instant } from '../../domain/names.ts';
import type { AuthorityRecords } from '../authority/ports.ts';
import type { Chat } from '../chat-port.ts';
import type { Cursors, Lease, Leases, Ledger, Log, RequestStore } from '../ports.ts';
import { underLease } from '../under-lease.ts';
import type { LedgerReader } from './ports.ts';

export interface Reporting {
  readonly ledger: Pick<Ledger, 'after'>;
  readonly reader: Pick<LedgerReader, 'end'>;
  readonly authority: Pick<AuthorityRecords, 'open'>;
  readonly store: Pick<RequestStore, 'now'>;
  readonly cursors: Cursors;
  readonly leases: Leases;
  readonly chat: Pick<Chat, 'lines'>;
  readonly audit: ChannelId;
  readonly log: Log;
}

export const REPORT_EVERY_MS = 7 * DAY_IN_MS;
const LEASE_MS = 60_000;
const PAGE_ENTRIES = 1_000;
/** More are said as so many. */
const OWED_MAX = 100;
/** Until when the last report went; a time, though the other cursors are positions. */
const REPORTED = 'report';

/**
 * Once a week to the audit channel: what happened in that week. The first week begins when kdebug first looks. Answers
 * the milliseconds to wait. A report that Slack does not take is logged: `kdebug audit report` says the same.
 */
export const reportOnce = async (world: Reporting, idleMs: number): Promise<number> =>
  await underLease(world.leases, REPORTED, LEASE_MS, (lease) => reportWeek(world, lease, idleMs)) ?? idleMs;

const reportWeek = async (world: Reporting, lease: Lease, idleMs: number): Promise<number> => {
  const { store, cursors, chat, audit, log } = world;
  const [now, from] = [await store.now(), await cursors.get(REPORTED) as Instant];
  const until = from + REPORT_EVERY_MS as Instant;
  if (from === 0) await cursors.set(REPORTED, now);
  if (from === 0 || now < until) return idleMs;
  const report = await reportOf(world, from, until, () => lease.renew(LEASE_MS));
  if (!report) return idleMs;
  const sent = await chat.lines([{ at: now, request: null, event: { type: 'report', report } }], { channel: audit });
  if (sent.kind === 'later') return sent.afterMs;
  if (sent.kind !== 'sent') log.warn({ from, until, sent }, 'the report of a week may be missing in Slack; kdebug audit report says the same');
  await cursors.set(REPORTED, until);
  return idleMs;
};

/** With what is owed from any time, for a debt never lapses. */
export type FullReport = ActivityReport & { readonly reviewsOwed: number };

/**
 * What the ledger says of the time from `from` to before `until`; undefined when `goOn`, asked for each page, says no. It is
 * read from earlier on: a question may have been asked as long before as a card waits.
 */
export const reportOf = async ({ ledger, reader, authority }: Pick<Reporting, 'ledger' | 'reader' | 'authority'>, from: Instant, until: Instant, goOn: () => Promise<boolean> = async () => true): Promise<FullReport | undefined> => {
  const builder = createReport(from, until);
  let position = await positionBefore(ledger, (await reader.end()).position, from - EXPIRES_MS_MAX as Instant);
  while (await goOn()) {
    const page = await ledger.after(position, PAGE_ENTRIES);
    for (const entry of page) builder.add(entry);
    const last = page.at(-1);
    if (!last || last.at >= until) return { ...builder.report(), reviewsOwed: (await authority.open('review', OWED_MAX)).length };
    position = last.position;
  }
  return undefined;
};

/** The last position before the first entry that is not older than `from`: found by halves, a week is a part of the ledger. */
const positionBefore = async (ledger: Pick<Ledger, 'after'>, end: number, from: Instant): Promise<number> => {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await ledger.after(middle, 1);
    if (!entry || entry.at >= from) high = middle;
    else low = entry.position;
  }
  return low;
};
