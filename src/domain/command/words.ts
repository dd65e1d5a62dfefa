/**
 * Text to words, as a POSIX shell splits them (single quotes, double quotes, backslash) and expanding nothing; see
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02. Stricter than one: a quote that
 * is not closed and a line break outside quotes are mistakes, each with its position.
 */

import { characterName, isNoBreakSpace, isOtherSpace } from './characters.ts';
import { type Read, read, wrong } from './mistake.ts';
import { type Normalisation, type Quote, insideTicks, isDash, quoteAt, slackTokenAt } from './normalise.ts';

export interface Word {
  readonly value: string;
  /** Where the word begins and ends in the text as typed, in UTF-16 units, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Some part of it was quoted or escaped. */
  readonly quoted: boolean;
  /** Some part of it was an auto-link of Slack. */
  readonly link: boolean;
  /** Where an entity of Slack (`<@U…>`, `<#C…>`, `<!here>`) stands in it, outside quotes. */
  readonly mention?: number;
  /** The offset in the text of each UTF-16 unit of `value`, and `end` after the last. */
  readonly at: readonly number[];
}

export interface Split {
  readonly words: readonly Word[];
  readonly normalised: readonly Normalisation[];
}

/** `escaped`: the text is a message (a mention), in which Slack has escaped and linked inside quotes too. */
export interface Typing {
  readonly escaped?: boolean;
}

interface Draft {
  readonly start: number;
  readonly units: string[];
  readonly at: number[];
  quoted: boolean;
  link: boolean;
  mention?: number;
}

interface Scan {
  readonly text: string;
  readonly end: number;
  readonly escaped: boolean;
  readonly words: Word[];
  readonly normalised: Normalisation[];
  position: number;
  draft: Draft | undefined;
}

const CARRIED_ON = read(undefined);

const draftOf = (scan: Scan): Draft =>
  (scan.draft ??= { start: scan.position, units: [], at: [], quoted: false, link: false });

/** Takes `length` units of the text and puts `value` into the word. */
const put = (scan: Scan, length: number, value: string): void => {
  const draft = draftOf(scan);
  for (let unit = 0; unit < value.length; unit += 1) {
    draft.units.push(value.charAt(unit));
    draft.at.push(scan.position);
  }
  scan.position += length;
};

const note = (scan: Scan, from: string, to: string): void => {
  if (from !== to) scan.normalised.push({ offset: scan.position, from, to });
};

const closeWord = (scan: Scan): void => {
  const { draft, position } = scan;
  if (draft === undefined) return;
  scan.draft = undefined;
  const { start, units, at, ...marks } = draft;
  scan.words.push({ value: units.join(''), start, end: position, at: [...at, position], ...marks });
};

const putSlackToken = (scan: Scan): boolean => {
  const token = slackTokenAt(scan.text, scan.position);
  if (token === undefined) return false;
  if (token.kind === 'mention') draftOf(scan).mention ??= scan.position;
  else note(scan, token.from, token.to);
  if (token.kind === 'link') draftOf(scan).link = true;
  put(scan, token.from.length, token.kind === 'mention' ? token.from : token.to);
  return true;
};

const skipBlank = (scan: Scan, unit: string): void => {
  if (isNoBreakSpace(unit)) note(scan, unit, ' ');
  closeWord(scan);
  scan.position += 1;
};

const putEscaped = (scan: Scan): Read<undefined> => {
  if (scan.position + 1 >= scan.end) return wrong('Nothing follows this backslash: take it out, or quote it.', scan.position);
  const next = scan.text.charAt(scan.position + 1);
  if (next === '\r') return wrong(`${characterName(13)} cannot be in a command: take it out.`, scan.position + 1);
  if (next === '\n') scan.position += 2;
  else {
    draftOf(scan).quoted = true;
    put(scan, 2, next);
  }
  return CARRIED_ON;
};

const putEscapedInside = (scan: Scan, quote: Quote): boolean => {
  if (quote.straight === "'" || scan.position + 1 >= scan.end) return false;
  const next = scan.text.charAt(scan.position + 1);
  if (next === '\n') scan.position += 2;
  else if (quote.closers.includes(next)) put(scan, 2, quote.straight);
  else if ('\\$`'.includes(next)) put(scan, 2, next);
  else return false;
  return true;
};

const putInside = (scan: Scan, unit: string, quote: Quote): void => {
  if (unit === '\\' && putEscapedInside(scan, quote)) return;
  // A mention keeps its quotes, so that a person can say "these very characters".
  if (scan.escaped && slackTokenAt(scan.text, scan.position)?.kind !== 'mention' && putSlackToken(scan)) return;
  put(scan, 1, unit);
};

const putQuoted = (scan: Scan, quote: Quote): Read<undefined> => {
  const opened = scan.position;
  draftOf(scan).quoted = true;
  note(scan, scan.text.charAt(opened), quote.straight);
  scan.position += 1;
  while (scan.position < scan.end) {
    const unit = scan.text.charAt(scan.position);
    if (quote.closers.includes(unit)) {
      note(scan, unit, quote.straight);
      scan.position += 1;
      return CARRIED_ON;
    }
    if (unit === '\r') return wrong(`${characterName(13)} cannot be in a command: take it out.`, scan.position);
    putInside(scan, unit, quote);
  }
  return wrong(`The quote that opens here is not closed: add ${quote.straight} where it ends, or put \\ before it.`, opened, quote.straight);
};

const step = (scan: Scan): Read<undefined> => {
  const unit = scan.text.charAt(scan.position);
  if (unit === ' ' || unit === '\t' || isNoBreakSpace(unit)) skipBlank(scan, unit);
  else if (unit === '\n' || unit === '\r') return wrong('A line break can only stand in quotes: write the command on one line.', scan.position);
  else if (isOtherSpace(unit)) return wrong(`${characterName(unit.charCodeAt(0))} is not a plain space: type it again.`, scan.position, ' ');
  else if (unit === '\\') return putEscaped(scan);
  else {
    const quote = quoteAt(unit);
    if (quote !== undefined) return putQuoted(scan, quote);
    if (scan.draft === undefined && isDash(unit)) {
      note(scan, unit, '--');
      put(scan, 1, '--');
    } else if ((unit !== '<' && unit !== '&') || !putSlackToken(scan)) put(scan, 1, unit);
  }
  return CARRIED_ON;
};

/** The words of a text and what was changed on the way, in the order of the text; or the first mistake in it. */
export const splitWords = (text: string, typing: Typing = {}): Read<Split> => {
  const inside = insideTicks(text);
  const scan: Scan = {
    text, end: inside.end, escaped: typing.escaped === true, words: [], normalised: [...inside.normalised],
    position: inside.start, draft: undefined,
  };
  while (scan.position < scan.end) {
    const stepped = step(scan);
    if (!stepped.ok) return stepped;
  }
  closeWord(scan);
  return read({ words: scan.words, normalised: scan.normalised.toSorted((one, other) => one.offset - other.offset) });
};

/** A word, or what follows the first `from` units of one: a value with its place in the text. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly at: readonly number[];
  readonly link: boolean;
}

export const pieceOf = (word: Word, from = 0): Piece => ({
  text: word.value.slice(from),
  start: from === 0 ? word.start : (word.at[from] ?? word.end),
  at: word.at.slice(from),
  link: word.link,
});

/** Where unit `index` of a piece was typed. */
export const offsetIn = (piece: Piece, index: number): number => piece.at[index] ?? piece.start;
