/** Redis refuses every command: a queue rests, and is no reason to end the process. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { breakCircuit } from '../../../src/adapters/redis/workers.ts';

const OOM = new Error("OOM command not allowed when used memory > 'maxmemory'.");
const made = () => {
  const worker = { pause: vi.fn<() => Promise<void>>(async () => undefined), resume: vi.fn<() => Promise<void>>(async () => undefined) };
  const paused: unknown[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: ({ pauseMs }: Readonly<Record<string, unknown>>) => { paused.push(pauseMs); } };
  return { worker, paused, circuit: breakCircuit(worker, 'deliver', log) };
};

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it('is open while the queue rests, and each rest is longer up to half a minute', async () => {
  const { worker, paused, circuit } = made();
  expect(circuit.isOpen()).toBe(false);
  for (let outage = 0; outage < 9; outage += 1) {
    circuit.onError(OOM);
    circuit.onError(OOM);
    expect(circuit.isOpen()).toBe(true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(circuit.isOpen()).toBe(false);
  }
  expect(paused).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect([worker.pause.mock.calls.length, worker.resume.mock.calls.length]).toEqual([9, 9]);
});
it('begins with the shortest rest when the last outage is long over', async () => {
  const { paused, circuit } = made();
  for (const quietMs of [1_000, 2_000, 120_000, 0]) {
    circuit.onError(OOM);
    await vi.advanceTimersByTimeAsync(quietMs);
  }
  expect(paused).toEqual([500, 1_000, 2_000, 500]);
});
it('stays closed for an error that passes by itself', () => {
  const { worker, circuit } = made();
  circuit.onError(new Error('read ECONNRESET'));
  expect([circuit.isOpen(), worker.pause.mock.calls.length]).toEqual([false, 0]);
});
