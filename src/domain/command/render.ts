/** Commands back to text, and mistakes under it. */

import { isInvisible } from './characters.ts';
import type { AllowAbout, AllowCommand, Command, RunCommand, RunOptions, Target } from './command.ts';
import { showDuration } from './duration.ts';

const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** One word as a person would type it: in single quotes unless it is plain. */
export const renderWord = (word: string): string => (PLAIN.test(word) ? word : quoted(word));

const renderTarget = (target: Target): string => {
  if (target.kind === 'name') return target.name;
  return target.kind === 'workload' ? `${target.resource}/${target.name}` : `-l ${renderWord(target.selector)}`;
};

const option = (flag: string, value: string | number | undefined): readonly string[] =>
  // The form with = keeps a value that begins with a dash a value.
  value === undefined ? [] : [`${flag}=${renderWord(String(value))}`];

const renderOptions = (options: RunOptions): readonly string[] => [
  ...option('--image', options.image),
  ...option('--target', options.target),
  ...option('--profile', options.profile),
  ...option('--timeout', options.timeoutMs === undefined ? undefined : showDuration(options.timeoutMs)),
  ...option('--preset', options.preset),
  ...(options.set ?? []).flatMap(([name, value]) => option('--set', `${name}=${value}`)),
  ...option('--reason', options.reason),
  ...(options.env ?? []).flatMap(([name, value]) => option('--env', `${name}=${value}`)),
  ...(options.private === true ? ['--private'] : []),
  ...(options.dryRun === true ? ['--dry-run'] : []),
  ...option('--replicas', options.replicas),
  ...(options.breakGlass === true ? ['--break-glass'] : []),
];

const renderPlace = ({ cluster, namespace }: RunCommand | AllowCommand): string =>
  cluster === null ? namespace : `${cluster}/${namespace}`;

const renderRun = (command: RunCommand): string => [
  renderPlace(command),
  renderTarget(command.target),
  ...renderOptions(command.options),
  ...(command.argv.length === 0 ? [] : ['--', ...command.argv.map(renderWord)]),
].join(' ');

const renderAllow = (command: AllowCommand): string => [
  `allow ${command.person}`,
  renderPlace(command),
  showDuration(command.durationMs),
  ...command.scopes.map(({ kind, name }) => `${kind}:${name}`),
].join(' ');

const renderAllowAbout = (command: AllowAbout): string => (command.about === 'list' ? 'allow list' : `allow revoke ${command.id}`);

/** The text of a command: parsing it gives the same command, with nothing to normalise. */
export const renderCommand = (command: Command): string => {
  switch (command.kind) {
    case 'form':
      return '';
    case 'run':
      return renderRun(command);
    case 'allow':
      return 'about' in command ? renderAllowAbout(command) : renderAllow(command);
    case 'help':
      return command.topic === undefined ? 'help' : `help ${command.topic}`;
    case 'status':
    case 'cancel':
    case 'rerun':
      return command.id === undefined ? command.kind : `${command.kind} ${command.id}`;
    case 'freeze':
    case 'unfreeze':
      return command.reason === undefined ? command.kind : `${command.kind} --reason ${quoted(command.reason)}`;
    case 'history':
    case 'pending':
    case 'presets':
    case 'images':
    case 'whoami':
    case 'timeline':
    default:
      return command.kind;
  }
};

const LINE_COLUMNS_MAX = 76;
const WIDE = /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

interface Cell {
  readonly shown: string;
  readonly columns: number;
  readonly end: number;
}

const columnsOf = (character: string): number => {
  if (/^\p{M}$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** Whatever moves the cursor or the reading direction is a middle dot: the caret must stand where it belongs. */
const cellsOf = (text: string): readonly Cell[] => {
  let end = 0;
  return Array.from(text, (character) => {
    end += character.length;
    const hidden = /^[\t\n\r\p{M}]$/u.test(character) || isInvisible(character);
    return hidden ? { shown: '·', columns: 1, end } : { shown: character, columns: columnsOf(character), end };
  });
};

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.columns, 0);

/** How many of these cells, from the first, fit into `columns`. */
const fitting = (cells: readonly Cell[], columns: number): number => {
  let left = columns;
  const over = cells.findIndex((cell) => (left -= cell.columns) < 0);
  return over === -1 ? cells.length : over;
};

/** Two lines: the text around `offset` (UTF-16 units), cut to 76 columns with … where it was, and a caret under the mistake. */
export const caretLine = (text: string, offset: number): string => {
  const cells = cellsOf(text);
  const found = cells.findIndex((cell) => cell.end > offset);
  const mistake = found === -1 ? cells.length : found;
  const whole = widthOf(cells) + (mistake === cells.length ? 1 : 0) <= LINE_COLUMNS_MAX;
  const start = whole ? 0 : mistake - fitting(cells.slice(0, mistake).toReversed(), LINE_COLUMNS_MAX / 2 - 1);
  const before = start === 0 ? '' : '…';
  const room = LINE_COLUMNS_MAX - before.length - widthOf(cells.slice(start, mistake)) - 1;
  const end = whole ? cells.length : mistake + fitting(cells.slice(mistake), room);
  const line = cells.slice(start, end).map((cell) => cell.shown).join('');
  const column = before.length + widthOf(cells.slice(start, mistake));
  return `${before}${line}${end < cells.length ? '…' : ''}\n${' '.repeat(column)}^`;
};
