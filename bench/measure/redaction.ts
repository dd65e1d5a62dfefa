import { measureRedaction as measureRules } from '../redaction.ts';
import type { Measure } from './measure.ts';

/** The same texts in every run. */
const SEED = 1;

/** What the built-in rules find, what they hide wrongly, and how fast. */
export const measureRedaction: Measure = async () => {
  const { recallPercent, leastKind, falseHitsPerMib, megabytesPerSecond, hostile, warmMs } = await measureRules(SEED);
  return [
    { name: 'credentials hidden, of those planted', unit: '%', values: [recallPercent], note: `the least: ${leastKind.kind}, ${leastKind.recallPercent} %` },
    { name: 'hidden wrongly in a MiB of ordinary output', unit: 'places', values: [falseHitsPerMib] },
    { name: 'redaction of ordinary output', unit: 'MB/s', values: [megabytesPerSecond] },
    { name: 'redaction of 64 KiB, there and back', unit: 'ms', values: [warmMs], note: 'through the worker thread, once it is warm' },
    { name: 'redaction of the slowest hostile 64 KiB', unit: 'ms', values: [hostile.ms], note: `${hostile.name}, of ${hostile.of} texts made to be slow` },
  ];
};
