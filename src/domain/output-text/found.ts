/**
 * Terminology: a *finder* looks through a whole text; a *rule* is asked only where one of its *anchors* stands; what
 * either returns is *found*: a range to hide and what it is, as a noun that takes an s.
 */
export interface Found {
  /** UTF-16 offsets; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

export type Finder = (text: string) => readonly Found[];

export interface Hit {
  readonly start: number;
  readonly end: number;
  /** When the rule knows better than its own name. */
  readonly what?: string;
}

export interface Rule {
  readonly what: string;
  /** Literals of two ASCII characters at least; lower case when case is ignored. */
  readonly anchors: readonly string[];
  readonly ignoreCase?: true;
  /**
   * Asked at each anchor. A number says that the rule has nothing before that offset. Whatever it reads beyond a fixed
   * number of characters must lie before that number, or in the hit: so hostile text costs linear time.
   */
  readonly find: (text: string, at: number, anchor: string) => Hit | number | undefined;
}

const READ_AGAIN_CHARS_MAX = 256;

/** Where a rule goes on behind what it read in vain: a short range may be read again, for what else is in it; a long one not. */
export const behindLong = (start: number, end: number): number | undefined => (end - start > READ_AGAIN_CHARS_MAX ? end : undefined);

/** Runs a sticky pattern at one place. */
export const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Where the last group of a sticky pattern stands, which ends where the pattern does. */
export const groupAt = (pattern: RegExp, text: string, at: number): Hit | undefined => {
  const group = matchAt(pattern, text, at)?.at(-1);
  return group === undefined ? undefined : { start: pattern.lastIndex - group.length, end: pattern.lastIndex };
};

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** What stands before `at` in its line, when that is no more than `charsMax`: a look at a long line must not cost its length. */
export const lineBefore = (text: string, at: number, charsMax: number): string | undefined => {
  const before = text.slice(Math.max(0, at - charsMax - 1), at);
  const newline = before.lastIndexOf('\n');
  return newline === -1 && before.length > charsMax ? undefined : before.slice(newline + 1);
};

export const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
};

const BLANK = /[ \t]*(?![^\n])/y;

/** Whether nothing but blanks stands from `at` to the end of the line. */
export const isBlankLine = (text: string, at: number): boolean => matchAt(BLANK, text, at) !== null;
