/** The table of docs/security.md: each threat with the tests that fail when its control is taken away. */
import { readFileSync } from 'node:fs';

export interface NamedTest {
  readonly file: string;
  /** A title, the row of a table of cases, or the title of what they stand under, as it is written in the file. */
  readonly title: string;
}

export interface Threat {
  readonly id: string;
  readonly threat: string;
  readonly control: string;
  /** The cell as it is written: tests, or why there is none. */
  readonly held: string;
  readonly tests: readonly NamedTest[];
}

const ROW = /^\| (T\d+) \| (.+?) \| (.+?) \| (.+) \|$/gm;
const TITLE = /(?:<br>| › )“([^”]+)”|`(test\/[^`]+\.test\.ts)`/g;

/** A file is named once, before the first of its titles. */
const testsIn = (cell: string): readonly NamedTest[] => {
  let file = '';
  return [...cell.matchAll(TITLE)].flatMap(([, title, named]) => {
    if (named !== undefined) file = named;
    return title === undefined ? [] : [{ file, title }];
  });
};

export const threatsOf = (page: string): readonly Threat[] =>
  [...page.matchAll(ROW)].map(([, id = '', threat = '', control = '', held = '']) => ({ id, threat, control, held, tests: testsIn(held) }));

export const readThreats = (): readonly Threat[] => threatsOf(readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8'));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** What vitest puts in: `%s`, `$name`, and what a template literal holds. */
const PUT_IN = /%[sdifjo]|\$\{[^}]*\}|\$[a-z]\w*/g;

/** The names of the tests that are meant: a title with what vitest puts into it, below whatever it stands, and all that stands below it. A row may be the first words of its test's name. */
export const patternOf = (titles: readonly string[]): RegExp => {
  const one = (title: string): string => title.replaceAll('%%', '%').split(PUT_IN).map(escaped).join('.+?');
  return new RegExp(`(?:^| )(?:${[...new Set(titles)].map(one).join('|')})(?:[ ,:]|$)`);
};
