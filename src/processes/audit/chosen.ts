import type { LedgerEntry } from '../../app/ports.ts';
import { AuditUseError } from './reach.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AGO = /^([1-9][0-9]{0,5})([smhd])$/;

/** `2h` ago, or a time as ISO 8601 writes it; milliseconds since 1970. */
export const sinceFrom = (text: string, now = Date.now()): number => {
  const [, amount, unit = ''] = AGO.exec(text) ?? [];
  const time = amount === undefined ? Date.parse(text) : now - Number(amount) * (UNITS_MS[unit] ?? 0);
  if (Number.isNaN(time)) throw new AuditUseError(`--since ${text}: write a time such as 2026-07-01T14:00:00Z, or how long ago: 90m, 2h, 7d.`);
  return time;
};

/** Whoever did what this entry tells of. */
export const peopleOf = (event: LedgerEntry['event']): readonly string[] => {
  if (event.type === 'requested') return [event.ask.requester];
  if (event.type === 'attempt') return event.attempt.user === null ? [] : [event.attempt.user];
  if (event.type === 'allow_asked') return [event.ask.by, event.ask.person];
  if (event.type === 'recycle_asked') return [event.ask.by];
  return 'by' in event ? [event.by] : [];
};
