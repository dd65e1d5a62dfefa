import { setTimeout as delay } from 'node:timers/promises';

/** Begins `act` at a steady rate whether or not the earlier ones ended, as people do; resolves with all results in order. */
export const atRate = async <Result>(perSecond: number, times: number, act: (index: number) => Promise<Result>): Promise<readonly Result[]> => {
  const start = performance.now();
  const begun: Promise<Result>[] = [];
  for (let index = 0; index < times; index += 1) {
    const waitMs = start + index * (1_000 / perSecond) - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const result = act(index);
    result.catch(() => undefined); // told by Promise.all below
    begun.push(result);
  }
  return Promise.all(begun);
};

/** `times` of `act`, at most `atOnce` of them under way; resolves with all results in order. */
export const inFlight = async <Result>(atOnce: number, times: number, act: (index: number) => Promise<Result>): Promise<readonly Result[]> => {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times) {
      const index = next;
      next += 1;
      results[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
};
