/** The middle one, of an even number the smaller of the two; undefined of none. */
export const median = (numbers: readonly number[]): number | undefined => numbers.toSorted((left, right) => left - right)[Math.floor((numbers.length - 1) / 2)];
