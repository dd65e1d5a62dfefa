/** The form that asks which part of a stored output is wanted, what it then shows, and the same for the thread. */
import type { ModalView, PlainTextElement } from '@slack/types';
import type { Filtered } from '../../../app/after-port.ts';
import { OUTPUT_INLINE_CHARS_MAX } from '../../../domain/limits.ts';
import { readColumns, showColumns, type FilterSpec } from '../../../domain/output-text/filter.ts';
import type { UserId } from '../../../domain/names.ts';
import type { Finished } from '../../../domain/request-states.ts';
import { countOf } from '../wording/quantities.ts';
import { code, joined, person, say, type Sentence } from '../wording/sentence.ts';
import { plain } from './buttons.ts';
import { escaped, visible } from './escape.ts';
import { writeCardRef, type CardRef } from './modals.ts';
import { box, line, lines, richText, spoken, type Message } from './rich.ts';

export const FILTER_VIEW = 'kdebug.filter';
export const FILTERED_VIEW = 'kdebug.filtered';
export const FILTER_FIELDS = { how: 'kdebug.filter.how', wanted: 'kdebug.filter.wanted', first: 'kdebug.filter.first', last: 'kdebug.filter.last', columns: 'kdebug.filter.columns' } as const;
export type FilterField = keyof typeof FILTER_FIELDS;

const WANTED_CHARS_MAX = 200;
const COUNT_MAX = 100_000;
const SHOWN_CHARS_MAX = 12_000;

/** Which lines, in the words of the menu; the value is what comes back. */
const HOWS = {
  contain: 'that contain this text', lack: 'that do not contain this text',
  match: 'that match this pattern', differ: 'that do not match this pattern',
} as const;
type How = keyof typeof HOWS;
const isHow = (text: string): text is How => Object.hasOwn(HOWS, text);

/** As typed, before anything is believed of it. */
export type Typed = Readonly<Record<FilterField, string>>;

export type SpecRead = { readonly ok: true; readonly spec: FilterSpec } | { readonly ok: false; readonly field: FilterField; readonly mistake: string };

const count = (text: string): number | null | undefined => {
  if (text === '') return null;
  return /^[1-9]\d{0,5}$/.test(text) && Number(text) <= COUNT_MAX ? Number(text) : undefined;
};

/** What was typed as a filter, or the first field that is none. */
export const specOf = ({ how, wanted, first, last, columns }: Typed): SpecRead => {
  const no = (field: FilterField, mistake: string): SpecRead => ({ ok: false, field, mistake });
  if (!isHow(how)) return no('how', 'Choose one of these.');
  if (wanted.length > WANTED_CHARS_MAX) return no('wanted', `At most ${WANTED_CHARS_MAX} characters.`);
  const [firstCount, lastCount] = [count(first), count(last)];
  const [tooMany, ranges] = [`Write a number from 1 to ${COUNT_MAX}.`, columns === '' ? [] : readColumns(columns)];
  if (firstCount === undefined) return no('first', tooMany);
  if (lastCount === undefined) return no('last', tooMany);
  if (ranges === undefined) return no('columns', 'Write numbers and ranges, such as 1,3-5 or 4-.');
  const select = wanted === '' ? { by: 'all' } as const : { by: how === 'contain' || how === 'lack' ? 'text' : 'pattern', wanted, invert: how === 'lack' || how === 'differ' } as const;
  return { ok: true, spec: { select, first: firstCount, last: lastCount, columns: ranges } };
};

const option = (how: How): { text: PlainTextElement; value: string } => ({ text: plain(`Lines ${HOWS[how]}`), value: how });

const input = (field: FilterField, label: string, element: object, hint?: string) => ({
  type: 'input' as const, block_id: FILTER_FIELDS[field], optional: true, label: plain(label), ...(hint !== undefined && { hint: plain(hint) }),
  element: { action_id: FILTER_FIELDS[field], ...element },
}) as ModalView['blocks'][number];

const number = { type: 'number_text_input', is_decimal_allowed: false, min_value: '1', max_value: String(COUNT_MAX) };

