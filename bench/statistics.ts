/** Pure: the few numbers that a repeated measurement is told by. */

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((one, other) => one - other);

/** Nearest rank: of 200 values p99 is the 198th. Throws on an empty list: a figure of nothing is a mistake. */
export const percentile = (values: readonly number[], percent: number): number => {
  const rank = Math.max(1, Math.ceil((percent / 100) * values.length));
  const found = sorted(values)[rank - 1];
  if (found === undefined) throw new Error(`There is no ${percent}th percentile of ${values.length} values.`);
  return found;
};

/** The middle one, or the mean of the two middle ones. */
export const median = (values: readonly number[]): number => {
  const [low, high] = [percentile(values, 50), sorted(values)[Math.floor(values.length / 2)]];
  return values.length % 2 === 0 && high !== undefined ? (low + high) / 2 : low;
};

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
