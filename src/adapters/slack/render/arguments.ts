import { renderWord } from '../../../domain/command/render.ts';
import { showArgument } from '../../../domain/command/show.ts';
import { cut, weightOf } from './escape.ts';

const SHORT_CHARS_MAX = 200;

/** One line for headlines and lists: `ss -tlnp`, cut. What an approver decides on is `numbered`. */
export const shortCommand = (argv: readonly string[], max = SHORT_CHARS_MAX): string =>
  argv.length === 0 ? '(no command)' : cut(argv.slice(0, max).map((word) => renderWord(word.slice(0, max + 1))).join(' '), max);

/** Every argument on its own line, with its number and what is not plain in it. */
export const numbered = (argv: readonly string[]): string => {
  const width = String(argv.length).length;
  return argv.map((argument, index) => {
    const { text, flags } = showArgument(argument);
    return `${String(index + 1).padStart(width)}  ${text}${flags.length === 0 ? '' : `    (${flags.join(', ')})`}`;
  }).join('\n');
};

/** For a card that nobody decides on: as many arguments as fit into so many counted characters, and how many do not. */
export const numberedWithin = (argv: readonly string[], charactersMax: number): string => {
  const lines = numbered(argv).split('\n');
  let room = charactersMax;
  const fitting = lines.findIndex((line) => (room -= weightOf(line) + 1) < 0);
  if (fitting === -1) return lines.join('\n');
  return [...lines.slice(0, fitting), `… ${argv.length - fitting} of ${argv.length} arguments not shown here …`].join('\n');
};
