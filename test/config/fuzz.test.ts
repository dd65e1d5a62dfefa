import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/load.ts';
import { printProblem } from '../../src/config/problem.ts';

const example = readFileSync(new URL('../../deploy/kdebug.example.yaml', import.meta.url), 'utf8');
const lines = example.split('\n');
const NASTY = ['__proto__', 'constructor', '&a', '*a', '<<: *a', '!!js', '{', '}', '[', ']', ': ', '- ', '"', "'", '\t', '\n', '\u0000', '\uD800', '\u202E', '\uFEFF', '%YAML 1.1\n', '---\n', '...\n', '| \n', '? ', '~', '1e999', '.nan', '#', '0x', 'null'];

const edit = fc.record({ at: fc.nat(example.length), drop: fc.nat(12), add: fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 6, unit: 'binary' })) });

/** A mutated file is settings or a list of placed sentences; it never throws and never leaves a trace on prototypes. */
const judged = (text: string): void => {
  const loaded = parseSettings(text, 'kdebug.yaml');
  if (loaded.ok) return;
  expect(loaded.problems.length).toBeGreaterThan(0);
  for (const problem of loaded.problems) expect(printProblem(problem)).toMatch(/^kdebug\.yaml:[1-9]\d*:[1-9]\d*: [^\n]+?: [^\n]+$/);
};

test('the example with a few edits anywhere', () => {
  const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
    judged(edits.reduce((text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop), example));
  });
  expect(() => fc.assert(property, { numRuns: 300 })).not.toThrow();
});

test('the example with lines dropped, doubled, swapped and indented', () => {
  const line = fc.nat(lines.length - 1);
  const change = fc.oneof(
    line.map((at) => (all: string[]) => all.splice(at, 1)),
    line.map((at) => (all: string[]) => all.splice(at, 0, all[at] ?? '')),
    fc.tuple(line, line).map(([from, to]) => (all: string[]) => all.splice(to, 0, ...all.splice(from, 1))),
    line.map((at) => (all: string[]) => { all[at] = `  ${all[at] ?? ''}`; }),
  );
  const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
    const all = [...lines];
    for (const apply of changes) apply(all);
    judged(all.join('\n'));
  });
  expect(() => fc.assert(property, { numRuns: 200 })).not.toThrow();
});

test('any JSON at all', () => {
  expect(() => fc.assert(fc.property(fc.json(), judged), { numRuns: 200 })).not.toThrow();
});

test.each([
  ['100,000 open brackets', '['.repeat(100_000)],
  ['100,000 nested mappings', '{a: '.repeat(60_000)],
  ['40,000 unknown keys', Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n')],
  ['one alias of an alias of an alias', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]'],
  ['a mapping in a mapping, 2,000 deep', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('%s end in a bounded list of mistakes', (_, text) => {
  judged(text);
  const loaded = parseSettings(text, 'kdebug.yaml');
  expect(loaded.ok ? 0 : loaded.problems.length).toBeGreaterThan(0);
  expect(loaded.ok ? 0 : loaded.problems.length).toBeLessThanOrEqual(101);
});

test('__proto__ reaches no prototype, and constructor is a name like any other', () => {
  judged('images: { __proto__: { polluted: yes } }\n__proto__: { polluted: yes }\n');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
