/* oxlint-disable no-misleading-character-class -- each is met alone */
/** Controls, bidi and zero-width characters, and whatever else shows as nothing; a line feed ends a line. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/**
 * What a terminal would obey, or show as something else than it is, as `\uXXXX`. Lines of JSON mean the same as before:
 * JSON.stringify leaves such characters inside of strings only.
 */
export const escapeUnseen = (text: string): string => text.replace(UNSEEN, escaped);
