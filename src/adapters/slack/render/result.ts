/** What came out of one pod: the verdict first, then the output literally in a box, then what is to know about it. */
import type { KnownBlock, RichTextPreformatted, RichTextSection } from '@slack/types';
import { renderWord } from '../../../domain/command/render.ts';
import type { RunEnd } from '../../../domain/events.ts';
import type { Output, OutputSummary } from '../../../domain/output.ts';
import { isNotFound } from '../../../domain/instead.ts';
import type { Finished } from '../../../domain/request-states.ts';
import { outcomeSentence } from '../wording/outcomes.ts';
import { bytes, countOf } from '../wording/quantities.ts';
import { code, say, type Sentence } from '../wording/sentence.ts';
import { MESSAGE_CHARS_MAX } from '../limits.ts';
import { resultButtons } from './buttons.ts';
import { countedCharacters } from './count.ts';
import { excerpt, wholeText, type Excerpt } from './excerpt.ts';
import { oneLine } from './escape.ts';
import { leftovers, recycleButton } from './recycle.ts';
import { tableBlock } from './table.ts';
import { box, lines, richText, spoken, type Message } from './rich.ts';

export interface ResultMessage extends Message {
  /** The output whole, when the message shows a part of it; it goes into the thread as a file. */
  readonly file?: string;
  /** The same without its table, for where Slack has none yet. */
  readonly plain?: Message;
}

const BY_HAND_CHARS_MAX = 1_000;

const counts = (summary: OutputSummary, output: Output | undefined): Sentence =>
  summary.complete
    ? say`${countOf(summary.lines, 'line')}, ${bytes(summary.bytes)}, ${output?.tail === undefined ? 'complete' : 'of which beginning and end are kept'}`
    : say`at least ${countOf(summary.lines, 'line')}, ${bytes(summary.bytes)}, cut: there was more than kdebug reads`;

const WITHHELD: { readonly [Why in NonNullable<OutputSummary['withheld']>]: string } = {
  redaction_overrun: 'The output is withheld: it could not be searched for secrets in time. Make it shorter (head, grep), then run it again.',
  log_unreadable: 'The output could not be read from the cluster.',
};

const redactions = ({ redactions: found }: OutputSummary): readonly Sentence[] => {
  const total = found.reduce((sum, one) => sum + one.count, 0);
  if (total === 0) return [];
  const kinds = found.map(({ what, count }) => `${count} ${what}${count === 1 || what.endsWith('s') ? '' : 's'}`).join(', ');
  return [say`${countOf(total, 'value')} ${total === 1 ? 'was' : 'were'} hidden (${kinds}).`];
};

const leftOut = ({ linesLeftOut }: Excerpt, { complete }: OutputSummary): Sentence =>
  linesLeftOut === 0
    ? ['… part of a line left out …']
    : say`… ${complete ? '' : 'at least '}${countOf(linesLeftOut, 'line')} left out …`;

type Elements = readonly (RichTextSection | RichTextPreformatted)[];

const shown = (output: Output, part: Excerpt): Elements => [
  ...(part.head === '' ? [] : [box(part.head)]),
  ...(part.tail === undefined ? [] : [lines([leftOut(part, output.summary)])]),
  ...(part.tail === undefined || part.tail === '' ? [] : [box(part.tail)]),
];

const body = (summary: OutputSummary | null, output: Output | undefined, part: Excerpt | undefined): Elements => {
  if (summary === null) return [];
  if (summary.withheld !== undefined) return [lines([[WITHHELD[summary.withheld]]])];
  if (summary.bytes === 0 || summary.keptBytes === 0) return [lines([['(no output)']])];
  if (output === undefined || part === undefined) return [lines([['The output is not kept any more.']])];
  return shown(output, part);
};

const notes = (summary: OutputSummary | null, part: Excerpt | undefined): readonly Sentence[] => summary === null ? [] : [
  ...(summary.binary ? [['This is not text, so it is not shown.']] : []),
  ...redactions(summary),
  ...(part?.cut === true ? [['All that is kept of it follows as a file.']] : []),
];

const SHELLS = new Set(['sh', 'ash', 'bash', 'dash']);

/** Within `sh -c` the exit code is about another program. */
const notThere = ({ plan: { argv: [program = ''], image } }: Finished, { outcome }: RunEnd): readonly Sentence[] =>
  (isNotFound(outcome) && !SHELLS.has(program) ? [say`${code(program)} may not be in ${image}.`] : []);

/** The line to get the same with kubectl; none when it would be longer than the answer, or could not be copied as it is shown. */
const byHand = (request: Finished, index: number): readonly Sentence[] => {
  const target = request.plan.targets[index];
  if (target === undefined) return [];
  const line = [
    'kubectl', 'debug', '-n', target.namespace, target.pod, `--image=${request.plan.container.image}`,
    ...(target.container === null ? [] : [`--target=${target.container}`]), `--profile=${request.plan.profile}`,
    ...request.ask.command.options.env?.map(([name, value]) => renderWord(`--env=${name}=${value}`)) ?? [],
    '--', ...request.plan.argv.map(renderWord),
  ].join(' ');
  return line.length > BY_HAND_CHARS_MAX || oneLine(line) !== line ? [] : [say`the same by hand: ${code(line)}`];
};

const verdict = (request: Finished, end: RunEnd, output: Output | undefined): Sentence => {
  const [target] = request.plan.targets;
  const facts = { notAfter: request.notAfter, timeoutMs: request.plan.timeoutMs, cluster: request.ask.cluster, namespace: target?.namespace ?? request.ask.command.namespace };
  const sentence = outcomeSentence(end.outcome, facts);
  const named = request.ends.length > 1 ? say`${code(end.pod)}: ${sentence}` : sentence;
  return end.output === null || end.output.withheld !== undefined ? named : say`${named} · ${counts(end.output, output)}`;
};

/** Undefined when the request has no such run. */
export const result = (request: Finished, index: number, output: Output | undefined, isRepeat: boolean): ResultMessage | undefined => {
  const end = request.ends[index];
  if (end === undefined) return undefined;
  const mayShow = end.output !== null && end.output.withheld === undefined && end.output.keptBytes > 0;
  const part = mayShow && output !== undefined ? excerpt(output) : undefined;
  const first = say`${verdict(request, end, output)}${isRepeat ? ' (repeat)' : ''}`;
  const after = [...notThere(request, end), ...notes(end.output, part), ...leftovers(request, end), ...byHand(request, index)];
  const text = spoken([first, ...notes(end.output, part)]);
  const above = richText(lines([first]), ...body(end.output, output, part));
  const below = after.length === 0 ? [] : [lines(after)];
  const buttons = resultButtons(request.id, mayShow && output !== undefined && !output.summary.binary, recycleButton(request, index));
  const plain: readonly KnownBlock[] = [{ ...above, elements: [...above.elements, ...below] }, buttons];
  const table = part !== undefined && !part.cut && part.tail === undefined ? tableBlock(part.head) : undefined;
  const withTable: readonly KnownBlock[] = table === undefined ? plain : [above, table, ...(below.length === 0 ? [] : [richText(...below)]), buttons];
  const isTabled = table !== undefined && countedCharacters(withTable) <= MESSAGE_CHARS_MAX;
  return {
    text, blocks: isTabled ? withTable : plain, ...(isTabled && { plain: { text, blocks: plain } }),
    ...(part?.cut === true && output !== undefined && { file: wholeText(output) }),
  };
};
