/**
 * The one parser of kdebug: slash text, mention, form and command line all come here. Pure: it knows no configuration,
 * so it says whether a text is a command, not whether it may run.
 *
 * Terminology: the *head* is what stands before the first unquoted `--`, *argv* what stands after it. An *offset* counts
 * UTF-16 units of the text as it was typed, before anything Slack did to it was undone.
 */

import { TEXT_CHARS_MAX } from '../limits.ts';
import { refusedCharacter } from './characters.ts';
import type { Command } from './command.ts';
import { holdsCredential, refuseCredentials } from './credentials.ts';
import { type Mistake, type Read, read, wrong } from './mistake.ts';
import type { Normalisation } from './normalise.ts';
import { commandNamed, readOther } from './others.ts';
import { readRun } from './run.ts';
import { type Sides, refuseTooManyWords, splitSides } from './sides.ts';
import { type Split, type Typing, type Word, splitWords } from './words.ts';

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command; readonly normalised: readonly Normalisation[] }
  | { readonly ok: false; readonly error: Mistake };

const SECRET_SENTENCE =
  'This looks as if it held a credential. What is typed here is kept and shown: use a preset, or a file in the image. Nothing was saved.';

const checkText = (text: unknown): Read<string> => {
  if (typeof text !== 'string') return wrong('There is no text to read: type a command, or help.', 0, 'help');
  if (text.length > TEXT_CHARS_MAX) {
    return wrong(`The text has ${text.length} characters; ${TEXT_CHARS_MAX} is the most: shorten it, or make it a preset.`, TEXT_CHARS_MAX);
  }
  const refused = refusedCharacter(text);
  return refused === undefined
    ? read(text)
    : wrong(`${refused.name} cannot be in a command, because it hides or changes what is shown: take it out.`, refused.offset);
};

const refuseMentions = (words: readonly Word[]): Read<undefined> => {
  const found = words.find((word) => word.mention !== undefined);
  return found === undefined
    ? read(undefined)
    : wrong('A mention of Slack cannot be part of a command: take it out, or quote the text you mean.', found.mention ?? found.start);
};

/** Line breaks and tabs in quotes belong to the command; names, reasons and values are one line. */
const refuseLineBreaks = (words: readonly Word[]): Read<undefined> => {
  const found = words.find((word) => /[\n\t]/.test(word.value));
  return found === undefined
    ? read(undefined)
    : wrong('A line break or tab can only stand in the command after --: write this on one line.', found.at[found.value.search(/[\n\t]/)] ?? found.start);
};

const checkSides = (sides: Sides, named: string | undefined): Read<undefined> => {
  const few = refuseTooManyWords(sides);
  if (!few.ok) return few;
  const credentials = refuseCredentials(sides.head, sides.argv);
  if (!credentials.ok) return credentials;
  const mentions = named === 'allow' ? read(undefined) : refuseMentions([...sides.head, ...sides.argv]);
  return mentions.ok ? refuseLineBreaks(sides.head) : mentions;
};

const readCommand = (text: string, { words }: Split): Read<Command> => {
  const [first] = words;
  if (first === undefined) return read({ kind: 'form' });
  const sides = splitSides(text, words);
  const named = commandNamed(first.value);
  const checked = checkSides(sides, named);
  if (!checked.ok) return checked;
  return named === undefined ? readRun(sides) : readOther(named, words.slice(1), sides.end);
};

/**
 * Reads one command. Never throws: whatever is not a string is answered like every other mistake, with one sentence, the
 * position and the repair. `typing.escaped` says that the text is a message (a mention), in which Slack escapes and links
 * inside quotes too; slash text, forms and the command line leave it out.
 */
export const parseCommand = (text: unknown, typing: Typing = {}): ParsedCommand => {
  const checked = checkText(text);
  if (!checked.ok) return checked;
  const split = splitWords(checked.value, typing);
  // A text that cannot be split is refused with its mistake, unless who reads on would then see a secret.
  if (!split.ok) return holdsCredential(checked.value) ? wrong(SECRET_SENTENCE, split.error.offset) : split;
  const command = readCommand(checked.value, split.value);
  return command.ok ? { ok: true, command: command.value, normalised: split.value.normalised } : command;
};
