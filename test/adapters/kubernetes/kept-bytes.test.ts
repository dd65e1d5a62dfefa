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
