/** A line of a text with its place in it; `indent` counts a list's dash, as YAML does. */
export interface Line {
  readonly start: number;
  readonly text: string;
  readonly indent: number;
}

const INDENT = /^[ \t]*(?:- +)?/;

export const linesOf = (text: string): readonly Line[] => {
  let start = 0;
  return text.split('\n').map((line) => {
    const placed = { start, text: line, indent: INDENT.exec(line)?.[0].length ?? 0 };
    start += line.length + 1;
    return placed;
  });
};
