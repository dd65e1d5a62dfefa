import { spreadOf } from './statistics.ts';

export type Unit = 'ms' | 'MB' | 'calls' | 'runs/s' | '%' | 'MB/s' | 'places' | 'runs' | 's' | 'connections' | 'entries/s';

/** `below 100`, `at least 40`, `exactly 3`. */
export interface Target {
  readonly rule: 'below' | 'at least' | 'at most' | 'exactly';
  readonly value: number;
  /** Of the repetitions the median counts, or each of them. */
  readonly holds: 'in the median' | 'always';
}

/** One number of one scenario, measured once a repetition. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly values: readonly number[];
  /** The same of the floor, measured in the same run; same unit. */
  readonly floor?: readonly number[];
  readonly target?: Target;
  /** What a reader must know to judge it. */
  readonly note?: string;
}

export type Verdict = 'met' | 'MISSED' | 'no target';

const fits = (value: number, { rule, value: wanted }: Target): boolean => {
  switch (rule) {
    case 'below': return value < wanted;
    case 'at least': return value >= wanted;
    case 'at most': return value <= wanted;
    case 'exactly': return value === wanted;
  }
};

/** A figure without a target says how it is, no more. */
export const verdictOf = ({ values, target }: Figure): Verdict => {
  if (!target) return 'no target';
  const judged = target.holds === 'always' ? values : [spreadOf(values).median];
  return judged.every((value) => fits(value, target)) ? 'met' : 'MISSED';
};
