import { expect, test } from 'vitest';
import { keepBytes } from '../../../src/adapters/kubernetes/kept-bytes.ts';
import { OUTPUT_KEPT_BYTES_MAX } from '../../../src/domain/limits.ts';

const FEW_KIB = 16 * 1_024;

test('a thousand short outputs take a few KiB each, not half a megabyte', () => {
  const before = process.memoryUsage().arrayBuffers;
  const kept = Array.from({ length: 1_000 }, () => keepBytes(OUTPUT_KEPT_BYTES_MAX));
  for (const one of kept) one.add(Buffer.from('a line\n'));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000 * FEW_KIB);
  expect(kept.map((one) => Buffer.from(one.head()).toString())).toStrictEqual(kept.map(() => 'a line\n'));
});

test.each<readonly [string, readonly string[], number]>([
  ['nothing', [], 0], ['an empty chunk', [''], 0], ['one that has not ended', ['abc'], 1], ['one that has', ['abc\n'], 1], ['over several chunks', ['a', 'b\nc', '\n', '\n'], 3], ['and a half one', ['a\nb\n', 'c'], 3],
  ['more than is kept', ['x\n'.repeat(1_000), 'y'], 1_001],
])('lines are counted of all that came: %s', (_name, chunks, lines) => {
  const kept = keepBytes(64);
  for (const chunk of chunks) kept.add(Buffer.from(chunk));
  expect(kept.lines()).toBe(lines);
});
