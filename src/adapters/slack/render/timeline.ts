/** What was asked in an incident's channel: as a message, and as Markdown for the post-mortem. */
import type { TimelineEntry } from '../../../app/after-port.ts';
import type { Request } from '../../../domain/request-states.ts';
import { MESSAGE_CHARS_MAX } from '../limits.ts';
import { countOf } from '../wording/quantities.ts';
import { at, code, linkTo, listed, person, say, strong, type Sentence } from '../wording/sentence.ts';
import { stateInWords } from '../wording/states.ts';
import { shortCommand } from './arguments.ts';
import { cut, oneLine, weightOf } from './escape.ts';
import { outcomeInShort } from './mirror.ts';
import { worded, type Message } from './rich.ts';

const COMMAND_CHARS_MAX = 120;
const LINES_SHOWN_MAX = 40;

const argvOf = (request: Request): readonly string[] => ('plan' in request ? request.plan.argv : request.ask.command.argv);
const whereOf = (request: Request): string => {
  const { target } = request.ask.command;
  if ('plan' in request) return `${request.plan.targets[0]?.pod ?? ''}${request.plan.targets.length > 1 ? ` and ${countOf(request.plan.targets.length - 1, 'more pod')}` : ''}`;
  return target.kind === 'name' ? target.name : target.kind === 'workload' ? `${target.resource}/${target.name}` : `-l ${target.selector}`;
};

/** `finished: exit 0`, `denied`. */
export const verdictOf = (request: Request): string =>
  (request.state === 'finished' ? allInShort(request.ends.map(({ outcome }) => outcomeInShort(outcome))) : stateInWords(request.state));

const allInShort = (endings: readonly string[]): string =>
  (endings.length > 1 && new Set(endings).size === 1 ? `${endings[0] ?? ''} in all ${endings.length} pods` : endings.join(', '));

const approvedBy = (request: Request): Sentence =>
  ('authorization' in request && request.authorization.by === 'approvals' ? say`, approved by ${listed(request.authorization.approvals.map(({ by }) => person(by)), 'and')}` : []);

const entryLine = ({ request, link }: TimelineEntry): Sentence =>
  say`${at(request.askedAt)} ${person(request.ask.requester)} ${code(shortCommand(argvOf(request), COMMAND_CHARS_MAX))} in ${strong(request.ask.command.namespace)} / ${code(cut(whereOf(request), COMMAND_CHARS_MAX))}: ${verdictOf(request)}${approvedBy(request)}${linkTo(link, 'card')}`;

const length = (sentence: Sentence): number => sentence.reduce((sum, span) => sum + (typeof span === 'string' ? weightOf(span) : 'code' in span ? weightOf(span.code) : 'link' in span ? span.label.length : 20), 1);

/** The newest that fit; the file has all of them. */
const fitting = (lines: readonly Sentence[]): readonly Sentence[] => {
  let room = MESSAGE_CHARS_MAX - 400;
  const kept: Sentence[] = [];
  for (const line of lines.toReversed()) {
    room -= length(line);
    if (room < 0 || kept.length >= LINES_SHOWN_MAX) break;
    kept.unshift(line);
  }
  return kept;
};

export const timeline = (entries: readonly TimelineEntry[]): Message => {
  const lines = entries.map(entryLine);
  const shown = fitting(lines);
  return worded(
    say`${strong(`Debug commands in this channel: ${entries.length}`)} (Markdown for the post-mortem below)`,
    ...(shown.length < lines.length ? [say`the last ${countOf(shown.length, 'of them', 'of them')}; the file has all`] : []), ...shown,
  );
};

/** Text of others between ticks, more of them than it holds itself; nothing in it is Markdown then. */
const ticked = (text: string): string => {
  const longest = Math.max(0, ...(oneLine(text).match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${oneLine(text)} ${fence}`;
};

const minute = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');

const approverIds = (request: Request): string =>
  ('authorization' in request && request.authorization.by === 'approvals' ? `, approved by ${request.authorization.approvals.map(({ by }) => ticked(by)).join(', ')}` : '');

/** One bullet a request; `kdebug audit show ID` has the whole story of each. */
export const timelineMarkdown = (entries: readonly TimelineEntry[]): string => [
  '# Debug commands', '',
  ...entries.map(({ request, link, name }) =>
    `- ${minute(request.askedAt)} UTC, ${ticked(name ?? request.ask.requester)}: ${ticked(shortCommand(argvOf(request)))} in ${ticked(`${request.ask.command.namespace}/${whereOf(request)}`)}: ${verdictOf(request)}${approverIds(request)} (${request.id}${linkTo(link, '').length === 0 ? '' : `, [card](${link})`})`),
  '',
].join('\n');
