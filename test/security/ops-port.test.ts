/** The ops port tells how kdebug is and nothing else; what fails inside says nothing of itself. */
import { afterEach, expect, it } from 'vitest';
import { startHealth, type HealthServer } from '../../src/ops/health.ts';

let server: HealthServer | undefined;
afterEach(async () => { await server?.close(); server = undefined; });

const start = async (metrics: () => Promise<{ readonly type: string; readonly text: string }> = async () => ({ type: 'text/plain', text: 'kdebug_runs 1\n' })): Promise<string> => {
  server = await startHealth({ port: 0, alive: () => ({}), ready: () => ({ redis: () => 'no answer' }), metrics });
  return `http://127.0.0.1:${server.port}`;
};

const CLOSED: readonly (readonly [string, string])[] = [
  ['GET', '/'], ['GET', '/debug/pprof'], ['GET', '/queues'], ['GET', '/admin'], ['GET', '/requests'], ['GET', '/config'], ['GET', '/env'], ['GET', '/metrics/'], ['GET', '/../metrics/x'],
  ['GET', '/__proto__'], ['GET', '/constructor'], ['GET', '/slack/events'], ['POST', '/healthz'], ['PUT', '/metrics'], ['DELETE', '/readyz'],
];

it('the ops port has three paths to read, and none to change anything', async () => {
  const address = await start();
  const answers = await Promise.all(CLOSED.map(async ([method, path]) => [method, path, (await fetch(`${address}${path}`, { method })).status]));
  expect(answers).toEqual(CLOSED.map(([method, path]) => [method, path, 404]));
  expect(await Promise.all(['/healthz', '/readyz', '/metrics'].map(async (path) => (await fetch(address + path)).status))).toEqual([200, 503, 200]);
});

it('metrics that fail tell nothing of why', async () => {
  const address = await start(() => Promise.reject(new Error('redis://:hunter2@redis')));
  const answer = await fetch(`${address}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([500, 'this check failed to run\n']);
});
