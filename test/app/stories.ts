/** What people and processes do in the world of world.ts. */
import { click, deny } from '../../src/app/click.ts';
import { decideStep } from '../../src/app/decide-step.ts';
import { deliver } from '../../src/app/deliver.ts';
import { planStep } from '../../src/app/plan-step.ts';
import { receive } from '../../src/app/receive.ts';
import { recycleStep } from '../../src/app/recycle/step.ts';
import { runStep } from '../../src/app/run-step.ts';
import type { Answer, Click, ClickAnswer, TypedCommand } from '../../src/app/slack-port.ts';
import type { ChannelId, MessageTs, RequestId, TeamId, UserId } from '../../src/domain/names.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { Refused, Request } from '../../src/domain/request-states.ts';
import { ALICE } from '../fixtures/requests.ts';
import { OPS, type Job, type TestWorld } from './world.ts';

const TEAM = 'T0ACME' as TeamId;
const JOBS_MAX = 100;
let triggers = 0;
export const newTrigger = (): string => `trigger-${triggers += 1}`;

export const HELD = 'prod api-7f9 --image netshoot -- ss -tlnp';
export const OPEN = 'staging api-7f9 --image netshoot -- ss -tlnp';

export const typed = (text: string, changed: Partial<TypedCommand> = {}): TypedCommand =>
  ({ user: ALICE, team: TEAM, channel: OPS, text, escaped: false, trigger: newTrigger(), source: 'slash', ...changed });

export const type = (world: TestWorld, text: string, changed: Partial<TypedCommand> = {}): Promise<Answer> => receive(world.ports, typed(text, changed));

/** The command, accepted. */
export const ask = async (world: TestWorld, text: string, changed: Partial<TypedCommand> = {}): Promise<RequestId> => {
  const answer = await type(world, text, changed);
  if (answer.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return answer.request;
};

const carryOut = async (world: TestWorld, { step, id, generation }: Job): Promise<unknown> => {
  switch (step) {
    case 'plan': return planStep(world.ports, id, generation);
    case 'decide': return decideStep(world.ports, id, generation);
    case 'run': return runStep(world.ports, id, generation, new AbortController().signal);
    case 'recycle': return recycleStep(world.ports, id, generation);
    case 'deliver': return deliver(world.ports, id);
  }
};

const isAgain = (result: unknown): boolean => typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'again';

/** One job as BullMQ would hand it out: done when it returns, kept when it throws. */
export const work = async (world: TestWorld, step: Job['step']): Promise<void> => {
  const job = world.queue.waiting().find((one) => one.step === step);
  if (!job) throw new Error(`no job to ${step}`);
  job.done = !isAgain(await carryOut(world, job));
};

/** Every job there is, until none is left; of the kinds given only. */
export const workAll = async (world: TestWorld, ...steps: readonly Job['step'][]): Promise<void> => {
  for (let count = 0; count < JOBS_MAX; count += 1) {
    const job = world.queue.waiting().find((one) => steps.length === 0 || steps.includes(one.step));
    if (!job) return;
    job.done = !isAgain(await carryOut(world, job));
  }
  throw new Error('the jobs never end');
};

/** Held, with its card in Slack. */
export const heldRequest = async (world: TestWorld, text = HELD, changed: Partial<TypedCommand> = {}): Promise<RequestId> => {
  const id = await ask(world, text, changed);
  await workAll(world);
  return id;
};

/** Open, with its grant, before the worker comes. */
export const grantedRequest = async (world: TestWorld): Promise<RequestId> => {
  const id = await ask(world, OPEN);
  await workAll(world, 'plan', 'decide');
  return id;
};

export const press = async (world: TestWorld, id: RequestId, user: UserId, changed: Partial<Click> = {}): Promise<Click> => {
  const { card } = await world.ports.records.load(id);
  return { user, team: TEAM, appId: 'A0KDEBUG', channel: card?.channel ?? OPS, ts: card?.ts ?? ('0.0' as MessageTs), request: id, trigger: newTrigger(), ...changed };
};
export const approve = async (world: TestWorld, id: RequestId, user: UserId, changed: Partial<Click> = {}): Promise<ClickAnswer> =>
  click(world.ports, { ...await press(world, id, user, changed), action: 'approve' });
export const withdraw = async (world: TestWorld, id: RequestId, user: UserId): Promise<ClickAnswer> =>
  click(world.ports, { ...await press(world, id, user), action: 'withdraw' });
export const denyIt = async (world: TestWorld, id: RequestId, user: UserId, reason: string | null = null): Promise<ClickAnswer> =>
  deny(world.ports, { ...await press(world, id, user), reason });

export const stateOf = (world: TestWorld, id: RequestId): Request['state'] | undefined => world.request(id)?.state;
export const refusalOf = (world: TestWorld, id: RequestId): Refusal => (world.request(id) as Refused).refusal;
export const codeOf = (answer: Answer | ClickAnswer): string => (answer.kind === 'refused' ? answer.refusal.code : answer.kind);
export const elsewhere = (id: string): ChannelId => id as ChannelId;
