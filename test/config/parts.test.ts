import { expect, test } from 'vitest';
import { globMatches } from '../../src/config/glob.ts';
import { choice, nearest } from '../../src/config/nearest.ts';
import { isAnchored, patternMistake } from '../../src/config/pattern.ts';
import { formatDuration, formatSize, parseDuration, parseMinuteOfDay, parseSize } from '../../src/config/quantities.ts';

test.each([
  ['60s', 60_000], ['15m', 900_000], ['1h30m', 5_400_000], ['500ms', 500], ['7d', 604_800_000], ['0s', 0],
  ['', undefined], ['60', undefined], ['-5s', undefined], ['5M', undefined], ['1.5h', undefined], ['5m1h', undefined], ['5m5m', undefined], ['1 h', undefined], ['1e9s', undefined],
])('duration %j is %j', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  ['1MiB', 1_048_576], ['256MiB', 268_435_456], ['512KiB', 524_288], ['1B', 1], ['2GiB', 2_147_483_648],
  ['1MB', undefined], ['1', undefined], ['1.5MiB', undefined], ['-1MiB', undefined], ['1 MiB', undefined], ['1mib', undefined],
])('size %j is %j', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([[60_000, '1m'], [5_400_000, '1h30m'], [86_400_000, '1d'], [500, '500ms'], [0, '0s']])('%j ms are printed %s, which reads back', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([[1_048_576, '1MiB'], [1_536, '1536B'], [268_435_456, '256MiB'], [0, '0B']])('%j bytes are printed %s, which reads back', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
  expect(parseSize(text)).toBe(bytes);
});

test.each([['00:00', 0], ['07:30', 450], ['24:00', 1_440], ['24:01', undefined], ['7:00', undefined], ['12:60', undefined]])('time of day %j is %j', (text, minute) => {
  expect(parseMinuteOfDay(text)).toBe(minute);
});

test.each([
  'acme_[a-z0-9]{32}', '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$', '(INC|CHG)-[0-9]+', '^https://[a-z.-]+/$', '^([0-9]{1,3}\\.){3}[0-9]{1,3}$', '^-sS$', '\\d+\\s*=\\s*\\S+', '(?:a|b)c', '[\\]\\-x]', '\\x1b',
])('%s is a good pattern', (pattern) => {
  expect(patternMistake(pattern)).toBeUndefined();
});

test.each([
  ['', 'empty'], ['(a+)+', 'exponential'], ['(a*)*b', 'exponential'], ['(a|a)*', 'exponential'], ['(a?a?)+', 'exponential'], ['((a+)b)+', 'exponential'], ['((a{1,3}b){3}){2}', 'exponential'], ['(a{1,3}b){9}', 'exponential'],
  ['(?=a)', 'looks around'], ['(?!a)', 'looks around'], ['(?<=a)', 'looks around'], ['(?<n>a)', 'names a group'], ['(a)\\1', 'refers back'], ['(?<n>a)\\k<n>', 'looks around'],
  ['a{1001}', 'more than 1000'], ['a{0,2000}', 'more than 1000'], ['[a', 'unclosed'], ['[]', 'unclosed'], ['(a', 'compile'], ['a)', 'compile'], ['*a', 'compile'], ['\\p{L}', 'not an escape'], ['\\u0041', 'not an escape'],
  ['[\\b]', 'not of the common syntax'], ['a++', 'compile'], ['x'.repeat(501), 'longer than 500'], ['(a{1000}){8}', 'compile'], ['\\', 'not an escape'], ['[[:alpha:]]', 'compile'],
])('%s is refused as a pattern (%s)', (pattern, reason) => {
  expect(patternMistake(pattern)).toContain(reason);
});

test.each([
  ['^a$', true], ['^(?:a|b)$', true], ['^[|]$', true], ['^a\\|b$', true], ['^a\\\\$', true], ['a$', false], ['^a', false], ['^a|b$', false], ['^a\\$', false],
])('anchored: %s is %j', (pattern, anchored) => {
  expect(isAnchored(pattern)).toBe(anchored);
});

test.each([
  ['*', 'main', true], ['prod-*', 'prod-eu', true], ['prod-*', 'prod', false], ['*-eu', 'prod-eu', true], ['p*d*u', 'prod-eu', true], ['main', 'main', true], ['main', 'mainx', false], ['a*a', 'a', false], ['*ab*ab*', 'ab', false],
])('%s on %s is %j', (pattern, text, matches) => {
  expect(globMatches(pattern, text)).toBe(matches);
});

test('many stars on a long name take no time', () => {
  const begun = performance.now();
  expect(globMatches(`${'*a'.repeat(1_000)}*b`, 'a'.repeat(10_000))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(200);
});

test.each([
  ['aprovers', 'approvers'], ['Channels', 'channels'], ['timeoutMax', 'timeout_max'], ['xyz', undefined], ['a'.repeat(65), undefined],
])('%s suggests %s', (name, suggestion) => {
  expect(nearest(name, ['approvers', 'channels', 'timeout_max', 'rules'])).toBe(suggestion);
});

test('a choice that nothing is near to is written out, up to twelve', () => {
  expect(choice('q', ['main'])).toBe('write main');
  expect(choice('q', [])).toBe('there is none yet');
  expect(choice('zzzz', Array.from({ length: 13 }, (_, index) => `name${index}`))).toMatch(/^write one of name0, .*name11, …$/);
});
