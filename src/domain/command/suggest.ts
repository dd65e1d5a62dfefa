/** Which of the known words a person most likely meant. */

const WORD_CHARS_MAX = 32;

/** Edit distance in which swapped neighbours are one edit (optimal string alignment). */
export const editDistance = (one: string, other: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one.charAt(line - 1) === other.charAt(column - 1) ? 0 : 1;
      const edits = [(row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (row[column - 1] ?? 0) + same];
      const swapped = one.charAt(line - 1) === other.charAt(column - 2) && one.charAt(line - 2) === other.charAt(column - 1);
      if (line > 1 && column > 1 && swapped) edits.push((before[column - 2] ?? 0) + 1);
      next.push(Math.min(...edits));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
};

/** The nearest candidate, at most a third of the word away, or the only one that begins with it; else nothing. */
export const suggest = (word: string, candidates: readonly string[]): string | undefined => {
  if (word.length > WORD_CHARS_MAX) return undefined;
  const lower = word.toLowerCase();
  const letters = lower.replace(/^-+/, '');
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate) }))
    .sort((one, other) => one.distance - other.distance);
  const [nearest] = ranked;
  // One wrong letter of two is no likeness: -e is not -l.
  const most = letters.length < 3 ? 0 : Math.floor(letters.length / 3);
  if (nearest !== undefined && nearest.distance <= most) return nearest.candidate;
  const longer = candidates.filter((candidate) => letters.length >= 2 && candidate.startsWith(lower));
  return longer.length === 1 ? longer[0] : undefined;
};
