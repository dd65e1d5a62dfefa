/** A plan is an answer to one ask: whatever a worker reports that is about something else is none. */
import { expect, it } from 'vitest';
import type { ChannelId, ClusterName, ContainerName, ImageRef, Namespace, PodName, PresetName, RequestId } from '../../src/domain/names.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { isPlanOf } from '../../src/domain/plan-of-ask.ts';
import type { WithPlan } from '../../src/domain/request-states.ts';
import { ask, HELD, work } from '../app/stories.ts';
import { createWorld, settings } from '../app/world.ts';
import { BOB } from '../fixtures/requests.ts';

const planned = async (): Promise<WithPlan> => {
  const world = createWorld();
  const id = await ask(world, HELD);
  await work(world, 'plan');
  return world.request(id) as WithPlan;
};
const changed = (request: WithPlan, over: Partial<Plan>): boolean => isPlanOf({ ...request, plan: { ...request.plan, ...over } }, settings.catalogue);
const [target] = (await planned()).plan.targets;

it('what the worker made of the ask is', async () => {
  expect(isPlanOf(await planned(), settings.catalogue)).toBe(true);
});
it('which pod and which of its containers is for the worker to say', async () => {
  const request = await planned();
  expect(changed(request, { targets: [{ ...target!, pod: 'api-zz' as PodName, container: 'other' as ContainerName }] })).toBe(true);
});
it.each<readonly [string, (request: WithPlan) => Partial<Plan>]>([
  ['another cluster', () => ({ targets: [{ ...target!, cluster: 'other' as ClusterName }] })],
  ['another cluster for one of two pods', () => ({ targets: [target!, { ...target!, cluster: 'other' as ClusterName }] })],
  ['another namespace', () => ({ targets: [{ ...target!, namespace: 'kube-system' as Namespace }] })],
  ['no pod at all', () => ({ targets: [] })],
  ['another request', () => ({ request: 'kd-99999999' as RequestId })],
  ['another person', () => ({ requester: BOB })],
  ['another command', ({ plan }) => ({ argv: [...plan.argv, '-K'] })],
  ['a word of it changed', ({ plan }) => ({ argv: [...plan.argv.slice(0, -1), '-K'] })],
  ['another image of the catalogue', () => ({ image: settings.catalogue.images.at(-1)!.name })],
  ['another reference under the same name', ({ plan }) => ({ container: { ...plan.container, image: 'evil:1' as ImageRef } })],
  ['a preset that nobody named', () => ({ preset: 'sockets' as PresetName })],
  ['a higher profile', () => ({ profile: 'sysadmin' })],
  ['another audience', () => ({ audience: { kind: 'channel', channel: 'C0ELSEWHERE' as ChannelId } })],
  ['one person as audience, where that was not asked', () => ({ audience: { kind: 'person', user: BOB } })],
])('%s is not', async (_name, over) => {
  const request = await planned();
  expect(changed(request, over(request))).toBe(false);
});
