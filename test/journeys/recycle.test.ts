/** A debugged pod is recycled from below its result, in a whole kdebug on a cluster that honours budgets. */
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, AUDIT, BOB, INCIDENT, openStage, OPS, type Stage } from './stage.ts';

const SEEN_WITHIN_MS = 15_000;
const POLL_MS = 50;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ recycle: true });
  await stage.world.start(['start']);
});
afterAll(() => stage.close());

const sees = async (channel: string, words: RegExp): Promise<string> => {
  for (let waited = 0; waited < SEEN_WITHIN_MS; waited += POLL_MS) {
    const seen = stage.sees(channel);
    if (words.test(seen)) return seen;
    await delay(POLL_MS);
  }
  throw new Error(`Nobody reads ${String(words)} in ${channel}:\n${stage.sees(channel)}`);
};

const messages = (channel: string) => stage.world.slack.world.messages(channel).flatMap((message) => [message, ...message.replies]);
const messageWith = (channel: string, ...words: readonly string[]) => {
  const found = messages(channel).findLast((message) => words.every((one) => JSON.stringify(message.blocks).includes(one)));
  if (!found) throw new Error(`No message in ${channel} has ${words.join(' and ')}.`);
  return found;
};
const press = (user: string, channel: string, ts: string, button: string) => stage.world.slack.people.press(user, channel, ts, button, { confirm: true });
const podIn = (namespace: string, name: string) => stage.world.cluster.control.pod(namespace, name);

it('production: another person approves, and the pod is gone by eviction with its uid', async () => {
  const id = await stage.ask(ALICE, INCIDENT, 'prod api-7f9 -- ss -tlnp');
  await stage.until(id, ['awaiting_approval']);
  await stage.press(BOB, id, 'Approve');
  await stage.until(id, ['finished']);
  expect(await sees(INCIDENT, /Recycle pod…/)).toMatch(/1 of 50 debug containers used/);
  const uid = podIn('prod', 'api-7f9c4d8b6-2r6zw')?.metadata.uid;
  await press(ALICE, INCIDENT, messageWith(INCIDENT, 'kdebug.recycle', id).ts, 'Recycle pod…');
  const card = await sees(INCIDENT, /Recycle this pod\?/);
  for (const part of [/@alice asks that prod \/ .?api-7f9c4d8b6-2r6zw.? be evicted/, new RegExp(String(uid)), /1 of 50 debug containers used; they go only with the pod/, /no disruption budget is in the way/, /ReplicaSet\/api-7f9c4d8b6.? makes another one/]) expect(card).toMatch(part);
  const { ts } = messageWith(INCIDENT, 'kdebug.recycle.approve');
  stage.world.cluster.control.resetRequests();
  await press(ALICE, INCIDENT, ts, 'Approve');
  expect(podIn('prod', 'api-7f9c4d8b6-2r6zw')?.metadata['deletionTimestamp']).toBeUndefined();
  await press(BOB, INCIDENT, ts, 'Approve');
  expect(await sees(INCIDENT, /Recycled/)).toMatch(/approved by @bob/);
  const sent = stage.world.cluster.control.requests().filter(({ path }) => path.includes('/eviction'));
  expect(sent.map(({ method, path, status }) => `${method} ${path} ${String(status)}`)).toEqual(['POST /api/v1/namespaces/prod/pods/api-7f9c4d8b6-2r6zw/eviction 201']);
  expect(podIn('prod', 'api-7f9c4d8b6-2r6zw')?.metadata['deletionTimestamp'] ?? 'gone').toBeDefined();
  await sees(AUDIT, /recycle over: .?evicted/);
});

it('staging: a budget says not now, which is told by its name, until it lets go', async () => {
  const { control } = stage.world.cluster;
  const budget = (minAvailable: number): void => control.addBudget({ namespace: 'staging', name: 'api-budget', matchLabels: { app: 'api' }, minAvailable });
  budget(2);
  const id = await stage.ask(ALICE, OPS, 'staging api-5d6f7b8c9-2 -- true');
  await stage.until(id, ['finished']);
  await press(ALICE, OPS, messageWith(OPS, 'kdebug.recycle', id).ts, 'Recycle pod…');
  await sees(OPS, /disruption budget .?api-budget.? says not now/);
  expect(podIn('staging', 'api-5d6f7b8c9-2r6zw')?.metadata['deletionTimestamp']).toBeUndefined();
  budget(1);
  expect(await sees(OPS, /Recycled/)).toMatch(/allowed by rule: everywhere else/);
}, 40_000);

it('the ledger verifies, and tells of it', () => {
  const audit = (...what: readonly string[]) => spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', ...what], { env: { ...process.env, ...stage.world.env }, encoding: 'utf8' });
  expect(audit('verify').stdout).toMatch(/^ok: \d+ entries/);
  const types = audit('export').stdout.split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);
  expect(types.filter((type) => type === 'recycle_ended')).toHaveLength(2);
  expect(types.indexOf('recycle_granted')).toBeLessThan(types.indexOf('recycle_started'));
}, 30_000);
