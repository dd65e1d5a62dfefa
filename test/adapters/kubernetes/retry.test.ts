import { expect, test } from 'vitest';
import { retryAfter, retrying } from '../../../src/adapters/kubernetes/retry.ts';

const NOW = Date.parse('2026-11-22T13:00:00Z');

test.each([
  ['absent', undefined, undefined],
  ['2', '2', 2_000],
  ['0', '0', 0],
  ['negative', '-5', undefined],
  ['a fraction', '1.5', undefined],
  ['words', 'soon', undefined],
  ['a date five seconds on', 'Sun, 22 Nov 2026 13:00:05 GMT', 5_000],
  ['a date that has passed', 'Sun, 22 Nov 2026 12:00:00 GMT', 0],
  ['a date next year', 'Mon, 22 Nov 2027 13:00:00 GMT', Infinity],
  ['huge', '99999999999999999999', Infinity],
])('Retry-After: %s', (_what, header, milliseconds) => {
  expect(retryAfter(header, NOW)).toBe(milliseconds);
});

test('four tries, then the last answer', async () => {
  let tries = 0;
  expect(await retrying(() => Promise.resolve({ result: (tries += 1), again: 0 }))).toBe(4);
});

test('a wait that is longer than what is left is not begun', async () => {
  let tries = 0;
  expect(await retrying(() => Promise.resolve({ result: (tries += 1), again: Infinity }))).toBe(1);
});

test('time that the tries themselves took counts', async () => {
  let clock = 0;
  let tries = 0;
  await retrying((leftMs) => {
    tries += 1;
    clock += 8_000;
    expect(leftMs).toBe(15_000 - (tries - 1) * 8_000);
    return Promise.resolve({ result: undefined, again: 0 });
  }, () => clock);
  expect(tries).toBe(2);
});
