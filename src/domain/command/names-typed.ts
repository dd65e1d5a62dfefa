/** Names as people type them: read, or refused at the character that is wrong. */

import { characterName } from './characters.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import { type Piece, offsetIn } from './words.ts';

export interface NameKind<Name extends string> {
  /** With its article: `a namespace`. */
  readonly what: string;
  readonly parse: (text: unknown) => Name | undefined;
  /** One character that may stand in it. */
  readonly allowed: RegExp;
  /** The rule in words: `a-z, 0-9 and -`. */
  readonly rule: string;
}

const wrongCharacter = (kind: NameKind<string>, piece: Piece): Read<never> | undefined => {
  const characters = Array.from(piece.text);
  const index = characters.findIndex((each) => !kind.allowed.test(each));
  const character = characters[index];
  if (character === undefined) return undefined;
  const offset = offsetIn(piece, characters.slice(0, index).join('').length);
  const lower = piece.text.toLowerCase();
  const upper = /[A-Z]/.test(character) && kind.parse(lower) !== undefined;
  const named = /^[\x21-\x7e]$/.test(character) ? character : `"${character}" (${characterName(character.codePointAt(0) ?? 0)})`;
  return wrong(`${named} cannot be in ${kind.what}: it has ${kind.rule} only.`, offset, upper ? lower : undefined);
};

export const readName = <Name extends string>(kind: NameKind<Name>, piece: Piece): Read<Name> => {
  const name = kind.parse(piece.text);
  if (name !== undefined) return read(name);
  if (piece.text === '') return wrong(`${kind.what} is missing here.`.replace(/^a/, 'A'), piece.start);
  return wrongCharacter(kind, piece)
    ?? wrong(`${shown(piece.text)} is not ${kind.what}: it has ${kind.rule}, and begins and ends with a letter or digit.`, piece.start);
};
