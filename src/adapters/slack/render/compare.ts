/** Several pods, one command: what they agree on, and what one has that the others have not. */
import { compare, type Difference, type PodAnswer } from '../../../domain/output-text/compare.ts';
import type { Output } from '../../../domain/output.ts';
import type { Finished } from '../../../domain/request-states.ts';
import type { PodName } from '../../../domain/names.ts';
import { countOf } from '../wording/quantities.ts';
import { code, listed, say, strong, type Sentence } from '../wording/sentence.ts';
import { cut } from './escape.ts';
import { outcomeInShort } from './mirror.ts';
import { worded, type Message } from './rich.ts';

const LINES_SHOWN_MAX = 20;
const EXAMPLE_CHARS_MAX = 120;

type DifferenceOf<Kind extends Difference['kind']> = Extract<Difference, { kind: Kind }>;

const example = (line: string | null): Sentence => (line === null || line.trim() === '' ? [] : say`, such as ${code(cut(line.trim(), EXAMPLE_CHARS_MAX))}`);

const byLines = ({ pod, more, fewer, example: line }: DifferenceOf<'lines'>): Sentence => {
  if (fewer === 0) return say`${code(pod)} has ${countOf(more, 'line')} that most have not${example(line)}.`;
  if (more === 0) return say`${code(pod)} lacks ${countOf(fewer, 'line')} that most have.`;
  return say`${code(pod)} differs in ${countOf(more + fewer, 'line')}: ${more.toLocaleString('en-US')} that most have not${example(line)}, and ${fewer.toLocaleString('en-US')} missing.`;
};

const WORDS: { readonly [Kind in Difference['kind']]: (difference: DifferenceOf<Kind>) => Sentence } = {
  ending: ({ pod, ending, usual }) => say`${code(pod)} ended otherwise: ${ending}${usual === '' ? '' : `, most others ${usual}`}.`,
  count: ({ pod, word, count, elsewhere }) => (elsewhere === 0
    ? say`Only ${code(pod)} has ${count.toLocaleString('en-US')} ${code(word)}.`
    : say`${code(pod)} has ${count.toLocaleString('en-US')} ${code(word)}, no other more than ${elsewhere.toLocaleString('en-US')}.`),
  lines: byLines,
};

const worth = (difference: Difference): Sentence => (WORDS[difference.kind] as (difference: Difference) => Sentence)(difference);

const agreed = (same: readonly PodName[], all: number): readonly Sentence[] => {
  if (same.length === 0) return [['No two pods answered the same, line for line.']];
  if (same.length === all) return [say`All ${countOf(all, 'pod')} answered the same, line for line.`];
  return [same.length > 3 ? say`${countOf(same.length, 'pod')} answered the same.` : say`${listed(same.map(code), 'and')} answered the same.`];
};

const answerOf = ({ ends }: Finished, index: number, output: Output | undefined): PodAnswer[] => {
  const end = ends[index];
  if (end === undefined) return [];
  const isText = output !== undefined && end.output !== null && end.output.withheld === undefined && !end.output.binary;
  const ending = outcomeInShort(end.outcome);
  return [{ pod: end.pod, ending, ...(isText && { text: `${output.head}${output.tail === undefined ? '' : `\n${output.tail}`}` }) }];
};

export const comparison = (request: Finished, outputs: readonly (Output | undefined)[], isRepeat: boolean): Message => {
  const answers = request.ends.flatMap((_end, index) => answerOf(request, index, outputs[index]));
  const { same, differences, notCompared } = compare(answers);
  const said = [
    ...(answers.length - notCompared.length < 2 ? [] : agreed(same, answers.length)),
    ...differences.map(worth),
    ...(notCompared.length === 0 ? [] : [say`Without an output to compare: ${listed(notCompared.map(code))}.`]),
  ];
  const more = said.length - LINES_SHOWN_MAX;
  return worded(
    say`${strong(`Side by side: ${countOf(answers.length, 'pod')}`)}${isRepeat ? ' (repeat)' : ''}`,
    ...said.slice(0, LINES_SHOWN_MAX), ...(more > 0 ? [say`… and ${countOf(more, 'more difference')}.`] : []),
  );
};
