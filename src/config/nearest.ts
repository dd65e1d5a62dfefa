const DISTANCE_MAX = 3;
const NAME_CHARS_MAX = 64;

const distance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let index = 0; index < left.length; index += 1) {
    const char = left[index];
    const next = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const swap = (row[column - 1] ?? 0) + Number(char !== right[column - 1]);
      next.push(Math.min(swap, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
};

const loosened = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '');

/** The known name that was most likely meant: at most three typing mistakes away and at most a third of its length. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > NAME_CHARS_MAX) return undefined;
  const scored = known
    .map((candidate) => ({ candidate, far: distance(loosened(name), loosened(candidate)) }))
    .filter(({ candidate, far }) => far <= Math.min(DISTANCE_MAX, Math.ceil(candidate.length / 3)));
  return scored.sort((left, right) => left.far - right.far)[0]?.candidate;
};

/** ` did you mean X?` or the whole choice when nothing is near. */
export const choice = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0 ? 'there is none yet' : `write ${oneOf(known)}`;
};

const CHOICES_MAX = 12;

export const oneOf = (words: readonly string[]): string => {
  const shown = words.slice(0, CHOICES_MAX);
  if (words.length > CHOICES_MAX) return `one of ${shown.join(', ')}, …`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`;
};
