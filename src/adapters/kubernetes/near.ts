import type { PodName } from '../../domain/names.ts';

const NEAR_MAX = 3;
/** Beyond a third of what was typed it is another name, not a slip. */
const SLIPS_SHARE = 3;

/** Names whose beginning is nearly the typed prefix, nearest first, at most three. */
export const nearest = (prefix: string, names: readonly PodName[]): readonly PodName[] => {
  const slipsMax = Math.max(1, Math.floor(prefix.length / SLIPS_SHARE));
  return names
    .map((name) => ({ name, slips: slipsIn(prefix, name) }))
    .filter(({ slips }) => slips <= slipsMax)
    .sort((left, right) => left.slips - right.slips || (left.name < right.name ? -1 : 1))
    .slice(0, NEAR_MAX)
    .map(({ name }) => name);
};

/** Levenshtein's distance between the typed text and the beginning of the name that is nearest to it. */
const slipsIn = (typed: string, name: string): number => {
  let row = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(typed).entries()) {
    const above = row;
    row = [index + 1];
    for (let column = 1; column <= name.length; column += 1) {
      const swap = (above[column - 1] ?? 0) + (name[column - 1] === letter ? 0 : 1);
      row.push(Math.min(swap, (above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1));
    }
  }
  return Math.min(...row);
};
