import { canonicalJson, sha256 } from '../domain/canonical.ts';
import type { Target } from '../domain/command/command.ts';
import { COOL_DOWN_MS } from '../domain/limits.ts';
import type { ClusterName, UserId } from '../domain/names.ts';
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

const coolDownKey = (requester: UserId, cluster: ClusterName, namespace: string, target: Target): string => sha256(canonicalJson([requester, cluster, namespace, { ...target }]));
const keyOf = ({ requester, cluster, command }: Pick<Ask, 'requester' | 'cluster' | 'command'>): string => coolDownKey(requester, cluster, command.namespace, command.target);

/** After a denial: the same person, the same target. Asking again at once would only wear the approvers down. */
export const coolDown = ({ coolDowns }: Pick<Limiting, 'coolDowns'>, ask: Ask): Promise<void> => coolDowns.begin(keyOf(ask), COOL_DOWN_MS);

export const whyNotYet = async ({ coolDowns, lengths, quotas }: Limiting, ask: Pick<Ask, 'requester' | 'cluster' | 'command'>): Promise<Refusal | undefined> => {
  const [afterMs, waiting] = await Promise.all([coolDowns.left(keyOf(ask)), lengths.waiting(ask.cluster)]);
  if (afterMs > 0) return { code: 'cooling_down', afterMs };
  return waiting >= quotas.waitingPerCluster ? { code: 'queue_full', cluster: ask.cluster, waiting } : undefined;
};
