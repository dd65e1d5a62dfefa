/** One mistake in kdebug.yaml. `line` and `column` count from 1, the column in UTF-16 units as editors do. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Keys and list positions joined by dots, `rules.0.approvers`; `yaml` for a mistake of the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A mistake before its place in the file is known. `onKey` points at the key itself instead of its value. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly onKey?: boolean;
  /** Where it is, when the path alone does not say: of a key that is there twice, the second. UTF-16 units. */
  readonly offset?: number;
}

export const printProblem = ({ file, line, column, path, message }: Problem): string =>
  `${file}:${line}:${column}: ${path}: ${message}`;

export const byPosition = (left: Problem, right: Problem): number =>
  left.line - right.line || left.column - right.column || (left.path < right.path ? -1 : Number(left.path > right.path));

const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const QUOTED_CHARS_MAX = 60;

/** What somebody wrote, in quotes, cut and escaped so that it cannot paint a terminal. */
export const quoted = (text: string): string => {
  const cut = text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text;
  const escaped = JSON.stringify(cut).slice(1, -1).replace(CONTROL, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${escaped.replaceAll('\\"', '"')}"`;
};
