const ZERO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]|\p{Emoji_Presentation}/u;

const columnsOf = (character: string): number => (ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Columns a terminal needs for the text. */
export const columns = (text: string): number => {
  let total = 0;
  for (const character of text) total += columnsOf(character);
  return total;
};

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));

/** Cuts one line into pieces of at most `width` columns, wherever that falls. */
export const chopped = (line: string, width: number): readonly string[] => {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of line) {
    const needed = columnsOf(character);
    if (used + needed > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += needed;
  }
  return [...pieces, piece];
};

const wrappedLine = (line: string, width: number): readonly string[] => {
  if (columns(line) <= width) return [line];
  const indent = ' '.repeat(Math.min(/^ */.exec(line)?.[0].length ?? 0, Math.floor(width / 2)));
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ').flatMap((each) => chopped(each, width - indent.length))) {
    const longer = current === '' ? indent + word : `${current} ${word}`;
    if (columns(longer) <= width) current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
  }
  return [...lines, current];
};

/** Wraps at spaces, keeping each line's own indent; a word longer than the line is cut. */
export const wrapped = (text: string, width: number): readonly string[] => text.replaceAll('\t', ' ').split('\n').flatMap((line) => wrappedLine(line, width));

const TAB_COLUMNS = 8;

const untabbed = (line: string): string => {
  let text = '';
  for (const character of line) text += character === '\t' ? ' '.repeat(TAB_COLUMNS - (columns(text) % TAB_COLUMNS)) : character;
  return text;
};

/** Text in a frame, cut into lines at the frame's width, never wrapped at words: it is output. */
export const boxed = (text: string, width: number): readonly string[] => {
  const inner = width - 4;
  const lines = text.replace(/\n$/, '').split('\n').flatMap((line) => chopped(untabbed(line), inner));
  return [`┌${'─'.repeat(inner + 2)}┐`, ...lines.map((line) => `│ ${padded(line, inner)} │`), `└${'─'.repeat(inner + 2)}┘`];
};

const CONTROL_PICTURES = 0x2400;

/** Control characters as their pictures: what a bot let through must not steer the terminal of the reader. */
export const visible = (text: string): string =>
  // oxlint-disable-next-line eslint/no-control-regex -- they are what is looked for
  text.replaceAll(/[\u0000-\u0009\u000b-\u001f]/g, (control) => String.fromCodePoint(CONTROL_PICTURES + (control.codePointAt(0) ?? 0)))
    .replaceAll(/[\u007f-\u009f]/g, '␡');
