import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PROFILES, WORKLOADS, type Command, type Pair, COMMAND_NAMES, BARE_COMMANDS, HELP_TOPICS } from '../../../src/domain/command/command.ts';
import { holdsCredential } from '../../../src/domain/command/credentials.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';
import { caretLine, renderCommand } from '../../../src/domain/command/render.ts';
import { showArgument } from '../../../src/domain/command/show.ts';
import { refusedCharacter } from '../../../src/domain/command/characters.ts';

const RUNS = 3_000;
const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2_147_483_647);
process.stdout.write(`fast-check seed ${seed} (FC_SEED repeats it)\n`);

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const catalogue = fc.stringMatching(/^[a-z0-9](?:[a-z0-9._-]{0,20}[a-z0-9])?$/);
const id = fc.stringMatching(/^kd-[0-9a-hjkmnp-tv-z]{8}$/);
const user = fc.stringMatching(/^[UW][A-Z0-9]{2,10}$/);
const hostile = fc.string({ unit: fc.constantFrom(...Array.from('aZ0 \'"\\$`*|;&<>—–“”‘’…-=#!@:/.,é🦊\u00a0\u2003\n\t')), maxLength: 16 });
const word = fc.oneof(hostile, fc.constantFrom('--', '—', '|', '2>&1', '', '&amp;', '<http://a.b|a.b>', '<@U0BOB>', '```', '-n', "'", 'help'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => refusedCharacter(text) === undefined && !text.includes('\r')));
const line = word.filter((text) => !/[\n\t]/.test(text));
const unique = { selector: (pair: Pair): string => pair[0], maxLength: 4, minLength: 1 };
const env = fc.uniqueArray(fc.tuple(fc.stringMatching(/^X[A-Z0-9_]{0,8}$/), line), unique);
const set = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/), line.filter((text) => !text.startsWith('-'))), unique);
const reason = line.filter((text) => text.trim() !== '');
const shared = {
  timeoutMs: fc.integer({ min: 1_000, max: 900_000 }), reason, private: fc.constant(true), dryRun: fc.constant(true),
  replicas: fc.oneof(fc.constant('all'), fc.integer({ min: 1, max: 10 })), breakGlass: fc.constant(true),
};
const target = fc.oneof(
  fc.record({ kind: fc.constant('name'), name: label }),
  fc.record({ kind: fc.constant('workload'), resource: fc.constantFrom(...WORKLOADS), name: label }),
  fc.record({ kind: fc.constant('selector'), selector: fc.constantFrom('app=api', 'app=api,tier!=web', 'app in (a, b),!x', '!x', 'example.org/a notin (b)', 'a=') }),
);
const place = { cluster: fc.option(label, { nil: null }), namespace: label.filter((name) => !(COMMAND_NAMES as readonly string[]).includes(name)) };
const free = fc.record({
  kind: fc.constant('run'), ...place, target,
  options: fc.record({ image: catalogue, target: fc.oneof(label, fc.constant('none')), profile: fc.constantFrom(...PROFILES), env, ...shared }, { requiredKeys: [] }),
  argv: fc.array(word, { minLength: 1, maxLength: 8 }),
});
const preset = fc.record({
  kind: fc.constant('run'), ...place, target,
  options: fc.record({ preset: catalogue, set, ...shared }, { requiredKeys: ['preset'] }), argv: fc.constant([]),
});
const scope = fc.record({ kind: fc.constantFrom('preset', 'image'), name: catalogue });
const other = fc.oneof(
  fc.constant({ kind: 'form' }), fc.record({ kind: fc.constantFrom(...BARE_COMMANDS) }),
  fc.record({ kind: fc.constant('help'), topic: fc.constantFrom(...HELP_TOPICS) }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('status'), id }, { requiredKeys: ['kind'] }), fc.record({ kind: fc.constantFrom('cancel', 'rerun'), id }),
  fc.record({ kind: fc.constantFrom('freeze', 'unfreeze'), reason }, { requiredKeys: ['kind'] }),
  fc.constant({ kind: 'allow', about: 'list' }), fc.record({ kind: fc.constant('allow'), about: fc.constant('revoke'), id }),
  fc.record({ kind: fc.constant('allow'), person: user, ...place, durationMs: fc.integer({ min: 60_000, max: 604_800_000 }),
    scopes: fc.uniqueArray(scope, { selector: ({ kind, name }) => `${kind}:${name}`, minLength: 1, maxLength: 4 }) }),
);
const commands = fc.oneof({ weight: 4, arbitrary: free }, { weight: 2, arbitrary: preset }, { weight: 1, arbitrary: other }) as unknown as fc.Arbitrary<Command>;

