/** `kdebug audit report`: what the ledger says of the last days, as kdebug also posts it once a week. */
import { createAuthorityRecords } from '../../adapters/redis/authority.ts';
import { createLedger } from '../../adapters/redis/ledger.ts';
import { createLedgerReader } from '../../adapters/redis/ledger-reader.ts';
import { reportOf, type FullReport } from '../../app/ledger/report.ts';
import { QUICK_APPROVAL_MS } from '../../domain/ledger/report.ts';
import type { Instant } from '../../domain/names.ts';
import { sinceFrom } from './chosen.ts';
import { keys, withRedis, type ExitCode, type Write } from './reach.ts';

export interface ReportOptions {
  readonly since: string;
  readonly json?: boolean;
}

const iso = (instant: number): string => new Date(instant).toISOString();
const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;

/** One thing a line, its name first: for people and for grep. */
export const reportText = ({ from, until, requests, started, refused, attempts, alarms, denied, approvals, medianApprovalMs, quick, glass, reviewsOwed, preApprovals, freezes }: FullReport): string => [
  ['period', `${iso(from)} to ${iso(until)}`],
  ['requests', `${requests} asked, ${started} started, ${refused} refused, ${denied} denied; ${attempts} attempts refused before they were one`],
  ['approvals', `${approvals}${medianApprovalMs === null ? '' : `, half of them within ${seconds(medianApprovalMs)} of the question`}`],
  ...quick.map(({ by, count }) => ['quick', `${by} approved ${count} within ${seconds(QUICK_APPROVAL_MS)} of the question`]),
  ...glass.map(({ request, by, reason, isReviewed }) => ['glass', `${request} by ${by}, ${isReviewed ? 'reviewed' : 'not reviewed yet'}: ${JSON.stringify(reason)}`]),
  ['owed', `${reviewsOwed} reviews of broken glass, from any time`],
  ['alarms', `${alarms}`],
  ['others', `${preApprovals} pre-approvals, ${freezes} freezes`],
].map(([name = '', text]) => `${name.padEnd(10)} ${text}\n`).join('');

export const auditReport = ({ since, json }: ReportOptions, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  const report = await reportOf({ ledger: createLedger(redis, keys), reader: createLedgerReader(redis, keys), authority: createAuthorityRecords({ redis, keys, keepDays: 1 }) }, sinceFrom(since) as Instant, Date.now() as Instant);
  if (!report) return 1;
  await write(json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  return 0;
});
