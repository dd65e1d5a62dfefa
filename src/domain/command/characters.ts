/**
 * Characters that a command never holds, because they hide or reorder what an approver reads ("Trojan Source",
 * CVE-2021-42574), and the names by which a person can find them.
 */

/** Variation selectors stay: emoji need them, and showArgument makes them visible. Tab and line breaks are words.ts' business. */
const REFUSED = /(?![\t\n\r]|[\u{fe00}-\u{fe0f}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
const SPACE = /^\p{Zs}$/u;
const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Latin'].map((name) => ({
  name,
  pattern: new RegExp(`^\\p{Script=${name}}$`, 'u'),
}));

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null character'], [0x07, 'bell'], [0x08, 'backspace'], [0x09, 'tab'], [0x0a, 'line feed'], [0x0d, 'carriage return'],
  [0x1b, 'escape'], [0x7f, 'delete'], [0x85, 'next line'], [0xa0, 'no-break space'], [0xad, 'soft hyphen'],
  [0x61c, 'Arabic letter mark'], [0x2003, 'em space'], [0x2007, 'figure space'], [0x200b, 'zero width space'],
  [0x200c, 'zero width non-joiner'], [0x200d, 'zero width joiner'], [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'], [0x2028, 'line separator'], [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'], [0x202b, 'right-to-left embedding'], [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'], [0x202e, 'right-to-left override'], [0x202f, 'narrow no-break space'],
  [0x2060, 'word joiner'], [0x2066, 'left-to-right isolate'], [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'], [0x2069, 'pop directional isolate'], [0x3000, 'ideographic space'],
  [0xfeff, 'zero width no-break space'],
]);

const isTag = (code: number): boolean => code >= 0xe0000 && code <= 0xe007f;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

const kindOf = (code: number): string => {
  const character = String.fromCodePoint(code);
  if (isSurrogate(code)) return 'unpaired surrogate';
  if (isTag(code)) return 'tag character';
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 'control character';
  if (REFUSED.test(character)) return 'invisible character';
  if (SPACE.test(character)) return 'space';
  return SCRIPTS.find((script) => script.pattern.test(character))?.name ?? 'not ASCII';
};

/** `U+202E right-to-left override`, `U+0430 Cyrillic`. */
export const characterName = (code: number): string =>
  `U+${code.toString(16).toUpperCase().padStart(4, '0')} ${NAMES.get(code) ?? kindOf(code)}`;

/** The first character that a command never holds, quoted or not. */
export const refusedCharacter = (text: string): { readonly offset: number; readonly name: string } | undefined => {
  const found = REFUSED.exec(text);
  return found === null ? undefined : { offset: found.index, name: characterName(text.codePointAt(found.index) ?? 0) };
};

export const isInvisible = (character: string): boolean => REFUSED.test(character);

/** What Slack and macOS put for a space without being asked. */
export const isNoBreakSpace = (unit: string): boolean => unit === '\u00a0' || unit === '\u2007' || unit === '\u202f';
/** A space that looks like one and is none of ours: nothing is split there silently. */
export const isOtherSpace = (unit: string): boolean => unit !== ' ' && !isNoBreakSpace(unit) && SPACE.test(unit);