describe('parsing what was rendered gives the same command', () => {
  test(`for ${RUNS} generated commands`, () => {
    fc.assert(fc.property(commands, (command) => {
      const text = renderCommand(command);
      fc.pre(!holdsCredential(text));
      expect(parseCommand(text)).toEqual({ ok: true, command, normalised: [] });
      expect(renderCommand((parseCommand(text) as { command: Command }).command)).toBe(text);
    }), { numRuns: RUNS, seed });
  });

  test('whatever is typed is answered, with an offset inside the text', () => {
    fc.assert(fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.array(word).map((words) => words.join(' '))), (typed) => {
      const parsed = parseCommand(`prod api ${typed}`);
      if (parsed.ok) return;
      expect(parsed.error.offset).toBeGreaterThanOrEqual(0);
      expect(parsed.error.offset).toBeLessThanOrEqual(typed.length + 9);
      expect(caretLine(`prod api ${typed}`, parsed.error.offset).split('\n')).toHaveLength(2);
    }), { numRuns: RUNS, seed });
  });

  test('each change is listed with what really stands at its offset', () => {
    fc.assert(fc.property(fc.array(word), (words) => {
      const text = `prod api -- x ${words.join(' ')}`;
      const parsed = parseCommand(text);
      if (!parsed.ok) return;
      for (const { offset, from } of parsed.normalised) expect(text.slice(offset, offset + from.length)).toBe(from);
    }), { numRuns: RUNS, seed });
  });
});

describe('the caret stands under the mistake', () => {
  test.each<[string, number, string]>([
    ['prod api --imag x', 9, 'prod api --imag x\n         ^'],
    ['', 0, '\n^'],
    ['prod', 4, 'prod\n    ^'],
    ['a\u202eb\tc\nd', 5, 'a·b·c·d\n     ^'],
    ['日本 x', 3, '日本 x\n     ^'],
    ['🦊x', 2, '🦊x\n  ^'],
    ['x'.repeat(76), 3, `${'x'.repeat(76)}\n   ^`],
    [`${'a'.repeat(100)}B${'c'.repeat(100)}`, 100, `…${'a'.repeat(37)}B${'c'.repeat(36)}…\n${' '.repeat(38)}^`],
    [`B${'c'.repeat(100)}`, 0, `B${'c'.repeat(74)}…\n^`],
    ['a'.repeat(100), 100, `…${'a'.repeat(37)}\n${' '.repeat(38)}^`],
  ])('%j at %i', (text, offset, lines) => {
    expect(caretLine(text, offset)).toBe(lines);
  });

  test('never wider than 76 columns', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), fc.nat(300), (text, offset) => {
      for (const one of caretLine(text, offset).split('\n')) expect(one.length).toBeLessThanOrEqual(76);
    }), { numRuns: 500, seed });
  });
});

describe('an argument as the approver reads it', () => {
  test.each<[string, string, readonly string[]]>([
    ['-tlnp', '-tlnp', []], ["it's", "it's", []], ['a b', '"a b"', []], ['', '""', []], ['""', String.raw`"\"\""`, []], ['a"b', 'a"b', []],
    ['a\nb', String.raw`"a\nb"`, ['U+000A line feed']], [String.raw`"a\nb"`, String.raw`"\"a\\nb\""`, []],
    ['\u0430pi', String.raw`"\u0430pi"`, ['U+0430 Cyrillic \u0430']], ['e\u0301', String.raw`"e\u0301"`, ['U+0301 not ASCII \u0301']],
    ['🦊', String.raw`"\ud83e\udd8a"`, ['U+1F98A not ASCII 🦊']], ['a\u00a0b', String.raw`"a\u00a0b"`, ['U+00A0 no-break space']],
    ['ééé', String.raw`"\u00e9\u00e9\u00e9"`, ['U+00E9 Latin é']], ['\u202e', String.raw`"\u202e"`, ['U+202E right-to-left override']],
  ])('%j', (argument, text, flags) => {
    expect(showArgument(argument)).toStrictEqual({ text, flags });
  });

  test('many strange characters are counted', () => {
    expect(showArgument('абвгдежзик').flags.at(-1)).toBe('and 2 more');
  });

  test('two different arguments never look the same, and only ASCII is shown', () => {
    const seen = new Map<string, string>();
    const texts = fc.oneof(fc.string({ unit: fc.constantFrom('"', '\\', 'n', '\n', ' ', 'u', '0', 'é', 'e', '\u0301'), maxLength: 5 }), fc.string({ unit: 'binary' }));
    fc.assert(fc.property(texts, (argument) => {
      const { text } = showArgument(argument);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
      expect(seen.get(text) ?? argument).toBe(argument);
      seen.set(text, argument);
    }), { numRuns: 10_000, seed });
  });
});