export const filterView = (ref: CardRef, { plan }: Finished, index: number): ModalView => ({
  type: 'modal', callback_id: FILTER_VIEW, private_metadata: writeCardRef(ref), title: plain('Filter the output'), submit: plain('Show'), close: plain('Close'),
  blocks: [
    richText(line(say`The output of ${code(ref.request)}${plan.targets[index] === undefined ? '' : say` in ${code(plan.targets[index].pod)}`}, as it is kept. Nothing runs again.`)),
    input('how', 'Which lines', { type: 'static_select', options: (Object.keys(HOWS) as How[]).map(option), initial_option: option('contain') }),
    input('wanted', 'Text or pattern', { type: 'plain_text_input', max_length: WANTED_CHARS_MAX, focus_on_load: true }, 'Empty: every line. A pattern is in RE2 syntax, such as ^(ESTAB|CLOSE-WAIT).'),
    input('first', 'Of these, only the first', number),
    input('last', 'Of these, only the last', number),
    input('columns', 'Only these columns', { type: 'plain_text_input', max_length: WANTED_CHARS_MAX, placeholder: plain('1,3-5') }, 'By number; columns are separated by blanks.'),
  ],
});

const criteria = ({ select, first, last, columns }: FilterSpec): Sentence => {
  const which: Sentence = select.by === 'all' ? ['every line'] : say`lines that ${select.by === 'text' ? (select.invert ? 'do not contain' : 'contain') : (select.invert ? 'do not match' : 'match')} ${code(select.wanted)}`;
  const parts: readonly Sentence[] = [
    which, ...(first === null ? [] : [[`the first ${first}`]]), ...(last === null ? [] : [[`the last ${last}`]]),
    ...(columns.length === 0 ? [] : [[`columns ${showColumns(columns)}`]]),
  ];
  return joined(parts, ', ');
};

const counted = ({ lines: shown, matched, of, isPart }: Filtered): string =>
  `${countOf(shown.length, 'line')}${matched === shown.length ? '' : ` of ${matched.toLocaleString('en-US')} selected`}, ${of.toLocaleString('en-US')} kept${isPart ? ' (there was more than is kept)' : ''}`;

interface Fitted {
  readonly text: string;
  readonly leftOut: number;
}

/** Whole lines within so many counted characters; of a first line that is longer, its beginning. */
const fit = (all: readonly string[], charactersMax: number): Fitted => {
  let room = charactersMax;
  const over = all.findIndex((one) => (room -= escaped(visible(one)).length + 1) < 0);
  if (over === -1) return { text: all.join('\n'), leftOut: 0 };
  return over === 0 ? { text: (all[0] ?? '').slice(0, Math.floor(charactersMax / 10)), leftOut: all.length } : { text: all.slice(0, over).join('\n'), leftOut: all.length - over };
};

const body = (filtered: Filtered, charactersMax: number) => {
  const { text, leftOut } = fit(filtered.lines, charactersMax);
  return [
    ...(text === '' ? [lines([[filtered.lines.length === 0 ? '(no such line)' : '(empty lines)']])] : [box(text)]),
    ...(leftOut === 0 ? [] : [lines([say`… ${countOf(leftOut, 'more line')} not shown here: narrow it down.`])]),
  ];
};

const SEPARATOR = '\n';
export const writeFilterRef = (ref: CardRef, typed: Typed): string => `${writeCardRef(ref)}${SEPARATOR}${JSON.stringify(typed)}`;

/** On top of the form, so that going back leads to it. Output of one person alone cannot be posted. */
export const filteredView = (ref: CardRef, typed: Typed, request: Finished, filtered: Filtered): ModalView => ({
  type: 'modal', callback_id: FILTERED_VIEW, private_metadata: writeFilterRef(ref, typed), title: plain('Filtered output'), close: plain('Back'),
  ...(request.plan.audience.kind === 'channel' && { submit: plain('Post to the thread') }),
  blocks: [richText(lines([say`${criteria(filtered.spec)} · ${counted(filtered)}`]), ...body(filtered, SHOWN_CHARS_MAX))],
});

/** The same for everybody in the thread, with who asked for it. */
export const filteredMessage = (request: Finished, index: number, by: UserId, filtered: Filtered): Message => {
  const pod = request.ends.length > 1 ? say` of ${code(request.ends[index]?.pod ?? '')}` : '';
  const first = say`${person(by)} filtered the output${pod} (${code(request.id)}): ${criteria(filtered.spec)} · ${counted(filtered)}`;
  return { text: spoken([first]), blocks: [richText(lines([first]), ...body(filtered, OUTPUT_INLINE_CHARS_MAX))] };
};
