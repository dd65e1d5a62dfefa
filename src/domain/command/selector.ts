/**
 * Label selectors, equality-based and set-based, by the grammar of
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors (without `>` and `<`).
 */

import { parsePodName } from '../names.ts';
import type { LabelSelector } from './command.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import { type Piece, offsetIn } from './words.ts';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const KEY_CHARS = /[A-Za-z0-9._/-]*/y;
const VALUE_CHARS = /[A-Za-z0-9._-]*/y;
const BLANKS = / */y;
const EQUALITY = /==|=|!=/y;
const SET = /(?:notin|in)(?=[ (])/y;

interface Reading {
  readonly piece: Piece;
  position: number;
}

const GOOD = read(undefined);

const take = (reading: Reading, pattern: RegExp): string => {
  pattern.lastIndex = reading.position;
  const found = pattern.exec(reading.piece.text)?.[0] ?? '';
  reading.position += found.length;
  return found;
};

const takeOne = (reading: Reading, unit: string): boolean => {
  take(reading, BLANKS);
  if (reading.piece.text.charAt(reading.position) !== unit) return false;
  reading.position += 1;
  take(reading, BLANKS);
  return true;
};

const expected = (reading: Reading, what: string): Read<undefined> =>
  wrong(`A label selector needs ${what} here, as in app=api,tier!=web or "env in (a,b)".`, offsetIn(reading.piece, reading.position));

const isKey = (key: string): boolean => {
  const slash = key.lastIndexOf('/');
  return NAME.test(key.slice(slash + 1)) && (slash === -1 || parsePodName(key.slice(0, slash)) !== undefined);
};

const readKey = (reading: Reading): Read<undefined> => {
  const begin = reading.position;
  const key = take(reading, KEY_CHARS);
  if (key === '') return expected(reading, 'a label');
  return isKey(key) ? GOOD : wrong(`${shown(key)} is not the name of a label.`, offsetIn(reading.piece, begin));
};

const readValue = (reading: Reading): Read<undefined> => {
  const begin = reading.position;
  const value = take(reading, VALUE_CHARS);
  return value === '' || NAME.test(value) ? GOOD : wrong(`${shown(value)} is not the value of a label.`, offsetIn(reading.piece, begin));
};

const readSet = (reading: Reading): Read<undefined> => {
  if (!takeOne(reading, '(')) return expected(reading, '(');
  do {
    const value = readValue(reading);
    if (!value.ok) return value;
  } while (takeOne(reading, ','));
  return takeOne(reading, ')') ? GOOD : expected(reading, 'a comma or )');
};

const readRequirement = (reading: Reading): Read<undefined> => {
  const absent = takeOne(reading, '!');
  take(reading, BLANKS);
  const key = readKey(reading);
  if (!key.ok || absent) return key;
  take(reading, BLANKS);
  if (take(reading, SET) !== '') return readSet(reading);
  if (take(reading, EQUALITY) === '') return GOOD;
  take(reading, BLANKS);
  return readValue(reading);
};

/** A selector that would match everything (nothing at all) is a mistake too. */
export const readSelector = (piece: Piece): Read<LabelSelector> => {
  const reading: Reading = { piece, position: 0 };
  do {
    const requirement = readRequirement(reading);
    if (!requirement.ok) return requirement;
  } while (takeOne(reading, ','));
  take(reading, BLANKS);
  const rest = reading.position < piece.text.length ? expected(reading, 'a comma or the end') : GOOD;
  return rest.ok ? read(piece.text as LabelSelector) : rest;
};
