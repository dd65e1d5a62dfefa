/** Looking for a stop once a second: seen when it is there, and cheap while it is not. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { change } from '../../src/app/change.ts';
import type { RequestStore } from '../../src/app/ports.ts';
import { runStep } from '../../src/app/run-step.ts';
import { watchForStop } from '../../src/app/stop.ts';
import type { Queued, Running } from '../../src/domain/request-states.ts';
import { grantedRequest } from './stories.ts';
import { createWorld } from './world.ts';

beforeEach(() => { vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }); });
afterEach(() => { vi.useRealTimers(); });

const running = async () => {
  const world = createWorld();
  const id = await grantedRequest(world);
  world.kubernetes.script.awaitEnd.push(() => { throw new Error('the worker dies here'); });
  const { generation } = world.request(id) as Queued;
  await runStep({ ...world.ports, worker: 'worker-1' }, id, generation, new AbortController().signal).catch(() => undefined);
  const loads = { count: 0 };
  const store: RequestStore = { ...world.ports.store, load: (of) => { loads.count += 1; return world.ports.store.load(of); } };
  const stop = watchForStop({ store }, world.request(id) as Running, new AbortController().signal);
  return { world, id, loads, stop };
};

it('a stop that is asked for is seen within a second', async () => {
  const { world, id, stop } = await running();
  await change(world.ports.store, id, (request) => [{ type: 'cancel', by: request.ask.requester, canStop: true }]);
  expect(stop.requested.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stop.requested.aborted).toBe(true);
  stop.end();
});

it('a request that does not change is not read: a thousand runs look every second', async () => {
  const { loads, stop } = await running();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(loads.count).toBe(0);
  expect(stop.requested.aborted).toBe(false);
  stop.end();
});
