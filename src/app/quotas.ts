import { canonicalJson, sha256 } from '../domain/canonical.ts';
import { COOL_DOWN_MS } from '../domain/limits.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Ask } from '../domain/events.ts';
import type { CoolDowns, QueueLengths, Quotas } from './authority/ports.ts';
import type { Budget, BudgetUse } from './budget-port.ts';
import type { TypedCommand } from './slack-port.ts';

export interface Limiting {
  readonly budget: Budget;
  readonly coolDowns: CoolDowns;
  readonly lengths: QueueLengths;
  readonly quotas: Quotas;
}

const MINUTE_MS = 60_000;

const ofAMinute = (key: string, aMinute: number): BudgetUse => ({ key, perMs: Math.ceil(MINUTE_MS / aMinute), burst: aMinute });

/** All three or none: a flood of one person empties nobody else's. */
export const tooFast = async ({ budget, quotas }: Limiting, { user, channel }: Pick<TypedCommand, 'user' | 'channel'>): Promise<Refusal | undefined> => {
  const wait = await budget.take([
    ofAMinute(`commands:${user}`, quotas.perPersonAMinute), ofAMinute(`commands:${channel}`, quotas.perChannelAMinute), ofAMinute('commands', quotas.ofAllAMinute),
  ]);
  return wait && { code: 'too_fast', of: (['person', 'channel', 'all'] as const)[wait.use] ?? 'all', afterMs: wait.afterMs };
};

type Asked = Pick<Ask, 'requester' | 'cluster' | 'command'>;

/** The same target with any command, and the same command under any other name of a target. */
const coolDownKeys = ({ requester, cluster, command: { namespace, target, argv, options } }: Asked): readonly string[] =>
  [['target', { ...target }], ['command', options.preset ?? null, argv]].map((same) => sha256(canonicalJson([requester, cluster, namespace, ...same])));

/** After a denial. Asking again at once would only wear the approvers down. */
export const coolDown = async ({ coolDowns }: Pick<Limiting, 'coolDowns'>, ask: Asked): Promise<void> => {
  await Promise.all(coolDownKeys(ask).map((key) => coolDowns.begin(key, COOL_DOWN_MS)));
};

export const whyNotYet = async ({ coolDowns, lengths, quotas }: Limiting, ask: Asked): Promise<Refusal | undefined> => {
  const [waiting, ...left] = await Promise.all([lengths.waiting(ask.cluster), ...coolDownKeys(ask).map((key) => coolDowns.left(key))]);
  const afterMs = Math.max(...left);
  if (afterMs > 0) return { code: 'cooling_down', afterMs };
  return waiting >= quotas.waitingPerCluster ? { code: 'queue_full', cluster: ask.cluster, waiting } : undefined;
};
