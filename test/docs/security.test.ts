/** docs/security.md says which test holds each control: they are there, by the words that it says. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { patternOf, readThreats, threatsOf, type NamedTest } from './threats.ts';

const ROOT = new URL('../../', import.meta.url);
const PAGE = readFileSync(new URL('docs/security.md', ROOT), 'utf8');
const threats = readThreats();
const pathOf = (file: string): string => fileURLToPath(new URL(file, ROOT));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** The title as a whole string of the file: between quotes, and not of a test that is left out. */
const standsIn = (source: string, title: string): boolean =>
  new RegExp(String.raw`(?<!\.(?:skip|todo|fails)\()(['"${'`'}])${escaped(title)}\1`).test(source.replaceAll(String.raw`\'`, '’').replaceAll('’', '\u0001'));

const isThere = ({ file, title }: NamedTest): boolean =>
  existsSync(pathOf(file)) && standsIn(readFileSync(pathOf(file), 'utf8'), title.replaceAll(/['’]/g, '\u0001'));

describe('docs/security.md', () => {
  it('speaks of 54 threats, in their order', () => {
    expect(threats.map(({ id }) => id)).toEqual(Array.from({ length: 54 }, (_, index) => `T${index + 1}`));
    expect(PAGE.match(/^\| T\d/gm)).toHaveLength(54);
  });

  it.each(threats.map((threat) => [threat.id, threat] as const))('%s is held by tests that are there, or says why not', (_id, { held, tests, control }) => {
    expect(control.length).toBeGreaterThan(20);
    if (tests.length === 0) expect(held).toMatch(/^(?:no test yet|not done): .{10,}/);
    expect(held.match(/“/g)?.length ?? 0, 'every title is read').toBe(tests.length);
    expect(tests.filter((test) => !isThere(test))).toEqual([]);
  });

  it('links to pages that are there', () => {
    const links = [...PAGE.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(pathOf(`docs/${link}`)))).toEqual([]);
  });
});

describe('the reader of the table', () => {
  const row = (held: string) => threatsOf(`| T1 | a threat | a control | ${held} |\n`)[0]?.tests;
  it('takes each title with the file before it', () => {
    expect(row('`test/a.test.ts` › “one”<br>“two, three”<br>`test/b.test.ts` › “four”')).toEqual([
      { file: 'test/a.test.ts', title: 'one' }, { file: 'test/a.test.ts', title: 'two, three' }, { file: 'test/b.test.ts', title: 'four' },
    ]);
    expect(row('not done: nobody asked for it')).toEqual([]);
  });

  it('finds a title only as a whole string, and not of a test that is left out', () => {
    expect(standsIn("it('by the requester', f)", 'by the requester')).toBe(true);
    expect(standsIn(String.raw`it('the worker\'s own', f)`, 'the worker\u0001s own')).toBe(true);
    expect(standsIn("it('not by the requester', f)", 'by the requester')).toBe(false);
    expect(standsIn('// by the requester', 'by the requester')).toBe(false);
    expect(standsIn("it.skip('by the requester', f)", 'by the requester')).toBe(false);
  });

  it('runs what is named, with what vitest puts into it', () => {
    const pattern = patternOf(['by the requester', 'changes with %s', '64 KiB of %s within ${MS_MAX} ms', '90 % in all']);
    for (const name of ['a click by the requester', 'the digest changes with plan.argv.0', 'whole 64 KiB of quotes within 400 ms', 'recall 90 % in all']) expect(name).toMatch(pattern);
    for (const name of ['a click by the requesters', 'exchanges with x', 'a click']) expect(name).not.toMatch(pattern);
  });
});
