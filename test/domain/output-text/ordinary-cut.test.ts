/** How much of ordinary output is withheld for being beside a cut. */
import { expect, test } from 'vitest';
import { ordinaryOutput } from '../../../bench/ordinary-output.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const find = createFinder([]);

test('ordinary output: a cut hides a value in fewer than one of a hundred, and a line more than its own in one of twenty', () => {
  const [cuts, sideChars] = [1_500, 3_000];
  const text = ordinaryOutput(7, 2 * sideChars + 700 * cuts);
  const seen = Array.from({ length: cuts }, (_, index) => {
    const at = text.lastIndexOf('\n', sideChars + index * 700) + 1 + (index % 40);
    const begin = text.lastIndexOf('\n', at - sideChars) + 1;
    const { head, tail = '' } = show({ head: Buffer.from(text.slice(begin, at)), tail: Buffer.from(text.slice(at, at + sideChars)) }, find, 1_048_576);
    const linesGone = text.slice(begin, at + sideChars).split('\n').length - `${head}\n${tail}`.split('\n').length;
    return { hits: `${head}\n${tail}`.match(/\[hidden: (?!line)[^\]]*\]/g)?.length ?? 0, linesGone };
  });
  expect(seen.reduce((sum, { hits }) => sum + hits, 0)).toBeLessThan(cuts / 100);
  expect(seen.filter(({ linesGone }) => linesGone > 0).length).toBeLessThan(cuts / 20);
});
