import { describe, expect, test } from 'vitest';

import { COMMAND_NAMES, HELP_TOPICS } from '../../../src/domain/command/command.ts';
import { parseDuration, showDuration } from '../../../src/domain/command/duration.ts';
import { helpText, usage } from '../../../src/domain/command/help.ts';
import { FLAGS } from '../../../src/domain/command/options.ts';
import { readSelector } from '../../../src/domain/command/selector.ts';
import { editDistance, suggest } from '../../../src/domain/command/suggest.ts';
import { splitWords } from '../../../src/domain/command/words.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';

describe('durations', () => {
  test.each<[string, number | undefined]>([
    ['30s', 30_000], ['1m30s', 90_000], ['250ms', 250], ['2h', 7_200_000], ['1d', 86_400_000], ['1s1h', 3_601_000], ['0s', 0],
    ['', undefined], ['30', undefined], ['s', undefined], ['1.5s', undefined], ['-1s', undefined], ['1 s', undefined], ['1S', undefined], ['１s', undefined],
    ['1s\n', undefined], [`${'9'.repeat(40)}s`, undefined],
  ])('%j', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each<[number, string]>([[90_000, '1m30s'], [1, '1ms'], [0, '0s'], [900_000, '15m'], [90_061_001, '1d1h1m1s1ms']])('%i is shown as %s', (milliseconds, text) => {
    expect(showDuration(milliseconds)).toBe(text);
  });
});

describe('suggestions', () => {
  test.each<[string, string | undefined]>([
    ['--imag', '--image'], ['--IMAGE', '--image'], ['--iamge', '--image'], ['--dry', '--dry-run'], ['--prof', '--profile'], ['--timeuot', '--timeout'],
    ['--privileged', undefined], ['-e', undefined], ['-L', '-l'], ['--p', undefined], ['--xyz', undefined], ['x'.repeat(5_000), undefined], ['__proto__', undefined],
  ])('%s', (word, meant) => {
    expect(suggest(word, FLAGS)).toBe(meant);
  });

  test.each<[string, string, number]>([['', 'abc', 3], ['abc', 'abc', 0], ['abc', 'acb', 1], ['kitten', 'sitting', 3], ['a', '', 1]])('%s to %s', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });
});

describe('label selectors', () => {
  const read = (text: string): ReturnType<typeof readSelector> =>
    readSelector({ text, start: 0, at: Array.from({ length: text.length + 1 }, (_, index) => index), link: false });

  test.each(['app=api', 'app==api', 'app!=api', 'app', '!app', '! app', 'app=', 'app in (a,b)', 'app in(a)', 'app notin ( a , b )', 'a=b,c!=d,!e,f in (g)',
    'app.kubernetes.io/name=api', 'a = b', 'in=x', 'A_b.c-d=E_f.g-h', `a=${'v'.repeat(63)}`])('%s', (text) => {
    expect(read(text)).toStrictEqual({ ok: true, value: text });
  });

  test.each<[string, number]>([
    ['', 0], [',', 0], ['app=api,', 8], ['=api', 0], ['app=a b', 6], ['app in', 4], ['app in (', -1], ['app in (a', 9], ['app in (a b)', 10],
    ['a>1', 1], ['a/b/c=d', 0], ['-a=b', 0], ['a=-b', 2], [`a=${'v'.repeat(64)}`, 2], ['UP.io/a=b', 0], ['a=b&limit=1', 3], ['a=é', 2], ['!', 1], ['a=b,,c', 4], ['a!b', 1],
  ])('%j is refused', (text, offset) => {
    expect(read(text)).toMatchObject({ ok: false, error: offset === -1 ? {} : { offset } });
  });
});

describe('words', () => {
  test('know where each of their characters was typed', () => {
    const split = splitWords('a “b”c');
    expect(split).toMatchObject({ ok: true, value: { words: [{ value: 'a', start: 0, end: 1, quoted: false, at: [0, 1] }, { value: 'bc', start: 2, end: 6, quoted: true, at: [3, 5, 6] }] } });
  });
});

describe('help is derived from the table', () => {
  test('usage names every option and every command', () => {
    const text = usage().join('\n');
    for (const name of [...FLAGS, ...COMMAND_NAMES]) expect(text).toContain(name);
  });

  test.each(HELP_TOPICS)('help %s has lines of its own', (topic) => {
    expect(helpText(topic).length).toBeGreaterThan(1);
    expect(helpText(topic)).not.toStrictEqual(helpText());
  });

  test('every example in it is understood', () => {
    const examples = HELP_TOPICS.flatMap((topic) => helpText(topic)).filter((line) => line.startsWith('prod '));
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(parseCommand(example)).toMatchObject({ ok: true });
  });
});

describe('hostile text of 8,000 characters is answered in 20 ms', () => {
  const PARSE_MS_MAX = 20;
  const fill = (part: string): string => part.repeat(Math.ceil(8_000 / part.length)).slice(0, 7_900);
  test.each([
    'eyJ', 'eyJeyJabcdef.', 'a.eyJ', '<http:', '<http://a|', '<', '<@', '&', '&amp;', '“', '"" ', "' ", '\\', '\\\\ ', '— ', '—', '`', '://a:', '://', 'token:', 'token: ', 'token=', 'token=/a/b',
    'Authorization: ', 'Authorization: Bearer ', 'bearer ', '-----BEGIN A', 'password', '"password":"', 'a ', '-- ', '--env A=1 ', '--set a=1 ', '--x ', 'aA1', 'aA1bB2-', 'cookie: a=', 'a!=b,', 'in (', ',',
    'mysql -p ', 'redis-cli -a ', '-', '_', '=', '1d', '9', '/', './', '..', 'a.', 'é', '🦊', '\u00a0', '\n', '\u2003', '\u202e', 'xoxb-', 'AKIA', 'hvs.', ' ', '$(', '{{', '[[',
  ])('%j', (part) => {
    const texts = [fill(part), `prod api -- ${fill(part)}`, `prod api -- x '${fill(part.replaceAll("'", ''))}'`, `prod api -l "${fill(part)}"`, `prod api --reason='${fill(part)}' -- x`, `prod api --timeout ${fill(part)} -- x`];
    const slow = texts.flatMap((text) => {
      const best = Math.min(...Array.from({ length: 3 }, () => {
        const begun = performance.now();
        parseCommand(text);
        return performance.now() - begun;
      }));
      return best < PARSE_MS_MAX ? [] : [`${best} ms: ${text.slice(0, 40)}`];
    });
    expect(slow).toStrictEqual([]);
  });
});
