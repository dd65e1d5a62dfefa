/** The weekly report: when it is due, from which entry it reads, and what a Slack that does not take it means. */
import { describe, expect, it } from 'vitest';
import type { MirrorLine, ReportLine, Sent } from '../../../src/app/chat-port.ts';
import { REPORT_EVERY_MS, reportOf, reportOnce, type Reporting } from '../../../src/app/ledger/report.ts';
import type { LedgerEntry } from '../../../src/app/ports.ts';
import type { ChannelId, Instant, MessageTs, RequestId } from '../../../src/domain/names.ts';
import { approvedBy, BOB, held, requested, T0 } from '../../fixtures/requests.ts';

const IDLE_MS = 60_000;
const AUDIT = 'C0AUDIT' as ChannelId;
const HOUR_MS = 3_600_000;

/** One request an hour; the first `sealed` positions are gone. */
const entriesOf = (hours: number, sealed = 0): readonly LedgerEntry[] =>
  Array.from({ length: hours }, (_, index) => ({ position: index + 1, sequence: 1, at: T0 + index * HOUR_MS as Instant, request: `kd-${String(index).padStart(8, '0')}` as RequestId, event: requested, hash: 'x' as never })).slice(sealed);

const worldOf = (entries: readonly LedgerEntry[], answers: Sent[] = [], reviewsOwed = 0) => {
  const posts: { readonly line: MirrorLine; readonly channel: ChannelId }[] = [];
  const cursors = new Map<string, number>();
  const reads: number[] = [];
  const time = { now: T0 as number, isTaken: false, isLost: false };
  const world: Reporting = {
    ledger: { after: async (position, limit) => { reads.push(position); return entries.filter((entry) => entry.position > position).slice(0, limit); } },
    reader: { end: async () => ({ position: entries.at(-1)?.position ?? 0, roll: undefined, newest: String(entries.at(-1)?.position ?? 0) }) },
    store: { now: async () => time.now as Instant },
    cursors: { get: async (name) => cursors.get(name) ?? 0, set: async (name, value) => { cursors.set(name, value); } },
    leases: { acquire: async () => (time.isTaken ? undefined : { renew: async () => !time.isLost, release: async () => undefined }) },
    authority: { open: async (kind) => (kind === 'review' ? Array.from({ length: reviewsOwed }, () => 'kd-00000000' as RequestId) : []) },
    chat: { lines: async ([line], { channel }) => { posts.push({ line: line!, channel }); return answers.shift() ?? { kind: 'sent', ts: '1.1' as MessageTs }; } },
    audit: AUDIT,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  return { world, posts, cursors, reads, time };
};

const weekOf = ({ event }: MirrorLine) => (event as ReportLine['event']).report;

describe('once a week', () => {
  it('the first report goes a week after kdebug first looked, and then one for each week', async () => {
    const { world, posts, time } = worldOf(entriesOf(24 * 20));
    const look = async (afterMs: number): Promise<number> => { time.now = T0 + afterMs; return reportOnce(world, IDLE_MS); };
    expect([await look(0), await look(HOUR_MS), await look(REPORT_EVERY_MS - 1)]).toEqual([IDLE_MS, IDLE_MS, IDLE_MS]);
    expect(posts).toEqual([]);
    await look(REPORT_EVERY_MS);
    await look(REPORT_EVERY_MS + 1);
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({ channel: AUDIT, line: { at: T0 + REPORT_EVERY_MS, request: null } });
    expect(weekOf(posts[0]!.line)).toMatchObject({ from: T0, until: T0 + REPORT_EVERY_MS, requests: 7 * 24 });
    await look(2 * REPORT_EVERY_MS + 5);
    expect(weekOf(posts[1]!.line)).toMatchObject({ from: T0 + REPORT_EVERY_MS, until: T0 + 2 * REPORT_EVERY_MS, requests: 7 * 24 });
  });

  it('weeks in which no serve was there are made up for, one a look', async () => {
    const { world, posts, time } = worldOf(entriesOf(10));
    await reportOnce(world, IDLE_MS);
    time.now += 3.5 * REPORT_EVERY_MS;
    for (let looks = 0; looks < 5; looks += 1) await reportOnce(world, IDLE_MS);
    expect(posts.map(({ line }) => weekOf(line).requests)).toEqual([10, 0, 0]);
  });

  it('another serve that is at it is left alone', async () => {
    const { world, posts, cursors, time } = worldOf(entriesOf(10));
    time.isTaken = true;
    expect(await reportOnce(world, IDLE_MS)).toBe(IDLE_MS);
    expect([posts, cursors.size]).toEqual([[], 0]);
  });

  it('a serve that lost its turn meanwhile leaves it to the other', async () => {
    const { world, posts, cursors, time } = worldOf(entriesOf(10));
    await reportOnce(world, IDLE_MS);
    time.now += REPORT_EVERY_MS;
    time.isLost = true;
    expect(await reportOnce(world, IDLE_MS)).toBe(IDLE_MS);
    expect([posts, cursors.get('report')]).toEqual([[], T0]);
  });

  it('later: it is tried again; never: it is not', async () => {
    const { world, posts, time } = worldOf(entriesOf(10), [{ kind: 'later', afterMs: 1_500 }, { kind: 'never', why: 'channel_not_found' }]);
    await reportOnce(world, IDLE_MS);
    time.now += REPORT_EVERY_MS;
    expect([await reportOnce(world, IDLE_MS), await reportOnce(world, IDLE_MS), await reportOnce(world, IDLE_MS)]).toEqual([1_500, IDLE_MS, IDLE_MS]);
    expect(posts).toHaveLength(2);
  });
});

describe('what is read for it', () => {
  const at = (hours: number): Instant => T0 + hours * HOUR_MS as Instant;

  it.each([[0, 10, 10], [0, 1, 1], [3, 7, 4], [99, 100, 1], [100, 101, 0], [-50, 0, 0], [-50, 200, 100]])('from hour %i to hour %i: %i', async (from, until, requests) => {
    const { world } = worldOf(entriesOf(100));
    expect((await reportOf(world, at(from), at(until)))?.requests).toBe(requests);
  });

  it('knows questions of before it, and what is owed from any time', async () => {
    const [asked, answered] = [entriesOf(200)[98]!, entriesOf(200)[100]!];
    const events = entriesOf(200).map((one) => (one.position === asked.position ? { ...one, event: held() } : one.position === answered.position ? { ...one, request: asked.request, event: approvedBy(BOB) } : one));
    expect(await reportOf(worldOf(events, [], 3).world, at(99.5), at(150))).toMatchObject({ approvals: 1, medianApprovalMs: 2 * HOUR_MS, reviewsOwed: 3 });
  });

  it('is not what is far before it', async () => {
    const { world, reads } = worldOf(entriesOf(20_000));
    expect((await reportOf(world, at(19_000), at(19_500)))?.requests).toBe(500);
    expect(reads.length).toBeLessThan(20);
  });

  it('may be in several pages, and may begin behind what was sealed', async () => {
    expect((await reportOf(worldOf(entriesOf(5_000)).world, at(100), at(4_900)))?.requests).toBe(4_800);
    expect((await reportOf(worldOf(entriesOf(500, 300)).world, at(100), at(400)))?.requests).toBe(100);
    expect((await reportOf(worldOf([]).world, at(0), at(400)))?.requests).toBe(0);
  });
});
