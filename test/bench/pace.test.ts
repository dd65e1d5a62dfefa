import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atRate, inFlight } from '../../bench/load/pace.ts';

it('at a rate: the next begins in time although the one before has not ended', async () => {
  const start = performance.now();
  const begun: number[] = [];
  const results = await atRate(100, 10, async (index) => { begun.push(performance.now() - start); await delay(200); return index; });
  expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(begun.at(-1)).toBeGreaterThanOrEqual(88);
  expect(begun.at(-1)).toBeLessThan(190);
});

it('at a rate: one that fails fails the whole, and no earlier than all have begun', async () => {
  const begun: number[] = [];
  await expect(atRate(1_000, 5, async (index) => { begun.push(index); if (index === 1) throw new Error('refused'); })).rejects.toThrow('refused');
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('in flight: never more than so many, all of them, results in order', async () => {
  let [under, most] = [0, 0];
  const results = await inFlight(3, 10, async (index) => {
    most = Math.max(most, under += 1);
    await delay(5);
    under -= 1;
    return index * index;
  });
  expect(most).toBe(3);
  expect(results).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
});
