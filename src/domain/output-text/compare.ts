/**
 * What several pods answered to the same command, side by side: which agree, and what one has that the others have not.
 * Lines are compared as they are; a line that most pods have is taken for the ordinary one.
 */
import { median } from '../median.ts';
import type { PodName } from '../names.ts';

/** What one pod answered: how it ended, in comparable words, and its output. Absent text: there was none to compare. */
export interface PodAnswer {
  readonly pod: PodName;
  readonly ending: string;
  readonly text?: string;
}

export type Difference =
  /** It ended in another way than most. */
  | { readonly kind: 'ending'; readonly pod: PodName; readonly ending: string; readonly usual: string }
  /** A word that stands in far more of its lines than anywhere else, such as CLOSE-WAIT. */
  | { readonly kind: 'count'; readonly pod: PodName; readonly word: string; readonly count: number; readonly elsewhere: number }
  /** Lines that it alone has, or alone has not. */
  | { readonly kind: 'lines'; readonly pod: PodName; readonly more: number; readonly fewer: number; readonly example: string | null };

export interface Comparison {
  /** Whose endings and outputs are the same, line for line: the largest such set of at least two; else empty. */
  readonly same: readonly PodName[];
  readonly differences: readonly Difference[];
  readonly notCompared: readonly PodName[];
}

const LINES_COMPARED_MAX = 20_000;
/** A count is worth a word from here on, when it is so many times what any other pod has. */
const COUNT_MIN = 5;
const COUNT_TIMES = 3;
const COUNTS_TOLD_MAX = 2;
/** States and levels: CLOSE-WAIT, ESTAB, ERROR. A host name or a number is none. */
const WORD = /(?<![\w.-])[A-Z][A-Z_-]{2,23}(?![\w.-])/g;

type Tally = ReadonlyMap<string, number>;

const tally = (items: Iterable<string>): Tally => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};

const linesOf = (text: string): readonly string[] => text.replace(/\n+$/, '').split('\n').slice(0, LINES_COMPARED_MAX).map((line) => line.trimEnd());

/** What most pods have: of each line the middle one of its counts. */
const usual = (tallies: readonly Tally[]): Tally => {
  const keys = new Set(tallies.flatMap((one) => [...one.keys()]));
  return new Map([...keys].map((key) => [key, median(tallies.map((one) => one.get(key) ?? 0)) ?? 0]));
};

const mostCommon = (words: readonly string[]): string | undefined => {
  const [first, second] = [...tally(words)].sort((left, right) => right[1] - left[1]);
  return first === undefined || (second !== undefined && second[1] === first[1]) ? undefined : first[0];
};

const endingsThatDiffer = (answers: readonly PodAnswer[]): readonly Difference[] => {
  const ordinary = mostCommon(answers.map(({ ending }) => ending));
  return answers.flatMap(({ pod, ending }): Difference[] =>
    (new Set(answers.map((one) => one.ending)).size > 1 && ending !== ordinary ? [{ kind: 'ending', pod, ending, usual: ordinary ?? '' }] : []));
};

interface Counted {
  readonly pod: PodName;
  readonly lines: Tally;
  readonly words: Tally;
}

const countedOf = (pod: PodName, text: string): Counted => {
  const lines = linesOf(text);
  return { pod, lines: tally(lines), words: tally(lines.flatMap((line) => [...new Set(line.match(WORD) ?? [])])) };
};

const countsThatDiffer = (one: Counted, others: readonly Counted[]): readonly Difference[] =>
  [...one.words].flatMap(([word, count]): Extract<Difference, { kind: 'count' }>[] => {
    const elsewhere = Math.max(0, ...others.map(({ words }) => words.get(word) ?? 0));
    return count >= COUNT_MIN && count >= COUNT_TIMES * elsewhere ? [{ kind: 'count', pod: one.pod, word, count, elsewhere }] : [];
  }).sort((left, right) => right.count - left.count).slice(0, COUNTS_TOLD_MAX);

const linesThatDiffer = ({ pod, lines }: Counted, ordinary: Tally): readonly Difference[] => {
  let [more, fewer, example] = [0, 0, null as string | null];
  for (const key of new Set([...lines.keys(), ...ordinary.keys()])) {
    const surplus = (lines.get(key) ?? 0) - (ordinary.get(key) ?? 0);
    if (surplus > 0) example ??= key;
    if (surplus > 0) more += surplus;
    else fewer -= surplus;
  }
  return more === 0 && fewer === 0 ? [] : [{ kind: 'lines', pod, more, fewer, example }];
};

const sameAnswers = (answers: readonly PodAnswer[]): readonly PodName[] => {
  const groups = new Map<string, PodName[]>();
  for (const { pod, ending, text } of answers) {
    const key = `${ending}\n${linesOf(text ?? '').join('\n')}`;
    groups.set(key, [...groups.get(key) ?? [], pod]);
  }
  const [largest = []] = [...groups.values()].sort((left, right) => right.length - left.length);
  return largest.length > 1 ? largest : [];
};

/** Of at least two answers; those without an output are compared by their ending only. */
export const compare = (answers: readonly PodAnswer[]): Comparison => {
  const withText = answers.flatMap(({ pod, text }) => (text === undefined ? [] : [countedOf(pod, text)]));
  const ordinary = usual(withText.map(({ lines }) => lines));
  const differences = withText.length < 2 ? [] : withText.flatMap((one) => {
    const counts = countsThatDiffer(one, withText.filter((other) => other !== one));
    return [...counts, ...linesThatDiffer(one, ordinary)];
  });
  return {
    same: sameAnswers(answers.filter(({ text }) => text !== undefined)),
    differences: [...endingsThatDiffer(answers), ...differences],
    notCompared: answers.filter(({ text }) => text === undefined).map(({ pod }) => pod),
  };
};
