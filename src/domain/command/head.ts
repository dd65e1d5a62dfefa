/** What stands before `--`: the words that say where, and the options between them in any order. */

import { refuseElsewhere, refuseNode, typedSoFar } from './elsewhere.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import {
  FLAGS, type Given, type OptionSpec, type ValueOption, merged, optionFor, optionUsage,
} from './options.ts';
import type { Sides } from './sides.ts';
import { suggest } from './suggest.ts';
import { isNode } from './target.ts';
import { type Word, pieceOf } from './words.ts';

export interface Head {
  readonly positionals: readonly Word[];
  readonly given: Given;
  /** Where each option was first typed. */
  readonly flags: ReadonlyMap<string, Word>;
}

interface Reading {
  readonly sides: Sides;
  readonly positionals: Word[];
  readonly flags: Map<string, Word>;
  /** Names given to repeatable options: `--env K`. */
  readonly names: Set<string>;
  given: Given;
}

interface OptionRead {
  readonly given: Given;
  /** How many words it took. */
  readonly words: 1 | 2;
}

/** `node/x` alone is a node; before a target it is a cluster that happens to be called `node`. */
export const isNodeFirst = (head: Head): boolean => {
  const [first, second] = head.positionals;
  return first !== undefined && second === undefined && head.given.selector === undefined && isNode(first);
};

const unknown = (reading: Reading, word: Word, name: string): Read<never> => {
  const meant = suggest(name.split('=', 1)[0] ?? name, FLAGS);
  if (meant !== undefined) return wrong(`${shown(name)} is not an option; did you mean ${meant}?`, word.start, meant);
  // The whole command may stand there without its `--`: `prod api -tlnp`.
  const advice = reading.sides.separator === undefined ? '-- stands before the command, and help options lists what there is.' : 'help options lists what there is.';
  return wrong(`${shown(name)} is not an option; ${advice}`, word.start, 'help options');
};

const readValueOption = (option: ValueOption, word: Word, inline: number, next: Word | undefined): Read<OptionRead> => {
  if (inline !== -1) {
    if (word.value.length === inline + 1) return wrong(`${option.flag} has no value: write ${optionUsage(option)}.`, word.start, optionUsage(option));
    const given = option.read(pieceOf(word, inline + 1));
    return given.ok ? read({ given: given.value, words: 1 }) : given;
  }
  if (next === undefined || (!next.quoted && next.value.startsWith('-'))) {
    return wrong(`${option.flag} has no value: write ${optionUsage(option)}.`, word.start, optionUsage(option));
  }
  const given = option.read(pieceOf(next));
  return given.ok ? read({ given: given.value, words: 2 }) : given;
};

const readOption = (option: OptionSpec, word: Word, inline: number, next: Word | undefined): Read<OptionRead> => {
  if (option.takes === 'value') return readValueOption(option, word, inline, next);
  return inline === -1
    ? read({ given: option.given, words: 1 })
    : wrong(`${option.flag} takes no value: write ${option.flag} alone, or leave it out.`, word.start, option.flag);
};

const checkOnce = (reading: Reading, option: OptionSpec, given: Given, word: Word): Read<undefined> => {
  const repeatable = option.takes === 'value' && option.repeatable === true;
  if (!repeatable) {
    return reading.flags.has(option.flag) ? wrong(`${option.flag} is given twice: keep one of them.`, word.start) : read(undefined);
  }
  const name = `${option.flag} ${(given.set ?? given.env)?.[0]?.[0] ?? ''}`;
  if (reading.names.has(name)) return wrong(`${shown(name)} is given twice: keep one of them.`, word.start);
  reading.names.add(name);
  return read(undefined);
};

/** Reads the option at `word` and answers how many words it took. */
const takeOption = (reading: Reading, word: Word, next: Word | undefined): Read<number> => {
  const equals = word.value.startsWith('--') ? word.value.indexOf('=') : -1;
  const name = equals === -1 ? word.value : word.value.slice(0, equals);
  const option = optionFor(name);
  if (option === undefined) {
    return refuseElsewhere(name, word, typedSoFar(reading.positionals, next?.value ?? '')) ?? unknown(reading, word, name);
  }
  const taken = readOption(option, word, equals, next);
  if (!taken.ok) return taken;
  const once = checkOnce(reading, option, taken.value.given, word);
  if (!once.ok) return once;
  if (!reading.flags.has(option.flag)) reading.flags.set(option.flag, word);
  reading.given = merged(reading.given, taken.value.given);
  return read(taken.value.words);
};

const takePositional = (reading: Reading, word: Word): Read<number> => {
  const room = reading.given.selector === undefined ? 2 : 1;
  if (reading.positionals.length >= room) {
    if (reading.sides.separator !== undefined) return wrong(`${shown(word.value)} is one word too many before --: take it out.`, word.start);
    const rest = reading.sides.text.slice(word.start, reading.sides.end);
    return wrong(`${shown(word.value)} is one word too many: put -- before the command.`, word.start, `-- ${shown(rest)}`);
  }
  if (reading.positionals.length === 1 && isNode(word)) return refuseNode(word);
  reading.positionals.push(word);
  return read(1);
};

export const readHead = (sides: Sides): Read<Head> => {
  const reading: Reading = { sides, positionals: [], flags: new Map(), names: new Set(), given: {} };
  for (let index = 0; index < sides.head.length;) {
    const word = sides.head[index];
    if (word === undefined) break;
    const taken = word.value.startsWith('-') ? takeOption(reading, word, sides.head[index + 1]) : takePositional(reading, word);
    if (!taken.ok) return taken;
    index += taken.value;
  }
  return read(reading);
};
