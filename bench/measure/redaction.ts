import { randomInt } from 'node:crypto';
import { measureRedaction as measureRules } from '../redaction.ts';
import { readFixtures, secretsOf } from '../secretlint-fixtures.ts';
import type { Target } from '../figure.ts';
import type { Measure } from './measure.ts';

const SEEDS = 2 ** 31;

const always = (rule: Target['rule'], value: number): Target => ({ rule, value, holds: 'always' });

/** What the built-in rules find, what they hide wrongly, and how fast: on texts of a seed that nobody tried. */
export const measureRedaction: Measure = async () => {
  const seed = randomInt(SEEDS);
  const { recallPercent, leastKind, falseHitsPerMib, falseHitsPerCut, megabytesPerSecond, hostile, warmMs } = await measureRules(seed);
  const published = secretsOf(readFixtures());
  return [
    { name: 'credentials hidden, of those planted', unit: '%', values: [recallPercent], target: always('at least', 90), note: `made from seed ${seed}` },
    { name: 'of the kind that is hidden least', unit: '%', values: [leastKind.recallPercent], target: always('at least', 80), note: leastKind.kind },
    { name: "credentials hidden, of secretlint's fixtures", unit: '%', values: [(100 * published.filter(({ isHidden }) => isHidden).length) / published.length], target: always('at least', 90), note: `${published.length} of them` },
    { name: 'hidden wrongly in a MiB of ordinary output', unit: 'places', values: [falseHitsPerMib], target: always('at most', 1) },
    { name: 'hidden wrongly beside a cut of it', unit: 'places', values: [falseHitsPerCut], note: 'values, beside one of a thousand cuts; the lines at the cut are withheld anyhow' },
    { name: 'redaction of ordinary output', unit: 'MB/s', values: [megabytesPerSecond], target: always('at least', 20) },
    { name: 'redaction of 64 KiB, there and back', unit: 'ms', values: [warmMs], note: 'through the worker thread, once it is warm' },
    { name: 'redaction of the slowest hostile 64 KiB', unit: 'ms', values: [hostile.ms], target: always('below', 300), note: `${hostile.name}, of ${hostile.of} texts made to be slow` },
  ];
};
